"""Sizes, boxes and the similarity transform that brings a face into the training frame."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Points = npt.NDArray[np.float32]

LEFT_IRIS = (94.8 / 256, 129.1 / 256)
"""Where the viewer's left iris lies in the training frame, in units of the side."""
RIGHT_IRIS = (161.6 / 256, 129.0 / 256)
"""Where the viewer's right iris lies in the training frame."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in px: left, top, right, bottom; right and bottom are outside."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @classmethod
    def around(cls, points: Points) -> Box:
        """The smallest box that holds all points [n, 2]."""
        low, high = points.min(0), points.max(0)
        return cls(float(low[0]), float(low[1]), float(high[0]), float(high[1]))

    def square(self, factor: float) -> Box:
        """A square around the same centre, `factor` times the longer side."""
        half = max(self.width, self.height) * factor / 2
        x, y = (self.left + self.right) / 2, (self.top + self.bottom) / 2
        return Box(x - half, y - half, x + half, y + half)


@dataclass(frozen=True, slots=True)
class Similarity:
    """x' = scale * R(angle) x + shift: rotation, uniform scale and shift of the plane."""

    a: float
    """scale * cos(angle)"""
    b: float
    """scale * sin(angle)"""
    x: float
    y: float

    @classmethod
    def between(cls, source: tuple[Points, Points], target: tuple[Points, Points]) -> Similarity:
        """The transform that takes two points to two others (each [2])."""
        s = np.asarray(source[1], np.float64) - np.asarray(source[0], np.float64)
        t = np.asarray(target[1], np.float64) - np.asarray(target[0], np.float64)
        length = float(s @ s)
        if length == 0:
            raise ValueError("the two source points coincide")
        a = float(s @ t) / length
        b = float(s[0] * t[1] - s[1] * t[0]) / length
        x = float(target[0][0]) - (a * float(source[0][0]) - b * float(source[0][1]))
        y = float(target[0][1]) - (b * float(source[0][0]) + a * float(source[0][1]))
        return cls(a, b, x, y)

    @property
    def scale(self) -> float:
        """Length after over length before."""
        return float(np.hypot(self.a, self.b))

    def apply(self, points: npt.ArrayLike) -> Points:
        """Transform points [n, 2]."""
        p = np.asarray(points, np.float64)
        x = self.a * p[:, 0] - self.b * p[:, 1] + self.x
        y = self.b * p[:, 0] + self.a * p[:, 1] + self.y
        return np.stack([x, y], 1).astype(np.float32)

    def inverse(self) -> Similarity:
        """The transform back."""
        size = self.a**2 + self.b**2
        a, b = self.a / size, -self.b / size
        return Similarity(a, b, -(a * self.x - b * self.y), -(b * self.x + a * self.y))

    def coefficients(self) -> tuple[float, float, float, float, float, float]:
        """For Pillow's AFFINE transform, which maps output pixels to input pixels: use the inverse."""
        return (self.a, -self.b, self.x, self.b, self.a, self.y)
