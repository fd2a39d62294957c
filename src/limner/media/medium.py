"""What a medium is: two plain functions, parameters, and the ground and light that suit it.

A portrait becomes a painting in four stages that are kept apart, so that each can be redone alone:

1. *plan*: strokes and fields, made once at planning size; a draft and a print share them;
2. *deposit*: colour, thickness and cover of the paint, at the wanted size;
3. *surface*: the weave or tooth shows through;
4. *light* falls on the relief (3 and 4 are `limner.media.light.show`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy.typing as npt

from limner.core.errors import InputError
from limner.media.arrays import Floats
from limner.media.brush import Canvas, Strokes, lay
from limner.media.guide import PLANNING, Guide
from limner.media.hands import Hands
from limner.media.light import Light, Painted
from limner.media.parameters import Parameters
from limner.media.raster import blur, resize
from limner.media.surface import Surface

MIN_SIZE, MAX_SIZE = 16, 8192
"""Smallest and largest longer side of a painting in px."""


DRAFT = 384
"""Longer side in px at which strokes are tried out while a painting is planned: that of a draft."""


class Trial:
    """A draft that is painted while it is planned: what the next strokes are chosen by.

    Args:
        draft: the ground, at `DRAFT` px; it is painted on.
        shape: height and width of the planning canvas.
    """

    def __init__(self, draft: Canvas, shape: tuple[int, int]) -> None:
        self.draft = draft
        self.seen = Canvas.toned(shape, [0, 0, 0], 1.0, 1.0)
        """What is painted so far, at planning size; only its colour counts."""
        self.strokes: list[Strokes] = []
        self._look()

    def lay(self, strokes: Strokes, hands: Hands) -> None:
        """Lay strokes, which the plan's must begin with.

        Raises:
            Cancelled: a stop was requested.
        """
        lay(self.draft, strokes, hands)
        self.strokes.append(strokes)
        self._look()

    def _look(self) -> None:
        self.seen.colour[:] = resize(self.draft.colour, self.seen.shape, "linear")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Plan:
    """A painting before it has a size.  Everything is in planning px or at planning size."""

    shape: tuple[int, int]
    """Height and width of the planning canvas."""
    strokes: Strokes = field(default_factory=Strokes.none)
    """Strokes in the order of painting."""
    fields: Mapping[str, Floats] = field(default_factory=dict[str, Floats])
    """Arrays [h, w] or [h, w, c] that the medium's deposit reads."""
    source: Floats | None = None
    """The picture itself, for media that enlarge it."""
    seed: int = 0
    """For what is random at every size."""
    tried: Trial | None = None
    """The draft that was painted while it was planned: the first of the strokes need not be laid on it again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Medium:
    """One way of painting."""

    id: str
    """Short name, lower case, words joined by hyphens."""
    title: str
    help: str
    """One sentence for people."""
    parameters: type[Parameters]
    """What can be turned."""
    plan: Callable[[Guide, Any, int, Hands], Plan]
    """(guide, parameters, seed, hands): the painting before it has a size."""
    deposit: Callable[[Plan, Any, int, Hands], Painted]
    """(plan, parameters, longer side in px, hands): the paint."""
    version: int = 1
    """Raised whenever the same plan and parameters would paint another picture."""
    surface: Surface = field(default_factory=Surface)
    """The ground that suits it."""
    light: Light = field(default_factory=Light)
    """The light that suits it."""

    def paint(self, guide: Guide, parameters: Parameters, seed: int, size: int, hands: Hands) -> Painted:
        """Plan and deposit at once.

        Args:
            guide: the portrait.
            parameters: of this medium's class.
            seed: the recipe's seed.
            size: longer side in px, 16..8192.
            hands: threads.

        Raises:
            InputError: another medium's parameters, or a size that is not allowed.
            Cancelled: a stop was requested.
        """
        self.check(parameters)
        check_size(size)
        return self.deposit(self.plan(guide, parameters, seed, hands), parameters, size, hands)

    def check(self, parameters: Parameters) -> None:
        """Raise `InputError` unless these are this medium's parameters."""
        if type(parameters) is not self.parameters:
            raise InputError(f"{self.id} takes {self.parameters.__name__} parameters, not {type(parameters).__name__}.")


def check_size(size: int) -> None:
    """Raise `InputError` unless `size` is a possible longer side."""
    if isinstance(size, bool) or not MIN_SIZE <= size <= MAX_SIZE:
        raise InputError(f"size = {size!r} is not a whole number from {MIN_SIZE} to {MAX_SIZE}.")


def left_on(canvas: Canvas, **qualities: Any) -> Painted:
    """What a canvas holds, with further fields of `Painted`."""
    return Painted(colour=canvas.colour, height=canvas.height, cover=canvas.cover, scale=canvas.scale, **qualities)


def inked(canvas: Canvas, ink: Floats, settle: float) -> Painted:
    """A canvas that holds grey as a film of ink on white paper.

    Args:
        canvas: 0 where the ink lies thickest, 1 where the paper is bare; it becomes the light that the ink lets
            through.
        ink: sRGB 0..1, [3].
        settle: how much more of it lies in the pits of the paper, 0..1.
    """
    canvas.colour[:] = ink + canvas.colour * (1 - ink)
    canvas.height[:] = 0
    canvas.cover[:] = 1
    return left_on(canvas, transparent=True, settle=settle)


def shape_at(plan: Plan, size: int) -> tuple[int, int]:
    """Height and width in px of a painting whose longer side is `size`."""
    high, wide = plan.shape
    longer = max(high, wide)
    return max(1, round(high * size / longer)), max(1, round(wide * size / longer))


def lay_plan(plan: Plan, ground: npt.ArrayLike, cover: float, size: int, hands: Hands) -> Canvas:
    """A toned canvas of the wanted size with the plan's strokes on it.

    Args:
        plan: with strokes.
        ground: sRGB 0..1 of the tone.
        cover: how much the tone hides the bare ground.
        size: longer side in px.
        hands: threads.
    """
    canvas = Canvas.toned(shape_at(plan, size), ground, cover, size / PLANNING)
    carry_out(plan, canvas, hands)
    rounded(canvas)
    return canvas


def carry_out(plan: Plan, canvas: Canvas, hands: Hands) -> None:
    """Lay a plan's strokes on its ground, which changes; what was tried out at this size is taken over.

    Args:
        plan: with strokes.
        canvas: the same ground as that of the trial, if there was one.
        hands: threads.
    """
    if plan.tried is None or plan.tried.draft.shape != canvas.shape:
        lay(canvas, plan.strokes, hands)
        return
    draft = plan.tried.draft
    canvas.colour[:], canvas.height[:], canvas.cover[:] = draft.colour, draft.height, draft.cover
    lay(canvas, plan.strokes.since(sum(map(len, plan.tried.strokes))), hands)


def draft_shape(shape: tuple[int, int]) -> tuple[int, int]:
    """Height and width in px of a draft of a planning canvas."""
    return shape_at(Plan(shape=shape), DRAFT)


def rounded(canvas: Canvas) -> None:
    """Let the ridges of wet paint round off: a fraction of a planning px, so nothing at small sizes."""
    sigma = 0.32 * canvas.scale
    if sigma > 0.4:
        canvas.height[:] = blur(canvas.height, sigma)
