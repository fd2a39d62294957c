"""The policy: briefs that Limner does not paint, and how disguised ones are recognised.

Four kinds are refused: real persons, protected characters, sexual and hateful briefs.  What they are
stands in data files (`data/*.toml`), each with its reason, what to write instead, and where the list
comes from.  A brief is looked at in several plain forms at once (see `folding`).  Longer phrases may also
be written together or in pieces, with a letter wrong, names in reversed order; a group's name beside what
demeans it is refused though neither word is (see `contempt`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import resources

from limner.core.errors import RefusedError
from limner.language.lexicon import lexicon
from limner.language.lexicon.english import is_common
from limner.language.lexicon.small_words import SMALL
from limner.language.policy.contempt import ContemptRule
from limner.language.policy.folding import Form, double_letters, forms
from limner.language.policy.index import (
    MISSPELT_NAME,
    NAMED,
    SHORT_SLIP,
    Disguises,
    contempt_of,
    disguises_of,
    index_of,
    read_compiled,
    read_disguises,
    sound,
)
from limner.language.policy.rules import Rule, read_rules

COMPILED = "compiled.json"
_PIECES = 6  # words that a phrase written in pieces may be made of; more if all are of one or two letters
_REACH = 16  # words ahead in which there must be one that is not ordinary
_LETTERS = 40  # letters of the longest phrase that is looked for in pieces
_LONG_NAME = 13  # letters from which a name is forgiven two wrong ones
_APART = 6  # words between the two words of a name of which one is spelt out
_PERSONS = ("woman", "women", "man", "men", "girl", "boy", "lady", "guy", "queen", "body", "model", "portrait", "face")
_SHORT_WORDS = frozenset({
    "a", "i", "o", "am", "an", "as", "at", "be", "by", "do", "go", "he", "if", "in", "is", "it", "me", "my", "no", "of",
    "oh", "on", "or", "ox", "so", "to", "up", "us", "we",
})  # fmt: skip
"""The list of English words has many of one or two letters that are only pieces of words."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a brief is not painted."""

    category: str
    """"real", "character", "sexual" or "hateful"."""
    phrase: str
    """The phrase of the list that was met."""
    reason: str
    """Why such briefs are not painted, in one sentence."""
    instead: str
    """What to write instead."""

    def error(self) -> RefusedError:
        """The error that says so; it does not repeat the phrase where that would be unkind."""
        met = f" ({self.phrase!r})" if self.category in ("real", "character") else ""
        return RefusedError(f"This brief is refused{met}: {self.reason}", self.instead)


