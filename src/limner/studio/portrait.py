"""A portrait: one picture of one sitter, made by one recipe."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np
from PIL import Image

from limner.core.picture import Deep, Depth, Picture, Signal
from limner.core.reading import Reading
from limner.core.recipe import Recipe, RecipeId
from limner.studio.distinct import Look
from limner.studio.store.values import Kept


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """What was measured on a finished picture."""

    dials: Mapping[str, float]
    """Settings -1..1 by dial name."""
    look: Look
    """What tells it apart from others."""


@dataclass(frozen=True, kw_only=True)
class Portrait:
    """A painted recipe.  Shows itself in notebooks."""

    recipe: Recipe
    """Everything that the picture depends on."""
    picture: Picture
    """uint8 RGB [size, size, 3]."""
    plain: Picture
    """What the engine painted, before any medium: what is measured."""
    deep: Deep | None = field(default=None, repr=False)
    """uint16 RGB [size, size, 3]: the same with 16 bits a channel; None if 8 were asked for."""
    signal: Signal | None = field(default=None, repr=False, compare=False)
    """What the engine painted before it was rounded, until it is finished."""
    milliseconds: float
    """Time that painting took, as this portrait's share of its batch."""
    replaced: int = 0
    """For distinct sets: how many near-duplicates gave way to it."""
    kept: Kept | None = field(default=None, repr=False, compare=False)
    """What the studio's memory knows of it; None if it is not kept there."""
    _examine: Callable[[Picture], Examined] = field(repr=False, compare=False)
    _encode: Callable[[Portrait, str, Depth, float | None], bytes] = field(repr=False, compare=False)

    @property
    def id(self) -> RecipeId:
        """Name of the recipe."""
        return self.recipe.id

    @property
    def seed(self) -> int:
        """The recipe's seed."""
        return self.recipe.seed

    @property
    def reading(self) -> Reading:
        """What the brief was taken to ask for."""
        return self.recipe.reading

    @cached_property
    def _examined(self) -> Examined:
        return self._examine(self.plain)

    @property
    def dials(self) -> Mapping[str, float]:
        """What the finished picture measures, -1..1 by dial name."""
        return self._examined.dials

    @property
    def look(self) -> Look:
        """What tells this portrait apart from others."""
        return self._examined.look

    @property
    def image(self) -> Image.Image:
        """The picture for Pillow."""
        return Image.fromarray(self.picture)

    def to_bytes(self, format: str = "png", *, depth: Depth = 8, dpi: float | None = None) -> bytes:
        """A whole file with recipe and disclosure.

        Args:
            format: "png", "jpeg", "webp" or "tiff".
            depth: bits a channel; 16 for PNG and TIFF.  Painted anew unless it was painted with `depth=16`.
            dpi: px to an inch of the print; None leaves it open.

        Raises:
            PictureError: an unknown format, or one that does not hold 16 bits.
            CapabilityError: the engine's own picture, of an engine that hands over 8 bits only.
        """
        return self._encode(self, format, depth, dpi)

    def save(self, path: str | Path, format: str | None = None, *, depth: Depth = 8, dpi: float | None = None) -> Path:
        """Write a file with recipe and disclosure; the format follows the name's ending.  See `to_bytes`.

        Raises:
            InputError: an ending that is no picture format, or what `to_bytes` raises.
            StorageError: the file cannot be written.
        """
        from limner.studio.files import format_of, write_file

        path = Path(path)
        return write_file(path, self.to_bytes(format or format_of(path), depth=depth, dpi=dpi))

    def _repr_png_(self) -> bytes:
        out = io.BytesIO()
        self.image.save(out, "PNG")
        return out.getvalue()

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Portrait):
            return NotImplemented
        return self.recipe == other.recipe and np.array_equal(self.picture, other.picture)

    def __hash__(self) -> int:
        return hash(self.recipe.id)
