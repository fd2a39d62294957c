"""Planning strokes: big brushes first, smaller ones only where the canvas still differs.

A layer looks at the canvas painted so far (at planning size), finds where it is wrong by more than a
threshold, starts one stroke in each such place and lets it follow the form (Hertzmann, 1998, with a
care map, both-way growth, wet paint and a painter's order).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from limner.core.rng import uniform
from limner.media import spectrum
from limner.media.arrays import Floats
from limner.media.brush import Canvas, Strokes, painted, styled
from limner.media.flow import Flow
from limner.media.pigments import Palette
from limner.media.raster import broad_blur

FINE = 3.2
"""Brushes of a smaller radius (planning px) look at the sharper picture."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """How one size of brush is used.  Lengths are in planning px."""

    radius: float
    """Half of the brush's width."""
    threshold: float
    """RGB distance (0..1) from the picture above which a place is painted again; negative = always."""
    shortest: float = 1.5
    """Least length of a stroke each way, in radii."""
    longest: float = 5.0
    """Greatest length of a stroke each way, in radii."""
    spacing: float = 1.0
    """Distance of stroke starts in radii."""
    stop: float = 0.16
    """A stroke ends where the picture differs from its colour by this."""
    bend: float = 0.75
    """How closely strokes follow the form, 0..1."""
    gesture: float = 0.06
    """Turn that the hand adds, radians a step."""
    blur: float = 0.5
    """Coarseness at which the picture is seen, in radii."""
    care: tuple[float, float] = (0.0, 1.01)
    """Places whose care lies outside are left alone."""
    opacity: float = 0.95
    body: float = 0.6
    dryness: float = 0.35
    softness: float = 0.12
    rag: float = 0.5
    streak: float = 0.12
    grip: float = 0.6
    round_end: float = 0.55
    pitch: float = 1.1
    load: float = 0.75
    ridge: float = 0.5
    press: float = 0.6
    catch: float = 0.0
    tint: float = 0.05
    """Reach of the warmer and cooler streaks of paint that is not fully mixed."""
    pickup: float = 0.2
    """Share of the paint under the brush that the stroke takes along."""
    value: float = 0.03
    """Jitter of a stroke's lightness."""
    hue: float = 0.02
    """Jitter of its warmth."""
    lights_last: float = 0.6
    """0 = strokes come in any order, 1 = strictly from dark to light."""
    tapered: float = 0.35
    """How much thinner a stroke ends than it is in its middle."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Scene:
    """What a layer is planned from, at planning size."""

    reference: Floats
    """The picture as this painter sees it, sRGB 0..1, [h, w, 3]."""
    detail: Floats
    """The same, drawn more sharply where care is taken: for fine brushes."""
    flow: Flow
    care: Floats
    """0..1, [h, w]."""
    palette: Palette | None = None
    """Colours are brought onto it; None mixes any colour."""


def plan_layer(scene: Scene, canvas: Canvas, layer: Layer, seed: int, stream: str) -> Strokes:
    """The strokes of one layer.

    Args:
        scene: what is painted.
        canvas: what is painted so far, at planning size.
        layer: how the brush is used.
        seed: the recipe's seed.
        stream: name of the layer; layers of different names get independent randomness.
    """
    radius = layer.radius
    view = scene.detail if radius < FINE else scene.reference
    reference = broad_blur(view, max(0.4, layer.blur * radius))
    where = _starts(scene, reference, canvas, layer, seed, stream)
    n = len(where)
    if n == 0:
        return Strokes.none()
    x, y = where[:, 0], where[:, 1]
    row, column = y.astype(np.int32), x.astype(np.int32)
    dice = uniform(seed, f"{stream}.strokes", 8 * n).reshape(n, 8)
    colours = _loads(reference[row, column], scene.palette, layer, dice)
    step = radius * 0.9
    most = max(1, round(layer.longest * radius / step))
    shortest = max(1, round(layer.shortest * radius / step))
    reach = np.clip(np.rint(shortest + (most - shortest) * dice[:, 3]), 1, most)
    seeds = np.stack([x, y, np.full(n, step), (dice[:, 4] - 0.5) * 2 * layer.gesture], 1).astype(np.float32)
    limits = np.stack([np.minimum(shortest, reach), reach], 1).astype(np.float32)
    points, count = follow(
        seeds, np.ascontiguousarray(colours), limits, reference, canvas.colour, scene.flow, most, layer.bend, layer.stop
    )
    order = _order(reference[row, column], dice[:, 5], layer.lights_last)
    return _dressed(points[order], count[order], colours[order], dice[order], canvas, scene, layer)


def _starts(scene: Scene, reference: Floats, canvas: Canvas, layer: Layer, seed: int, stream: str) -> Floats:
    """Where strokes start: in each cell of a shaken grid the worst place, if the cell is wrong enough; [n, 2]."""
    difference = reference - canvas.colour
    error = np.sqrt(np.einsum("hwc,hwc->hw", difference, difference))
    if layer.care[0] > 0 or layer.care[1] <= 1:
        error = np.where((scene.care >= layer.care[0]) & (scene.care < layer.care[1]), error, np.float32(-1.0))
    high, wide = error.shape
    cell = max(1, round(layer.spacing * layer.radius))
    shift = np.floor(uniform(seed, f"{stream}.grid", 2) * cell).astype(int)
    down, across = -(-(high + int(shift[0])) // cell), -(-(wide + int(shift[1])) // cell)
    room = np.full((down * cell, across * cell), -2.0, np.float32)
    room[shift[0] : shift[0] + high, shift[1] : shift[1] + wide] = error
    cells = room.reshape(down, cell, across, cell).transpose(0, 2, 1, 3).reshape(down * across, cell * cell)
    inside = cells > -0.5
    mean = np.where(inside, cells, 0).sum(1) / np.maximum(inside.sum(1), 1)
    chosen = np.flatnonzero((mean > layer.threshold) & inside.any(1))
    if len(chosen) == 0:
        return np.zeros((0, 2), np.float32)
    # the worst place of the cell, but not always the very worst: no two cells alike
    pick = _unrest(len(chosen) * cell * cell, uniform(seed, f"{stream}.place", 1)[0]).reshape(len(chosen), -1)
    place = (np.where(inside[chosen], cells[chosen] + np.float32(0.02), -1) * pick).argmax(1)
    y = (chosen // across) * cell + place // cell - shift[0]
    x = (chosen % across) * cell + place % cell - shift[1]
    return np.stack([x + 0.5, y + 0.5], 1).astype(np.float32)


def _unrest(count: int, where: float) -> Floats:
    """`count` numbers in 0.4..1.4: a stretch of one long random row that begins at `where` (0..1)."""
    row = _random_row()
    return np.resize(np.roll(row, -int(where * len(row))), count)


@lru_cache(maxsize=1)
def _random_row() -> Floats:
    return (0.4 + uniform(0, "planner.unrest", 300_007)).astype(np.float32)


def _loads(seen: Floats, palette: Palette | None, layer: Layer, dice: npt.NDArray[np.float64]) -> Floats:
    """The colour on the brush of every stroke: what is seen, broken a little, mixed from the palette."""
    value = 1 + layer.value * 2 * (dice[:, 0] - 0.5)
    warm = layer.hue * 2 * (dice[:, 1] - 0.5)
    colours = seen * value[:, None] + np.stack([warm, warm * 0.15, -warm], 1)
    colours = np.clip(colours, 0, 1).astype(np.float32)
    return palette.project(colours) if palette else colours


def follow(
    seeds: Floats,
    colours: Floats,
    limits: Floats,
    reference: Floats,
    canvas: Floats,
    flow: Flow,
    most: int,
    bend: float,
    stop: float,
) -> tuple[Floats, npt.NDArray[np.int32]]:
    """Paths along the form, see `limner.media.trace_kernel.trace`: vertices [n, 2 most + 2, 2] and how many."""
    from limner.media.trace_kernel import trace

    points = np.empty((len(seeds), 2 * most + 2, 2), np.float32)
    count = np.empty(len(seeds), np.int32)
    trace(
        seeds, colours, limits, np.ascontiguousarray(reference), canvas, flow.x, flow.y,
        np.int32(most), np.float32(bend), np.float32(stop), points, count,
    )  # fmt: skip
    short = np.flatnonzero(count < 2)  # no room for a step: a dab
    high, wide = flow.x.shape
    row = np.clip(points[short, 0, 1].astype(int), 0, high - 1)
    column = np.clip(points[short, 0, 0].astype(int), 0, wide - 1)
    points[short, 1] = (
        points[short, 0] + np.stack([flow.x[row, column], flow.y[row, column]], 1) * seeds[short, 2:3] * 0.5
    )
    count[short] = 2
    return points, count


def arc_of(xy: Floats, start: npt.NDArray[np.int32]) -> Floats:
    """Length along every stroke's path up to each vertex."""
    step = np.zeros(len(xy), np.float64)
    step[1:] = np.hypot(*(xy[1:] - xy[:-1]).T.astype(np.float64))
    step[start[:-1]] = 0
    arc = np.cumsum(step)
    return (arc - np.repeat(arc[start[:-1]], np.diff(start))).astype(np.float32)


