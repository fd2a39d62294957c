"""Binding: which part of a portrait a colour is said of.

A colour belongs to the part that it stands beside: before it ("red hair", "red-haired", "red and curly
hair"), or after it ("hair of gold", "her eyes are green", "hair: #c0c0c0").
"""

from __future__ import annotations

from dataclasses import dataclass

from limner.core.dials import dial_table
from limner.core.palette import Colour
from limner.language.lexicon import Lexicon
from limner.language.lexicon.small_words import (
    BARE,
    BEARDS,
    BEFORE_GROUND,
    CROOKED,
    EMPHASIS,
    ENDS,
    HEADS,
    LINKS,
    NEGATIONS,
    PLAIN,
    SHADES,
    STOPS,
)
from limner.language.reading.draft import Draft, Found, Mentions
from limner.language.reading.negation import deny, negation_before

_SAID_OF = frozenset({"coloured", "colored", "colour", "color", "hued", "tinted", "toned"})


@dataclass(frozen=True, slots=True)
class _Said:
    """A colour as said: where, how it is called, its value (a plain setting for "dark" and the like)."""

    start: int
    stop: int
    name: str
    colour: Colour | float

    @property
    def exact(self) -> bool:
        return self.name.startswith("#")


class Binder:
    """Finds the colours of parts.

    Args:
        lexicon: the words for colours and parts.
    """

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._table = dial_table()
        self._settings: dict[tuple[str, Colour, bool], dict[str, float]] = {}  # of the colours met so far

    def bind(self, draft: Draft) -> None:
        """Find the colours of one clause that belong to a part."""
        for k in range(len(draft)):
            part = self.part(draft, k)
            if part is not None and not draft.taken[k]:
                self._colour(draft, k, part)
        self._grounds(draft)

    def part(self, draft: Draft, k: int) -> str | None:
        """The family of colour dials that word `k` stands for."""
        return "hair" if draft.tokens[k] in BEARDS else draft.part(k)

    # colours ----------------------------------------------------------------------------------

    def _colour(self, draft: Draft, k: int, part: str) -> None:
        """The colour of the part at `k`, if one is said."""
        whole = self._whole(draft, k, part)
        if whole is not None:
            self._as_one_phrase(draft, k, part, *whole)
            return
        said = self._before(draft, k) or self._after(draft, k)
        if said is None or not self._painted(draft, k, part, said, min(said.start, k), max(said.stop, k + 1)):
            return
        if said.stop <= k and draft.token(k + 1) == "and" and k + 2 < len(draft):
            other = self.part(draft, k + 2)
            if other is not None and not draft.taken[k + 2] and self._after(draft, k + 2) is None:
                self._painted(draft, k + 2, other, said, k + 2, k + 3)  # "grey hair and beard"

    def _painted(self, draft: Draft, k: int, part: str, said: _Said, first: int, last: int) -> bool:
        """Keep a colour for the part at `k`; False if its words are used up already."""
        if any(draft.taken[first:last]):
            return False
        dials = self.settings(part, said.colour, exact=said.exact)
        acting = tuple(t for t in draft.at(k, k + 1) if t.part is None and t.dials)
        noun = draft.tokens[k] if draft.tokens[k] in BEARDS else part
        leans: set[str] = set()
        for term in acting:
            dials = term.dials | dials
            leans.update(term.leans)
        found = Found(
            first, last, f"{said.name} {noun}", "colour", dials, terms=acting, leans=frozenset(leans), exact=said.exact
        )
        if (no := negation_before(draft, first)) is not None:
            deny(found, no)
        gap = draft.tokens[said.stop : k] if said.stop <= k else ()
        draft.found.append(found)
        for j in (*range(found.start, first), *range(max(said.start, 0), said.stop), k):
            draft.taken[j] = True
        if gap or said.stop > k + 1:
            found.words = self._words(draft, said, k)
        draft.shared.add(k)
        return True

    @staticmethod
    def _words(draft: Draft, said: _Said, k: int) -> str:
        """The words of a colour and its part without what stands between them."""
        one, other = draft.clause.words(said.start, said.stop), draft.clause.words(k, k + 1)
        return f"{one} {other}" if said.stop <= k else draft.clause.words(k, said.stop)

    def _whole(self, draft: Draft, k: int, part: str) -> tuple[int, int] | None:
        """The longest phrase around a part that sets the part's own colour dials ("olive skin")."""
        family = {part, f"{part}_red", f"{part}_yellow"}
        spans = [
            (stop - start, start, stop)
            for start, stop in draft.spans
            if start <= k < stop and stop - start > 1 and any(family & set(t.dials) for t in draft.at(start, stop))
        ]
        return max(spans)[1:] if spans else None

    def _as_one_phrase(self, draft: Draft, k: int, part: str, start: int, stop: int) -> None:
        """A phrase of colour and part that the lexicon knows better than the sum of its words."""
        if k != stop - 1 or not draft.free(start, stop):
            return
        words = range(start, k)
        if not all(self.is_colour(draft, j) for j in words) or all(draft.tokens[j] in PLAIN for j in words):
            return
        shaded = start > 0 and draft.tokens[start - 1] in SHADES and self._colour_at(draft, start, k) is not None
        if shaded and (said := self._before(draft, k)) is not None:
            self._painted(draft, k, part, said, said.start, k + 1)
            return
        terms = tuple(t for t in draft.at(start, stop) if t.dials)
        dials = {n: v for t in terms for n, v in t.dials.items()}
        noun = draft.tokens[k] if draft.tokens[k] in BEARDS else part
        name = " ".join(draft.tokens[start:k])
        found = Found(start, stop, f"{name} {noun}", "colour", dials, terms=terms)
        if (no := negation_before(draft, start)) is not None:
            deny(found, no)
        draft.add(found)
        draft.shared.add(k)

    @staticmethod
    def is_colour(draft: Draft, k: int) -> bool:
        """True if word `k` is a colour or a shade."""
        token = draft.tokens[k]
        return token in SHADES or token in PLAIN or any(t.colour is not None for t in draft.at(k, k + 1))

    def _before(self, draft: Draft, k: int) -> _Said | None:
        """A colour before its part, at most two words between; "and" may be one of them ("red and curly hair")."""
        tokens = draft.tokens
        if k > 0 and tokens[k - 1] in _SAID_OF:
            said = self._colour_ending(draft, k - 1, simile=True)
            return said and _Said(said.start, k, said.name, said.colour)
        for stop in range(k, max(0, k - 4), -1):
            between = tokens[stop:k]
            if draft.taken[stop - 1] or (between and not self._may_part(draft, stop, k)):
                return None
            if len(between) == 3 and "and" not in between:
                return None
            if (said := self._colour_ending(draft, stop)) is not None:
                return said
            if not between and tokens[k - 1] in PLAIN and tokens[k] not in CROOKED:
                return _Said(k - 1, k, tokens[k - 1], PLAIN[tokens[k - 1]])
        return None

    def _may_part(self, draft: Draft, j: int, k: int) -> bool:
        """True if word `j` may stand between a colour and the part at `k`."""
        token = draft.tokens[j]
        if token == "and":
            return j + 1 < k and not self.is_colour(draft, j + 1)
        return self.part(draft, j) is None and token not in STOPS and not draft.kinds(j, j + 1) & {"person", "garment"}

    def _colour_ending(self, draft: Draft, stop: int, *, simile: bool = False) -> _Said | None:
        """The longest colour that ends before word `stop`, with its shade."""
        for size in (3, 2, 1):
            start = stop - size
            said = self._colour_at(draft, start, stop, simile=simile)
            if said is not None:
                return said
        return None

    def _after(self, draft: Draft, k: int) -> _Said | None:
        """A colour after its part: "hair of gold", "eyes like the sea", or right before the clause's end."""
        tokens = draft.tokens
        start = k + 1
        while start < len(tokens) and tokens[start] in LINKS:
            start += 1
        linked = start > k + 1
        ends = ENDS if not linked else ENDS - {"and"}
        end = next((j for j in range(start, len(tokens)) if tokens[j] in ends or draft.taken[j]), len(tokens))
        if start >= end or (not linked and end != len(tokens)):
            return None
        simile = any(t in ("like", "of", "as", "colour", "color") for t in tokens[k + 1 : start])
        # one word may stand between ("background forest green"); after "is", adjectives may ("is long and grey")
        for first in range(start, min(end, start + (5 if linked else 2))):
            for size in (3, 2, 1):
                if first + size > end:
                    continue
                said = self._colour_at(draft, first, first + size, simile=simile and first == start)
                if said is None:
                    continue
                whole = first + size == end or draft.token(first + size) in ("as", "like", "and")
                part_next = first + size < len(tokens) and self.part(draft, first + size) is not None
                if (whole and not part_next) or (linked and first == start and not part_next):
                    return self._with_simile(draft, _Said(start, said.stop, said.name, said.colour), first)
            if not linked and first > start:
                break
            if linked and (self.part(draft, first) or tokens[first] in STOPS - {"and"}):
                break
        if end == start + 1 or (tokens[start] in EMPHASIS and end == start + 2):
            word = tokens[end - 1]
            if word in PLAIN and tokens[k] not in CROOKED:
                return _Said(start, end, word, PLAIN[word])
        return None

    @staticmethod
    def _with_simile(draft: Draft, said: _Said, first: int) -> _Said:
        """ "black as coal": what follows "as" is used up with the colour."""
        stop = said.stop
        if draft.token(stop) in ("as", "like"):
            stop += 1
            while draft.token(stop) in ("a", "an", "the"):
                stop += 1
            stop = min(stop + 1, len(draft))
        return _Said(first, stop, said.name, said.colour)

    def _colour_at(self, draft: Draft, start: int, stop: int, *, simile: bool = False) -> _Said | None:
        """A stretch that is exactly a colour; a shade before it is taken along."""
        if start < 0 or stop > len(draft):
            return None
        tokens = draft.tokens
        if stop - start == 1 and tokens[start].startswith("#"):
            return _Said(start, stop, tokens[start], Colour.of_hex(tokens[start]))
        term = next((t for t in draft.at(start, stop) if t.colour is not None), None)
        if term is None and simile:
            term = self._lexicon.likened(tokens[start:stop])
        if term is None or term.colour is None:
            return None
        return self._shaded(draft, start, stop, term.colour)

    def _shaded(self, draft: Draft, start: int, stop: int, colour: Colour) -> _Said:
        """A colour with what qualifies it: "dark", "sea-" or another colour ("blue-black")."""
        tokens, first = draft.tokens, start
        if start > 0 and not draft.taken[start - 1]:
            before = tokens[start - 1]
            hyphened = bool(draft.clause.hyphened) and draft.clause.hyphened[start - 1]
            other = next((t.colour for t in draft.at(start - 1, start) if t.colour is not None), None)
            if before in SHADES:
                first = start - 1
                colour = Colour(min(96.0, max(4.0, colour.lightness + SHADES[before])), colour.a, colour.b)
            elif hyphened and other is not None:
                first = start - 1
                colour = Colour(*(0.35 * o + 0.65 * c for o, c in zip(_lab(other), _lab(colour), strict=True)))
            elif hyphened and self.part(draft, start - 1) is None and before not in NEGATIONS:
                first = start - 1
        return _Said(first, stop, " ".join(tokens[first:stop]), colour)

    def _grounds(self, draft: Draft) -> None:
        """ "on black", "against deep red" at the end of a clause: the background."""
        for k, token in enumerate(draft.tokens):
            if token not in BEFORE_GROUND or draft.taken[k]:
                continue
            first = k + 1 + (draft.token(k + 1) in ("a", "an", "the"))
            if not draft.free(first, len(draft)):
                continue
            said = self._colour_ending(draft, len(draft))
            if said is not None and said.start == first:
                dials = self.settings("background", said.colour, exact=said.exact)
                draft.add(Found(k, said.stop, f"{said.name} background", "colour", dials, exact=said.exact))
                break

    def is_noun(self, token: str) -> bool:
        """True for a noun of the face or the picture that adjectives and colours are said of."""
        return token in HEADS or token in BEARDS

    def describes(self, token: str) -> bool:
        """True for a word that is only said of such a noun: a shade, a colour, an adjective of hair."""
        if token in SHADES or token in PLAIN or token in EMPHASIS or token.startswith("#"):
            return True
        return token in BARE or any(t.colour is not None or t.kind == "hairstyle" for t in self._lexicon.at((token,)))

    def of_it(self, draft: Draft, mentions: Mentions) -> None:
        """ "... hair, now it is grey"; "short curly hair, dark brown": a colour said of a part named before."""
        said = self._colour_ending(draft, len(draft))
        if said is None:
            return
        before = set(draft.tokens[: said.start])
        if mentions.topic and before & {"it", "they"} and before <= _OF_IT:
            part = mentions.topic
        elif mentions.part and before <= {"a", "very", "of", "the"}:
            part = mentions.part
        else:
            return
        dials = self.settings(part, said.colour, exact=said.exact)
        draft.add(Found(0, len(draft), f"{said.name} {part}", "colour", dials, exact=said.exact))

    def settings(self, part: str, colour: Colour | float, *, exact: bool) -> dict[str, float]:
        """Settings that give a part a colour: a hex value as it is, a word as the part wears it."""
        if not isinstance(colour, Colour):
            return {part: colour}
        if (part, colour, exact) not in self._settings:
            worn = colour if exact else self._lexicon.part(part).worn(colour)
            self._settings[part, colour, exact] = self._table.colour(part, worn)
        return dict(self._settings[part, colour, exact])


_OF_IT = frozenset(
    {"it", "they", "is", "are", "was", "were", "now", "today", "has", "have", "turned", "gone", "become", "very"}
)


def _lab(colour: Colour) -> tuple[float, float, float]:
    return colour.lightness, colour.a, colour.b
