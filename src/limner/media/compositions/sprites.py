"""Small things that fly: birds, butterflies, petals, leaves and shards, as vector shapes in several poses.

A sprite is a list of parts, back to front; each part is a smooth polygon about the origin, heading along +x, with a
factor on its colour.  Wings are foreshortened by factors on their span, so one wing shape gives every beat.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from limner.media.arrays import Floats

KINDS = ("birds", "butterflies", "petals", "leaves", "shards")
"""What there is."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Part:
    """One shape of a sprite."""

    points: Floats
    """Polygon float32 [n, 2] in units of the sprite's size."""
    tone: float
    """Factor on the colour."""


_BODY = ((0.62, 0.0), (0.50, 0.055), (0.30, 0.085), (0.0, 0.095), (-0.32, 0.05), (-0.52, 0.05), (-0.86, 0.17),
         (-0.74, 0.0), (-0.86, -0.15), (-0.52, -0.05), (-0.32, -0.05),
         (0.0, -0.08), (0.30, -0.075), (0.50, -0.05))  # fmt: skip
_WING = ((0.30, 0.03), (0.40, 0.26), (0.34, 0.52), (0.10, 0.86), (-0.34, 1.22), (-0.20, 0.98), (-0.28, 0.86),
         (-0.16, 0.72), (-0.22, 0.58), (-0.10, 0.42), (-0.14, 0.22), (-0.16, 0.03))  # fmt: skip
_BEATS = ((1.0, -0.95, 0.0), (0.95, 0.55, 0.12), (0.62, -1.05, -0.10), (1.05, 0.80, -0.06), (-0.55, -0.95, 0.10),
          (0.80, -0.45, 0.22), (1.0, 0.30, 0.02))  # fmt: skip
_FORE = (
    (0.08, 0.02),
    (0.34, 0.26),
    (0.52, 0.62),
    (0.46, 0.86),
    (0.20, 0.82),
    (-0.06, 0.56),
    (-0.10, 0.20),
    (-0.04, 0.02),
)
_HIND = ((-0.04, 0.02), (-0.10, 0.24), (-0.16, 0.52), (-0.36, 0.64), (-0.58, 0.50), (-0.52, 0.26),
         (-0.28, 0.06))  # fmt: skip
_THORAX = ((0.34, 0.0), (0.16, 0.04), (-0.10, 0.045), (-0.44, 0.02), (-0.44, -0.02), (-0.10, -0.045), (0.16, -0.04))
_PETAL = ((-0.62, 0.0), (-0.40, 0.22), (-0.02, 0.40), (0.38, 0.36), (0.60, 0.14), (0.50, 0.02), (0.62, -0.12),
          (0.38, -0.34), (-0.02, -0.38), (-0.40, -0.20))  # fmt: skip
_LEAF = (
    (-0.66, 0.0),
    (-0.36, 0.20),
    (0.0, 0.28),
    (0.36, 0.20),
    (0.74, 0.0),
    (0.36, -0.20),
    (0.0, -0.28),
    (-0.36, -0.20),
)


