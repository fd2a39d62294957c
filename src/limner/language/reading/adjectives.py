"""Adjectives that other words part from their noun: "long curly black hair" is long hair and curly hair too."""

from __future__ import annotations

from collections.abc import Iterator

from limner.language.lexicon import Lexicon, Term
from limner.language.lexicon.small_words import EMPHASIS, HEADS, STOPS, WHOLE_FACE
from limner.language.reading.binding import Binder
from limner.language.reading.draft import Draft, Found
from limner.language.reading.negation import deny, negation_before

_PICTURE = frozenset(
    {"light", "lighting", "background", "backdrop", "wall", "colours", "colors", "tones", "palette", "shadows"}
)
_TONE = frozenset({"brightness", "contrast", "saturation", "warmth", "detail", "background", "face_width"})
_IS = frozenset({"is", "are", "was", "were", "looks", "cut", "worn", "kept", "grown", "very", "and", *EMPHASIS})
_NOUNS = {
    "haired": "hair", "locks": "hair", "tresses": "hair", "mane": "hair", "eyed": "eyes", "eye": "eyes",
    "brow": "eyebrows", "brows": "eyebrows", "eyebrow": "eyebrows", "skinned": "skin", "complexion": "skin",
    "faced": "face", "nosed": "nose", "jawed": "jaw", "cheeked": "cheeks", "cheek": "cheeks", "lip": "lips",
    "lighting": "light", "backdrop": "background", "colors": "colours", "stare": "gaze", "plaits": "hair",
    "braid": "hair", "braids": "hair", "look": "expression", "curls": "hair", "ringlets": "hair",
    "dreadlocks": "hair", "ponytail": "hair", "fringe": "hair",
}  # fmt: skip
"""What an adjective is looked up with, where it is not known with the noun itself."""


class Adjectives:
    """Finds what is said of the nouns of a portrait.

    Args:
        lexicon: the words.
        binder: knows colours, which are bound by it.
    """

    def __init__(self, lexicon: Lexicon, binder: Binder) -> None:
        self._lexicon = lexicon
        self._binder = binder

    def bind(self, draft: Draft) -> None:
        """Find the adjectives of one clause that belong to a noun, before it or after "is"."""
        for k, token in enumerate(draft.tokens):
            if token in HEADS:
                self._adjectives(draft, k)

    def _adjectives(self, draft: Draft, k: int) -> None:
        """Adjectives that belong to the noun at `k`, before it or after "is"."""
        for m in (*self._modifiers(draft, k), *self._predicates(draft, k)):
            if draft.taken[m]:
                continue
            span = next(
                (s for s in draft.spans if s[0] <= m < s[1] and s[0] <= k < s[1] and draft.free(*s)), None
            )  # fmt: skip
            if span is not None:
                continue  # the phrases find it as it stands
            if terms := self._of_noun(draft, m, k):
                start = m - 1 if self._pair(draft, m, k) else m
                dials = {n: v for t in terms for n, v in t.dials.items()}
                names = ", ".join(dict.fromkeys(t.word for t in terms))
                leans = frozenset(n for t in terms for n in t.leans)
                found = Found(start, m + 1, names, terms[0].kind, dials, terms=terms, leans=leans)
                found.words = f"{draft.clause.words(start, m + 1)} {draft.clause.words(k, k + 1)}"
                if (no := negation_before(draft, start)) is not None:
                    deny(found, no)
                    found.terms = ()
                draft.add(found)
            elif self._is_local(draft, m, k):
                draft.add(Found(m, m + 1, note=f"said of the {draft.tokens[k]} alone; left to the text encoder"))

    def _modifiers(self, draft: Draft, k: int) -> Iterator[int]:
        """Places of the words that stand before a noun as its adjectives."""
        for m in range(k - 1, max(-1, k - 6), -1):
            token = draft.tokens[m]
            if token == "and" and m > 0 and m + 1 < k and draft.tokens[m - 1] not in HEADS:
                continue
            if token in STOPS or token in HEADS or draft.kinds(m, m + 1) & {"garment", "age"}:
                return
            if any(t.kind == "person" and "femininity" in t.dials for t in draft.at(m, m + 1)):
                return
            yield m

    def _predicates(self, draft: Draft, k: int) -> Iterator[int]:
        """Places of the words that are said of a noun after "is", or after it at the clause's end."""
        linked = draft.token(k + 1) in _IS - {"and"}
        for m in range(k + 1, min(len(draft), k + 7)):
            token = draft.tokens[m]
            if token in _IS or self._binder.is_colour(draft, m):
                continue
            if token in STOPS or token in HEADS:
                return
            if linked or m + 1 == len(draft) or draft.token(m + 1) in ("and", "with"):
                yield m

    def _of_noun(self, draft: Draft, m: int, k: int) -> tuple[Term, ...]:
        """Terms of adjective `m` with noun `k`, as if they stood together."""
        noun = draft.tokens[k]
        for head in dict.fromkeys((noun, _NOUNS.get(noun, noun))):
            for adjective in ((draft.token(m - 1), draft.tokens[m]), (draft.tokens[m],)):
                found = tuple(t for t in self._lexicon.at((*adjective, head)) if t.dials)
                if found:
                    return found
        return ()

    def _pair(self, draft: Draft, m: int, k: int) -> bool:
        """True if the adjective at `m` is two words ("deep set")."""
        noun = draft.tokens[k]
        heads = (noun, _NOUNS.get(noun, noun))
        return m > 0 and any(self._lexicon.at((draft.tokens[m - 1], draft.tokens[m], head)) for head in heads)

    @staticmethod
    def _is_local(draft: Draft, m: int, k: int) -> bool:
        """True for an adjective that alone would mean the whole picture or face ("thin dark moustache")."""
        noun = draft.tokens[k]
        if noun in _PICTURE or noun in WHOLE_FACE:
            return False
        terms = [t for t in draft.at(m, m + 1) if t.dials]
        local = _TONE | {"skin", "skin_red", "skin_yellow"}
        return bool(terms) and all(set(t.dials) <= local for t in terms) and m < k
