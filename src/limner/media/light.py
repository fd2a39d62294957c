"""The last stage: the surface shows through, and light falls on the relief.

It reads what was painted and nothing else, so moving the light or exchanging the canvas costs some
milliseconds and never repaints.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from limner.media import surface as surfaces
from limner.media.arrays import Floats
from limner.media.guide import PLANNING
from limner.media.hands import Hands
from limner.media.parameters import Parameters, number
from limner.media.raster import resize
from limner.media.surface import Surface

NUMBERS = (
    "light x", "light y", "light z", "half x", "half y", "half z",  # unit vectors
    "slope",  # relief in planning px to a slope
    "weave",  # relief of the ground in planning px
    "bury",  # how fast paint buries it
    "bite",  # how much the tooth breaks up thin paint
    "gloss", "warmth",
    "bite low", "bite gain",  # cover at which an even tooth is half covered, and how sharply
    "settle",  # how much more pigment lies in the pits of the ground
)  # fmt: skip
"""What the kernel's `numbers` hold."""

_BAND = 64  # rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Light(Parameters):
    """The light in the room where the painting hangs."""

    x: float = number(-0.55, -1.0, 1.0, "Where the light comes from: -1 = the viewer's left, 1 = right.")
    y: float = number(0.65, -1.0, 1.0, "Where the light comes from: 1 = above, -1 = below.")
    strength: float = number(1.0, 0.0, 3.0, "How strongly relief shows.")
    gloss: float = number(0.5, 0.0, 2.0, "Shine of wet or varnished paint.")
    warmth: float = number(0.0, -1.0, 1.0, "Colour of the light on the slopes: 1 = candle, -1 = north sky.")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Painted:
    """What a medium leaves behind, at the wanted size, before surface and light."""

    colour: Floats
    """sRGB 0..1, [h, w, 3]: of the paint, or, if `transparent`, of the light that it lets through."""
    height: Floats
    """Thickness of the paint in planning px, [h, w]."""
    cover: Floats
    """How much of the ground it hides, 0..1, [h, w]."""
    scale: float
    """px to one planning px."""
    transparent: bool = False
    """The paint is a film over the ground instead of a body on it."""
    bite: float = 0.0
    """How much the ground's tooth breaks up thin paint, 0..1."""
    crisp: float = 3.0
    """How sharply it does."""
    half: float = 0.25
    """Cover at which an even tooth is half covered."""
    settle: float = 0.0
    """How much more pigment of a film lies in the pits of the ground, 0..1."""
    shine: float = 0.0
    """Gloss of this medium, before the light's."""

    @property
    def shape(self) -> tuple[int, int]:
        """Height and width in px."""
        return self.colour.shape[0], self.colour.shape[1]


def show(
    painted: Painted, surface: Surface, light: Light, hands: Hands, *, depth: Literal[8, 16] = 8
) -> npt.NDArray[np.uint8] | npt.NDArray[np.uint16]:
    """The finished picture, sRGB.

    Args:
        painted: what the medium left.
        surface: what it was painted on.
        light: the light on it.
        hands: threads.
        depth: bits a channel.

    Returns:
        uint8 or uint16 [h, w, 3].
    """
    from limner.media.light_kernel import light as light_band

    high, wide = painted.shape
    fine = _finely(painted, surface)
    out: npt.NDArray[Any] = np.empty((high, wide, 3), np.uint8 if depth == 8 else np.uint16)
    whole = _grown(painted, fine) if fine > 1 else painted
    grain = surfaces.tooth(surface, fine * max(high, wide))
    numbers = _numbers(whole, surface, light)
    ground = surfaces.tone(surface)
    steps = np.float32(2**depth - 1)

    def band(k: int) -> None:
        top, bottom = k * _BAND, min(high, (k + 1) * _BAND)
        rows = np.empty((fine * (bottom - top), fine * wide, 3), np.float32)
        light_band(
            whole.colour, whole.height, whole.cover, grain, ground, numbers, fine * top, fine * bottom,
            whole.transparent, steps, rows,
        )  # fmt: skip
        if fine > 1:
            rows = rows.reshape(bottom - top, fine, wide, fine, 3).mean((1, 3))
        out[top:bottom] = np.rint(rows)

    hands.each(band, -(-high // _BAND))
    return out


def _finely(painted: Painted, surface: Surface) -> int:
    """How many px of a small picture are computed for one: a tooth finer than the px must not be guessed."""
    pitch = surface.grain * painted.scale * PLANNING / surfaces.VIEW  # px
    shows = surface.relief > 0 and (painted.bite > 0 or painted.settle > 0)
    return 2 if shows and pitch < 2.6 and max(painted.shape) <= 720 else 1


def _grown(painted: Painted, factor: int) -> Painted:
    """What was painted, with more px."""
    shape = (painted.shape[0] * factor, painted.shape[1] * factor)
    colour, height, cover = (
        resize(field, shape, "nearest") for field in (painted.colour, painted.height, painted.cover)
    )
    return replace(painted, colour=colour, height=height, cover=cover, scale=painted.scale * factor)


def _numbers(painted: Painted, surface: Surface, light: Light) -> Floats:
    direction = np.array([light.x, -light.y, 0.75], np.float64)
    direction /= np.linalg.norm(direction)
    half = direction + np.array([0, 0, 1.0])
    half /= np.linalg.norm(half)
    # central differences over two px; relief counts in planning px, so its slope is the same at any size
    slope = 0.5 * painted.scale * light.strength * 0.55
    pitch = surface.grain * painted.scale * PLANNING / surfaces.VIEW  # px
    seen = float(np.clip((pitch - 1.2) / 1.8, 0, 1))  # a weave finer than the px cannot be seen
    return np.array(
        [
            *direction, *half, slope, surfaces.depth(surface) * seen, 2.2, painted.bite * min(1.0, surface.relief),
            painted.shine * light.gloss, 0.35 * light.warmth, painted.half, painted.crisp,
            2 * painted.settle * min(1.0, surface.relief),
        ],
        np.float32,
    )  # fmt: skip
