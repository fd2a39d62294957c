"""From landmarks to the outlines that media paint by."""

from __future__ import annotations

import numpy as np

from limner.anatomy.regions import (
    FACE_OVAL,
    INNER_LIPS,
    LEFT_BROW,
    LEFT_EYE,
    LEFT_IRIS,
    LIPS,
    NOSE,
    RIGHT_BROW,
    RIGHT_EYE,
    RIGHT_IRIS,
    Points,
)
from limner.core.features import Features

_PARTS = {
    "face": FACE_OVAL, "left_eye": LEFT_EYE, "right_eye": RIGHT_EYE, "left_iris": LEFT_IRIS[1:],
    "right_iris": RIGHT_IRIS[1:], "left_brow": LEFT_BROW, "right_brow": RIGHT_BROW, "nose": NOSE, "lips": LIPS,
    "mouth": INNER_LIPS,
}  # fmt: skip


def features_of(landmarks: Points) -> Features:
    """The outlines of a face.

    Args:
        landmarks: [478, 2] in units of the picture's longer side.
    """
    return Features(**{name: np.asarray(landmarks[list(index)], np.float32) for name, index in _PARTS.items()})
