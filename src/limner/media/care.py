"""The care map: how carefully each place of a portrait is painted.

A painter draws eyes and mouth with care, nose, brows and hairline with less, and the background with
freedom.  The map is an ordinary array, 0..1, that an artist may edit.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from limner.core.features import Features
from limner.media.arrays import Floats
from limner.media.raster import blur, grey_of, resize, steepness

CARE: dict[str, float] = {
    "left_iris": 1.0, "right_iris": 1.0, "left_eye": 1.0, "right_eye": 1.0, "lips": 0.9,
    "left_brow": 0.75, "right_brow": 0.75, "nose": 0.62, "face": 0.42,
}  # fmt: skip
"""Care of each part of the face."""

REST = 0.14
"""Care of what is no face."""

_HAIR = 0.30  # care around the head, where hair and ears are
_SPREAD = {"left_eye": 0.30, "right_eye": 0.30, "lips": 0.16, "nose": 0.10, "left_brow": 0.10, "right_brow": 0.10}


def care_of(colour: Floats, features: Features | None) -> Floats:
    """The care map of a portrait.

    Args:
        colour: sRGB 0..1, float32 [h, w, 3].
        features: the face; None takes a prior for portraits (the middle of the picture, a little above
            its centre, and its edges).

    Returns:
        float32 [h, w] in 0..1.
    """
    if features is None:
        return _from_prior(colour)
    high, wide = colour.shape[:2]  # the map is smooth: half the size tells it
    small = _from_features((max(1, high // 2), max(1, wide // 2)), features)
    return np.clip(resize(small, (high, wide), "linear"), 0, 1)


def _from_features(shape: tuple[int, int], features: Features) -> Floats:
    import cv2

    side = max(shape)
    outlines = {name: points * side for name, points in features.outlines().items()}
    face = outlines["face"]
    span = float(np.ptp(face[:, 1]))
    care = np.full(shape, REST, np.float32)
    head = face.mean(0) + (face - face.mean(0)) * np.array([1.45, 1.5], np.float32)
    head[:, 1] -= 0.10 * span
    care = np.maximum(care, soft_polygon(shape, head, 0.16 * span) * np.float32(_HAIR))
    for name, value in CARE.items():
        points = outlines[name]
        width = float(np.ptp(points[:, 0]))
        grow = _SPREAD.get(name, 0.0) * width
        mask = soft_polygon(shape, points, max(2.0, 0.12 * width), grow)
        care = np.maximum(care, mask * np.float32(value))
    contour = np.zeros(shape, np.float32)
    cv2.polylines(contour, [np.round(face).astype(np.int32)], True, 1.0, max(1, round(0.04 * span)), cv2.LINE_AA)
    contour = blur(contour, 0.02 * span)
    care = np.maximum(care, np.float32(0.5) * contour)
    return np.clip(blur(care, 0.012 * span), 0, 1)


def _from_prior(colour: Floats) -> Floats:
    high, wide = colour.shape[:2]
    y, x = np.mgrid[0:high, 0:wide].astype(np.float32)
    middle = np.exp(-(((x / wide - 0.5) / 0.26) ** 2) - ((y / high - 0.5) / 0.32) ** 2).astype(np.float32)
    grey = grey_of(colour)
    edges = 8 * steepness(grey)
    edges = blur(edges, max(high, wide) / 60)
    edges = edges / (edges + np.float32(0.12))
    return np.clip(REST + middle * (np.float32(0.3) + np.float32(0.6) * edges), 0, 1).astype(np.float32)


def soft_polygon(shape: tuple[int, int], points: npt.NDArray[np.float32], soft: float, grow: float = 0.0) -> Floats:
    """A filled polygon, grown by `grow` px, whose edge falls from 1 to 0 over about `soft` px."""
    import cv2

    mask = np.zeros(shape, np.uint8)
    cv2.fillPoly(mask, [np.round(points * 16).astype(np.int32)], 255, cv2.LINE_AA, 4)
    if grow >= 1:
        reach = 2 * round(grow) + 1
        mask = cv2.dilate(mask, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach)))
    return blur(mask.astype(np.float32) / np.float32(255), max(0.5, soft / 2))
