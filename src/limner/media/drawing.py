"""Drawing: what dry media share. Tones on paper, lines along the form, a background that is left open."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from limner.core.rng import uniform
from limner.media.arrays import Floats
from limner.media.brush import Strokes, painted, styled
from limner.media.flow import Flow
from limner.media.guide import Guide
from limner.media.planner import arc_of, follow
from limner.media.raster import bilateral


def darkness(
    guide: Guide, *, contrast: float = 0.6, background: float = 0.5, fade: float = 0.5, paper: float = 0.0
) -> Floats:
    """How dark each place is drawn, 0 = paper, 1 = black.

    Args:
        guide: the portrait.
        contrast: how far the sitter's tones are spread over the whole range, 0..1.
        background: how much of the background's darkness is drawn, 0..1.
        fade: how far the drawing fades towards the picture's edges, 0..1.
        paper: darkness of bare paper; the background is never lighter.

    Returns:
        float32 [h, w].
    """
    tone = bilateral(guide.tone, 5, 0.08, 2.5)
    figure = guide.figure
    inside = tone[figure > 0.6]
    low, high = (np.quantile(inside, [0.02, 0.97]) if inside.size > 50 else np.quantile(tone, [0.02, 0.97])).tolist()
    spread = np.clip((high - tone) / max(high - low, 0.15), 0, 1)
    dark = (1 - contrast) * (1 - tone) + contrast * spread
    dark = np.clip(dark, 0, 1)
    behind = paper + np.clip(dark - paper, 0, 1) * np.float32(background)
    dark = behind + figure * (dark - behind)
    return (paper + (dark - paper) * margin(guide.shape, fade)).astype(np.float32)


def margin(shape: tuple[int, int], fade: float) -> Floats:
    """1 in the middle, falling towards the edges, most at the bottom, unevenly; 1 everywhere if `fade` is 0."""
    high, wide = shape
    y, x = np.mgrid[0:high, 0:wide].astype(np.float32)
    edge = np.minimum(np.minimum(x, wide - 1 - x) / wide * 1.1, np.minimum(y * 1.6, (high - 1 - y) * 0.62) / high)
    return (1 - np.float32(fade) * (1 - np.clip(edge / 0.11, 0, 1) ** 0.8)).astype(np.float32)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """How lines are drawn.  Lengths are in planning px."""

    width: float
    """Radius of the point where the line is strongest."""
    threshold: float
    """Line response (see `limner.media.lines`) below which nothing is drawn."""
    full: float = 0.02
    """Response at which the point presses fully."""
    spacing: float = 4.0
    """Distance of line starts."""
    longest: float = 12.0
    """Greatest length each way."""
    thinnest: float = 0.45
    """Width of the ends, in units of the middle's."""
    gesture: float = 0.03
    opacity: float = 0.9
    dryness: float = 0.2
    streak: float = 0.2
    pitch: float = 0.8
    load: float = 0.9
    stray: float = 0.0
    """How far lines miss their place, in px."""


def draw_lines(
    field: Floats, flow: Flow, line: Line, colour: npt.ArrayLike, seed: int, stream: str, weight: Floats | None = None
) -> Strokes:
    """Strokes along the lines of a response field.

    Args:
        field: see `limner.media.lines.response`, [h, w].
        flow: directions.
        line: how they are drawn.
        colour: sRGB 0..1 of the point, [3].
        seed: the recipe's seed.
        stream: name of this set of lines.
        weight: multiplies the response, [h, w].
    """
    strength = field if weight is None else field * weight
    high, wide = strength.shape
    cell = max(1, round(line.spacing))
    down, across = high // cell, wide // cell
    if down == 0 or across == 0:
        return Strokes.none()
    cells = strength[: down * cell, : across * cell].reshape(down, cell, across, cell).transpose(0, 2, 1, 3)
    cells = cells.reshape(down * across, cell * cell)
    chosen = np.flatnonzero(cells.max(1) > line.threshold)
    n = len(chosen)
    if n == 0:
        return Strokes.none()
    best = cells[chosen].argmax(1)
    x = (chosen % across) * cell + best % cell + 0.5
    y = (chosen // across) * cell + best // cell + 0.5
    dice = uniform(seed, f"{stream}.lines", 6 * n).reshape(n, 6)
    step = max(1.0, line.width * 1.1)
    most = max(2, round(line.longest / step))
    there = np.clip(strength / np.float32(0.4 * line.threshold) - np.float32(0.75), 0, 1)  # 1 on a line, 0 beside it
    image = np.ascontiguousarray(np.repeat(there[..., None], 3, 2))
    here = image[y.astype(int), x.astype(int)]
    seeds = np.stack([x, y, np.full(n, step), (dice[:, 0] - 0.5) * 2 * line.gesture], 1).astype(np.float32)
    reach = np.rint(most * (0.5 + 0.5 * dice[:, 1]))
    limits = np.stack([np.ones(n), reach], 1).astype(np.float32)
    blank = np.full_like(image, -9.0)  # the canvas never interferes
    points, count = follow(seeds, np.ascontiguousarray(here), limits, image, blank, flow, most, 0.85, 0.9)
    start = np.concatenate([[0], np.cumsum(count)]).astype(np.int32)
    stroke = np.repeat(np.arange(n), count)
    place = np.arange(len(stroke)) - start[stroke]
    xy = points[stroke, place] + ((dice[:, 2:4] - 0.5) * 2 * line.stray)[stroke]
    progress = place / np.maximum(count[stroke] - 1, 1)
    at = strength[np.clip(xy[:, 1].astype(int), 0, high - 1), np.clip(xy[:, 0].astype(int), 0, wide - 1)]
    press = np.clip(at / line.full, 0.1, 1.0)
    swell = line.thinnest + (1 - line.thinnest) * np.sin(np.pi * np.clip(progress, 0.02, 0.98)) ** 0.7
    radius = line.width * swell * (0.35 + 0.65 * press) * (0.85 + 0.3 * dice[:, 4])[stroke]
    path = np.stack([xy[:, 0], xy[:, 1], radius, arc_of(xy, start)], 1).astype(np.float32)
    firmness = np.clip(cells[chosen].max(1) / line.full, 0.25, 1.0)
    style = styled(
        n, dice[:, 4:6], opacity=(line.opacity * firmness).astype(np.float32), dryness=line.dryness, streak=line.streak,
        pitch=line.pitch, load=line.load, round_end=1.0, rag=0.2, softness=0.15,
    )  # fmt: skip
    return Strokes(start=start, path=path, paint=painted(colour, colour, count=n), style=style)


def recoloured(strokes: Strokes, colours: Floats) -> Strokes:
    """The same strokes in the colours of the places where they start and end.

    Args:
        strokes: in planning px.
        colours: sRGB 0..1, [h, w, 3].
    """
    high, wide = colours.shape[:2]
    row = np.clip(strokes.path[:, 1].astype(int), 0, high - 1)
    column = np.clip(strokes.path[:, 0].astype(int), 0, wide - 1)
    there = colours[row, column]
    first, last = strokes.start[:-1], strokes.start[1:] - 1
    return replace(strokes, paint=painted(there[first], there[last], strokes.paint[:, 6]))
