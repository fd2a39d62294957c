"""None: the portrait itself, cleanly enlarged.

Lanczos interpolation, then sharpening that follows the edges and never overshoots its surroundings.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from limner.media.arrays import Floats
from limner.media.guide import Guide
from limner.media.hands import Hands
from limner.media.light import Light, Painted
from limner.media.medium import Medium, Plan, shape_at
from limner.media.parameters import Parameters, number
from limner.media.raster import blur, resize
from limner.media.surface import Surface


@dataclass(frozen=True, slots=True, kw_only=True)
class Enlarge(Parameters):
    """What can be turned in the plain enlargement."""

    sharpness: float = number(0.6, 0.0, 1.0, "How far edges that enlarging made soft are made steep again.")


def plan(guide: Guide, parameters: Enlarge, seed: int, hands: Hands) -> Plan:  # noqa: ARG001 - the shared signature
    """Nothing but the picture."""
    hands.cancel.check()
    return Plan(shape=guide.shape, source=guide.source)


def deposit(plan: Plan, parameters: Enlarge, size: int, hands: Hands) -> Painted:  # noqa: ARG001 - the shared signature
    """The picture at the wanted size."""
    source = plan.source
    assert source is not None
    shape = shape_at(plan, size)
    picture = resampled(source, shape)
    factor = shape[0] / source.shape[0]
    if factor > 1 and parameters.sharpness > 0:
        picture = steepened(picture, factor, parameters.sharpness)
    high, wide = shape
    nothing = np.zeros((high, wide), np.float32)
    return Painted(colour=picture, height=nothing, cover=np.ones((high, wide), np.float32), scale=1.0)


def resampled(source: Floats, shape: tuple[int, int]) -> Floats:
    """Lanczos where it grows, averaged where it shrinks; sRGB 0..1."""
    grown = resize(source, shape, "area" if shape[0] < source.shape[0] else "lanczos")
    return np.clip(grown, 0, 1, out=grown)


def steepened(picture: Floats, factor: float, amount: float) -> Floats:
    """Edges made steep again after enlarging.

    The difference from a blur is added, but every value stays between the darkest and the lightest of its
    surroundings, so there are no halos.

    Args:
        picture: sRGB 0..1, [h, w, 3].
        factor: by which it was enlarged, > 1.
        amount: 0..1.
    """
    import cv2

    reach = max(1, round(factor * 0.5))
    around = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1))
    strength = np.float32(amount * min(3.0, 0.8 * factor))
    for channel in range(3):  # one at a time: large prints must fit in memory
        plane = np.ascontiguousarray(picture[..., channel])
        sharp = plane + strength * (plane - blur(plane, 0.55 * factor))
        np.clip(sharp, cv2.erode(plane, around), cv2.dilate(plane, around), out=sharp)
        picture[..., channel] = plane + np.float32(0.85) * (sharp - plane)
    return picture


ENLARGE = Medium(
    id="none",
    title="None",
    help="The portrait itself, cleanly enlarged.",
    parameters=Enlarge,
    plan=plan,
    deposit=deposit,
    version=2,
    surface=Surface(kind="smooth", relief=0.0, tone="#ffffff"),
    light=Light(strength=0.0, gloss=0.0),
)
