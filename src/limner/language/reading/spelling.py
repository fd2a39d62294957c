"""Misspelt words: what a word that nobody knows was most likely meant to be.

Only a word that is neither in the lexicon nor plain English (see `english`) nor written like a name
is put right, and only if one word of the lexicon is clearly the nearest by optimal string
alignment (insertions, deletions, substitutions and swapped neighbours; Boytsov 2011).
"""

from __future__ import annotations

import re
from collections import defaultdict

from limner.language.lexicon import Lexicon
from limner.language.lexicon.english import is_english
from limner.language.lexicon.index import SHORTEST, singular

_LONG = 8  # letters from which two mistakes are forgiven
_ENDINGS = ("ly", "ish", "like", "er", "ers", "ed", "ing", "less", "ness", "ful", "est")  # of words not listed
_GRAVEST = 1.4  # see `_slip`: two wrong letters are too much, two wrong vowels are not
_COMMON = 600  # words of the lexicon so common in briefs that a tie is theirs
_BRITISH = (
    (re.compile(r"our(?=(s|y|ed|er|ers|ing|ful|less|ite)?$)"), "or"),
    (re.compile(r"([bt])re(?=s?$)"), r"\1er"),
    (re.compile(r"([iy])s(?=(e|es|ed|er|ers|ing|ation|ations)$)"), r"\1z"),
)  # endings and their American spelling
_UNLISTED = frozenset({
    "botox", "dialling", "draught", "draughtsmen", "dreamt", "droid", "earbud", "intro", "metre", "multi", "napa",
    "nato", "parkour", "ploughmen", "selfie", "taser", "tron", "ussr", "vape", "waggon", "wifi",
})  # fmt: skip
"""Words that the list of English words lacks, and that are near a word of the lexicon."""


class Speller:
    """Puts misspelt words right.

    Args:
        lexicon: the words that may have been meant.
    """

    def __init__(self, lexicon: Lexicon) -> None:
        self._known = frozenset(lexicon.single)
        self._rank = {word: k for k, word in enumerate(lexicon.single)}
        self._by_start: dict[tuple[str, int], list[str]] = defaultdict(list)
        for word in lexicon.single:
            self._by_start[word[0], len(word)].append(word)
        self._right: dict[str, str | None] = {}

    def right(self, word: str) -> str | None:
        """The word that a misspelt one means; None if it is spelt well, or nothing is near enough."""
        if len(word) < SHORTEST or not (word.isascii() and word.isalpha()):
            return None
        if word not in self._right:
            self._right[word] = None if self._is_word(word) else self._nearest(word)
        return self._right[word]

    def _is_word(self, word: str) -> bool:
        return (
            word in _UNLISTED
            or word.removesuffix("s") in _UNLISTED
            or any(map(self._is_form, (word, *_american(word))))
        )

    def _is_form(self, word: str) -> bool:
        stems = [word[: -len(e)] for e in _ENDINGS if word.endswith(e) and len(word) - len(e) >= SHORTEST - 1]
        forms = [word, singular(word), *stems, *(f"{s}e" for s in stems)]
        return any(map(self._knows, forms)) or any(
            self._knows(word[:k]) and self._knows(word[k:]) for k in range(SHORTEST, len(word) - SHORTEST + 1)
        )

    def _knows(self, word: str) -> bool:
        return word in self._known or is_english(word)

    def _nearest(self, word: str) -> str | None:
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        limit = 1 if len(word) < _LONG else 2
        others = [
            other
            for size in range(max(SHORTEST, len(word) - limit), len(word) + limit + 1)
            for start in {word[0], word[1]}
            for other in self._by_start.get((start, size), ())
            if start == word[0] or other[1] == word[0]  # the first letter is right, or swapped with the second
        ]
        found = process.extract(word, others, scorer=OSA.distance, score_cutoff=limit, limit=8)
        slips = ((_slip(word, other, int(away)), self._rank[other], other) for other, away, _ in found)
        best = sorted(slip for slip in slips if slip[0] <= _GRAVEST)
        if not best:
            return None
        cost, rank, other = best[0]
        rivals = [o for c, _, o in best[1:] if c == cost and not o.startswith(other) and singular(o) != other]
        return other if not rivals or rank < _COMMON else None


def _american(word: str) -> list[str]:
    """American spellings of a British word, since the list has no other of some ("fibre", "agonise")."""
    return [other for pattern, letters in _BRITISH if (other := pattern.sub(letters, word)) != word]


def _slip(word: str, other: str, away: int) -> float:
    """How grave a mistake is: swapped letters and a doubled one slip in most easily, then a wrong vowel."""
    if sorted(word) == sorted(other):
        return 0.5 * away
    if _single(word) == _single(other):
        return 0.6 * away
    if _vowels(word) == _vowels(other):
        return 0.7 * away
    return float(away)


def _single(word: str) -> str:
    return "".join(c for k, c in enumerate(word) if k == 0 or word[k - 1] != c)


def _vowels(word: str) -> str:
    return "".join("a" if c in "aeiouy" else c for c in word)
