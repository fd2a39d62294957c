"""A scriptable engine for tests: paints plain colours at once and remembers what it was asked."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from limner.core.dials import dial_table
from limner.core.picture import Picture
from limner.core.progress import Cancel, Listener, Progress
from limner.core.recipe import Recipe
from limner.engines.engine import Capabilities

EVERYTHING = Capabilities(
    words=True, dials=frozenset(dial_table().names), avoid=True, native=64, largest=256, guidance=1.0
)
"""Capabilities of an engine that can do all that a recipe can ask for."""


class FakeEngine:
    """An engine without a network.

    Args:
        capabilities: what it says it can do.
        on_paint: called after every batch with the number of pictures painted so far.
        vary: False paints every recipe alike.
    """

    id = "fake.test"
    weights = "0" * 64
    credit = "nobody"

    def __init__(
        self,
        *,
        capabilities: Capabilities = EVERYTHING,
        on_paint: Callable[[int], object] = lambda _: None,
        vary: bool = True,
    ) -> None:
        self.capabilities = capabilities
        self.painted: list[Recipe] = []
        """Every recipe that was painted, in order."""
        self.closed = False
        self._on_paint = on_paint
        self._vary = vary

    def paint(self, recipes: Sequence[Recipe], listen: Listener, cancel: Cancel) -> list[Picture]:
        cancel.check()
        pictures: list[Picture] = []
        for recipe in recipes:
            grey = recipe.seed % 251 if self._vary else 7
            pictures.append(np.full((recipe.size, recipe.size, 3), grey, np.uint8))
            self.painted.append(recipe)
        listen(Progress(stage="painting", done=len(pictures), total=len(recipes), unit="portraits"))
        self._on_paint(len(self.painted))
        return pictures

    def close(self) -> None:
        self.closed = True
