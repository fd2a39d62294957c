"""Which way a brush follows the form.

Directions come from the smoothed structure tensor of the picture (the direction in which it changes
least), from the outlines of the face (round the eyes, along the lips, down the nose, along the jaw),
and, where neither says anything, from a slow swirl.  They are summed as tensors, which have no sign,
and read as the tensor's minor eigenvector (Kyprianidis and Kang, 2009).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from threading import Lock

import numpy as np

from limner.core.features import Features
from limner.core.rng import gaussian
from limner.media.arrays import Floats
from limner.media.raster import blur, broad_blur, resize, sample, slopes

Place = tuple[Floats, Floats]

_GRID = 48  # px of the longer side at which the outlines' directions are summed


_STEP = 1.25  # px between the places of a path


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Flow:
    """A direction without a sign at every place."""

    x: Floats
    """Unit vector, float32 [h, w]."""
    y: Floats
    sure: Floats
    """How clearly the picture shows the direction, 0..1."""
    _walks: dict[float, _Walk] = field(default_factory=dict[float, "_Walk"], repr=False)

    def paths(self, length: float) -> tuple[list[Place], list[Place]]:
        """From every place along the form, both ways: the places in steps of 1.25 px.

        They are kept, since several lines follow the same form.

        Args:
            length: how far, in px.
        """
        count = max(1, round(length / _STEP))
        one, other = (self._walks.setdefault(sign, _Walk(self.x, self.y, sign)).first(count) for sign in (1.0, -1.0))
        return one, other


class _Walk:
    """Where one comes from every place by following directions one way, made as far as it is asked for.

    Args:
        x: directions, [h, w].
        y: the same.
        sign: 1 or -1, the way in which the first step is made.
    """

    def __init__(self, x: Floats, y: Floats, sign: float) -> None:
        self._x, self._y, self._sign = x, y, np.float32(sign)
        self._made: list[Place] = []
        self._heading: Place | None = None
        self._lock = Lock()

    def first(self, count: int) -> list[Place]:
        """The places after 1, 2, ... `count` steps."""
        with self._lock:
            while len(self._made) < count:
                self._step()
            return self._made[:count]

    def _step(self) -> None:
        if self._heading is None:
            high, wide = self._x.shape
            y, x = np.mgrid[0:high, 0:wide].astype(np.float32)
            dx, dy = self._x * self._sign, self._y * self._sign
        else:
            x, y = self._made[-1]
            fx, fy = sample(self._x, x, y, "nearest"), sample(self._y, x, y, "nearest")
            turn = np.where(fx * self._heading[0] + fy * self._heading[1] < 0, np.float32(-1), np.float32(1))
            dx, dy = fx * turn, fy * turn
        self._heading = (dx, dy)
        self._made.append((x + np.float32(_STEP) * dx, y + np.float32(_STEP) * dy))


def flow_of(colour: Floats, features: Features | None, *, fine: float = 2.2, wide: float = 11.0) -> Flow:
    """Directions of a portrait at planning size, computed at half of it.

    Args:
        colour: sRGB 0..1, float32 [h, w, 3].
        features: the face, if known.
        fine: smoothing of the tensor where edges are strong, in px.
        wide: smoothing where they are weak, in px.
    """
    high, wide_px = colour.shape[:2]
    size = (max(1, high // 2), max(1, wide_px // 2))
    tensor = _tensor(resize(colour, size, "area"))
    near, far = blur(tensor, fine / 2), broad_blur(tensor, wide / 2)
    energy = near[..., 0] + near[..., 1]
    weight = (energy / (energy + np.float32(1.2e-3)))[..., None]
    mixed = far + weight * (near - far)
    # gradient tensor to line tensor: exchange the diagonal, negate the rest
    lines = np.stack([mixed[..., 1], mixed[..., 0], -mixed[..., 2]], -1) + np.float32(8e-5) * _swirl(*tensor.shape[:2])
    if features is not None:
        lines += _form(tensor.shape[:2], features)
    lx, ly, lxy = (np.ascontiguousarray(lines[..., k]) for k in range(3))
    root = np.sqrt((lx - ly) ** 2 + 4 * lxy**2)
    sure = np.clip(root / (lx + ly + np.float32(4e-4)), 0, 1)
    # the double angle has no sign, so it can be enlarged
    safe = np.maximum(root, np.float32(1e-12))
    double = np.stack([(lx - ly) / safe, 2 * lxy / safe, sure], -1)
    big = resize(double, (high, wide_px), "linear")
    cosine = big[..., 0] / np.maximum(np.hypot(big[..., 0], big[..., 1]), np.float32(1e-6))
    x = np.sqrt(np.clip(0.5 + 0.5 * cosine, 0, 1))
    y = np.copysign(np.sqrt(np.clip(0.5 - 0.5 * cosine, 0, 1)), big[..., 1])
    return Flow(
        x=np.ascontiguousarray(x, np.float32),
        y=np.ascontiguousarray(y, np.float32),
        sure=np.ascontiguousarray(big[..., 2], np.float32),
    )


def _tensor(colour: Floats) -> Floats:
    """Structure tensor [h, w, 3] (xx, yy, xy), summed over the channels."""
    dx, dy = slopes(2 * colour)
    ones = np.ones((3, 1), np.float32)
    return np.concatenate([(v.reshape(-1, 3) @ ones).reshape(*v.shape[:2], 1) for v in (dx * dx, dy * dy, dx * dy)], 2)


@lru_cache(maxsize=4)
def _swirl(high: int, wide: int) -> Floats:
    """Line tensors [h, w, 3] of a slow swirl about a painter's slanted hatch."""
    coarse = gaussian(0, "flow.swirl", (7, 7)) * np.float32(0.55) - np.float32(0.95)
    angle = resize(coarse, (high, wide), "cubic")
    c, s = np.cos(angle), np.sin(angle)
    return np.stack([c * c, s * s, c * s], -1)