def sprite(kind: str, pose: float, chance: Floats) -> list[Part]:
    """The parts of a sprite.

    Args:
        kind: one of `KINDS`.
        pose: 0..1, the beat or the turn.
        chance: numbers 0..1, [8], for what differs from one to the next.
    """
    if kind == "birds":
        near, far, sweep = _BEATS[min(int(pose * len(_BEATS)), len(_BEATS) - 1)]
        return [
            Part(points=_winged(_WING, far, sweep), tone=0.66),
            Part(points=_smooth(np.array(_BODY, np.float32)), tone=0.88),
            Part(points=_winged(_WING, near, sweep), tone=1.12),
        ]
    if kind == "butterflies":
        near, far = 0.35 + 0.75 * pose, -(0.25 + 0.75 * float(chance[0]))
        parts: list[Part] = []
        for span, tone in ((far, 0.78), (near, 1.08)):
            for wing in (_HIND, _FORE):
                whole = _winged(wing, span, 0.0)
                middle = whole.mean(0)
                parts.append(Part(points=whole, tone=0.34 * tone))
                parts.append(Part(points=middle + (whole - middle) * np.float32(0.80), tone=tone))
                eye = middle + (whole - middle) * np.float32(0.24)
                parts.append(Part(points=eye, tone=1.5 * tone))
        return [*parts, Part(points=_smooth(np.array(_THORAX, np.float32)), tone=0.3)]
    if kind in ("petals", "leaves"):
        outline = np.array(_PETAL if kind == "petals" else _LEAF, np.float32)
        outline[:, 1] *= 0.35 + 0.65 * pose
        whole = _smooth(outline)
        bend = np.float32(0.22 * (chance[0] - 0.5))
        whole[:, 1] += bend * whole[:, 0] ** 2 * 2
        upper = whole.copy()
        upper[:, 1] = np.maximum(upper[:, 1], bend * upper[:, 0] ** 2 * 2)
        return [Part(points=whole, tone=0.82), Part(points=upper, tone=1.14)]
    turn = np.sort(np.float32(2 * np.pi) * ((np.arange(5) + 0.8 * chance[:5]) / 5).astype(np.float32))
    far = (0.35 + 0.4 * chance[3:8]).astype(np.float32)
    outline = np.stack([far * np.cos(turn), far * np.sin(turn) * np.float32(0.4 + 0.6 * pose)], -1)
    inner = outline * np.float32(0.90) + np.array([0.03, 0.03], np.float32)
    return [Part(points=outline, tone=1.45), Part(points=inner, tone=1.0)]


def _winged(outline: tuple[tuple[float, float], ...], span: float, sweep: float) -> Floats:
    """A wing at a beat: its span foreshortened and swept back."""
    points = np.array(outline, np.float32)
    points[:, 0] -= np.float32(sweep) * points[:, 1]
    points[:, 1] *= np.float32(span)
    return _smooth(points)


def _smooth(points: Floats, steps: int = 4) -> Floats:
    """A closed Catmull-Rom curve through the points."""
    before, after, beyond = np.roll(points, 1, 0), np.roll(points, -1, 0), np.roll(points, -2, 0)
    t = (np.arange(steps, dtype=np.float32) / steps)[None, :, None]
    p, a, b, c = points[:, None], after[:, None], before[:, None], beyond[:, None]
    curve = 0.5 * (2 * p + (a - b) * t + (2 * b - 5 * p + 4 * a - c) * t**2 + (3 * p - b - 3 * a + c) * t**3)
    return curve.reshape(-1, 2).astype(np.float32)


def placed(points: Floats, at: Floats, size: float, turn: float) -> Floats:
    """A shape moved, enlarged and turned."""
    c, s = np.float32(size * np.cos(turn)), np.float32(size * np.sin(turn))
    return np.stack([at[0] + c * points[:, 0] - s * points[:, 1], at[1] + s * points[:, 0] + c * points[:, 1]], -1)


def cover_of(points: Floats, shape: tuple[int, int]) -> tuple[slice, slice, Floats] | None:
    """Where a polygon (px) covers the canvas: rows, columns and the cover 0..1; None outside it."""
    import cv2

    low, high = np.floor(points.min(0)).astype(int) - 1, np.ceil(points.max(0)).astype(int) + 2
    x0, y0, x1, y1 = max(int(low[0]), 0), max(int(low[1]), 0), min(int(high[0]), shape[1]), min(int(high[1]), shape[0])
    if x0 >= x1 or y0 >= y1:
        return None
    mask = np.zeros((y1 - y0, x1 - x0), np.uint8)
    local = np.round((points - np.array([x0, y0], np.float32)) * 16).astype(np.int32)
    cv2.fillPoly(mask, [local], 255, cv2.LINE_AA, 4)
    return slice(y0, y1), slice(x0, x1), mask.astype(np.float32) / np.float32(255)
