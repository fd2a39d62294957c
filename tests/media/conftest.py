"""A sitter that needs no engine: a painted head with known features."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from limner.core.features import Features
from limner.media.guide import Guide
from limner.media.hands import Hands


def ring(x: float, y: float, rx: float, ry: float, n: int = 16) -> np.ndarray:
    """An ellipse as a polygon, in units of the side."""
    turn = np.linspace(0, 2 * np.pi, n, endpoint=False)
    return np.stack([x + rx * np.cos(turn), y + ry * np.sin(turn)], 1).astype(np.float32)


FEATURES = Features(
    face=ring(0.5, 0.52, 0.24, 0.33, 36),
    left_eye=ring(0.40, 0.47, 0.060, 0.028),
    right_eye=ring(0.60, 0.47, 0.060, 0.028),
    left_iris=ring(0.40, 0.47, 0.024, 0.024, 4),
    right_iris=ring(0.60, 0.47, 0.024, 0.024, 4),
    left_brow=ring(0.40, 0.40, 0.070, 0.014),
    right_brow=ring(0.60, 0.40, 0.070, 0.014),
    nose=ring(0.5, 0.55, 0.045, 0.085),
    lips=ring(0.5, 0.70, 0.085, 0.032),
    mouth=ring(0.5, 0.70, 0.080, 0.004),
)


def head(side: int = 256) -> np.ndarray:
    """A lit head before a dark ground, uint8 RGB [side, side, 3]."""
    y, x = np.mgrid[0:side, 0:side].astype(np.float32) / side
    picture = np.empty((side, side, 3), np.float32)
    picture[:] = (45, 60, 85)
    picture += 25 * (y - 0.5)[..., None]

    def fill(points: np.ndarray, colour: tuple[int, int, int]) -> None:
        cv2.fillPoly(picture, [np.round(points * side * 16).astype(np.int32)], colour, cv2.LINE_AA, 4)

    fill(ring(0.5, 0.46, 0.31, 0.40, 48), (70, 42, 26))
    fill(np.array([[0.15, 1.05], [0.25, 0.90], [0.75, 0.90], [0.85, 1.05]], np.float32), (110, 60, 50))
    fill(FEATURES.face, (214, 165, 135))
    light = 1 + 0.35 * (0.5 - x) - 0.15 * (y - 0.5)
    picture *= light[..., None]
    for eye, iris in (("left_eye", "left_iris"), ("right_eye", "right_iris")):
        fill(getattr(FEATURES, eye), (235, 230, 222))
        fill(ring(*getattr(FEATURES, iris).mean(0), 0.024, 0.024), (60, 90, 120))
        fill(ring(*getattr(FEATURES, iris).mean(0), 0.010, 0.010), (12, 10, 10))
    fill(FEATURES.left_brow, (60, 38, 25))
    fill(FEATURES.right_brow, (60, 38, 25))
    fill(FEATURES.lips, (170, 80, 80))
    fill(FEATURES.mouth, (80, 30, 35))
    return np.clip(cv2.GaussianBlur(picture, (0, 0), side / 250), 0, 255).astype(np.uint8)


@pytest.fixture(scope="session")
def sitter() -> np.ndarray:
    """uint8 RGB [256, 256, 3]."""
    return head()


@pytest.fixture(scope="session")
def features() -> Features:
    return FEATURES


@pytest.fixture(scope="session")
def guide(sitter: np.ndarray) -> Guide:
    return Guide.of(sitter, FEATURES)


@pytest.fixture
def hands() -> Hands:
    return Hands(threads=2)
