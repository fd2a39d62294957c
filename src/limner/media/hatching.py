"""Hatching: strokes side by side that make a tone, following a direction, the form, or both."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from limner.core.rng import uniform
from limner.media.arrays import Floats
from limner.media.brush import Strokes, painted, styled
from limner.media.flow import Flow
from limner.media.planner import arc_of, follow


@dataclass(frozen=True, slots=True, kw_only=True)
class Hatch:
    """One direction of strokes.  Lengths are in planning px."""

    angle: float
    """Direction in radians; 0 runs to the right, more turns clockwise."""
    level: float
    """Darkness (0..1) above which strokes are drawn."""
    full: float = 0.4
    """How much darker a place must be for full pressure."""
    spacing: float = 2.2
    """Distance of strokes."""
    length: float = 26.0
    """Length of a stroke."""
    width: float = 0.5
    """Radius of the point at full pressure."""
    form: float = 0.4
    """How far strokes follow the form instead of the direction, 0..1."""
    opacity: float = 0.8
    pressed: float = 0.6
    """How much pressure changes width and darkness, 0..1."""
    wobble: float = 0.3
    """Unevenness of places and lengths, 0..1."""
    gesture: float = 0.015
    streak: float = 0.4
    dryness: float = 0.3
    pitch: float = 0.7
    load: float = 0.7
    thinnest: float = 0.35
    softness: float = 0.3


def blended(flow: Flow, angle: float, form: float) -> Flow:
    """A field between a fixed direction and the form."""
    keep = np.float32(form) * flow.sure
    c, s = np.float32(np.cos(angle)), np.float32(np.sin(angle))
    xx = keep * flow.x * flow.x + (1 - keep) * c * c
    yy = keep * flow.y * flow.y + (1 - keep) * s * s
    xy = keep * flow.x * flow.y + (1 - keep) * c * s
    turned = np.float32(0.5) * np.arctan2(2 * xy, xx - yy)
    return Flow(x=np.cos(turned).astype(np.float32), y=np.sin(turned).astype(np.float32), sure=flow.sure)


def hatch(dark: Floats, flow: Flow, how: Hatch, colour: npt.ArrayLike, seed: int, stream: str) -> Strokes:
    """Strokes of one direction wherever it is dark enough.

    Args:
        dark: darkness 0..1, [h, w].
        flow: directions of the form.
        how: the strokes.
        colour: sRGB 0..1: [3], or [h, w, 3] to take each stroke's colour from its place.
        seed: the recipe's seed.
        stream: name of this set of strokes.
    """
    x, y, dice = _places(dark.shape, how, seed, stream)
    high, wide = dark.shape
    start_at = dark[y.astype(int), x.astype(int)] > how.level
    x, y, dice = x[start_at], y[start_at], dice[start_at]
    n = len(x)
    if n == 0:
        return Strokes.none()
    field = blended(flow, how.angle, how.form)
    there = np.clip((dark - how.level) * 12 + 0.5, 0, 1)
    image = np.ascontiguousarray(np.repeat(there[..., None], 3, 2).astype(np.float32))
    step = max(1.5, how.length / 12)
    most = max(2, round(0.5 * how.length / step))
    reach = np.clip(np.rint(most * (1 - 0.7 * how.wobble * dice[:, 2])), 1, most)
    seeds = np.stack([x, y, np.full(n, step), (dice[:, 3] - 0.5) * 2 * how.gesture], 1).astype(np.float32)
    limits = np.stack([np.zeros(n), reach], 1).astype(np.float32)
    ones = np.ones((n, 3), np.float32)
    points, count = follow(seeds, ones, limits, image, np.full_like(image, -9.0), field, most, 0.9, 0.9)
    start = np.concatenate([[0], np.cumsum(count)]).astype(np.int32)
    stroke = np.repeat(np.arange(n), count)
    place = np.arange(len(stroke)) - start[stroke]
    xy = points[stroke, place]
    progress = place / np.maximum(count[stroke] - 1, 1)
    row, column = np.clip(xy[:, 1].astype(int), 0, high - 1), np.clip(xy[:, 0].astype(int), 0, wide - 1)
    press = 1 - how.pressed * (1 - np.clip((dark[row, column] - how.level) / how.full, 0, 1))
    swell = how.thinnest + (1 - how.thinnest) * np.clip(4 * progress * (1 - progress), 0, 1) ** 0.5
    radius = how.width * press * swell * (0.85 + 0.3 * dice[:, 4])[stroke]
    path = np.stack([xy[:, 0], xy[:, 1], radius, arc_of(xy, start)], 1).astype(np.float32)
    ink = np.asarray(colour, np.float32)
    ink = ink if ink.ndim == 1 else ink[y.astype(int), x.astype(int)]
    middle = press[start[:-1] + count // 2]
    style = styled(
        n, dice[:, 4:6], opacity=(how.opacity * (0.35 + 0.65 * middle)).astype(np.float32), dryness=how.dryness,
        streak=how.streak, pitch=how.pitch, load=how.load, round_end=1.0, rag=0.2, softness=how.softness,
    )  # fmt: skip
    return Strokes(start=start, path=path, paint=painted(ink, ink, count=n), style=style)


def _places(
    shape: tuple[int, ...], how: Hatch, seed: int, stream: str
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Middles of strokes in rows across the direction, shaken, and six random numbers for each."""
    high, wide = shape[0], shape[1]
    reach = float(np.hypot(high, wide)) / 2 + how.length
    across = np.arange(-reach, reach, how.spacing)
    lengthwise = np.arange(-reach, reach, how.length * 0.82)
    v, u = np.meshgrid(across, lengthwise, indexing="ij")
    count = v.size
    dice = uniform(seed, f"{stream}.hatch", 6 * count).reshape(count, 6)
    rows = uniform(seed, f"{stream}.rows", len(across))
    u = u.ravel() + np.repeat(rows, len(lengthwise)) * how.length + (dice[:, 0] - 0.5) * how.length * how.wobble
    v = v.ravel() + (dice[:, 1] - 0.5) * how.spacing * 1.6 * how.wobble
    c, s = np.cos(how.angle), np.sin(how.angle)
    x, y = wide / 2 + u * c - v * s, high / 2 + u * s + v * c
    inside = (x >= 0) & (y >= 0) & (x < wide) & (y < high)
    return x[inside], y[inside], dice[inside]
