"""Phrases: the lexicon's words in a clause, the longest first, and those that are not about the sitter.

A word with "'s" owns something and is somebody else; so is a person after "with" or "daughter of".  An
adjective before a thing ("old straw hat", "dark coat") is the thing's.  A being's colour is its skin's.
"""

from __future__ import annotations

from collections.abc import Iterable

from limner.language.lexicon import Lexicon, Term
from limner.language.lexicon.small_words import (
    COMPANY,
    DETERMINERS,
    EMPHASIS,
    HEADS,
    LINKS,
    PRONOUNS,
    RELATIONS,
    SHADES,
    SMALL,
    STOPS,
    WHOLE_FACE,
)
from limner.language.reading.binding import Binder
from limner.language.reading.draft import Draft, Found, Mentions
from limner.language.reading.negation import negation_before

_HAIR_COLOURS = frozenset({"blonde", "platinum", "auburn", "ginger"})
_HAIR_NOUNS = {"redhead": "copper", "redheaded": "copper", "brunette": "brown", "redheads": "copper"}
_PEOPLE = frozenset({"person", "age", "profession", "being"})
_THINGS = frozenset({"garment", "symbol", "thing", "material"})
_IDLE = frozenset({"idiom", "thing"})
_WORN = frozenset({"garment", "symbol"})
_OF_THINGS = frozenset({
    "look", "quality", "mood", "material", "colour", "hairstyle", "weather", "feature", "light", "palette", "hour",
    "age", "people", "person", "paradox", "symbol",
})  # fmt: skip
_FAINT = {"profession": 0.35, "garment": 0.35, "symbol": 0.35, "feature": 0.16, "hairstyle": 0.16}
"""Settings fainter than this are left to the text encoder, for kinds of words that say little of a face."""
_PREJUDICED = frozenset({"profession", "garment", "symbol"})
_FIRM = 0.65  # the same for what these say of the sitter: age, sex, mood, pose, colours and shape
_TONES = frozenset({"brightness", "contrast", "saturation", "warmth", "detail", "background", "light_x", "light_y"})
_MADE = frozenset(
    {"of", "like", "into", "as", "to", "from", "is", "are", "in", "carved", "sculpted", "cast", "made", "out"}
)
_WARES = frozenset({"symbol", "material", "weather", "thing", "colour", "garment", "palette", "hour"})
_TRADES = frozenset({
    "keeper", "maker", "seller", "charmer", "tamer", "eater", "chaser", "picker", "swallower", "blower", "collector",
    "dealer", "vendor", "carver", "cutter", "catcher", "breeder", "grower", "gatherer", "worker", "player", "lover",
    "expert", "fan",
})  # fmt: skip
_ALSO_ADJECTIVES = frozenset({"general", "guard", "cardinal", "royal", "novice", "native"})
_NOT_PERSONS = frozenset({
    "old", "young", "youthful", "youth", "elderly", "aged", "bearded", "beard", "bald", "balding", "female", "male",
    "feminine", "masculine", "androgynous", "mature", "teenage", "stubble", "goatee", "moustache", "mustache",
    "whiskers", "senior", "fire", "flame", "ice", "frost", "childlike", "mortal", "human", "ember", "flaming",
    "burning", "adult", "ancient", "aging", "hairless", "shaven", "beardless", "god", "spirit", "long hair",
    "short hair",
})  # fmt: skip