_FORM = {
    # part: (reach of its direction in units of its width, strength)
    "face": (0.10, 6e-4), "left_eye": (0.42, 2e-3), "right_eye": (0.42, 2e-3), "lips": (0.28, 1.6e-3),
    "left_brow": (0.12, 8e-4), "right_brow": (0.12, 8e-4), "left_iris": (0.3, 2e-3), "right_iris": (0.3, 2e-3),
}  # fmt: skip


def _form(shape: tuple[int, int], features: Features) -> Floats:
    """Line tensors [h, w, 3] along the outlines of the face, and down the nose."""
    side = max(shape)
    step = side / _GRID
    high, wide = max(1, round(shape[0] / step)), max(1, round(shape[1] / step))
    y, x = np.mgrid[0:high, 0:wide].astype(np.float32)
    places = np.stack([(x + 0.5) * step, (y + 0.5) * step], -1) / side
    total = np.zeros((high, wide, 3), np.float32)
    outlines = features.outlines()
    for name, (reach, strength) in _FORM.items():
        points = outlines[name]
        total += np.float32(strength) * _along(places, points, reach * float(np.ptp(points[:, 0])))
    nose = outlines["nose"]
    top, bottom = nose[nose[:, 1].argmin()], nose.mean(0) + (nose.mean(0) - nose[nose[:, 1].argmin()]) * 0.4
    ridge = np.stack([top, (top + bottom) / 2, bottom, (top + bottom) / 2])
    total += np.float32(6e-4) * _along(places, ridge, 0.25 * float(np.ptp(nose[:, 0])))
    # a gradient over two planning px is twice that over one, and tensors are squares
    return np.float32(4) * resize(total, (shape[0], shape[1]), "linear")


def _along(places: Floats, points: Floats, reach: float) -> Floats:
    """Line tensors [h, w, 3] (xx, yy, xy) of the nearest side of a polygon, fading with distance."""
    a, b = points, np.roll(points, -1, 0)
    if len(points) > 12:  # every other corner tells enough
        a, b = points[::2], np.roll(points[::2], -1, 0)
    d = b - a
    length = np.maximum((d * d).sum(1), 1e-9)
    rel = places[..., None, :] - a
    t = np.clip((rel * d).sum(-1) / length, 0, 1)
    gap = rel - t[..., None] * d
    distance = (gap * gap).sum(-1)
    weight = np.exp(-distance / (2 * reach * reach)) * np.sqrt(length)
    fade = np.exp(-distance.min(-1) / (2 * reach * reach))
    unit = d / np.sqrt(length)[:, None]
    total = weight.sum(-1) + 1e-9
    xx = (weight * unit[:, 0] ** 2).sum(-1) / total
    yy = (weight * unit[:, 1] ** 2).sum(-1) / total
    xy = (weight * unit[:, 0] * unit[:, 1]).sum(-1) / total
    return (np.stack([xx, yy, xy], -1) * fade[..., None]).astype(np.float32)
