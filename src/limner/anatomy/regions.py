"""Where the parts of a face lie: landmark indices, polygons and masks.

Landmark numbers are those of the 478-point face mesh used throughout the project: 468 surface
points, then five points for each iris (centre, right, top, left, bottom).  "Left" and "right" in
the names below are the viewer's, so `LEFT_EYE` is the eye on the left of the picture.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

FACE_OVAL = (
    10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377, 152,
    148, 176, 149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109,
)  # fmt: skip
LEFT_EYE = (33, 7, 163, 144, 145, 153, 154, 155, 133, 173, 157, 158, 159, 160, 161, 246)
RIGHT_EYE = (263, 249, 390, 373, 374, 380, 381, 382, 362, 398, 384, 385, 386, 387, 388, 466)
LEFT_BROW = (70, 63, 105, 66, 107, 55, 65, 52, 53, 46)
RIGHT_BROW = (300, 293, 334, 296, 336, 285, 295, 282, 283, 276)
LIPS = (
    61, 146, 91, 181, 84, 17, 314, 405, 321, 375, 291, 409, 270, 269, 267, 0, 37, 39, 40, 185,
)  # fmt: skip
INNER_LIPS = (
    78, 95, 88, 178, 87, 14, 317, 402, 318, 324, 308, 415, 310, 311, 312, 13, 82, 81, 80, 191,
)  # fmt: skip
NOSE = (168, 122, 174, 198, 49, 48, 219, 218, 237, 44, 1, 274, 457, 438, 439, 278, 279, 420, 399, 351)
LEFT_IRIS = (468, 469, 470, 471, 472)
RIGHT_IRIS = (473, 474, 475, 476, 477)
HAIRLINE = (21, 54, 103, 67, 109, 10, 338, 297, 332, 284, 251)

Mask = npt.NDArray[np.bool_]
Points = npt.NDArray[np.float32]


def fill(points: npt.ArrayLike, size: int) -> Mask:
    """Rasterise a closed polygon.

    Args:
        points: [n, 2] x, y in pixels.
        size: side of the square mask in pixels.

    Returns:
        bool [size, size], True inside and on the outline.
    """
    image = Image.new("1", (size, size))
    flat = [float(v) for v in np.asarray(points, np.float64).ravel()]
    ImageDraw.Draw(image).polygon(flat, fill=1, outline=1)
    return np.array(image, bool)


def scaled(points: Points, factor: float, centre: Points | None = None) -> Points:
    """Push a polygon outward (`factor` > 1) or inward from its centre (or from `centre`)."""
    c = points.mean(0) if centre is None else centre
    return (c + (points - c) * np.float32(factor)).astype(np.float32)


def skin(landmarks: Points, size: int) -> Mask:
    """Facial skin: the face oval drawn in a little, without eyes, brows and lips."""
    mask = fill(scaled(landmarks[list(FACE_OVAL)], 0.92), size)
    for part, grow in ((LEFT_EYE, 1.5), (RIGHT_EYE, 1.5), (LEFT_BROW, 1.3), (RIGHT_BROW, 1.3), (LIPS, 1.2)):
        mask &= ~fill(scaled(landmarks[list(part)], grow), size)
    return mask


def cheeks(landmarks: Points, size: int) -> Mask:
    """Skin between the eyes and the upper lip, where beards do not grow."""
    rows = np.arange(size)[:, None]
    top = landmarks[[145, 374], 1].mean()
    bottom = landmarks[[61, 291], 1].mean() * 0.45 + landmarks[1, 1] * 0.55
    return skin(landmarks, size) & (rows > top) & (rows < bottom)


def crown(landmarks: Points, size: int) -> Mask:
    """Where hair shows above the forehead: a band outside the upper face oval."""
    arc = landmarks[list(HAIRLINE)]
    centre = landmarks[[168, 6]].mean(0)
    ring = np.concatenate([scaled(arc, 1.18, centre), scaled(arc, 1.48, centre)[::-1]])
    return fill(ring, size)


def jaw(landmarks: Points, size: int) -> Mask:
    """Chin and jaw below the mouth, where a beard shows."""
    rows = np.arange(size)[:, None]
    lips = fill(scaled(landmarks[list(LIPS)], 1.15), size)
    return fill(landmarks[list(FACE_OVAL)], size) & ~lips & (rows > landmarks[[61, 291], 1].mean() + 2)


def iris(landmarks: Points, size: int) -> Mask:
    """Both irises, drawn in to stay clear of lids and lashes."""
    mask = np.zeros((size, size), bool)
    for ring, eye in ((LEFT_IRIS, LEFT_EYE), (RIGHT_IRIS, RIGHT_EYE)):
        inside = fill(landmarks[list(eye)], size)
        mask |= fill(scaled(landmarks[list(ring[1:])], 1.15), size) & inside
    return mask


@cache
def background(size: int) -> Mask:
    """The picture's upper corners and upper side strips, which training portraits leave empty."""
    mask = np.zeros((size, size), bool)
    corner, strip, depth = round(size * 0.14), round(size * 0.05), round(size * 0.42)
    mask[:corner, :corner] = mask[:corner, -corner:] = True
    mask[:depth, :strip] = mask[:depth, -strip:] = True
    mask.flags.writeable = False
    return mask