class Phrases:
    """Finds the lexicon's phrases.

    Args:
        lexicon: the phrases.
        binder: paints what a being's colour is said of.
    """

    def __init__(self, lexicon: Lexicon, binder: Binder) -> None:
        self._lexicon = lexicon
        self._binder = binder

    def set_aside(self, draft: Draft, mentions: Mentions) -> None:
        """Take out the words that are not about the sitter."""
        self._owners(draft)
        self._others(draft, mentions)
        self._things(draft)

    def find(self, draft: Draft) -> None:
        """Find what is left, the longest phrases first, from left to right."""
        for k, token in enumerate(draft.tokens):
            if token in _HAIR_NOUNS and not draft.taken[k]:
                draft.add(self._hair_noun(draft, k))
        for start, stop in _longest_first(draft):
            stressing = stop - start == 1 and draft.tokens[start] in EMPHASIS and stop < len(draft)
            if stressing or not draft.free(start, stop) or self._in_compound(draft, start, stop):
                continue
            if (found := self._term(draft, start, stop)) is not None:
                draft.add(found)

    # not the sitter ---------------------------------------------------------------------------

    def _owners(self, draft: Draft) -> None:
        """ "her grandmother's earrings": the owner is not the sitter; "a poet's hands" are the sitter's."""
        for k, owning in enumerate(draft.clause.owning):
            if not owning or draft.taken[k] or any(start < k + 1 < stop for start, stop in draft.spans):
                continue
            start = min((s for s, e in draft.spans if e == k + 1), default=k)
            near = draft.tokens[k + 1 : k + 3]
            if any(t in HEADS for t in near) and draft.token(start - 1) not in ("his", "her", "their", "my", "our"):
                continue
            if draft.free(start, k + 1):
                draft.add(Found(start, k + 1, note="an owner, not the sitter; left to the text encoder"))

    def _others(self, draft: Draft, mentions: Mentions) -> None:
        """Persons beside the sitter: "with a child", "her husband", "daughter of a king"."""
        sitter = mentions.sitter
        tokens = draft.tokens
        ends = {stop for _, stop in draft.spans}
        for k, token in enumerate(tokens):
            if token in PRONOUNS:
                sitter = True
            if draft.taken[k] or token in PRONOUNS or k + 1 not in ends or not self._names_person(draft, k):
                continue
            first = k
            while first > 0 and tokens[first - 1] not in STOPS and k - first < 4:
                first -= 1
            before, link = draft.token(first - 1), draft.token(first - 2)
            related = link in RELATIONS and before == "of"
            related |= before in DETERMINERS and link == "of" and draft.token(first - 3) in RELATIONS
            theirs = before in ("his", "her", "their", "its") and draft.token(k + 1) not in HEADS
            company = before in DETERMINERS and link in COMPANY and draft.token(k + 1) not in HEADS
            if (theirs or ((related or company) and sitter)) and draft.free(first, k + 1):
                draft.add(Found(first, k + 1, note="not the sitter; a portrait shows one person"))
            else:
                sitter = True
        mentions.sitter = sitter

    @staticmethod
    def _names_person(draft: Draft, k: int) -> bool:
        """True if word `k` ends the name of a person or being."""
        if draft.tokens[k] in _NOT_PERSONS:
            return False
        if any(first <= k and k + 1 < last and draft.free(first, last) for first, last in draft.spans):
            return False  # within a longer phrase ("king crab", "child like")
        return any(
            last == k + 1 and any(t.kind in _PEOPLE and t.word not in _NOT_PERSONS for t in terms)
            for (_, last), terms in draft.spans.items()
        )

    def _things(self, draft: Draft) -> None:
        """Give the adjectives before a thing to the thing."""
        for start, stop in _longest_first(draft):
            if not self._is_thing(draft, start, stop):
                continue
            first = start
            while first > 0 and not draft.taken[first - 1] and self._is_of_thing(draft, first - 1):
                first -= 1
            if first == start or self._likened(draft, first):
                continue
            draft.add(
                Found(first, start, note=f"said of the {draft.clause.words(start, stop)}; left to the text encoder")
            )

    @staticmethod
    def _likened(draft: Draft, k: int) -> bool:
        """True for "hair like autumn leaves": what follows is said of the part before it."""
        while k > 0 and draft.tokens[k - 1] in LINKS:
            k -= 1
        return draft.token(k - 1) in HEADS and draft.token(k) in LINKS

    def _is_thing(self, draft: Draft, start: int, stop: int) -> bool:
        """True for the noun of a thing that nothing longer covers and that is not itself an adjective."""
        kinds = draft.kinds(start, stop)
        last = draft.tokens[stop - 1]
        if not kinds & _THINGS or not draft.free(start, stop) or last.endswith("ed") or last == "strapless":
            return False
        if any(s <= start and stop <= e and e - s > stop - start and draft.free(s, e) for s, e in draft.spans):
            return False
        following = draft.kinds(stop, stop + 1)
        owned = following & (_PEOPLE | {"part"}) and draft.token(stop) != "behind"
        return not owned and draft.token(stop) not in HEADS

    def _is_of_thing(self, draft: Draft, k: int) -> bool:
        token = draft.tokens[k]
        if token in STOPS or token in HEADS or token in PRONOUNS:
            return False
        if any(start <= k < stop and stop - start > 1 for start, stop in draft.spans):
            return False  # within a phrase of its own ("black and white")
        if token in SHADES or token.startswith("#"):
            return True
        kinds = draft.kinds(k, k + 1)
        if not kinds:
            return token in _ADJECTIVES or token.endswith(("ish", "less"))
        person = {t.word for t in draft.at(k, k + 1) if t.kind in ("person", "age")}
        return kinds <= _OF_THINGS and person <= {"old", "young", "middle aged", "fire spirit", "ice queen", "older"}

    # phrases ----------------------------------------------------------------------------------

    def _term(self, draft: Draft, start: int, stop: int) -> Found | None:
        """What a stretch of the lexicon's words means here."""
        dials: dict[str, float] = {}
        used: dict[str, Term] = {}
        for term in draft.at(start, stop):
            part = self._worn_by(draft, stop, term)
            if part and term.colour is not None:
                dials |= self._binder.settings(part, term.colour, exact=False)
                used[f"{term.word} {part}"] = term
            elif term.acts or term.kind in _IDLE:
                dials |= self._dials(draft, start, stop, term)
                used[term.word] = term
        if not used:
            return None
        terms = tuple(used.values())
        if note := self._no_concern(draft, start, stop, terms):
            return Found(start, stop, note=note)
        pronoun = draft.tokens[start] in PRONOUNS
        if not pronoun and (no := negation_before(draft, start)) is not None:
            return self._denied(no, stop, terms[0])
        kind = next((t.kind for t in terms if t.colour is None), "colour")
        leans = frozenset(dials) if pronoun else frozenset(n for t in terms for n in t.leans)
        return Found(start, stop, ", ".join(used), kind, dials, terms=terms, leans=leans)

    def _worn_by(self, draft: Draft, stop: int, term: Term) -> str:
        """The part that a colour word alone is said of: "blonde" of hair, a colour before a being of its skin."""
        if term.word in _HAIR_COLOURS and term.colour is not None:
            return "hair"
        return "skin" if term.colour is not None and self._being_follows(draft, stop) else ""

    def _no_concern(self, draft: Draft, start: int, stop: int, terms: Iterable[Term]) -> str:
        """Why a stretch says nothing of the sitter; empty if it does."""
        kinds = {term.kind for term in terms}
        following = draft.token(stop)
        if kinds <= {"thing"}:
            return "a thing about the sitter; left to the text encoder"
        if kinds <= {"idiom"}:
            return "a manner of speaking; left to the text encoder"
        if kinds <= {"material"} and self._names_thing(draft, stop):
            return f"said of the {following}; left to the text encoder"
        if kinds <= _WARES and self._names_trade(draft, stop):
            return f"said with {following!r}; left to the text encoder"
        if stop - start == 1 and draft.tokens[start] in _ALSO_ADJECTIVES and following and following not in STOPS:
            return f"said with {following!r}; left to the text encoder"  # "general mood", "guard rail"
        return ""

    @staticmethod
    def _in_compound(draft: Draft, start: int, stop: int) -> bool:
        """True for a word that a hyphen joins to one that means nothing by itself ("flame-retardant")."""
        if stop - start > 1 or stop >= len(draft) or not draft.clause.hyphened[start]:
            return False
        known = draft.tokens[stop] in SMALL or any(s <= stop < e for s, e in draft.spans)
        return not known and draft.tokens[stop][0].isalpha()

    @staticmethod
    def _names_thing(draft: Draft, stop: int) -> bool:
        """True if the next word is one that nobody knows: a thing made of what was just named."""
        token = draft.token(stop)
        known = token in SMALL or any(start <= stop < end for start, end in draft.spans)
        return token.isalpha() and not known

    @staticmethod
    def _names_trade(draft: Draft, stop: int) -> bool:
        """True if the next word is a trade whose wares were just named ("spider collector")."""
        return draft.token(stop) in _TRADES or "profession" in draft.kinds(stop, stop + 1)

    def _hair_noun(self, draft: Draft, k: int) -> Found:
        """ "redhead", "brunette"."""
        colour = self._lexicon.find(_HAIR_NOUNS[draft.tokens[k]]).colour
        assert colour is not None
        dials = self._binder.settings("hair", colour, exact=False)
        return Found(k, k + 1, f"{draft.tokens[k]} (hair)", "colour", dials)

    def _dials(self, draft: Draft, start: int, stop: int, term: Term) -> dict[str, float]:
        """Settings of a term here: silk that is worn or stands about does not turn the sitter into silk, and
        what a profession or a garment says faintly of age, face and mood would be mere prejudice."""
        if term.kind in _FAINT and not term.own:
            faint = _FAINT[term.kind]
            firm = _FIRM if term.kind in _PREJUDICED else faint
            return {n: v for n, v in term.dials.items() if abs(v) >= (faint if n in _TONES else firm)}
        if term.kind != "material" or not any(n.startswith(("skin", "hair")) for n in term.dials):
            return term.dials
        before = draft.token(start - 1) if draft.token(start - 1) not in ("a", "an", "the") else draft.token(start - 2)
        following = draft.kinds(stop, stop + 1) & (_PEOPLE | {"part"}) or draft.token(stop) in WHOLE_FACE
        alone = start == 0 and stop == len(draft)
        if following or alone or before in _MADE:
            return term.dials
        return {n: v for n, v in term.dials.items() if not n.startswith(("skin", "hair", "eyes"))}

    @staticmethod
    def _being_follows(draft: Draft, stop: int) -> bool:
        """True if the next word is a fantastic being, whose colour is its skin's."""
        return any(t.dials.get("creature", 0) > 0.5 for t in draft.at(stop, stop + 1))

    def _denied(self, start: int, stop: int, term: Term) -> Found:
        """What a negation makes of a term: its opposite, or a step away from it."""
        found = Found(start, stop, f"not {term.word}", term.kind, denied=True)
        other = self._lexicon.find(term.opposite) if term.opposite and self._lexicon.knows(term.opposite) else None
        if other is not None and other.dials:
            found.dials = {dial: 0.6 * value for dial, value in other.dials.items()}
            found.note = f"towards {other.word}"
        elif term.dials and term.kind not in _WORN:
            found.dials = {dial: -0.5 * value for dial, value in term.dials.items()}
        else:
            found.note = "left out"
        return found


def _longest_first(draft: Draft) -> list[tuple[int, int]]:
    """Stretches that mean something, the longest first, from left to right; "snow light" before "in snow"."""

    def place(span: tuple[int, int]) -> tuple[int, bool, int]:
        size = span[1] - span[0]
        return -size, size > 1 and draft.tokens[span[0]] in STOPS, span[0]

    return sorted(draft.spans, key=place)


_ADJECTIVES = frozenset({
    "long", "short", "big", "small", "large", "little", "huge", "tiny", "new", "heavy", "thick", "thin", "wide",
    "tall", "round", "square", "half", "full", "empty", "fine", "simple", "fancy", "matching", "oversized", "loose",
    "tight", "high", "low", "single", "double", "broken", "worn", "torn", "patched", "clean", "shiny", "shining",
    "spare", "used", "cheap", "expensive", "favourite", "favorite", "vintage", "antique", "classic", "modern",
    "plain", "crumpled", "folded", "lit", "open", "closed", "stiff", "starched", "striped", "checked", "dotted",
    "spotted", "patterned",
})  # fmt: skip
