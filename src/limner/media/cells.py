"""Cells: points spread evenly by a density, and the regions nearest to them.

Points are moved to the centres of their regions a few times (Lloyd, 1982; with a density: Secord, NPAR
2002).  Regions may be measured along a direction, so that they become tiles that follow the form
(Hausner, SIGGRAPH 2001).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from limner.core.rng import uniform
from limner.media.arrays import Floats, Whole
from limner.media.flow import Flow
from limner.media.raster import blur, resize, sample


def scatter(density: Floats, count: int, seed: int, stream: str, *, rounds: int = 8, detail: int = 1) -> Floats:
    """Points spread by a density, evenly at every scale.

    Args:
        density: wanted points per area, in any unit, [h, w]; nought forbids.
        count: points.
        seed: the recipe's seed.
        stream: what they are for.
        rounds: how often they are centred.
        detail: px of the raster to one px of the density in the last three rounds; before, it is one.

    Returns:
        float32 [count, 2], x and y in px of the density.
    """
    wide = density.shape[1]
    weight = np.maximum(density, 0).astype(np.float64)
    total = weight.sum()
    if total <= 0:
        weight[:], total = 1.0, float(weight.size)
    cumulative: npt.NDArray[np.float64] = np.cumsum(weight.ravel()) / total
    dice = uniform(seed, f"{stream}.scatter", 3 * count).reshape(3, count)
    even = (np.arange(count) + dice[0]) / count  # one in each share of the density
    first = np.asarray(cumulative.searchsorted(even), np.int64)
    place = np.minimum(first, weight.size - 1)
    points = np.stack(np.divmod(place, wide)[::-1], 1) + dice[1:].T
    _centre(points, weight, rounds - 3 if detail > 1 else rounds, 1)
    if detail > 1:
        _centre(points, weight, min(rounds, 3), detail)
    return points.astype(np.float32)


def _centre(points: npt.NDArray[np.float64], weight: npt.NDArray[np.float64], rounds: int, detail: int) -> None:
    """Move points to the centres of their regions, on a raster `detail` times as fine as the weights."""
    high, wide = weight.shape[0] * detail, weight.shape[1] * detail
    count = len(points)
    raster: npt.NDArray[np.float64] = (
        resize(weight.astype(np.float32), (high, wide), "linear").astype(np.float64) + 1e-9
    )
    x, y = np.arange(wide, dtype=np.float64) + 0.5, np.arange(high, dtype=np.float64) + 0.5
    flat, flat_x, flat_y = raster.ravel(), (raster * x).ravel(), (raster * y[:, None]).ravel()
    for _ in range(rounds):
        labels, order = regions(points * detail, (high, wide))
        index = order[labels.ravel()]
        mass = np.bincount(index, flat, count)
        cx = np.bincount(index, flat_x, count) / np.maximum(mass, 1e-12)
        cy = np.bincount(index, flat_y, count) / np.maximum(mass, 1e-12)
        held = mass > 0
        points[held] = np.stack([cx, cy], 1)[held] / detail


def regions(points: npt.NDArray[np.floating], shape: tuple[int, ...]) -> tuple[Whole, npt.NDArray[np.int64]]:
    """For every px a label of its nearest point, and the table from labels to points.

    Two points in one px share its label; the table then names the later one.
    """
    import cv2

    high, wide = shape[0], shape[1]
    free = np.full((high, wide), 255, np.uint8)
    x = np.clip(points[:, 0].astype(np.int64), 0, wide - 1)
    y = np.clip(points[:, 1].astype(np.int64), 0, high - 1)
    free[y, x] = 0
    _, found = cv2.distanceTransformWithLabels(free, cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL)
    labels = np.asarray(found, np.int32)
    table = np.zeros(int(labels.max()) + 1, np.int64)
    table[labels[y, x]] = np.arange(len(points))
    return labels, table


def seams(labels: npt.NDArray[np.integer], soft: float = 0.8) -> Floats:
    """Distance to the nearest border between labels, in px, smoothed."""
    import cv2

    border = np.zeros(labels.shape, bool)
    across, down = labels[:, 1:] != labels[:, :-1], labels[1:] != labels[:-1]
    border[:, 1:] |= across
    border[:, :-1] |= across
    border[1:] |= down
    border[:-1] |= down
    free = np.where(border, 0, 255).astype(np.uint8)
    distance = np.asarray(cv2.distanceTransform(free, cv2.DIST_L2, 5), np.float32)
    return blur(distance, soft) if soft > 0 else distance


def tiles(size: Floats, flow: Flow, seed: int, stream: str, *, rounds: int = 7) -> tuple[Floats, Floats, Floats]:
    """Square tiles that follow the form and fill the picture.

    Args:
        size: wanted side of a tile at every place, in px, [h, w].
        flow: directions.
        seed: the recipe's seed.
        stream: what they are for.
        rounds: how often they are centred.

    Returns:
        middles [n, 2], unit directions [n, 2] and sides [n].
    """
    from limner.media.tile_kernel import nearest

    high, wide = size.shape
    density = (1 / np.square(size)).astype(np.float32)
    count = max(4, round(float(density.sum())))
    points = scatter(density, count, seed, stream, rounds=3)
    best, label = np.empty((high, wide), np.float32), np.empty((high, wide), np.int32)
    ramp_x = np.tile(np.arange(wide, dtype=np.float64) + 0.5, high)
    ramp_y = np.repeat(np.arange(high, dtype=np.float64) + 0.5, wide)
    mass_of = density.ravel().astype(np.float64)
    for _ in range(rounds):
        directions, sides = _at(points, flow, size)
        best[:], label[:] = 1e9, -1
        nearest(points, directions, sides, best, label)
        index = np.where(label.ravel() < 0, 0, label.ravel())
        mass = np.bincount(index, mass_of, count)
        cx = np.bincount(index, mass_of * ramp_x, count) / np.maximum(mass, 1e-12)
        cy = np.bincount(index, mass_of * ramp_y, count) / np.maximum(mass, 1e-12)
        held = mass > 0
        points[held] = np.stack([cx, cy], 1)[held].astype(np.float32)
    directions, sides = _at(points, flow, size)
    return points, directions, sides


def _at(points: Floats, flow: Flow, size: Floats) -> tuple[Floats, Floats]:
    high, wide = size.shape
    row = np.clip(points[:, 1].astype(int), 0, high - 1)
    column = np.clip(points[:, 0].astype(int), 0, wide - 1)
    directions = np.stack([flow.x[row, column], flow.y[row, column]], 1)
    return np.ascontiguousarray(directions, np.float32), np.ascontiguousarray(size[row, column], np.float32)


def cracks(shape: tuple[int, int], count: int, seed: int, stream: str) -> Floats:
    """Distance in px to the nearest crack of an old surface: the borders of uneven, wandering flakes, [h, w]."""
    from limner.media.fields import cloud

    points = scatter(np.ones(shape, np.float32), count, seed, stream, rounds=1)
    labels, table = regions(points, shape)
    distance = seams(table[labels], 0.7)
    y, x = np.mgrid[0 : shape[0], 0 : shape[1]].astype(np.float32)
    reach = np.float32(0.11 * (shape[0] * shape[1] / count) ** 0.5)
    x += reach * cloud(seed, f"{stream}.x", shape, 3 * float(reach) + 4, 3)
    y += reach * cloud(seed, f"{stream}.y", shape, 3 * float(reach) + 4, 3)
    return sample(distance, x, y)
