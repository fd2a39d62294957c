"""Chance: choices that depend on a seed and a name, and on nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from limner.core.rng import uniform

T = TypeVar("T")

_BLOCK = 64


class Chance:
    """A stream of choices.

    Args:
        seed: 0..2**53-1.
        stream: what the choices are for; streams are independent.
    """

    def __init__(self, seed: int, stream: str) -> None:
        self._seed = seed
        self._stream = stream
        self._block = 0
        self._numbers: list[float] = []

    def number(self) -> float:
        """The next number, in the open interval 0..1."""
        if not self._numbers:
            drawn = uniform(self._seed, f"{self._stream}/{self._block}", _BLOCK)
            self._numbers = [float(v) for v in drawn[::-1]]
            self._block += 1
        return self._numbers.pop()

    def below(self, count: int) -> int:
        """A whole number from 0 to `count` - 1."""
        return min(count - 1, int(self.number() * count))

    def happens(self, share: float) -> bool:
        """True in this share of all cases."""
        return self.number() < share

    def pick(self, items: Sequence[T]) -> T:
        """One item of a sequence that is not empty."""
        return items[self.below(len(items))]

    def weighted(self, items: Sequence[T], weights: Sequence[float]) -> T:
        """One item, each as likely as its weight (not negative, not all 0)."""
        at = self.number() * sum(weights)
        for item, weight in zip(items, weights, strict=True):
            at -= weight
            if at < 0:
                return item
        return items[max(k for k, w in enumerate(weights) if w > 0)]

    def shuffled(self, items: Sequence[T]) -> list[T]:
        """All items in a drawn order (Fisher and Yates)."""
        left = list(items)
        for k in range(len(left) - 1, 0, -1):
            j = self.below(k + 1)
            left[k], left[j] = left[j], left[k]
        return left

    def some(self, items: Sequence[T], count: int) -> list[T]:
        """At most `count` different items, in a drawn order."""
        return self.shuffled(items)[:count]
