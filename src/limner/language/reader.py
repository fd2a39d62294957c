"""The reader: words to a reading.

Phrases are looked up in the lexicon, longest first, clause by clause; colours are bound to the part
that they stand beside ("red hair", "red-haired", "hair of gold"); a negated term asks for its
opposite.  What the lexicon does not know still reaches the engine through the text vector.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from limner.core.dials import dial_table
from limner.core.errors import BriefError
from limner.core.palette import Colour
from limner.core.reading import Reading, Understood, pack_vector
from limner.language.encoder import TextEncoder
from limner.language.lexicon import Lexicon, Term
from limner.language.tokens import MAX_TOKENS, tokenise

MAX_LETTERS = 2000
"""Longer briefs are refused."""

_CLAUSE = re.compile(r"[,;.:!?()\n\u3001\u3002]+|\s[-\u2013\u2014]\s|\bbut\b")
_NEGATIONS = frozenset({"no", "not", "without", "never", "isnt", "non"})
_SHADES: Mapping[str, float] = {
    "dark": -14, "deep": -10, "light": 16, "pale": 20, "bright": 10, "vivid": 6, "pastel": 22,
}  # fmt: skip
_PLAIN: Mapping[str, float] = {"dark": -0.75, "light": 0.7, "pale": 0.75, "bright": 0.8, "fair": 0.75}
_HAIR_COLOURS = frozenset({"blonde", "platinum", "auburn", "ginger"})
_HAIR_NOUNS: Mapping[str, str] = {"redhead": "copper", "redheaded": "copper", "brunette": "brown"}


@dataclass(slots=True)
class _Found:
    """A stretch of a clause that means something."""

    start: int
    stop: int
    term: str
    dials: dict[str, float]


class Reader:
    """Makes readings.

    Args:
        words: the lexicon to look words up in.
        encoder: turns texts into vectors.
    """

    def __init__(self, words: Lexicon, encoder: TextEncoder) -> None:
        self._lexicon = words
        self._encoder = encoder
        self._table = dial_table()

    def read(
        self,
        words: str = "",
        *,
        avoid: str = "",
        dials: Mapping[str, float] | None = None,
        palette: tuple[str, ...] = (),
    ) -> Reading:
        """Read a brief.

        Args:
            words: what to paint, in plain words; empty for faces from noise alone.
            avoid: words to stay away from.
            dials: settings by hand, -1..1; they win over what the words say.
            palette: colours as #rrggbb, most important first.

        Raises:
            BriefError: too long, too many words, or no letter or digit in it.
            DialError: an unknown dial or a value out of range.
        """
        understood = self.understand(_checked(words, "brief")) if words else ()
        spurned = self.understand(_checked(avoid, "list of words to avoid")) if avoid else ()
        settings = _mixture(understood)
        settings |= {name: -0.5 * value for name, value in _mixture(spurned).items() if name not in settings}
        settings |= self._from_palette(palette, set(settings))
        settings |= {name: self._table.check(name, value) for name, value in (dials or {}).items()}
        return Reading(
            words=words,
            avoid=avoid,
            dials={name: round(settings[name], 3) for name in sorted(settings)},
            palette=tuple(Colour.of_hex(c).hex for c in palette),
            understood=understood,
            text=pack_vector(self._encoder.encode(words)) if words else "",
            avoid_text=pack_vector(self._encoder.encode(avoid)) if avoid else "",
        )

    def understand(self, words: str) -> tuple[Understood, ...]:
        """The stretches of a brief that the lexicon knows, in order."""
        result: list[Understood] = []
        for clause in _CLAUSE.split(words):
            tokens = tokenise(clause)
            taken = [False] * len(tokens)
            found = self._bound_colours(tokens, taken)
            found += self._phrases(tokens, taken)
            for f in sorted(found, key=lambda f: f.start):
                text = " ".join(tokens[f.start : f.stop])
                result.append(Understood(words=text, term=f.term, dials=f.dials))
        return tuple(result)

    # colours ----------------------------------------------------------------------------------

    def _bound_colours(self, tokens: list[str], taken: list[bool]) -> list[_Found]:
        """Colours said of a part: before it (at most two words between), or after "of", "like", "is"."""
        found: list[_Found] = []
        parts = [(k, self._part(t)) for k, t in enumerate(tokens)]
        for k, part in parts:
            if part is None or self._longer(tokens, k):
                continue
            spot = self._colour_before(tokens, k, taken) or self._colour_after(tokens, k, taken)
            if spot is None:
                continue
            start, stop, name, settings = spot
            first, last = min(start, k), max(stop, k + 1)
            if any(taken[first:last]):
                continue
            for j in range(first, last):
                taken[j] = (j < stop and j >= start) or j == k
            exact = name.startswith("#")
            found.append(_Found(first, last, f"{name} {part}", self._painted(part, settings, exact=exact)))
        return found

    def _part(self, token: str) -> str | None:
        for term in self._lexicon.at((token,)):
            if term.part is not None:
                return term.part
        return None

    def _longer(self, tokens: list[str], k: int) -> bool:
        """True if the part is inside a longer phrase of the lexicon that is not about a colour."""
        for size in range(self._lexicon.longest, 1, -1):
            for start in range(max(0, k - size + 1), k + 1):
                phrase = tuple(tokens[start : start + size])
                if len(phrase) == size and any(t.dials for t in self._lexicon.at(phrase)):
                    return True
        return False

    def _colour_before(
        self, tokens: list[str], k: int, taken: list[bool]
    ) -> tuple[int, int, str, Colour | float] | None:
        for gap in range(3):
            stop = k - gap
            if stop <= 0 or taken[stop - 1]:
                return None
            if gap and (self._part(tokens[stop]) is not None or tokens[stop] in ("and", "with", "on", "against")):
                return None
            for size in (3, 2, 1):
                spot = self._colour_at(tokens, stop - size, stop)
                if spot is not None:
                    return spot
            if gap == 0 and tokens[k - 1] in _PLAIN and tokens[k] not in ("face", "behind", "sky", "ground"):
                return k - 1, k, tokens[k - 1], _PLAIN[tokens[k - 1]]
        return None

    def _colour_after(
        self, tokens: list[str], k: int, taken: list[bool]
    ) -> tuple[int, int, str, Colour | float] | None:
        start = k + 1
        while start < len(tokens) and tokens[start] in ("of", "like", "is", "are", "as", "the", "a", "in"):
            start += 1
        if start >= len(tokens) or taken[start] or (start == k + 1 and start + 1 < len(tokens)):
            # directly after the part only at the end of the clause: "hair red", not "hair green eyes"
            return None
        for size in (3, 2, 1):
            spot = self._colour_at(tokens, start, start + size)
            if spot is not None and (spot[1] >= len(tokens) or self._part(tokens[spot[1]]) is None):
                return spot
        return None

    def _colour_at(self, tokens: list[str], start: int, stop: int) -> tuple[int, int, str, Colour] | None:
        if start < 0 or stop > len(tokens):
            return None
        phrase = tuple(tokens[start:stop])
        if len(phrase) == 1 and phrase[0].startswith("#"):
            return start, stop, phrase[0], Colour.of_hex(phrase[0])
        for term in self._lexicon.at(phrase):
            if term.colour is None:
                continue
            colour, first = term.colour, start
            if start > 0 and tokens[start - 1] in _SHADES:
                first = start - 1
                shift = _SHADES[tokens[first]]
                colour = Colour(min(96.0, max(4.0, colour.lightness + shift)), colour.a, colour.b)
            return first, stop, " ".join(tokens[first:stop]), colour
        return None

    def _painted(self, part: str, colour: Colour | float, *, exact: bool) -> dict[str, float]:
        if not isinstance(colour, Colour):
            return {part: colour}
        return self._table.colour(part, colour) if exact else self._worn(part, colour)

    def _worn(self, part: str, colour: Colour) -> dict[str, float]:
        """Settings of a part that wears a colour word."""
        return self._table.colour(part, self._lexicon.part(part).worn(colour))

    # phrases ----------------------------------------------------------------------------------

    def _phrases(self, tokens: list[str], taken: list[bool]) -> list[_Found]:
        found: list[_Found] = []
        for size in range(self._lexicon.longest, 0, -1):
            for k in range(len(tokens) - size + 1):
                if any(taken[k : k + size]):
                    continue
                spot = self._term(tokens, k, k + size)
                if spot is not None:
                    found.append(spot)
                    taken[k : k + size] = [True] * size
        return found

    def _term(self, tokens: list[str], start: int, stop: int) -> _Found | None:
        phrase = tuple(tokens[start:stop])
        if len(phrase) == 1 and phrase[0] in _HAIR_NOUNS:
            colour = self._lexicon.find(_HAIR_NOUNS[phrase[0]]).colour
            assert colour is not None
            return _Found(start, stop, f"{phrase[0]} (hair)", self._worn("hair", colour))
        terms = self._lexicon.at(phrase)
        dials: dict[str, float] = {}
        names: list[str] = []
        for term in terms:
            if term.colour is not None and term.word in _HAIR_COLOURS:
                dials |= self._worn("hair", term.colour)
                names.append(f"{term.word} hair")
            elif term.colour is not None and self._being_follows(tokens, stop):
                dials |= self._worn("skin", term.colour)
                names.append(f"{term.word} skin")
            elif term.dials:
                dials |= term.dials
                names.append(term.word)
        if not names:
            return None
        if start > 0 and tokens[start - 1] in _NEGATIONS:
            return self._negated(start, stop, terms)
        return _Found(start, stop, ", ".join(dict.fromkeys(names)), dials)

    def _being_follows(self, tokens: list[str], stop: int) -> bool:
        """True if the next word is a fantastic being, whose colour is its skin's."""
        if stop >= len(tokens):
            return False
        return any("creature" in t.dials and t.dials["creature"] > 0 for t in self._lexicon.at((tokens[stop],)))

    def _negated(self, start: int, stop: int, terms: tuple[Term, ...]) -> _Found | None:
        for term in terms:
            if term.opposite is not None:
                other = self._lexicon.find(term.opposite)
                mild = {name: value * 0.6 for name, value in other.dials.items()}
                return _Found(start - 1, stop, f"not {term.word}", mild)
            if term.dials:
                against = {name: max(-1.0, min(1.0, -0.5 * value)) for name, value in term.dials.items()}
                return _Found(start - 1, stop, f"not {term.word}", against)
        return None

    # palette ----------------------------------------------------------------------------------

    def _from_palette(self, palette: tuple[str, ...], said: set[str]) -> dict[str, float]:
        """Settings that bring a picture to a palette: its ground, its warmth, its strength of colour."""
        if not palette:
            return {}
        colours = [Colour.of_hex(c) for c in palette]
        settings = self._table.colour("background", colours[0])
        weights = [1.0 / (k + 1) for k in range(len(colours))]
        total = sum(weights)
        warm = sum(w * c.b for w, c in zip(weights, colours, strict=True)) / total
        strong = sum(w * c.chroma for w, c in zip(weights, colours, strict=True)) / total
        settings["warmth"] = self._table["warmth"].setting(warm * 0.6)
        settings["saturation"] = self._table["saturation"].setting(strong * 0.6)
        return {name: value for name, value in settings.items() if name not in said}


def _mixture(understood: tuple[Understood, ...]) -> dict[str, float]:
    """One setting a dial: the mean of all that was said of it (contradictions become mixtures)."""
    said: dict[str, list[float]] = {}
    for item in understood:
        for name, value in item.dials.items():
            said.setdefault(name, []).append(value)
    return {name: sum(values) / len(values) for name, values in said.items()}


def _checked(words: str, what: str) -> str:
    if len(words) > MAX_LETTERS:
        raise BriefError(
            f"The {what} has {len(words):,} letters.", f"At most {MAX_LETTERS:,} are read; say it shorter."
        )
    tokens = tokenise(words)
    if not tokens:
        shown = "".join(c for c in words if unicodedata.category(c)[0] != "C")[:40]
        raise BriefError(
            f"The {what} {shown!r} has no word in it.",
            "Describe a portrait in words, or leave it out for faces from noise alone.",
        )
    if len(tokens) > MAX_TOKENS:
        raise BriefError(f"The {what} has {len(tokens)} words.", f"At most {MAX_TOKENS} are read; say it shorter.")
    return words
