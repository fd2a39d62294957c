"""A brief as written, taken apart: clauses of weighted words.

Weights follow the notation that image generators share: `(word:1.3)` weighs 1.3, `(word)` 1.1, `[word]`
1 / 1.1, nested as often as one likes.  Commas, full stops, dashes and "but" end a clause; what belongs
together (a colour and its part, "very" and its adjective) is looked for within one clause only.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace

from limner.language.tokens import tokenise

_BREAK = re.compile(r"[,;.!?|/\n\u3001\u3002\uff0c]+|\s[-\u2013\u2014+]+\s|\u2014|\bbut\b|\bthough\b", re.IGNORECASE)
_NUMBER = re.compile(r":\s*(\d+(?:\.\d+)?|\.\d+)\s*$")
_PIECE = re.compile(r"#?[^\W_]+(?:['\u2019][^\W_]+)*['\u2019]?")
_STEP = 1.1
_LIGHTEST, _HEAVIEST = 0.1, 2.0


@dataclass(frozen=True, slots=True)
class Clause:
    """Words that stand together; all tuples are as long as `tokens`."""

    tokens: tuple[str, ...]
    """The words as `tokenise` makes them."""
    weights: tuple[float, ...]
    """How much each word weighs; 1 is usual."""
    owning: tuple[bool, ...] = ()
    """True for a word with "'s": it owns what follows and is not the sitter."""
    capital: tuple[bool, ...] = ()
    """True for a word with a capital letter."""
    hyphened: tuple[bool, ...] = ()
    """True for a word that a hyphen joins to the next ("ice" of "ice-blue")."""
    said: tuple[str, ...] = ()
    """The words as written, where a misspelt one was put right; else empty."""

    def weight(self, start: int, stop: int) -> float:
        """Mean weight of a stretch."""
        part = self.weights[start:stop]
        return sum(part) / len(part) if part else 1.0

    def words(self, start: int, stop: int) -> str:
        """A stretch as it was written, in small letters."""
        return " ".join((self.said or self.tokens)[start:stop])

    def __add__(self, other: Clause) -> Clause:
        """Two clauses as one."""
        return Clause(
            self.tokens + other.tokens,
            self.weights + other.weights,
            self.owning + other.owning,
            self.capital + other.capital,
            self.hyphened + other.hyphened,
            (self.said or self.tokens) + (other.said or other.tokens) if self.said or other.said else (),
        )

    def corrected(self, right: dict[int, str]) -> Clause:
        """This clause with other words at some places."""
        if not right:
            return self
        tokens = tuple(right.get(k, t) for k, t in enumerate(self.tokens))
        return replace(self, tokens=tokens, said=self.said or self.tokens)


def clauses(words: str) -> list[Clause]:
    """Take a brief apart."""
    result: list[Clause] = []
    current: list[tuple[str, float, bool, bool, bool]] = []

    def close() -> None:
        if current:
            tokens, weights, owning, capital, hyphened = zip(*current, strict=True)
            result.append(Clause(tokens, weights, owning, capital, hyphened))
        current.clear()

    for text, weight in _weighted(_spelt_out(words)):
        for k, piece in enumerate(_BREAK.split(_guarded(text))):
            if k:
                close()
            current.extend((t, weight, o, c, h) for t, o, c, h in _words(piece.replace(_POINT, ".")))
    close()
    return result


_MARKED = re.compile(r"['\u2019/]|\b\w{1,4}\.")
_SHORT = (
    (re.compile(r"\bw/o\b", re.IGNORECASE), "without"),
    (re.compile(r"\bw/(?=\s|\w)", re.IGNORECASE), "with "),
    (re.compile(r"\by[/.]o\b\.?", re.IGNORECASE), "yo"),
    (re.compile(r"\b(mr|mrs|ms|dr|st|prof|capt)\.(?=\s)", re.IGNORECASE), r"\1"),
    (re.compile(r"\b(he|she|it|that|who|there|what|here)['\u2019]s\b", re.IGNORECASE), r"\1 is"),
    (re.compile(r"\b(i|you|he|she|it|we|they|who)['\u2019](?:m|re|d|ll|ve)\b", re.IGNORECASE), r"\1"),
)


def _spelt_out(words: str) -> str:
    """A brief without the abbreviations whose marks would end a clause or claim a possession."""
    if _MARKED.search(words):
        for short, full in _SHORT:
            words = short.sub(full, words)
    return words


def _words(piece: str) -> list[tuple[str, bool, bool, bool]]:
    """Tokens with their marks: owning, capital, hyphened."""
    piece = unicodedata.normalize("NFKC", piece)
    found: list[tuple[str, bool, bool, bool]] = []
    for match in _PIECE.finditer(piece):
        raw, after = match.group(), piece[match.end() : match.end() + 2]
        owning = raw[-2:].lower() in ("'s", "\u2019s") or (raw[-1] in "'\u2019" and raw[-2:-1] == "s")
        hyphened = len(after) == 2 and after[0] in "-\u2010\u2011" and after[1].isalnum()
        tokens = [raw.lower()] if raw.isascii() and raw.isalpha() else tokenise(raw)
        for k, token in enumerate(tokens):
            last = k == len(tokens) - 1
            found.append((token, owning and last, raw[0].isupper(), hyphened or not last))
    return found


_POINT = "\ue000"  # stands for a decimal point while clauses are cut


def _guarded(text: str) -> str:
    return re.sub(r"(?<=\d)\.(?=\d)", _POINT, text)


def _weighted(words: str) -> list[tuple[str, float]]:
    """Stretches of a brief with their weights; brackets are taken away."""
    spans: list[tuple[str, float]] = []
    open_at: list[tuple[str, int]] = []  # bracket and index of the first span inside it
    text = ""

    def flush() -> None:
        nonlocal text
        if text:
            spans.append((text, 1.0))
        text = ""

    for letter in words:
        if letter in "([":
            flush()
            open_at.append((letter, len(spans)))
        elif letter in ")]" and open_at and (open_at[-1][0] == "(") == (letter == ")"):
            factor = _STEP if letter == ")" else 1 / _STEP
            if letter == ")" and (number := _NUMBER.search(text)):
                factor = float(number.group(1))
                text = text[: number.start()]
            flush()
            _, first = open_at.pop()
            spans[first:] = [(s, w * factor) for s, w in spans[first:]]
        else:
            text += letter
    flush()
    return [(s, min(_HEAVIEST, max(_LIGHTEST, w))) for s, w in spans]
