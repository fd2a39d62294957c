"""Laying planes and drawing contours on a band of the canvas."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from limner.media.arrays import Floats
from limner.media.compositions.cubist_contours import Contour
from limner.media.compositions.cubist_planes import Plane, Points
from limner.media.fields import smoothstep

_DARK, _LIGHT = (9.0, 4.0, 6.0, 45.0), (80.0, 2.0, 12.0, 60.0)  # L, a, b, warmth of lines
_FINE = 4  # bits after the point of corners in px


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Laid:
    """A plane, and the colour to which what it shows is drawn."""

    plane: Plane
    mean: Floats
    """L, a, b, warmth; [4]."""


def prepared(planes: Sequence[Plane], broad: Floats, hair: Floats | None) -> list[Laid]:
    """Planes with their mean colours, found at the size of the broad tones, so that they are the same at every size.

    Args:
        planes: from back to front.
        broad: what they show, [h', w', 4].
        hair: the colour of the hair, [4].
    """
    made: list[Laid] = []
    for plane in planes:
        mean = broad.mean((0, 1))
        box = _box(plane.outline * max(broad.shape[:2]), (0, broad.shape[0]), broad.shape[1])
        if box is not None:
            weight = _mask(plane.outline, max(broad.shape[:2]), box).astype(np.float32)
            if weight.any():
                shown = _warped(broad, plane.view, box)
                mean = np.einsum("hw,hwc->c", weight, shown) / weight.sum()
        if hair is not None and plane.hairy > 0:
            mean = mean + plane.hairy * (hair - mean)
        made.append(Laid(plane=plane, mean=np.asarray(mean, np.float32)))
    return made


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pad:
    """Some rows of the canvas, painted in place."""

    canvas: Floats
    """L, a, b, warmth; [rows, w, 4]."""
    top: int
    """Its first row in the picture."""
    source: Floats
    """What planes show, [h, w, 4]."""
    unit: float
    """The distance between the eyes in units of the longer side."""

    @property
    def longer(self) -> int:
        """Longer side of the picture in px."""
        return max(self.source.shape[:2])

    def lay(self, laid: Laid, relief: float) -> None:
        """Lay one plane.

        Args:
            laid: the plane.
            relief: times that light changes across it.
        """
        plane = laid.plane
        at = plane.outline * self.longer
        box = self._here(at)
        if box is None:
            return
        top, bottom, left, right = box
        alpha = _mask(plane.outline, self.longer, box).astype(np.float32)
        if not alpha.any():
            return
        ways = at @ np.array(plane.light)
        first, span = float(ways.min()), max(float(np.ptp(ways)), 1e-6)
        x = (np.arange(left, right) + 0.5) * plane.light[0] - first
        y = (np.arange(top, bottom) + 0.5) * plane.light[1]
        t = np.add.outer((y / span).astype(np.float32), (x / span).astype(np.float32))
        np.clip(t, 0, 1, out=t)
        alpha *= np.float32(plane.cover / 255)
        if plane.lost > 0:
            alpha *= 1 - np.float32(plane.lost) * smoothstep(0.25, 1.0, t)
        colour = np.float32(plane.flat) * laid.mean
        colour[0] += np.float32(relief * plane.near)
        colour[3] += np.float32(35 * plane.warmth)
        shown = _warped(self.source, plane.view, box)
        if plane.flat > 0:
            shown *= np.float32(1 - plane.flat)
        shown += colour
        t *= np.float32(relief * (plane.far - plane.near))
        shown[..., 0] += t
        part = self.canvas[top - self.top : bottom - self.top, left:right]
        shown -= part
        shown *= alpha[..., None]
        part += shown

    def draw(self, lines: Sequence[Contour], strength: float) -> None:
        """Draw contours.

        Args:
            lines: from first to last.
            strength: 0..1.
        """
        for line in lines if strength > 0 else ():
            ring = _ring(line, self.unit)
            box = self._here(ring * self.longer)
            if box is None:
                continue
            mask = _mask(ring, self.longer, box)
            if line.within is not None:
                mask = np.minimum(mask, _mask(line.within, self.longer, box))
            top, bottom, left, right = box
            alpha = mask.astype(np.float32) * np.float32(strength**0.5 * line.strength / 255)
            part = self.canvas[top - self.top : bottom - self.top, left:right]
            part += alpha[..., None] * (np.array(_LIGHT if line.light else _DARK, np.float32) - part)

    def _here(self, at: Points) -> tuple[int, int, int, int] | None:
        return _box(at, (self.top, self.top + self.canvas.shape[0]), self.canvas.shape[1])


def _box(at: Points, rows: tuple[int, int], wide: int) -> tuple[int, int, int, int] | None:
    """Top, bottom, left and right of the px that an outline can touch among some rows; None if there are none."""
    left, top = np.floor(at.min(0)) - 1
    right, bottom = np.ceil(at.max(0)) + 2
    top, bottom = int(np.clip(top, *rows)), int(np.clip(bottom, *rows))
    left, right = int(np.clip(left, 0, wide)), int(np.clip(right, 0, wide))
    return (top, bottom, left, right) if bottom > top and right > left else None


def _mask(outline: Points, longer: int, box: tuple[int, int, int, int]) -> npt.NDArray[np.uint8]:
    """A filled outline with smooth edges, 0..255."""
    import cv2

    top, bottom, left, right = box
    mask = np.zeros((bottom - top, right - left), np.uint8)
    corners = np.round((outline * longer - (left, top) - 0.5) * 2**_FINE).astype(np.int32)
    cv2.fillPoly(mask, [corners], 255, cv2.LINE_AA, _FINE)
    return mask


def _warped(source: Floats, view: Points, box: tuple[int, int, int, int]) -> Floats:
    """What is seen in a box from a viewpoint, mirrored beyond the picture's borders."""
    import cv2

    top, bottom, left, right = box
    turn = view[:, :2]
    offset = view[:, 2] * max(source.shape[:2]) + turn @ np.array([left + 0.5, top + 0.5]) - 0.5  # px centres
    move = np.concatenate([turn, offset[:, None]], 1)
    size = (right - left, bottom - top)
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return np.asarray(cv2.warpAffine(source, move, size, flags=flags, borderMode=cv2.BORDER_REFLECT), np.float32)


def _ring(line: Contour, unit: float) -> Points:
    """The outline of a stroke that is thin at its ends; [n, 2] in units of the longer side."""
    points = _rounded(line.points)
    step = np.gradient(points, axis=0)
    long = np.maximum(np.hypot(step[:, 0], step[:, 1]), 1e-9)
    normal = np.stack([-step[:, 1], step[:, 0]], 1) / long[:, None]
    along = np.linspace(0, 1, len(points))
    half = 0.5 * line.width * unit * (0.15 + 0.85 * np.clip(np.sin(np.pi * along), 0, 1) ** 0.6)
    return np.concatenate([points + half[:, None] * normal, (points - half[:, None] * normal)[::-1]])


def _rounded(points: Points) -> Points:
    """A rounded line through places (Catmull and Rom, 1974)."""
    padded = np.concatenate([[2 * points[0] - points[1]], points, [2 * points[-1] - points[-2]]])
    a, b, c, d = padded[:-3, None], padded[1:-2, None], padded[2:-1, None], padded[3:, None]
    t = np.linspace(0, 1, 8, endpoint=False)[None, :, None]
    bent = 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)
    return np.concatenate([bent.reshape(-1, 2), points[-1:]])
