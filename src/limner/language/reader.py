"""The reader: words to a reading.

A brief is taken apart into clauses of weighted words.  Within each clause ages are looked for first,
then colours bound to the part that they stand beside ("red hair", "red-haired", "hair of gold"), then
the lexicon's phrases, longest first, plurals and adverbs included.  "Very" and "slightly" scale what
follows; a negated term asks for its opposite; a clause of nothing but colours is a palette.  What the
lexicon does not know still reaches the engine through the text vector, and the reading says so.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from limner.core.dials import dial_table
from limner.core.errors import BriefError
from limner.core.palette import Colour
from limner.core.reading import Reading, Understood, pack_vector
from limner.language.ages import OLDEST, age_at, number_at, setting_of
from limner.language.brief import Clause, clauses
from limner.language.encoder import TextEncoder
from limner.language.lexicon import Lexicon, Term
from limner.language.policy import Policy
from limner.language.tokens import MAX_TOKENS, tokenise

MAX_LETTERS = 2000
"""Longer briefs are refused."""

_NEGATIONS = frozenset(
    {"no", "not", "without", "never", "isnt", "non", "hardly", "nor", "neither", "lacking", "dont", "arent", "doesnt"}
)
_EMPHASIS: Mapping[str, float] = {
    "very": 1.3, "extremely": 1.5, "really": 1.2, "deeply": 1.3, "utterly": 1.5, "intensely": 1.4, "so": 1.1,
    "terribly": 1.4, "profoundly": 1.4, "incredibly": 1.4, "strongly": 1.3, "totally": 1.4, "highly": 1.3,
    "quite": 0.9, "fairly": 0.8, "rather": 0.8, "somewhat": 0.6, "slightly": 0.5, "faintly": 0.45, "mildly": 0.5,
    "barely": 0.3, "subtly": 0.45, "gently": 0.6, "vaguely": 0.4, "slight": 0.5, "faint": 0.45,
}  # fmt: skip
_SOFT_PHRASES: Mapping[tuple[str, ...], float] = {
    ("a", "little"): 0.5, ("a", "bit"): 0.5, ("a", "touch"): 0.45, ("a", "hint", "of"): 0.4, ("a", "tad"): 0.45,
    ("a", "touch", "of"): 0.45, ("a", "trace", "of"): 0.4, ("kind", "of"): 0.7, ("a", "bit", "of"): 0.5,
}  # fmt: skip
_SHADES: Mapping[str, float] = {
    "dark": -14, "deep": -10, "light": 16, "pale": 20, "bright": 10, "vivid": 6, "pastel": 22,
}  # fmt: skip
_PLAIN: Mapping[str, float] = {"dark": -0.75, "light": 0.7, "pale": 0.75, "bright": 0.8, "fair": 0.75}
_HAIR_COLOURS = frozenset({"blonde", "platinum", "auburn", "ginger"})
_HAIR_NOUNS: Mapping[str, str] = {"redhead": "copper", "redheaded": "copper", "brunette": "brown"}
_PALETTE_GLUE = frozenset({
    "and", "with", "on", "in", "of", "the", "a", "colours", "colors", "palette", "tones", "plus",
})  # fmt: skip
_SILENT = frozenset({
    "a", "an", "the", "and", "or", "of", "in", "on", "at", "with", "from", "to", "by", "for", "as", "is", "are",
    "was", "be", "it", "its", "his", "her", "their", "my", "your", "this", "that", "these", "those", "who",
    "whose", "which", "while", "into", "over", "under", "near", "like", "looking", "look", "looks", "cast",
    "set", "made", "portrait", "portraits", "painting", "picture", "photo", "photograph", "image", "drawing",
    "person", "someone", "somebody", "face", "faces", "figure", "character", "closeup", "close", "up", "head",
    "shoulders", "style", "manner", "paint", "painted", "show", "shows", "showing", "please", "make", "me", "i",
    "want", "some", "any", "one", "very", "more", "less", "much", "many", "after", "before", "against",
    "beside", "between", "through", "than", "then", "when", "where", "there",
})  # fmt: skip
_CROWD = frozenset({
    "people", "women", "men", "girls", "boys", "persons", "friends", "twins", "couple", "family", "group",
    "crowd", "children",
})  # fmt: skip
_LINKS = frozenset({
    "of", "like", "is", "are", "as", "the", "a", "in", "colour", "color", "coloured", "colored", "should", "be",
    "was", "were", "turned", "dyed", "painted", "to",
})  # fmt: skip
_ENDS = frozenset({"and", "with", "on", "against", "before", "behind", "while", "now"})
_BEFORE_GROUND = frozenset({"on", "against", "before"})
_BEARDS = frozenset({"beard", "bearded", "moustache", "mustache", "whiskers", "goatee"})
_FILLERS = frozenset({
    "a", "an", "any", "the", "too", "so", "much", "make", "him", "her", "them", "it", "look", "looks",
    "looking", "be", "being", "visible", "sort", "of", "even", "very", "really",
})  # fmt: skip
_PRONOUNS = frozenset({"she", "her", "hers", "herself", "he", "him", "his", "himself"})
_LONE_AGE = 13  # a clause of nothing but such a number is an age
_FULL = 0.98  # the largest setting that emphasis leads to


@dataclass(slots=True)
class _Found:
    """A stretch of a clause that means something."""

    start: int
    stop: int
    term: str
    kind: str
    dials: dict[str, float] = field(default_factory=dict[str, float])
    terms: tuple[Term, ...] = ()
    colours: tuple[str, ...] = ()
    weight: float = 1.0
    note: str = ""


@dataclass(frozen=True, slots=True)
class _Digest:
    """What a brief was taken to mean, before it is made into a reading."""

    understood: tuple[Understood, ...]
    terms: tuple[Term, ...]
    palette: tuple[str, ...]


class Reader:
    """Makes readings.

    Args:
        words: the lexicon to look words up in.
        encoder: turns texts into vectors.
        policy: refuses briefs; None refuses none.
    """

    def __init__(self, words: Lexicon, encoder: TextEncoder, policy: Policy | None = None) -> None:
        self._lexicon = words
        self._policy = policy
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
            RefusedError: the policy does not paint such a brief.
        """
        if self._policy is not None:
            self._policy.check(f"{words}\n{avoid}" if avoid else words)
        wanted = self._digest(_checked(words, "brief")) if words else _Digest((), (), ())
        spurned = self.understand(_checked(avoid, "list of words to avoid")) if avoid else ()
        colours = tuple(Colour.of_hex(c).hex for c in palette) or wanted.palette
        settings = _mixture(wanted.understood)
        settings |= {name: -0.5 * value for name, value in _mixture(spurned).items() if name not in settings}
        settings |= self._from_palette(colours, set(settings))
        if not colours:
            lent = next((t.palette for t in wanted.terms if t.palette), ())
            settings |= {n: 0.7 * v for n, v in self._from_palette(lent, set(settings)).items()}
        settings |= {name: self._table.check(name, value) for name, value in (dials or {}).items()}
        return Reading(
            words=words,
            avoid=avoid,
            dials={name: round(settings[name], 3) for name in sorted(settings)},
            palette=colours,
            understood=wanted.understood,
            style=next((t.style for t in wanted.terms if t.style), ""),
            medium=next((t.medium for t in wanted.terms if t.medium), ""),
            notes=tuple(_contradictions(wanted.understood)),
            text=pack_vector(self._encoder.encode(_with_plain_words(words, wanted.terms))) if words else "",
            avoid_text=pack_vector(self._encoder.encode(avoid)) if avoid else "",
        )

    def understand(self, words: str) -> tuple[Understood, ...]:
        """The stretches of a brief that mean something, in order, and the words that have no place."""
        return self._digest(words).understood

    def _digest(self, words: str) -> _Digest:
        understood: list[Understood] = []
        terms: list[Term] = []
        palette: list[str] = []
        for clause in clauses(words):
            found = self._palette(clause) or self._read(clause)
            for f in sorted(found, key=lambda f: f.start):
                terms += f.terms
                palette += f.colours
                understood.append(
                    Understood(
                        words=" ".join(clause.tokens[f.start : f.stop]),
                        term=f.term,
                        kind=f.kind,
                        weight=round(f.weight, 3),
                        dials=f.dials,
                        note=f.note,
                    )
                )
        return _Digest(tuple(understood), tuple(terms), tuple(dict.fromkeys(palette)))

    def _read(self, clause: Clause) -> list[_Found]:
        tokens = clause.tokens
        taken = [False] * len(tokens)
        found = _ages(tokens, taken)
        found += self._bound_colours(tokens, taken)
        found += self._phrases(tokens, taken)
        for f in found:
            f.weight *= clause.weight(f.start, f.stop)
            _stress(f, tokens, taken)
        return found + self._left_over(tokens, taken)

    # colours ----------------------------------------------------------------------------------

    def _palette(self, clause: Clause) -> list[_Found]:
        """A clause of nothing but colours ("#1b2a41 and ochre") is a palette."""
        tokens, k = clause.tokens, 0
        names: list[str] = []
        colours: list[str] = []
        while k < len(tokens):
            if tokens[k] in _PALETTE_GLUE:
                k += 1
                continue
            for size in (3, 2, 1):
                spot = self._colour_at(tokens, k, k + size)
                if spot is not None:
                    names.append(spot[2])
                    colours.append(spot[3].hex)
                    k = spot[1]
                    break
            else:
                shade = k + 1 < len(tokens) and tokens[k] in _SHADES
                spot = self._colour_at(tokens, k + 1, k + 2) if shade else None
                if spot is None:
                    return []
                names.append(spot[2])
                colours.append(spot[3].hex)
                k = spot[1]
        if not colours or _HAIR_COLOURS & set(names) or self._acts_within(tokens):
            return []
        return [_Found(0, len(tokens), ", ".join(names), "palette", colours=tuple(colours))]

    def _acts_within(self, tokens: tuple[str, ...]) -> bool:
        """True if a phrase among the tokens does more than name a colour ("black and white")."""
        spans = (
            (i, j) for i in range(len(tokens)) for j in range(i + 1, min(len(tokens), i + self._lexicon.longest) + 1)
        )
        return any(term.acts for i, j in spans for term in self._lexicon.at(tokens[i:j]))

    def _bound_colours(self, tokens: tuple[str, ...], taken: list[bool]) -> list[_Found]:
        """Colours said of a part: before it (at most two words between), or after "of", "like", "is"."""
        found: list[_Found] = []
        parts = [(k, self._part(t)) for k, t in enumerate(tokens)]
        for k, part in parts:
            if part is None or taken[k] or self._longer(tokens, k):
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
            painted = self._painted(part, settings, exact=name.startswith("#"))
            noun = part
            if tokens[k] in _BEARDS:
                painted, noun = painted | self._dials_of(tokens[k]), tokens[k]
            if first > 0 and tokens[first - 1] in _NEGATIONS:
                away = {n: round(-0.5 * v, 3) for n, v in painted.items()}
                found.append(_Found(first - 1, last, f"not {name} {noun}", "colour", away))
                taken[first - 1] = True
            else:
                found.append(_Found(first, last, f"{name} {noun}", "colour", painted))
        return found + self._grounds(tokens, taken)

    def _grounds(self, tokens: tuple[str, ...], taken: list[bool]) -> list[_Found]:
        """ "on black", "against deep red" at the end of a clause: the background."""
        found: list[_Found] = []
        for k, token in enumerate(tokens):
            if token not in _BEFORE_GROUND or taken[k]:
                continue
            for size in (3, 2, 1):
                stop = k + 1 + size
                spot = self._colour_at(tokens, k + 1, stop) or self._colour_at(tokens, k + 2, stop)
                if stop == len(tokens) and spot is not None and not any(taken[k:stop]):
                    painted = self._painted("background", spot[3], exact=spot[2].startswith("#"))
                    found.append(_Found(k, stop, f"{spot[2]} background", "colour", painted))
                    taken[k:stop] = [True] * (stop - k)
                    break
        return found

    def _dials_of(self, token: str) -> dict[str, float]:
        """Settings of the terms that a word stands for."""
        dials: dict[str, float] = {}
        for term in self._lexicon.at((token,)):
            dials |= term.dials
        return dials

    def _part(self, token: str) -> str | None:
        if token in _BEARDS:
            return "hair"
        for term in self._lexicon.at((token,)):
            if term.part is not None:
                return term.part
        return None

    def _longer(self, tokens: tuple[str, ...], k: int) -> bool:
        """True if the part is inside a longer phrase of the lexicon that is not about a colour."""
        for size in range(self._lexicon.longest, 1, -1):
            for start in range(max(0, k - size + 1), k + 1):
                phrase = tokens[start : start + size]
                if len(phrase) == size and any(t.dials for t in self._lexicon.at(phrase)):
                    return True
        return False

    def _colour_before(
        self, tokens: tuple[str, ...], k: int, taken: list[bool]
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
        self, tokens: tuple[str, ...], k: int, taken: list[bool]
    ) -> tuple[int, int, str, Colour | float] | None:
        """A colour after its part: "hair of gold", "eyes like the sea: blue", or right before the clause's end."""
        start = k + 1
        while start < len(tokens) and tokens[start] in _LINKS:
            start += 1
        linked = start > k + 1
        end = next((j for j in range(start, len(tokens)) if tokens[j] in _ENDS or taken[j]), len(tokens))
        if start >= end or (not linked and end != len(tokens)):
            return None
        for first in (start, start + 1):  # one word may stand between: "background forest green"
            for size in (3, 2, 1):
                if first + size > end:
                    continue
                spot = self._colour_at(tokens, first, first + size)
                ends = first + size == end
                part_next = first + size < len(tokens) and self._part(tokens[first + size]) is not None
                if spot is not None and (ends or (linked and first == start and not part_next)):
                    return start, spot[1], spot[2], spot[3]
        if end == start + 1 or (tokens[start] in _EMPHASIS and end == start + 2):
            word = tokens[end - 1]
            if word in _PLAIN and tokens[k] not in ("face", "behind", "sky", "ground"):
                return start, end, word, _PLAIN[word]
        return None

    def _colour_at(self, tokens: tuple[str, ...], start: int, stop: int) -> tuple[int, int, str, Colour] | None:
        if start < 0 or stop > len(tokens):
            return None
        phrase = tokens[start:stop]
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

    def _phrases(self, tokens: tuple[str, ...], taken: list[bool]) -> list[_Found]:
        found: list[_Found] = []
        for size in range(self._lexicon.longest, 0, -1):
            for k in range(len(tokens) - size + 1):
                if any(taken[k : k + size]):
                    continue
                spot = self._term(tokens, k, k + size)
                if spot is not None:
                    found.append(spot)
                    taken[spot.start : k + size] = [True] * (k + size - spot.start)
        return found

    def _term(self, tokens: tuple[str, ...], start: int, stop: int) -> _Found | None:
        phrase = tokens[start:stop]
        if len(phrase) == 1 and phrase[0] in _HAIR_NOUNS:
            colour = self._lexicon.find(_HAIR_NOUNS[phrase[0]]).colour
            assert colour is not None
            return _Found(start, stop, f"{phrase[0]} (hair)", "colour", self._worn("hair", colour))
        terms = self._lexicon.at(phrase) or self._lexicon.at_stem(phrase)
        dials: dict[str, float] = {}
        names: list[str] = []
        used: list[Term] = []
        for term in terms:
            if term.colour is not None and term.word in _HAIR_COLOURS:
                dials |= self._worn("hair", term.colour)
                names.append(f"{term.word} hair")
            elif term.colour is not None and self._being_follows(tokens, stop):
                dials |= self._worn("skin", term.colour)
                names.append(f"{term.word} skin")
            elif term.acts or term.kind == "idiom":
                dials |= term.dials
                names.append(term.word)
            else:
                continue
            used.append(term)
        if not names:
            return None
        negation = None if phrase[0] in _PRONOUNS else _negation_before(tokens, start)
        if negation is not None and not any(t.kind == "idiom" for t in used):
            return self._negated(negation, stop, terms)
        kind = next((t.kind for t in used if t.colour is None), used[0].kind)
        return _Found(start, stop, ", ".join(dict.fromkeys(names)), kind, dials, terms=tuple(used))

    def _being_follows(self, tokens: tuple[str, ...], stop: int) -> bool:
        """True if the next word is a fantastic being, whose colour is its skin's."""
        if stop >= len(tokens):
            return False
        return any("creature" in t.dials and t.dials["creature"] > 0 for t in self._lexicon.at((tokens[stop],)))

    def _negated(self, start: int, stop: int, terms: tuple[Term, ...]) -> _Found | None:
        for term in terms:
            if term.opposite is not None and self._lexicon.knows(term.opposite):
                other = self._lexicon.find(term.opposite)
                mild = {name: value * 0.6 for name, value in other.dials.items()}
                if mild:
                    return _Found(start, stop, f"not {term.word}", term.kind, mild, note=f"towards {other.word}")
            if term.dials:
                against = {name: max(-1.0, min(1.0, -0.5 * value)) for name, value in term.dials.items()}
                return _Found(start, stop, f"not {term.word}", term.kind, against)
        return None

    # the rest ---------------------------------------------------------------------------------

    def _left_over(self, tokens: tuple[str, ...], taken: list[bool]) -> list[_Found]:
        """Words that no term took: passed on to the text encoder, and said so."""
        found: list[_Found] = []
        for k, token in enumerate(tokens):
            if taken[k] or token in _SILENT or token in _NEGATIONS or token in _EMPHASIS:
                continue
            note = "not in the lexicon; left to the text encoder"
            if (number := number_at(tokens, k)) is not None:
                crowd = number[1] < len(tokens) and tokens[number[1]] in _CROWD
                if not crowd:
                    continue
                note = "a portrait shows one sitter; ask for several portraits with -n"
            elif self._part(token) is not None:
                continue
            elif any(t.colour is not None for t in self._lexicon.at((token,))) or token.startswith("#"):
                note = "a colour beside no part; left to the text encoder"
            elif near := self._lexicon.near(token):
                note += f"; did you mean {' or '.join(repr(n) for n in near)}?"
            found.append(_Found(k, k + 1, "", "", note=note))
        return found

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
        ground = any(name.startswith("background") for name in said)
        return {n: v for n, v in settings.items() if n not in said and not (ground and n.startswith("background"))}


