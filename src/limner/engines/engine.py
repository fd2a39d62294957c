"""What an engine is, and the abilities it may have.

An engine turns recipes into pictures.  It says what it can do in a frozen record; abilities beyond
painting are separate protocols, and asking for one that an engine lacks fails before work starts.
Engines are found by the entry point group `limner.engines`; ours use the same path.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

from limner.core.picture import Picture, Signal
from limner.core.progress import Cancel, Listener
from limner.core.recipe import Recipe

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """What an engine can do."""

    words: bool
    """Follows words."""
    dials: frozenset[str]
    """Names of the dials that it turns."""
    avoid: bool
    """Stays away from words."""
    native: int
    """Side in px at which it paints before enlarging."""
    largest: int
    """Largest side in px that it can deliver."""
    guidance: float
    """How closely it follows words unless told otherwise."""


class Engine(Protocol):
    """Paints recipes."""

    id: str
    """`family.variant`; stands in every recipe."""

    @property
    def capabilities(self) -> Capabilities:
        """What it can do; cheap to ask."""
        ...

    @property
    def weights(self) -> str:
        """Hash that names its weights."""
        ...

    @property
    def credit(self) -> str:
        """Attribution that must accompany its weights and stands in every picture."""
        ...

    def paint(self, recipes: Sequence[Recipe], listen: Listener, cancel: Cancel) -> list[Picture]:
        """One picture for every recipe, in order, each uint8 RGB [size, size, 3].

        The same recipe gives the same bytes whatever stands beside it in the batch.

        Raises:
            RecipeError: a recipe for another engine or other weights.
            Cancelled: `cancel` was requested.
        """
        ...

    def close(self) -> None:
        """Let go of memory and devices."""
        ...


@runtime_checkable
class PaintsDeep(Protocol):
    """Can hand over what it paints before it is rounded to 8 bits."""

    def paint_deep(self, recipes: Sequence[Recipe], listen: Listener, cancel: Cancel) -> list[Signal]:
        """Like `paint`, each float32 [3, size, size] in -1..1.

        At the native size, `limner.core.picture.to_pictures` makes the very bytes of `paint` of it.
        """
        ...


@runtime_checkable
class Drafts(Protocol):
    """Can paint a small picture at once, for a moving slider."""

    def draft(self, recipes: Sequence[Recipe]) -> list[Picture]:
        """Quick small pictures (64 px side for `eigen`)."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """A portrait as an engine's own numbers: what decoding needs, and nothing else."""

    coordinates: Floats
    """[n, k] global code."""
    detail: Floats
    """[n, c, h, w] local code."""


@runtime_checkable
class Encodes(Protocol):
    """Can turn aligned portraits into its code, and codes into portraits."""

    def encode(self, pictures: npt.NDArray[np.uint8]) -> Code:
        """Aligned portraits uint8 [n, 256, 256, 3] to their codes."""
        ...

    def decode(self, code: Code) -> npt.NDArray[np.uint8]:
        """Codes to portraits uint8 [n, 256, 256, 3]."""
        ...


@runtime_checkable
class Inverts(Protocol):
    """Can find the noise from which its own sampler would paint a code."""

    def invert(self, code: Code, dials: Sequence[dict[str, float]]) -> Code:
        """Codes to noises, given the dials that describe them; `regrow` is the inverse."""
        ...

    def regrow(self, noise: Code, dials: Sequence[dict[str, float]]) -> Code:
        """Noises to codes, given (perhaps other) dials."""
        ...
