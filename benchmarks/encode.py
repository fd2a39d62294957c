"""Milliseconds of the text encoder and of the reader, on briefs of different length."""

from __future__ import annotations

import statistics
import time

from limner.language.encoder import TextEncoder, shipped_weights
from limner.language.lexicon import lexicon
from limner.language.reading import Reader

BRIEFS = (
    "a poet",
    "a melancholic poet at twilight",
    "loneliness cast in twilight, a woman of seventy with silver braids, ochre and #1b2a41, no smile",
    "an old fisherman with a white beard, weathered brown skin, pale blue eyes, lit from the left by a storm lantern, "
    "dark green background, after the Dutch masters, melancholic but kind, muted colours",
)


def main() -> None:
    encoder = TextEncoder.read(shipped_weights() / "text.npz")
    began = time.perf_counter()
    reader = Reader(lexicon(), encoder)
    print(f"lexicon loaded in {1000 * (time.perf_counter() - began):.1f} ms")
    for brief in BRIEFS:
        for name, action in (("encode", encoder.encode), ("read", reader.read)):
            times = []
            for k in range(60):
                fresh = brief.replace("poet", f"poet{k}")  # no word is ever the cached one
                start = time.perf_counter()
                action(fresh)
                times.append(1000 * (time.perf_counter() - start))
            print(f"{name:<7} {len(brief.split()):>3} words  median {statistics.median(times):.2f} ms")


if __name__ == "__main__":
    main()
