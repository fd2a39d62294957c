"""None: the portrait itself, cleanly enlarged by a small network of our own.

A gradient that came with 8 bits loses its terraces; then the network doubles the side as often as it takes to
reach the wanted size, and the rest of the way down is averaged.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from limner.media.arrays import Floats
from limner.media.enlarger import floats, levels, shipped_enlarger
from limner.media.guide import Guide
from limner.media.hands import Hands
from limner.media.light import Light, Painted
from limner.media.medium import Medium, Plan, shape_at
from limner.media.parameters import Parameters, number
from limner.media.raster import blur, resize
from limner.media.surface import Surface

_ENOUGH = 1.1  # factor up to which interpolation alone is as good
_TRAINED = 0.8  # sharpness at which the network's own picture comes out
_NEAR = 0.75  # averaging by less than this blurs unevenly
_TERRACES = (48, 24, 12, 6)  # px of the source within which gradients are calm, from faint ones to steep ones
_CALM = 3.0  # levels between the lightest and the darkest of surroundings that are a gradient
_HALF = 0.499  # of a level: rounding must give the same picture
_WHOLE = 1e-3  # of a level


@dataclass(frozen=True, slots=True, kw_only=True)
class Enlarge(Parameters):
    """What can be turned in the plain enlargement."""

    sharpness: float = number(
        0.8,
        0.0,
        1.0,
        "How far the network draws: 0 = interpolation alone, 0.8 = as it was trained, 1 = a quarter more.",
    )
    clean: float = number(0.3, 0.0, 1.0, "How much grain, blotches and JPEG marks it expects and takes away.")


def plan(guide: Guide, parameters: Enlarge, seed: int, hands: Hands) -> Plan:  # noqa: ARG001 - the shared signature
    """Nothing but the picture."""
    hands.cancel.check()
    return Plan(shape=guide.shape, source=guide.source)


def deposit(plan: Plan, parameters: Enlarge, size: int, hands: Hands) -> Painted:
    """The picture at the wanted size."""
    source = plan.source
    assert source is not None
    shape = shape_at(plan, size)
    if max(shape) > _ENOUGH * max(source.shape[:2]) and parameters.sharpness > 0:
        picture = enlarged(unbanded(source), shape, parameters, hands)
    else:
        picture = resampled(unbanded(source) if max(shape) > max(source.shape[:2]) else source, shape)
    high, wide = shape
    nothing = np.zeros((high, wide), np.float32)
    return Painted(colour=picture, height=nothing, cover=np.ones((high, wide), np.float32), scale=1.0)


def enlarged(source: Floats, shape: tuple[int, int], parameters: Enlarge, hands: Hands) -> Floats:
    """A picture that is doubled until it is large enough.

    Args:
        source: sRGB 0..1, [h, w, 3].
        shape: wanted height and width, larger.
        parameters: of the medium.
        hands: threads.

    Returns:
        sRGB 0..1.

    Raises:
        WeightsError: the network's weights are missing or damaged.
        Cancelled: a stop was requested.
    """
    network, grown, worn = shipped_enlarger(), levels(source), parameters.clean
    while max(grown.shape[:2]) < max(shape):
        grown = network.doubled(grown, worn, hands)
        worn = 0.0  # it was cleaned
    out = np.empty((*shape, 3), np.float32)
    for channel in range(3):  # one at a time: large prints must fit in memory
        drawn = floats(grown[..., channel])
        drawn = drawn if drawn.shape == shape else _shrunk(drawn, shape)
        if parameters.sharpness != _TRAINED:
            plain = resampled(source[..., channel], shape)
            drawn = np.clip(plain + np.float32(parameters.sharpness / _TRAINED) * (drawn - plain), 0, 1)
        out[..., channel] = drawn
    return out


def _shrunk(plane: Floats, shape: tuple[int, int]) -> Floats:
    """Averaged where it shrinks much, else interpolated."""
    return np.clip(resize(plane, shape, "area" if shape[0] <= _NEAR * plane.shape[0] else "lanczos"), 0, 1)


def resampled(source: Floats, shape: tuple[int, int]) -> Floats:
    """Lanczos where it grows, averaged where it shrinks; sRGB 0..1."""
    grown = resize(source, shape, "area" if shape[0] < source.shape[0] else "lanczos")
    return np.clip(grown, 0, 1, out=grown)


def unbanded(source: Floats) -> Floats:
    """A picture of 8 bits as one that could have been rounded to it, without the terraces of its gradients.

    Enlarging makes a terrace as wide as it is seen: one level, a hundred px long.  Where a picture is smooth,
    each value moves towards its surroundings, and at most by the half level that rounding may have taken, so
    rounding gives the very picture again.  Edges, texture and flat colours stay as they are.

    Args:
        source: sRGB 0..1, [h, w, 3]; returned as it is unless all its values are whole levels.
    """
    import cv2

    levels = source * np.float32(255)
    if float(np.abs(levels - np.rint(levels)).max()) > _WHOLE:
        return source
    out = source.copy()
    for channel in range(3):
        plane = np.ascontiguousarray(levels[..., channel], np.float32)
        away = np.zeros_like(plane)
        for reach in _TERRACES:
            around = cv2.getStructuringElement(cv2.MORPH_RECT, (2 * reach + 1, 2 * reach + 1))
            unrest = cv2.dilate(plane, around) - cv2.erode(plane, around)
            calm = np.clip(_CALM + 1 - unrest, 0, 1)
            smooth = np.clip(blur(plane + away, reach / 4) - plane, -_HALF, _HALF)  # it sees no farther than reach
            away += calm * (smooth - away)
        out[..., channel] += away / np.float32(255)
    return out


def steepened(picture: Floats, factor: float, amount: float) -> Floats:
    """Edges made steep again after interpolation: the quick way, for pictures that are worked over afterwards.

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
    version=3,
    surface=Surface(kind="smooth", relief=0.0, tone="#ffffff"),
    light=Light(strength=0.0, gloss=0.0),
)
