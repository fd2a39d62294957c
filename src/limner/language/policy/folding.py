"""Plain forms of a brief: what disguised words read as.

A brief is looked at in several forms at once: as written, without the notation of weights, with spelt-out
letters joined and marks inside words left out.  In each, accents and invisible characters are folded, and
a word with digits for letters ("leet") or with letters of other scripts (Unicode TR 39, confusables) is
read as the word of a given vocabulary that it may stand for.  A word that is wholly Cyrillic or Greek is
left as it is unless it spells a name, so that briefs in those languages are not taken for disguises.
"""

from __future__ import annotations

import itertools
import json
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

_LEET = {
    "4": "a", "@": "a", "8": "b", "3": "e", "6": "gb", "9": "g", "1": "il", "!": "i", "|": "li", "0": "o", "5": "s",
    "$": "s", "7": "t", "+": "t", "2": "z", "€": "e", "£": "l", "¡": "i",
}  # fmt: skip
_WEIGHT = re.compile(r":\s*\d*\.?\d+\s*(?=[)\]}>]|$)")
_BRACKETS = re.compile(r"[()\[\]{}<>]")
_LEETED = re.compile(
    r"(?<![#\d])(?=[^\s]*[^\W\d_])[^\W_][\w@!|$+€£¡]{2,}|(?<![#\w])[@!|$+€£¡](?=\w*[^\W\d_])[\w@!|$+€£¡]{2,}"
)
_DIGIT = re.compile(r"[\d@!|$+€£¡]")
_WORD = re.compile(r"[^\W_]+")
_SPELT = re.compile(r"(?<![^\W_])(?:[^\W_][^\w]+|[^\W_]_+){2,}[^\W_](?![^\W_])")
_MARKS = re.compile(r"(?<=[^\W_])[^\w\s]+(?=[^\W_])|(?<=[^\W_])_+(?=[^\W_])")
_RUN = re.compile(r"([^\W\d_])\1+")

_MOST = 64  # readings tried of one word
_SPELT_NAME = 5  # letters from which a word wholly in another script may be a name spelt out in it

Vocabulary = Callable[[str, bool], bool]
"""True if a word occurs in a list; with True, in a list of names."""


@dataclass(frozen=True, slots=True)
class Form:
    """One plain form of a brief."""

    tokens: tuple[str, ...]
    """Its words, disguises lifted, runs of one letter as one letter."""
    raw: tuple[str, ...]
    """The same words as they stand there."""
    joined: frozenset[str]
    """Words that were spelt out letter by letter."""


def forms(words: str, vocabulary: Vocabulary) -> Iterator[Form]:
    """Plain forms of a brief, the most literal first, none twice."""
    seen: set[tuple[str, ...]] = set()
    folded = fold(words)
    plain = _BRACKETS.sub("", _WEIGHT.sub(" ", folded))
    for text in dict.fromkeys((folded, plain)):
        for form in _of_text(text, vocabulary):
            if form.tokens not in seen:
                seen.add(form.tokens)
                yield form


def _of_text(text: str, vocabulary: Vocabulary) -> Iterator[Form]:
    read = _LEETED.sub(lambda m: _read(m.group(), vocabulary), text) if _DIGIT.search(text) else text
    for version in dict.fromkeys((text, read)):
        yield _form(version, vocabulary)
        if _SPELT.search(version):
            yield _joined(version, vocabulary)
    if _MARKS.search(read):
        yield _form(_MARKS.sub("", read), vocabulary)


def _form(text: str, vocabulary: Vocabulary, joined: Sequence[str] = ()) -> Form:
    raw = tuple(_read(t, vocabulary) for t in _WORD.findall(text))
    return Form(tuple(map(single_letters, raw)), raw, frozenset(joined))


def _joined(text: str, vocabulary: Vocabulary) -> Form:
    """With spelt-out letters joined: "t r u m p", "n.u.d.e"."""
    joined: list[str] = []

    def join(match: re.Match[str]) -> str:
        word = "".join(c for c in match.group() if c.isalnum())
        joined.append(single_letters(_read(word, vocabulary)))
        return word

    return _form(_SPELT.sub(join, text), vocabulary, joined)


def _read(word: str, vocabulary: Vocabulary) -> str:
    """A disguised word as the word of the vocabulary that it may stand for."""
    if word.isascii() and (word.isalpha() or word.isdigit()):
        return word
    table = lookalikes()
    foreign = [c in table for c in word]
    whole = all(foreign)
    choices = [table[c] if c in table else _LEET.get(c, c) for c in word]
    if whole and len(word) < _SPELT_NAME:
        return word
    for letters in itertools.islice(itertools.product(*choices), _MOST):
        reading = "".join(letters)
        if vocabulary(single_letters(reading), whole):
            return reading
    if whole:
        return word
    return "".join(c[0] if c else "" for c in choices)


def fold(text: str) -> str:
    """Small letters without accents, nothing invisible; letters of other scripts stay."""
    text = unicodedata.normalize("NFKC", text.translate(_enclosed())).casefold().translate(_latin())
    text = unicodedata.normalize("NFKD", text)
    kept: list[str] = []
    for c in text:
        kind = unicodedata.category(c)
        if kind in ("Mn", "Cf", "Me", "Cc") and c not in "\n\t":
            continue
        kept.append(" " if kind == "So" else c)
    return "".join(kept).replace("'", "").replace("\u2019", "")


def raw_words(phrase: str) -> tuple[str, ...]:
    """The words of a list's phrase."""
    return tuple(_WORD.findall(fold(phrase)))


def folded_words(phrase: str) -> tuple[str, ...]:
    """The words of a list's phrase, as they are compared."""
    return tuple(map(single_letters, raw_words(phrase)))


def single_letters(word: str) -> str:
    """Runs of one letter as one: "nuuude", "naakedd"."""
    return _RUN.sub(r"\1", word)


def double_letters(word: str) -> str:
    """Longer runs of one letter as two."""
    return _RUN.sub(r"\1\1", word)


@cache
def _table() -> dict[str, list[str]]:
    """Letters outside a to z, and the Latin ones that they look or sound like, the likeliest first."""
    text = resources.files("limner.language.policy").joinpath("data", "lookalikes.json").read_text("utf-8")
    table: dict[str, list[str]] = json.loads(text)
    return table


@cache
def _latin() -> dict[int, str]:
    """Latin letters that are no more than a variant of one of a to z."""
    return {ord(c): read[0] for c, read in _table().items() if unicodedata.name(c).startswith("LATIN")}


@cache
def _enclosed() -> dict[int, str]:
    """Letters of flags, and white letters in black circles and squares, which Unicode does not fold itself."""
    return {start + k: chr(ord("a") + k) for start in (0x1F1E6, 0x1F150, 0x1F170) for k in range(26)}


@cache
def lookalikes() -> dict[str, list[str]]:
    """Letters of other scripts, and the Latin ones that they look or sound like, the likeliest first."""
    return {c: read for c, read in _table().items() if not unicodedata.name(c).startswith("LATIN")}
