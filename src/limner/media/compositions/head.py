"""The form of a head, made from the outlines of the face: skull, brows, sockets, nose, lips, chin and lids.

What is known of heads is laid in a face's own measure, the distance of the eyes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from limner.core.features import Features
from limner.media.arrays import Floats
from limner.media.care import soft_polygon
from limner.media.fields import smoothstep
from limner.media.raster import blur


@dataclass(frozen=True, slots=True, kw_only=True)
class _Frame:
    """A face's own measure: places in units of half the distance of the eyes, upright."""

    x: Floats
    y: Floats
    unit: float
    """Half the distance of the eyes in units of the longer side."""
    centre: Floats
    across: Floats
    """Unit vector from the left eye to the right one."""

    def to(self, points: Floats) -> Floats:
        """Points [n, 2] of the picture in the frame."""
        rel = (points - self.centre) / self.unit
        down = np.array([-self.across[1], self.across[0]], np.float32)
        return np.stack([rel @ self.across, rel @ down], -1).astype(np.float32)


def _smooth_max(a: Floats, b: Floats, soft: float) -> Floats:
    """The larger of two heights, with a fillet where they meet."""
    share = np.clip(0.5 + 0.5 * (a - b) / np.float32(soft), 0, 1)
    return b + (a - b) * share + np.float32(soft) * share * (1 - share)


def head_of(shape: tuple[int, int], features: Features, mask: Floats, body: Floats) -> Floats:
    """The head before the body, in units of the longer side."""
    longer = max(shape)
    left, right = features.left_eye.mean(0), features.right_eye.mean(0)
    span = float(np.linalg.norm(right - left))
    unit = max(span / 2, 1e-3)
    across = (right - left) / max(span, 1e-6) if span > 1e-6 else np.array([1, 0], np.float32)
    centre = (left + right) / 2
    py, px = np.mgrid[0 : shape[0], 0 : shape[1]].astype(np.float32)
    px, py = (px + 0.5) / longer - centre[0], (py + 0.5) / longer - centre[1]
    x = (px * across[0] + py * across[1]) / np.float32(unit)
    y = (-px * across[1] + py * across[0]) / np.float32(unit)
    frame = _Frame(x=x, y=y, unit=unit, centre=centre.astype(np.float32), across=across.astype(np.float32))
    face, skull = _domes(frame, features, mask)
    form = _smooth_max(face, skull, 0.30)
    form = _smooth_max(form, body / np.float32(unit), 0.16) * smoothstep(0.1, 0.6, mask)
    form += _brows_and_sockets(frame, features)
    form += _nose(frame, features)
    form += _mouth(frame, features, shape)
    form += _eyes(features, shape)
    return (form * np.float32(unit)).astype(np.float32)


def _domes(frame: _Frame, features: Features, mask: Floats) -> tuple[Floats, Floats]:
    """The face, rounded towards its outline, and behind it the skull with its hair, out to the silhouette."""
    face = frame.to(features.face)
    mouth = frame.to(features.mouth).mean(0)
    middle = np.array([0.5 * (face[:, 0].min() + face[:, 0].max()), 0.45 * mouth[1]], np.float32)
    rel = face - middle
    angle = np.arctan2(rel[:, 1], rel[:, 0])
    reach = np.hypot(rel[:, 0], rel[:, 1])
    order = np.argsort(angle)
    grid = np.linspace(-np.pi, np.pi, 361)
    radius = np.interp(grid, angle[order], reach[order], period=2 * np.pi)
    up = np.clip(-np.sin(grid), 0, 1)
    outer = _silhouette(frame, mask, middle, grid, radius)
    outer = np.where(np.sin(grid) > 0.25, np.minimum(outer, 1.12 * radius), outer)
    dx, dy = frame.x - middle[0], frame.y - middle[1]
    turn, far = np.arctan2(dy, dx), np.hypot(dx, dy)
    breadth = float(np.ptp(face[:, 0])) / 2
    depth = 0.85 * breadth + 0.15 * float(face[:, 1].max()) / 2

    def dome(ring: Floats, power: float) -> Floats:
        at = (turn + np.pi) * (360 / (2 * np.pi))
        low = np.clip(at.astype(np.int32), 0, 359)
        around = ring[low] + (ring[low + 1] - ring[low]) * (at - low)
        r = np.clip(far / np.maximum(around, 1e-3), 0, 1)
        return np.sqrt(np.clip(1 - r**power, 0, 1)).astype(np.float32)

    near = dome(_even(radius * (1.05 + 0.16 * up**1.2), 8), 2.5)
    back = dome(_even(outer, 9), 2.4)
    return np.float32(depth) * near, np.float32(0.80 * depth) * back