def _ages(tokens: tuple[str, ...], taken: list[bool]) -> list[_Found]:
    found: list[_Found] = []
    for k in range(len(tokens)):
        if taken[k]:
            continue
        alone = number_at(tokens, k) if k == 0 else None
        age = alone if alone and alone[1] == len(tokens) and alone[0] >= _LONE_AGE else age_at(tokens, k)
        if age is None or age[0] > OLDEST:
            continue
        years, stop = age
        found.append(_Found(k, stop, f"{years} years old", "age", {"age": setting_of(years)}))
        taken[k:stop] = [True] * (stop - k)
    return found


def _negation_before(tokens: tuple[str, ...], start: int) -> int | None:
    """Where "no", "without a", "not very", "dont make her" before a term begins."""
    for k in range(start - 1, max(-1, start - 5), -1):
        if tokens[k] in _NEGATIONS:
            return k
        if tokens[k] not in _FILLERS:
            return None
    return None


def _stress(found: _Found, tokens: tuple[str, ...], taken: list[bool]) -> None:
    """Scale what was found by the emphasis before it and by its weight."""
    first = found.start
    for phrase, factor in _SOFT_PHRASES.items():
        if tokens[max(0, first - len(phrase)) : first] == phrase:
            found.start, found.weight = first - len(phrase), found.weight * factor
            break
    else:
        if first > 0 and tokens[first - 1] in _EMPHASIS and not taken[first - 1]:
            found.start, found.weight = first - 1, found.weight * _EMPHASIS[tokens[first - 1]]
    taken[found.start : first] = [True] * (first - found.start)
    if found.weight != 1:
        found.dials = {n: round(max(-_FULL, min(_FULL, v * found.weight)), 3) for n, v in found.dials.items()}


