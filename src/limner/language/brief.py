"""A brief as written, taken apart: clauses of weighted words.

Weights follow the notation that image generators share: `(word:1.3)` weighs 1.3, `(word)` 1.1, `[word]`
1 / 1.1, nested as often as one likes.  Commas, full stops, dashes and "but" end a clause; what belongs
together (a colour and its part, "very" and its adjective) is looked for within one clause only.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from limner.language.tokens import tokenise

_BREAK = re.compile(r"[,;.!?|/\n\u3001\u3002\uff0c]+|\s[-\u2013\u2014+]\s|\bbut\b|\bthough\b", re.IGNORECASE)
_NUMBER = re.compile(r":\s*(\d+(?:\.\d+)?|\.\d+)\s*$")
_STEP = 1.1
_LIGHTEST, _HEAVIEST = 0.1, 2.0


@dataclass(frozen=True, slots=True)
class Clause:
    """Words that stand together."""

    tokens: tuple[str, ...]
    weights: tuple[float, ...]
    """How much each word weighs; 1 is usual."""

    def weight(self, start: int, stop: int) -> float:
        """Mean weight of a stretch."""
        part = self.weights[start:stop]
        return sum(part) / len(part) if part else 1.0


def clauses(words: str) -> list[Clause]:
    """Take a brief apart."""
    result: list[Clause] = []
    tokens: list[str] = []
    weights: list[float] = []

    def close() -> None:
        if tokens:
            result.append(Clause(tuple(tokens), tuple(weights)))
        tokens.clear()
        weights.clear()

    for text, weight in _weighted(words):
        pieces = _BREAK.split(_guarded(text))
        for k, piece in enumerate(pieces):
            if k:
                close()
            found = tokenise(piece.replace(_POINT, "."))
            tokens += found
            weights += [weight] * len(found)
    close()
    return result


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
