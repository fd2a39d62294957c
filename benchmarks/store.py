"""How quickly the studio's memory works, on a real disk: inserts, opening, search, the family tree.

`python benchmarks/store.py [--folder DIR] [--database URL] [--json]`; pictures are of 64 px, since painting
is not what is measured.  Every row shows the median by the clock and the processor time of this process; on
a machine that does other things, too, the truth lies between them.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np

from limner._version import __version__
from limner.core.dials import dial_table
from limner.core.reading import Reading, Understood, pack_vector
from limner.core.recipe import Recipe
from limner.provenance.disclosure import Disclosure, encode_file
from limner.studio.curation.index import Index
from limner.studio.curation.marks import rate, tag
from limner.studio.curation.query import parse_query
from limner.studio.curation.search import Finder, search
from limner.studio.curation.shelves import shelves
from limner.studio.lineage.family import descendants, whole_family
from limner.studio.lineage.layout import lay_out
from limner.studio.store.check import check
from limner.studio.store.entries import insert_entries
from limner.studio.store.entry import Entry, portrait_id
from limner.studio.store.place import place_at
from limner.studio.store.portraits import latest
from limner.studio.store.recipes import RecipeText
from limner.studio.store.store import Store
from limner.studio.store.values import Origin, Traits, Work, pack_likeness

WORDS = (
    "melancholic", "cheerful", "old", "young", "poet", "queen", "sailor", "baker", "elf", "monk",
    "twilight", "dawn", "candle", "storm", "silver", "red",
)  # fmt: skip
RNG = np.random.default_rng(5)


def recipe(seed: int) -> Recipe:
    """A recipe with a reading of ordinary size, all different."""
    words = f"a {WORDS[seed % 7]} {WORDS[7 + seed % 5]} at {WORDS[12 + seed % 3]}, {seed // 8}"
    meant = tuple(Understood(words=w, term=w, kind="mood", dials={"smile": 0.1}) for w in WORDS[seed % 7 :][:3])
    text = pack_vector(RNG.standard_normal(256).astype(np.float32))
    reading = Reading(words=words, dials={"smile": seed % 9 / 10, "age": 0.1}, understood=meant, text=text)
    return Recipe(engine="bench.none", weights="0" * 64, reading=reading, seed=seed, size=64, limner=__version__)


def traits() -> Traits:
    vector = RNG.standard_normal(64).astype(np.float32)
    dials = {name: round(float(v), 3) for name, v in zip(dial_table().names, RNG.uniform(-1, 1, 99), strict=False)}
    colours = tuple((f"#{int(v):06x}", 0.2) for v in RNG.integers(0, 1 << 24, 5))
    return Traits(dials=dials, palette=colours, likeness=pack_likeness(vector / np.linalg.norm(vector)))


def works(first: int, count: int, parents: list[str]) -> list[Work]:
    """Finished pictures, each with a parent or two among those before it."""
    pixels = np.full((64, 64, 3), 128, np.uint8)
    made: list[Work] = []
    for seed in range(first, first + count):
        it = recipe(seed)
        pixels[0, 0] = (seed & 255, seed >> 8 & 255, seed >> 16)
        data = encode_file(pixels, Disclosure(recipe=it, system="bench", version=__version__, credit=""), "webp")
        origins = tuple(Origin(parent=p, kind="bred") for p in parents[-50:][:: 37 if seed % 3 else 20])
        work = Work(data=data, recipe=it, origins=origins, traits=traits())
        parents.append(portrait_id(it.id, "", origins))
        made.append(work)
    return made


Times = list[tuple[float, float]]
"""Seconds by the clock and of the processor, run by run."""


def timed(action: Callable[[], object], runs: int = 1) -> Times:
    times = []
    for _ in range(runs):
        began, worked = time.perf_counter(), time.process_time()
        action()
        times.append((time.perf_counter() - began, time.process_time() - worked))
    return times


def inserts(store: Store, count: int) -> Times:
    """Keeping so many portraits: files, rows, lineage, journal; encoding them is not counted."""
    parents: list[str] = []
    spent: Times = []
    for first in range(0, count, 500):
        batch = works(first, min(500, count - first), parents)
        spent += timed(lambda batch=batch: store.keep(batch))
    return [(sum(wall for wall, _ in spent), sum(cpu for _, cpu in spent))]


def fill(store: Store, count: int) -> None:
    """Rows of so many portraits, without files."""
    parents: list[str] = []
    for first in range(0, count, 2000):
        entries = []
        for seed in range(10_000_000 + first, 10_000_000 + min(first + 2000, count)):
            text = RecipeText.of(recipe(seed))
            origins = tuple(Origin(parent=p, kind="varied") for p in parents[-1:]) if seed % 4 else ()
            id = portrait_id(text.id, "", origins)
            picture = hashlib.sha256(id.encode()).hexdigest()
            parents.append(id)
            entries.append(
                Entry(id=id, recipe=text, picture=picture, format="webp", bytes=1, width=64, height=64, sitter=id,
                      origins=origins, traits=traits())
            )  # fmt: skip
        with store.write() as w:
            insert_entries(w.c, entries, w.at)
        print(f"\r{first + 2000:,} of {count:,}", end="", file=sys.stderr)
    print(file=sys.stderr)


def searches(store: Store, runs: int) -> dict[str, Times]:
    from limner.language.encoder import TextEncoder, shipped_weights

    encode = TextEncoder.read(shipped_weights() / "text.npz").encode
    finder = Finder(index=Index(store), encode=encode)
    found: dict[str, Times] = {}
    with store.read() as c:
        found["building the search index"] = timed(lambda: finder.index.refresh(c))
        ids = [kept.id for kept in latest(c, limit=30)]
        queries: dict[str, dict[str, object]] = {
            "a melancholic poet at twilight": {},
            "more like two, not like one": {"like": ids[:2], "unlike": ids[2:3]},
            "melancholic mood:cheerful rating>=3 smile>0": {},
            "colour:#1b2a41": {},
            "tag:blue -rating:5": {},
        }
        for text, options in queries.items():
            query = parse_query("" if options else text, ("mood",))
            run = lambda query=query, options=options: search(c, finder, query, **options)  # noqa: E731
            run()
            found[f"search: {text}"] = timed(run, runs)
        found["all descendants of the first"] = timed(lambda: descendants(c, latest(c, limit=1)[0].id), runs)
        found["shelves by mood"] = timed(lambda: shelves(c, "mood"), runs)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=Path())
    parser.add_argument("--database", default="", help="postgresql://...; empty for SQLite")
    parser.add_argument("--inserts", type=int, default=10_000)
    parser.add_argument("--portraits", type=int, default=100_000)
    parser.add_argument("--tree", type=int, default=5_000)
    parser.add_argument("--runs", type=int, default=9)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    rows: dict[str, tuple[Times, str]] = {}
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        place = place_at(Path(folder) / "studio", database=options.database)
        with Store(place) as store:
            rows[f"{options.inserts:,} portraits kept with lineage"] = (inserts(store, options.inserts), "20 s")
            with store.read() as c:
                family = whole_family(c)
                some = replace(family, members=family.members[: options.tree])
                there = set(some.members)
                some = replace(some, edges=tuple(e for e in family.edges if e.child in there and e.parent in there))
            rows[f"tree of {len(some.members):,} portraits laid out"] = (timed(lambda: lay_out(some), 3), "2 s")
            rows["check of what was kept, every file read"] = (timed(lambda: check(store)), "")
            fill(store, options.portraits - options.inserts)
            with store.read() as c:
                ids = [kept.id for kept in latest(c, limit=10_000)]
            rows["one rating"] = (timed(lambda: _rate(store, ids[:1]), options.runs), "")
            rows["10,000 tags in one act"] = (timed(lambda: _tag(store, ids)), "")
        rows[f"opening a studio of {options.portraits:,}"] = (
            timed(lambda: Store(place).close(), options.runs),
            "0.5 s",
        )
        with Store(place) as store:
            for name, times in searches(store, options.runs).items():
                rows[name] = (times, "100 ms" if name.startswith("search") else "")
    for name, (times, bar) in rows.items():
        wall, cpu = (statistics.median(column) for column in zip(*times, strict=True))
        if options.json:
            print(json.dumps({"what": name, "seconds": round(wall, 4), "processor": round(cpu, 4), "bar": bar}))
        else:
            print(f"{name:<56} {wall:>9.3f} s  (processor {cpu:.3f})  {bar and 'bar ' + bar}")


_turn = iter(range(1 << 30))


def _rate(store: Store, ids: list[str]) -> None:
    with store.write() as w:
        rate(w, ids, 1 + next(_turn) % 5)


def _tag(store: Store, ids: list[str]) -> None:
    with store.write() as w:
        tag(w, ids, add=["blue"])


if __name__ == "__main__":
    main()