def _with_plain_words(words: str, terms: Iterable[Term]) -> str:
    """The brief, and after it in plain words what its rarer terms mean."""
    plain = [t.words for t in terms if t.words][:3]
    whole = ", ".join([words, *plain])
    return whole if len(tokenise(whole)) <= MAX_TOKENS else words


def _mixture(understood: Iterable[Understood]) -> dict[str, float]:
    """One setting a dial: the weighted mean of all that was said of it (contradictions become mixtures)."""
    said: dict[str, list[tuple[float, float]]] = {}
    items = list(understood)
    stated = {name for item in items if not item.term.startswith("not ") for name in item.dials}
    for item in items:
        for name, value in item.dials.items():
            if item.term.startswith("not ") and name in stated:
                continue  # "no red hair: blue hair": what is said outright wins over what is ruled out
            said.setdefault(name, []).append((value, item.weight))
    return {name: sum(v * w for v, w in pairs) / sum(w for _, w in pairs) for name, pairs in said.items()}


def _contradictions(understood: Iterable[Understood]) -> list[str]:
    """One remark for every dial that two terms pull in opposite directions."""
    items = list(understood)
    table = dial_table()
    notes: list[str] = []
    mixed = _mixture(items)
    for name in table.names:
        up = [i.term for i in items if i.dials.get(name, 0) > 0.2]
        down = [i.term for i in items if i.dials.get(name, 0) < -0.2]
        if up and down:
            notes.append(
                f"{' and '.join(up)} against {' and '.join(down)}: {name} is mixed to {mixed[name]:+.2f} "
                f"(-1 {table[name].low}, 1 {table[name].high})."
            )
    return notes


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


def restored(reader: Reader, reading: Reading) -> Reading:
    """A reading that was edited by hand, with the vectors that its words need."""
    fresh = reader.read(reading.words, avoid=reading.avoid)
    return replace(reading, text=reading.text or fresh.text, avoid_text=reading.avoid_text or fresh.avoid_text)
