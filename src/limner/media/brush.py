"""Strokes as values, and the canvas that they are laid on.

Strokes are in planning px, so the same ones are laid on a canvas of any size.  The canvas is cut
into tiles; on each tile the strokes that touch it are laid in the order of painting, so the result
does not depend on the number of threads.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from limner.core.rng import gaussian
from limner.media.arrays import Floats, Whole
from limner.media.hands import Hands
from limner.media.raster import resize

STYLE = (
    "opacity",  # most that the stroke hides, 0..1
    "body",  # thickness of the paint in planning px
    "dryness",  # how far the load runs out along the stroke, 0..1.5
    "softness",  # width of the edge in units of the radius
    "rag",  # raggedness of the ends in units of the radius
    "streak",  # how unevenly the bristles carry the colour's value, 0..1
    "grip",  # how much of the warm and cool streaks (`paint`'s last column) the bristles carry, 0..1
    "round_end",  # 1 = round ends, 0 = flat
    "shift_u",  # where along the bristle texture the stroke begins
    "shift_v",  # which bristles
    "pitch",  # distance of two bristles in planning px
    "load",  # paint in the brush at the start: 1 covers fully, 0 leaves half of the bristles dry
    "ridge",  # how much paint is pushed to the sides and the end
    "press",  # how much of the relief below is flattened, 0..1
    "catch",  # how much the stroke catches on the peaks of the canvas's tooth, 0..1
)
"""Columns of `Strokes.style`."""

_USUAL = {"opacity": 1.0, "load": 1.0, "pitch": 1.0, "round_end": 1.0, "ridge": 0.5, "press": 0.6}
_COLUMN = {name: k for k, name in enumerate(STYLE)}
_TILE = 128  # px


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Strokes:
    """Strokes in the order of painting."""

    start: Whole
    """[n + 1] index of every stroke's first vertex; at least two vertices each."""
    path: Floats
    """[m, 4] x, y, radius, arc length, all in planning px."""
    paint: Floats
    """[n, 7] red, green, blue (sRGB 0..1) where the stroke starts and where it ends, and the reach of warmer
    and cooler streaks."""
    style: Floats
    """[n, 15], columns as in `STYLE`."""

    def __len__(self) -> int:
        return len(self.start) - 1

    @classmethod
    def none(cls) -> Strokes:
        """No strokes."""
        return cls(
            start=np.zeros(1, np.int32),
            path=np.zeros((0, 4), np.float32),
            paint=np.zeros((0, 7), np.float32),
            style=np.zeros((0, len(STYLE)), np.float32),
        )

    @classmethod
    def joined(cls, parts: Sequence[Strokes]) -> Strokes:
        """Strokes of several layers, one after another."""
        if not parts:
            return cls.none()
        ends = np.cumsum([0] + [len(p.path) for p in parts])
        starts = [p.start[:-1] + np.int32(e) for p, e in zip(parts, ends, strict=False)]
        return cls(
            start=np.concatenate([*starts, ends[-1:]]).astype(np.int32),
            path=np.concatenate([p.path for p in parts]),
            paint=np.concatenate([p.paint for p in parts]),
            style=np.concatenate([p.style for p in parts]),
        )

    def since(self, count: int) -> Strokes:
        """All strokes but the first `count`."""
        first = self.start[count]
        return Strokes(
            start=self.start[count:] - first,
            path=self.path[first:],
            paint=self.paint[count:],
            style=self.style[count:],
        )


def painted(first: npt.ArrayLike, last: npt.ArrayLike, tint: npt.ArrayLike = 0.0, *, count: int = 0) -> Floats:
    """A `Strokes.paint` table.

    Args:
        first: sRGB 0..1 where strokes start, [n, 3] or [3].
        last: where they end.
        tint: reach of warmer and cooler streaks, [n] or one number.
        count: strokes, if all arguments stand for every stroke.
    """
    a, b = np.atleast_2d(np.asarray(first, np.float32)), np.atleast_2d(np.asarray(last, np.float32))
    n = count or max(len(a), len(b))
    table = np.empty((n, 7), np.float32)
    table[:, :3], table[:, 3:6], table[:, 6] = a, b, np.asarray(tint, np.float32)
    return table


