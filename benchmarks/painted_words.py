"""Words on painted pictures: colours that stay with their part, scales that grow, moods told apart.

    python benchmarks/painted_words.py                         # small: a few minutes
    python benchmarks/painted_words.py --seeds 16              # for figures to quote
    python benchmarks/painted_words.py binding --seeds 8 --each
    python benchmarks/painted_words.py sheet --out moods.png   # one sitter in every mood, for the eye

The pairs, scales and moods stand in `tests/language/data`.  Colours and dials are measured on the finished
picture, traits (age, beard ...) by the witness; the classifier of moods sees measured dials and the five main
colours only, and guesses pictures of seeds that it has not seen.
"""

from __future__ import annotations

import argparse
import sys
import time
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from limner.core.progress import Progress
from limner.evaluation.binding import Swap, evaluate_binding
from limner.evaluation.gradation import Scale, evaluate_gradations
from limner.evaluation.moods import evaluate_moods
from limner.evaluation.suite import Suite

DATA = Path(__file__).parent.parent / "tests" / "language" / "data"
PARTS = ("binding", "gradation", "moods")

Row = tuple[str, str, str, bool]
"""What, the figure, its bar, and whether it is met."""


def read(name: str) -> dict[str, Any]:
    return tomllib.loads((DATA / f"{name}.toml").read_text("utf-8"))


def words_of_moods() -> list[str]:
    data = read("moods")
    return [*data["moods"], *data["qualities"]]


def binding(suite: Suite, seeds: int, limit: int | None, *, each: bool) -> Iterator[Row]:
    swaps = [Swap(one=p["one"], other=p["other"]) for p in read("binding")["pair"]][:limit]
    report = evaluate_binding(suite.studio, suite.judge, swaps, seeds=seeds, listen=tell)
    yield f"colours follow, {len(swaps)} pairs", f"{report.overall:.1%}", ">= 80 %", report.overall >= 0.8
    follow = sum(share >= 0.8 for share in report.by_pair.values())
    yield "pairs whose colours follow in 80 %", f"{follow} of {len(swaps)}", "", True
    for part, share in report.by_part.items():
        yield f"  colour of {part}", f"{share:.1%}", "", True
    for pair, share in sorted(report.by_pair.items(), key=lambda item: item[1]) if each else ():
        yield f"  {pair}", f"{share:.0%}", "", True


def gradation(suite: Suite, seeds: int, limit: int | None, *, each: bool) -> Iterator[Row]:
    scales = [Scale(dial=s["dial"], words=tuple(s["words"])) for s in read("scales")["scale"]][:limit]
    reports = evaluate_gradations(suite.studio, suite.judge, scales, seeds=seeds, listen=tell)
    grown = sum(r.of_means >= 0.9 for r in reports)
    yield "scales that grow (Spearman >= 0.9)", f"{grown} of {len(scales)}", f">= {len(scales)}", grown == len(scales)
    for r in reports:
        figure = f"{r.of_means:.2f} ({r.of_pictures:.2f} of pictures)"
        yield f"  {r.scale.dial}: {r.scale.words[0]} ...", figure, ">= 0.9", r.of_means >= 0.9
        if each:
            yield f"    {'  '.join(f'{m:+.2f}' for m in r.means)}", "", "", True


def moods(suite: Suite, seeds: int, limit: int | None, *, each: bool) -> Iterator[Row]:
    words = words_of_moods()[:limit]
    report = evaluate_moods(suite.studio, suite.judge, words, seeds=seeds, listen=tell)
    yield f"mood among the first 3 of {len(words)}", f"{report.top[3]:.1%}", ">= 60 %", report.top[3] >= 0.6
    yield f"mood guessed first (chance {1 / len(words):.1%})", f"{report.top[1]:.1%}", "", True
    for word, share in sorted(report.by_mood.items(), key=lambda item: item[1]) if each else ():
        yield f"  {word}", f"{share:.0%}  {report.taken_for[word]}", "", True


def sheet(suite: Suite, out: Path, seed: int) -> None:
    """One sitter's seed in every mood, on one page."""
    words = words_of_moods()
    recipes = [recipe for word in words for recipe in suite.studio.plan(word, n=1, seed=seed)]
    portraits = list(suite.studio.paint_recipes(recipes))
    out.write_bytes(suite.studio.sheet(portraits, labels=words, title="Moods and qualities, one seed"))


def tell(event: Progress) -> None:
    print(f"\r{event.stage} {event.done}/{event.total} {event.note:<60.60}", end="", file=sys.stderr, flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", choices=[*PARTS, "sheet"], default=list(PARTS))
    parser.add_argument("--seeds", type=int, default=4, help="portraits a brief (at least 4 for moods)")
    parser.add_argument("--limit", type=int, help="only the first so many pairs, scales, moods")
    parser.add_argument("--each", action="store_true", help="every pair, step and mood")
    parser.add_argument("--out", type=Path, default=Path("moods.png"), help="file of the sheet")
    options = parser.parse_args()
    suite = Suite()
    measures = {"binding": binding, "gradation": gradation, "moods": moods}
    for part in options.parts:
        if part == "sheet":
            sheet(suite, options.out, seed=1)
            continue
        began = time.perf_counter()
        rows = list(measures[part](suite, options.seeds, options.limit, each=options.each))
        print(f"\r{part}, {options.seeds} seeds, {time.perf_counter() - began:.0f} s{'':<60}")
        for what, figure, bar, met in rows:
            verdict = ("ok" if met else "MISSED") if bar else ""
            print(f"  {what:<64.64} {figure:>26}   {bar:<8} {verdict}".rstrip())


if __name__ == "__main__":
    main()
