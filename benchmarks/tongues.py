"""How well and how fast briefs in other languages are read: `python benchmarks/tongues.py [briefs.toml]`.

The briefs are those of tests/language/data/tongues.toml, or of a file of the same form.
"""

from __future__ import annotations

import sys
import time
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from limner.language.encoder import TextEncoder, shipped_weights
from limner.language.lexicon import lexicon
from limner.language.policy import policy
from limner.language.reading import Reader
from limner.language.tongues import translate
from limner.language.tongues.words import CODES, shipped_tells, tongue

TESTS = Path(__file__).parent.parent / "tests" / "language" / "data"


def timed(action: Any, *arguments: Any) -> float:
    """Milliseconds of one call."""
    began = time.perf_counter()
    action(*arguments)
    return 1000 * (time.perf_counter() - began)


def measure(reader: Reader, brief: Mapping[str, Any]) -> tuple[list[bool], list[bool]]:
    """What was asked for and read, and what was read without being asked for."""
    reading = reader.read(translate(brief["words"]).words)
    met: list[bool] = []
    for name, sign in brief["expect"].items():
        value = reading.dials.get(name, 0.0)
        met.append(value > 0.05 if sign == "+" else value < -0.05)
    for part, colour in brief.get("colours", {}).items():
        met.append(any(colour in u.term and (part in u.term or part == "hair") for u in reading.understood))
    return met, [name in reading.dials for name in brief.get("absent", [])]


def main() -> None:
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else TESTS / "tongues.toml"
    briefs = tomllib.loads(path.read_text("utf-8"))["brief"]
    reader = Reader(lexicon(), TextEncoder.read(shipped_weights() / "text.npz"))
    print(f"English is told from other languages by a table that loads in {timed(shipped_tells):.1f} ms")
    english = [b["words"] for b in tomllib.loads((TESTS / "briefs.toml").read_text("utf-8"))["brief"]]
    cold = sum(timed(translate, words) for words in english) / len(english)
    warm = sum(timed(translate, words) for words in english) / len(english)
    print(f"an English brief: {cold:.3f} ms the first time, {warm:.3f} ms again")
    print("language  forms  load ms  ms a brief  attributes      false    refused")
    for code in CODES:
        load = timed(tongue, code)
        mine = [b for b in briefs if b["language"] == code]
        spent = sum(timed(translate, b["words"]) for b in mine) / max(1, len(mine))
        met: list[bool] = []
        false: list[bool] = []
        for brief in mine:
            more, wrong = measure(reader, brief)
            met, false = met + more, false + wrong
        refused = sum(policy().look(translate(b["words"]).words) is not None for b in mine)
        share = f"{sum(met)}/{len(met)} {100 * sum(met) / max(1, len(met)):.0f} %"
        print(
            f"{code:8} {len(tongue(code).forms):6} {load:8.1f} {spent:11.2f}  {share:14} "
            f"{sum(false)}/{len(false):<6} {refused:6}"
        )


if __name__ == "__main__":
    main()