def _silhouette(frame: _Frame, mask: Floats, middle: Floats, grid: Floats, radius: Floats) -> Floats:
    """How far the figure reaches from a place in the face at each angle, at most 1.9 times the face."""
    from limner.media.raster import sample

    shares = np.linspace(1.0, 1.9, 46)
    far = radius[:, None] * shares[None]
    fx, fy = middle[0] + far * np.cos(grid)[:, None], middle[1] + far * np.sin(grid)[:, None]
    px = frame.centre[0] + frame.unit * (fx * frame.across[0] - fy * frame.across[1])
    py = frame.centre[1] + frame.unit * (fx * frame.across[1] + fy * frame.across[0])
    longer = max(mask.shape)
    high, wide = mask.shape
    x = np.clip(px * longer - 0.5, 0, wide - 1).astype(np.float32)
    y = np.clip(py * longer - 0.5, 0, high - 1).astype(np.float32)
    inside = np.logical_and.accumulate(sample(mask, x, y) > 0.4, 1)
    return radius * shares[np.maximum(inside.sum(1) - 1, 0)]


def _even(ring: Floats, degrees: float) -> Floats:
    """A closed ring of 361 values without its small unrest."""
    kernel = np.exp(-0.5 * (np.arange(-30, 31) / degrees) ** 2)
    long = np.concatenate([ring[-31:-1], ring, ring[1:31]])
    return np.asarray(np.convolve(long, kernel / kernel.sum(), "valid"), np.float32)


def _bump(frame: _Frame, at: Floats, wide: float, high: float) -> Floats:
    return np.asarray(np.exp(-0.5 * (((frame.x - at[0]) / wide) ** 2 + ((frame.y - at[1]) / high) ** 2)), np.float32)


def _brows_and_sockets(frame: _Frame, features: Features) -> Floats:
    total = np.zeros_like(frame.x)
    mouth = frame.to(features.mouth).mean(0)
    chin = float(frame.to(features.face)[:, 1].max())
    for side, eye, brow in ((-1, features.left_eye, features.left_brow), (1, features.right_eye, features.right_brow)):
        socket, arch = frame.to(eye).mean(0), frame.to(brow)
        inner = socket - np.array([side * 0.42, 0.08], np.float32)
        total -= 0.16 * _bump(frame, socket + np.array([0, -0.08], np.float32), 0.42, 0.26)
        total -= 0.15 * _bump(frame, inner, 0.16, 0.26)
        for share in (0.15, 0.5, 0.85):  # the ridge under the brow
            inside, outside = arch[np.argmin(np.abs(arch[:, 0]))], arch[np.argmax(np.abs(arch[:, 0]))]
            place = inside + (outside - inside) * share
            middle = arch.mean(0)
            place = np.array([place[0], middle[1] + 0.06 + (0.10 * (share - 0.4)) ** 2], np.float32)
            total += 0.085 * _bump(frame, place, 0.24, 0.15)
        cheek = np.array([socket[0] + side * 0.12, socket[1] + 0.52 * (mouth[1] - socket[1])], np.float32)
        total += 0.13 * _bump(frame, cheek, 0.42, 0.34)
        hollow = np.array([mouth[0] + side * 0.92, mouth[1] - 0.05], np.float32)
        total -= 0.10 * _bump(frame, hollow, 0.26, 0.42)
        corner = np.array([mouth[0] + side * 0.62, mouth[1] + 0.02], np.float32)
        total -= 0.05 * _bump(frame, corner, 0.13, 0.13)
        fold = np.array([mouth[0] + side * 0.62, mouth[1] - 0.36], np.float32)
        total -= 0.035 * _bump(frame, fold, 0.12, 0.22)
    total += 0.17 * _bump(frame, np.array([mouth[0], chin - 0.26], np.float32), 0.36, 0.24)
    total -= 0.09 * _bump(frame, np.array([mouth[0], mouth[1] + 0.42 * (chin - mouth[1])], np.float32), 0.34, 0.10)
    return total