class Policy:
    """Looks for refused phrases.

    Args:
        rules: the lists.
        ordinary: True for a word that means just itself: it is no misspelt name and no part of a word in
            pieces.
    """

    def __init__(self, rules: Iterable[Rule] = (), ordinary: Callable[[str], bool] = lambda _: False) -> None:
        self._index = index_of(list(rules))
        self._ordinary = ordinary
        self._disguised = ""

    @classmethod
    def of_compiled(cls, text: str, ordinary: Callable[[str], bool]) -> Policy:
        """The policy of a compiled file's text."""
        made = cls(ordinary=ordinary)
        made._index, made._disguised = read_compiled(text)
        return made

    def look(self, words: str) -> Refusal | None:
        """The first refused phrase in a brief, or None."""
        for form in forms(words, self._occurs):
            hit = self._exactly(form)
            if hit is None and (form.joined or not all(map(self._ordinary, form.raw))):
                hit = self._together(form) or self._apart(form)
            if hit is not None:
                return self._refusal(hit)
            for contempt, rule in self._contempt:
                if (found := contempt.find(form.tokens)) is not None:
                    return self._of_rule(rule, found)
        return None

    def check(self, words: str) -> None:
        """Raise RefusedError if a brief is refused."""
        refusal = self.look(words)
        if refusal is not None:
            raise refusal.error()

    def _refusal(self, k: int) -> Refusal:
        return self._of_rule(self._index.rule_of[k], self._index.phrases[k])

    def _of_rule(self, number: int, phrase: str) -> Refusal:
        rule = self._index.rules[number]
        return Refusal(rule["category"], phrase, rule["reason"], rule["instead"])

    # what the index leaves to be made when it is first needed ----------------------------------

    @cached_property
    def _contempt(self) -> list[tuple[ContemptRule, int]]:
        return [(ContemptRule(contempt_of(c)), int(str(c["rule"]))) for c in self._index.contempt]

    @cached_property
    def _disguises(self) -> Disguises:
        return read_disguises(self._disguised) if self._disguised else disguises_of(self._index)

    @cached_property
    def _words(self) -> dict[str, bool]:
        """Every word of a phrase; True if of a name."""
        return dict.fromkeys(self._disguises.words, False) | dict.fromkeys(self._disguises.names, True)

    def _named(self, k: int) -> bool:
        return self._index.rules[self._index.rule_of[k]]["category"] in NAMED

    def _occurs(self, word: str, name: bool) -> bool:
        """True if a word occurs in a phrase; with `name`, in a name."""
        return self._words.get(word, False) if name else word in self._words

    # ways to meet a phrase --------------------------------------------------------------------

    def _exactly(self, form: Form) -> int | None:
        tokens, exact = form.tokens, self._index.exact
        for start, token in enumerate(tokens):
            key = ""
            for stop in range(start + 1, min(len(tokens), start + self._index.longest) + 1):
                key = f"{key} {tokens[stop - 1]}" if key else token
                k = exact.get(key)
                if k is None and len(tokens[stop - 1]) > 3 and key.endswith("s"):
                    k = exact.get(key[:-1])
                if k is not None and not self._harmless(k, form, start, stop):
                    literal = self._index.literal.get(str(k))
                    if literal is None or set(literal) <= set(_plain(form.raw[start:stop])):
                        return k
            k = self._alone(form, start)
            if k is not None and not self._harmless(k, form, start, start + 1):
                return k
        return None

    def _alone(self, form: Form, k: int) -> int | None:
        """A single refused word that is slightly misspelt, or written together with "woman" and the like."""
        token = form.tokens[k]
        if len(token) < SHORT_SLIP - 1 or self._ordinary(form.raw[k]) or token in self._words:
            return None
        from rapidfuzz.distance import OSA

        index = self._index
        meant = index.sounds.get(sound(token)) or next((s for s in _swapped(token) if s in index.exact), None)
        meant = meant if len(token) >= SHORT_SLIP else None
        if meant is not None and OSA.distance(token, meant) <= 1:
            return index.exact[meant]
        for fuller in _with_vowel(token):
            if index.sounds.get(sound(fuller)) == fuller:
                return index.exact[fuller]
        for person in _PERSONS:
            rest = token.removesuffix(person) if token.endswith(person) else token.removeprefix(person)
            if rest != token and len(rest) >= SHORT_SLIP - 1 and rest in index.exact:
                return index.exact[rest]
        return None

    def _together(self, form: Form) -> int | None:
        """Phrases written together, in pieces, or with a letter wrong; they begin and end with a word."""
        tokens = form.tokens
        ordinary = [self._ordinary(raw) for raw in form.raw]
        for start in range(len(tokens)):
            if all(ordinary[start : start + _REACH]):
                continue
            letters, plain = "", True
            for stop in range(start + 1, len(tokens) + 1):
                token = tokens[stop - 1]
                letters += token[1:] if letters and token[0] == letters[-1] else token
                plain = plain and ordinary[stop - 1]
                if len(letters) > _LETTERS or (stop - start > _PIECES and len(letters) > 2 * (stop - start)):
                    break
                if plain:
                    continue
                k = self._in_pieces(letters, stop - start, any(ordinary[start:stop]))
                if k is not None and not self._harmless(k, form, start, stop):
                    return k
        return None

    def _in_pieces(self, letters: str, pieces: int, known: bool) -> int | None:
        """The phrase of which these are the letters; short ones only if no piece is a word ("na ked")."""
        if not known and pieces > 1 and len(letters) >= SHORT_SLIP and letters in self._index.exact:
            return self._index.exact[letters]
        joined = self._disguises.joined
        k = joined.get(letters)
        if k is None and letters.endswith("s"):
            k = joined.get(letters[:-1])
        return self._misspelt(letters) if k is None else k

    def _misspelt(self, letters: str) -> int | None:
        """A longer phrase with one letter wrong; a long name with two, one half being right."""
        n = len(letters)
        if n < MISSPELT_NAME - 1:
            return None
        from rapidfuzz.distance import OSA

        halves = self._disguises.halves
        sizes = range(max(MISSPELT_NAME // 2, n // 2 - 1), n // 2 + 2)  # of phrases two letters shorter or longer
        near = [half for size in sizes for half in (letters[:size], letters[-size:]) if half in halves]
        for half in near:
            for other in halves[half]:
                k = self._disguises.joined[other]
                allowed = 2 if self._named(k) and min(len(other), n) >= _LONG_NAME else 1
                if abs(len(other) - n) <= allowed and OSA.distance(other, letters, score_cutoff=allowed) <= allowed:
                    return k
        return None

    def _apart(self, form: Form) -> int | None:
        """A name of two words of which one was spelt out and the other stands near ("T r u m p ... Donald")."""
        for word in form.joined:
            for phrase, k in self._index.exact.items():
                first, _, last = phrase.partition(" ")
                if word != first or not last or " " in last or not self._named(k) or last not in form.tokens:
                    continue
                if word in form.tokens and abs(form.tokens.index(last) - form.tokens.index(word)) <= _APART:
                    return k
        return None

    def _harmless(self, k: int, form: Form, start: int, stop: int) -> bool:
        """True if the words from start to stop lie within one of the phrase's harmless longer phrases."""
        for longer in self._index.unless.get(str(k), ()):
            words = tuple(longer.split(" "))
            size = len(words)
            for first in range(max(0, stop - size), min(start, len(form.raw) - size) + 1):
                if tuple(map(double_letters, form.raw[first : first + size])) == words:
                    return True
        return False


def _plain(raw: Iterable[str]) -> Iterable[str]:
    """Words with runs of a letter as two, and without a plural's ending."""
    for word in raw:
        yield double_letters(word)
        yield double_letters(word).removesuffix("s")


def _with_vowel(word: str) -> Iterable[str]:
    """A word with a vowel more, in every place but the first ("nked")."""
    return (word[:k] + vowel + word[k:] for k in range(1, len(word)) for vowel in "aeiou")


def _swapped(word: str) -> Iterable[str]:
    """A word with two neighbouring letters swapped, in every place but the first."""
    return (word[:k] + word[k + 1] + word[k] + word[k + 2 :] for k in range(1, len(word) - 1))


def source_rules() -> list[Rule]:
    """The lists that ship, checked."""
    folder = resources.files("limner.language.policy").joinpath("data")
    files = sorted((f for f in folder.iterdir() if f.name.endswith(".toml")), key=lambda f: f.name)
    return [read_rules(f.read_text("utf-8"), f.name) for f in files]


@cache
def policy() -> Policy:
    """The policy that ships with Limner."""
    text = resources.files("limner.language.policy").joinpath("data", COMPILED).read_text("utf-8")
    return Policy.of_compiled(text, _is_ordinary)


def _is_ordinary(word: str) -> bool:
    """True for common English words and those of the lexicon."""
    if len(word) <= 2:
        return word in _SHORT_WORDS
    return word in _plain_words() or is_common(word) or is_common(word.removesuffix("s"))


@cache
def _plain_words() -> frozenset[str]:
    """Words for which the list of English words need not be read."""
    return frozenset((*lexicon().single, *SMALL, *_PERSONS))