def _order(seen: Floats, dice: npt.NDArray[np.float64], lights_last: float) -> npt.NDArray[np.int64]:
    light = seen @ np.array([0.3, 0.59, 0.11], np.float32)
    rank = np.argsort(np.argsort(light, kind="stable"), kind="stable") / max(1, len(light))
    return np.argsort(lights_last * rank + (1 - lights_last) * dice, kind="stable")


def _dressed(
    points: Floats,
    count: npt.NDArray[np.int32],
    colours: Floats,
    dice: npt.NDArray[np.float64],
    canvas: Canvas,
    scene: Scene,
    layer: Layer,
) -> Strokes:
    """Paths with width, paint and bristles."""
    n = len(points)
    start = np.concatenate([[0], np.cumsum(count)]).astype(np.int32)
    stroke = np.repeat(np.arange(n), count)
    place = np.arange(len(stroke)) - start[stroke]
    xy = points[stroke, place]
    arc = arc_of(xy, start)
    progress = place / np.maximum(count[stroke] - 1, 1)
    size = layer.radius * (0.82 + 0.36 * dice[:, 2])
    swell = 1 - layer.tapered * np.square(2 * progress - 0.8) / 1.44
    radius = (size[stroke] * swell).astype(np.float32)
    high, wide = scene.care.shape
    under_row = np.clip(xy[:, 1].astype(np.int32), 0, high - 1)
    under_column = np.clip(xy[:, 0].astype(np.int32), 0, wide - 1)
    soiled = colours
    if layer.pickup > 0:
        middle = start[:-1] + count // 2
        under = canvas.colour[under_row[middle], under_column[middle]]
        soiled = spectrum.mix(colours, under, np.full(n, layer.pickup))
    light = (colours @ np.array([0.3, 0.59, 0.11], np.float32)).astype(np.float32)
    body = layer.body * (0.35 + 0.9 * light) * (0.75 + 0.5 * dice[:, 6])
    style = styled(
        n, dice[:, 6:8], opacity=layer.opacity, body=body.astype(np.float32), dryness=layer.dryness,
        softness=layer.softness, rag=layer.rag, streak=layer.streak, grip=layer.grip, round_end=layer.round_end,
        pitch=layer.pitch, load=layer.load, ridge=layer.ridge, press=layer.press, catch=layer.catch,
    )  # fmt: skip
    path = np.concatenate([xy, radius[:, None], arc[:, None]], 1).astype(np.float32)
    paint = painted(colours, soiled, layer.tint * (0.4 + light))
    return Strokes(start=start, path=path, paint=paint, style=style)