def _nose(frame: _Frame, features: Features) -> Floats:
    """A ridge from between the eyes to the tip, wings beside it, and an edge below."""
    nose = frame.to(features.nose)
    top = nose[nose[:, 1].argmin()]
    base = float(nose[:, 1].max())
    low = nose[nose[:, 1] >= base - 0.35 * (base - top[1])]
    wings = (float(low[:, 0].min()), float(low[:, 0].max()))
    tip = np.array([(wings[0] + wings[1]) / 2, base - 0.20 * (base - top[1])], np.float32)
    long = max(float(tip[1] - top[1]), 0.2)
    t = np.clip((frame.y - top[1]) / long, -1, 2)
    axis = top[0] + (tip[0] - top[0]) * np.clip(t, 0, 1)
    half = max((wings[1] - wings[0]) / 2, 0.15)
    width = half * (0.42 + 0.20 * np.clip(t, 0, 1) ** 2)
    profile = 0.16 + 0.50 * np.clip(t, 0, 1) ** 1.15
    start = smoothstep(-0.55, 0.25, t)
    below = (frame.y - tip[1]) / max(base - tip[1], 0.08)
    end = 1 - smoothstep(0.25, 1.45, below)
    across = np.exp(-0.5 * (np.abs(frame.x - axis) / width) ** 2.2)
    ridge = profile * start * end * across
    ball = 0.13 * _bump(frame, tip, 0.46 * half, 0.42 * half)
    total = ridge + ball
    for side, edge in ((-1, wings[0]), (1, wings[1])):
        place = np.array([edge - side * 0.34 * half, base - 0.30 * half], np.float32)
        total = total + 0.22 * _bump(frame, place, 0.34 * half, 0.36 * half)
        crease = np.array([edge + side * 0.22 * half, base - 0.42 * half], np.float32)
        total = total - 0.06 * _bump(frame, crease, 0.16 * half, 0.4 * half)
        nostril = np.array([tip[0] + side * 0.46 * half, base - 0.02 * half], np.float32)
        total = total - 0.13 * _bump(frame, nostril, 0.2 * half, 0.11 * half)
    return total.astype(np.float32)


def _mouth(frame: _Frame, features: Features, shape: tuple[int, int]) -> Floats:
    """Two lips, a crease between them, the groove above, and the swell of the teeth below both."""
    longer = max(shape)
    lips, mouth = frame.to(features.lips), frame.to(features.mouth)
    centre = lips.mean(0)
    half = max(float(np.ptp(lips[:, 0])) / 2, 0.2)
    total = 0.14 * _bump(frame, centre, 0.85 * half, 0.42)
    scaled = features.lips * longer
    soft = max(0.10 * float(np.ptp(scaled[:, 0])), 1.0)
    inside = soft_polygon(shape, scaled, soft)
    line_y = np.interp(frame.x, *_line(mouth))
    upper = inside * smoothstep(-0.02, 0.03, line_y - frame.y)
    lower = inside * smoothstep(-0.02, 0.03, frame.y - line_y)
    total = total + 0.12 * blur(upper, soft / 3) + 0.17 * blur(lower, soft / 3)
    crease = np.exp(-0.5 * ((frame.y - line_y) / 0.035) ** 2) * np.clip(1.25 - np.abs(frame.x - centre[0]) / half, 0, 1)
    open_ = soft_polygon(shape, features.mouth * longer, max(0.03 * float(np.ptp(scaled[:, 0])), 1.0))
    total = total - 0.085 * crease - 0.16 * open_
    nose = float(frame.to(features.nose)[:, 1].max())
    groove = np.array([centre[0], 0.5 * (nose + float(lips[:, 1].min()))], np.float32)
    return (total - 0.045 * _bump(frame, groove, 0.09, 0.16)).astype(np.float32)


def _line(outline: Floats) -> tuple[Floats, Floats]:
    """The middle line of a flat outline, for interpolation: x ascending, and y."""
    order = np.argsort(outline[:, 0])
    x, y = outline[order, 0], outline[order, 1]
    grid = np.linspace(float(x[0]), float(x[-1]), 7)
    reach = max(float(x[-1] - x[0]) / 8, 1e-3)
    weights = np.exp(-0.5 * ((grid[:, None] - x[None]) / reach) ** 2)
    return grid, (weights * y).sum(1) / weights.sum(1)


def _eyes(features: Features, shape: tuple[int, int]) -> Floats:
    """Balls between lids that have an edge."""
    longer = max(shape)
    total = np.zeros(shape, np.float32)
    for name in ("left_eye", "right_eye"):
        points = features.outlines()[name] * longer
        wide = max(float(np.ptp(points[:, 0])), 1.0)
        inside = soft_polygon(shape, points, 0.12 * wide)
        lids = soft_polygon(shape, points, 0.16 * wide, 0.13 * wide)
        middle = points.mean(0)
        y, x = np.mgrid[0 : shape[0], 0 : shape[1]].astype(np.float32)
        ball = np.exp(-0.5 * (((x - middle[0]) / (0.46 * wide)) ** 2 + ((y - middle[1]) / (0.36 * wide)) ** 2))
        fold = np.exp(
            -0.5 * (((x - middle[0]) / (0.44 * wide)) ** 2 + ((y - middle[1] + 0.42 * wide) / (0.06 * wide)) ** 2)
        )
        total += 0.12 * ball + 0.075 * lids - 0.085 * inside - 0.045 * fold
    return total