def styled(count: int, seedling: npt.NDArray[np.float64], **values: float | Floats) -> Floats:
    """A `Strokes.style` table: columns by name, each one number or one number a stroke.

    Args:
        count: strokes.
        seedling: [count, 2] uniform numbers that choose the bristles.
        values: columns of `STYLE`; what is left out has a usual value.
    """
    style = np.zeros((count, len(STYLE)), np.float32)
    for name, usual in _USUAL.items():
        style[:, _COLUMN[name]] = usual
    style[:, _COLUMN["shift_u"]] = np.floor(seedling[:, 0] * 1024)
    style[:, _COLUMN["shift_v"]] = np.floor(seedling[:, 1] * 512)
    for name, value in values.items():
        style[:, _COLUMN[name]] = value
    return style


def with_catch(strokes: Strokes, catch: float) -> Strokes:
    """The same strokes, catching on the tooth of the canvas."""
    style = strokes.style.copy()
    style[:, _COLUMN["catch"]] = catch
    return replace(strokes, style=style)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Canvas:
    """Wet paint: what strokes are laid on, and what they leave."""

    colour: Floats
    """sRGB 0..1, [h, w, 3]."""
    height: Floats
    """Thickness of the paint in planning px, [h, w]."""
    cover: Floats
    """How much of the ground is hidden, 0..1, [h, w]."""
    scale: float
    """px to one planning px."""
    tooth: Floats = field(default_factory=lambda: np.zeros((1, 1), np.float32))
    """Relief on whose peaks dry strokes catch, 0..1, [th, tw], which tiles."""

    @classmethod
    def toned(
        cls, shape: tuple[int, int], colour: npt.ArrayLike, cover: float, scale: float, tooth: Floats | None = None
    ) -> Canvas:
        """A canvas of one colour.

        Args:
            shape: height and width in px.
            colour: sRGB 0..1 of the ground's tone, [3].
            cover: how much that tone hides the bare ground.
            scale: px to one planning px.
            tooth: relief for strokes that catch on it.
        """
        ground = np.empty((*shape, 3), np.float32)
        ground[:] = np.asarray(colour, np.float32)
        return cls(
            colour=ground,
            height=np.zeros(shape, np.float32),
            cover=np.full(shape, cover, np.float32),
            scale=scale,
            tooth=np.zeros((1, 1), np.float32) if tooth is None else tooth,
        )

    @property
    def shape(self) -> tuple[int, int]:
        """Height and width in px."""
        return self.colour.shape[0], self.colour.shape[1]


