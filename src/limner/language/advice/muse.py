"""The muse: briefs for the undecided, drawn from the lexicon by a seed.

What is drawn goes together: a trade with its time and clothes, a light that there was, nothing that pulls
against anything else (unless paradoxes are asked for), no beard on a child.  Words can be kept or ruled out,
and the kinds of terms chosen.  Every brief is read before it is given: it passes the policy, and at least
three of its terms are understood.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from limner.core.errors import InputError, RefusedError
from limner.core.reading import Reading
from limner.language.advice.drawing import Sketch
from limner.language.advice.spurned import Spurned
from limner.language.lexicon import Lexicon
from limner.language.reading import Reader
from limner.language.writing.chance import Chance
from limner.language.writing.sitter import sitter_of

KINDS = (
    "person", "age", "people", "profession", "being", "hairstyle", "feature", "colour", "garment", "symbol", "mood",
    "quality", "light", "hour", "weather", "palette", "movement", "era",
)  # fmt: skip
"""Kinds of terms that can be drawn."""

MOST = 1000
"""Most briefs of one request."""

LEAST_TERMS = 3
"""Every brief has at least so many terms that are understood."""

_TRIES = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """One drawn brief."""

    words: str
    seed: int
    reading: Reading

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        terms = [{"words": u.words, "term": u.term, "kind": u.kind} for u in self.reading.understood if u.term]
        return {"seed": self.seed, "words": self.words, "terms": terms, "notes": list(self.reading.notes)}


class Muse:
    """Draws briefs.

    Args:
        lexicon: the terms to draw from.
        reader: reads every brief before it is given.
        keep: words that every brief has.
        without: words that no brief has, nor the terms that they mean.
        kinds: kinds of terms to draw from; all if empty.
        paradox: let terms contradict each other.

    Raises:
        InputError: an unknown kind, or words that are both kept and ruled out.
        BriefError, RefusedError: words to keep that cannot be read, or are refused.
    """

    def __init__(
        self,
        lexicon: Lexicon,
        reader: Reader,
        *,
        keep: str = "",
        without: str = "",
        kinds: Collection[str] = (),
        paradox: bool = False,
    ) -> None:
        if unknown := set(kinds) - set(KINDS):
            raise InputError(f"{', '.join(sorted(unknown))} cannot be drawn.", f"Kinds are: {', '.join(KINDS)}.")
        self._lexicon = lexicon
        self._reader = reader
        self._keep = keep.strip().strip(",.;")
        self._kept = reader.read(self._keep) if self._keep else Reading()
        self._kinds = frozenset(kinds) or frozenset(KINDS)
        self._chosen = bool(kinds)
        self._paradox = paradox
        self._spurned = Spurned.of(without, lexicon, reader)
        if self._keep and (met := self._spurned.met(self._keep, self._kept)):
            raise InputError(f"{met!r} is both kept and ruled out.", "Take it from --with or from --without.")

    def briefs(self, count: int = 10, *, seed: int = 0) -> Iterator[Drawn]:
        """Briefs of consecutive seeds, none twice.

        Raises:
            InputError: a count that is not allowed, or so many constraints that nothing is left to draw.
        """
        if not 1 <= count <= MOST:
            raise InputError(f"{count} briefs cannot be drawn.", f"Ask for 1 to {MOST:,}.")
        taken: set[str] = set()
        for k in range(count):
            drawn = self._draw(seed + k, taken)
            taken.add(drawn.words.casefold())
            yield drawn

    def _draw(self, seed: int, taken: set[str]) -> Drawn:
        chance = Chance(seed, "muse")
        for _ in range(_TRIES):
            sketch = Sketch(
                lexicon=self._lexicon,
                chance=chance,
                facts=sitter_of(self._kept, self._lexicon),
                kept=self._kept,
                kinds=self._kinds,
                chosen=self._chosen,
                spurned=self._spurned,
                paradox=self._paradox,
            )
            words = sketch.write(self._keep)
            if words.casefold() in taken:
                continue
            reading = self._passing(words)
            if reading is not None:
                return Drawn(words=words, seed=seed, reading=reading)
        raise InputError(
            "Nothing more can be drawn under these constraints.",
            "Ask for fewer briefs, name more kinds, or rule out less.",
        )

    def _passing(self, words: str) -> Reading | None:
        """The reading of a brief that keeps every promise, or None."""
        try:
            reading = self._reader.read(words)
        except RefusedError:
            return None
        terms = [u.term for u in reading.understood if u.term]
        kept = [u.term for u in self._kept.understood if u.term]
        good = (
            len(terms) >= LEAST_TERMS
            and all(terms.count(t) >= kept.count(t) for t in kept)
            and (self._paradox or len(reading.notes) <= len(self._kept.notes))
            and not self._spurned.met(words, reading, but=self._keep)
        )
        return reading if good else None