def lay(canvas: Canvas, strokes: Strokes, hands: Hands) -> None:
    """Lay strokes on a canvas, which changes.

    Raises:
        Cancelled: a stop was requested; the canvas is then unfinished.
    """
    if len(strokes) == 0:
        return
    from limner.media.brush_kernel import lay as lay_tile

    high, wide = canvas.shape
    path = strokes.path * np.array([canvas.scale] * 3 + [1], np.float32)
    across = -(-wide // _TILE)
    order, bounds = _bins(strokes.start, path, across, -(-high // _TILE))
    texture = bristles()
    scale = np.float32(canvas.scale)

    def tile(k: int) -> None:
        ids = order[bounds[k] : bounds[k + 1]]
        if len(ids) == 0:
            return
        left, top = (k % across) * _TILE, (k // across) * _TILE
        right, bottom = min(wide, left + _TILE), min(high, top + _TILE)
        lay_tile(
            ids, strokes.start, path, strokes.paint, strokes.style, texture, canvas.tooth,
            canvas.colour, canvas.height, canvas.cover,
            left, top, right, bottom, scale,
        )  # fmt: skip

    hands.each(tile, len(bounds) - 1)


def _bins(start: Whole, path: Floats, across: int, down: int) -> tuple[Whole, npt.NDArray[np.int64]]:
    """Which strokes touch which tile, in the order of painting: ids and, by tile, where they begin."""
    reach = path[:, 2:3] * np.float32(1.6) + 2
    low = np.minimum.reduceat(path[:, :2] - reach, start[:-1], axis=0)
    high = np.maximum.reduceat(path[:, :2] + reach, start[:-1], axis=0)
    last = np.array([across - 1, down - 1])
    first_tile = np.clip(np.floor(low / _TILE).astype(np.int64), 0, last)
    last_tile = np.clip(np.floor(high / _TILE).astype(np.int64), 0, last)
    inside = np.logical_and((high >= 0).all(1), (low < (last + 1) * _TILE).all(1))
    span = np.where(inside[:, None], last_tile - first_tile + 1, 0)
    count = span[:, 0] * span[:, 1]
    ids = np.repeat(np.arange(len(count), dtype=np.int32), count)
    place = np.arange(int(count.sum())) - np.repeat(np.cumsum(count) - count, count)
    wide = np.maximum(span[ids, 0], 1)
    tile = (first_tile[ids, 1] + place // wide) * across + first_tile[ids, 0] + place % wide
    order = np.argsort(tile, kind="stable")
    bounds = np.searchsorted(tile[order], np.arange(across * down + 1))
    return np.ascontiguousarray(ids[order]), bounds


@lru_cache(maxsize=1)
def bristles() -> npt.NDArray[np.uint16]:
    """The bristle texture [4, 512 * 512], which tiles: two bytes a place, four levels of detail.

    Rows run across the brush, eight to a bristle; columns run along the stroke.  The low byte is how much
    paint each bristle carries, the high byte how the streaks of an incompletely mixed paint lie.
    """
    side = 512
    fine = wrapped(gaussian(0, "brush.bristles", (side // 8, side)), 0.45, 26.0)
    grain = wrapped(gaussian(0, "brush.grain", (side // 4, side)), 0.5, 2.2)
    clump = wrapped(gaussian(0, "brush.clumps", (side // 8, side)), 2.2, 60.0)
    load = 0.62 * _unit(fine, side, side) + 0.30 * _unit(clump, side, side) + 0.26 * _unit(grain, side, side)
    streak = wrapped(gaussian(0, "brush.streaks", (side // 8, side)), 1.5, 90.0)
    low, high = _ranked(load), _ranked(_unit(streak, side, side))
    levels: list[npt.NDArray[np.uint16]] = []
    for k in range(4):
        if k:
            low, high = wrapped(low, 1.2 * 2**k, 0.4 * 2**k), wrapped(high, 1.2 * 2**k, 0.4 * 2**k)
        bytes_low, bytes_high = (np.rint(np.clip(v, 0, 1) * 255).astype(np.uint16) for v in (low, high))
        levels.append((bytes_low | (bytes_high << np.uint16(8))).ravel())
    return np.ascontiguousarray(np.stack(levels))


def wrapped(field: Floats, across: float, along: float) -> Floats:
    """A Gaussian blur of a field that tiles."""
    import cv2

    pad_v, pad_u = min(field.shape[0], int(4 * across) + 1), min(field.shape[1], int(4 * along) + 1)
    padded = np.pad(field, ((pad_v, pad_v), (pad_u, pad_u)), mode="wrap")
    smooth = np.asarray(cv2.GaussianBlur(padded, (0, 0), sigmaX=along, sigmaY=across), np.float32)
    return np.ascontiguousarray(smooth[pad_v:-pad_v, pad_u:-pad_u])


def _unit(field: Floats, high: int, wide: int) -> Floats:
    """Enlarged to [high, wide] (tiling), mean 0, deviation 1."""
    factor = high // field.shape[0]
    padded = np.pad(field, ((2, 2), (0, 0)), mode="wrap")
    big = resize(padded, (padded.shape[0] * factor, wide), "cubic")
    cut = big[2 * factor : 2 * factor + high]
    return ((cut - cut.mean()) / cut.std()).astype(np.float32)


def _ranked(field: Floats) -> Floats:
    """Values spread evenly over 0..1 in the field's order."""
    flat = field.ravel()
    ranks = np.empty(len(flat), np.float32)
    ranks[np.argsort(flat, kind="stable")] = np.linspace(0, 1, len(flat), dtype=np.float32)
    return ranks.reshape(field.shape)
