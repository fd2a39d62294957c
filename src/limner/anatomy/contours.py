"""A second, closer look at an aligned portrait: the contours that dials and masks are read from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from limner.anatomy import regions
from limner.core.network import Network
from limner.core.picture import Picture, to_signal

Points = npt.NDArray[np.float32]

SIDE = 256
"""Side in px of the portraits that the network reads."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip:
    """A part of the training frame in which certain landmarks always lie."""

    left: int
    top: int
    right: int
    bottom: int
    """Edges in px."""
    reduce: int
    """The strip is averaged down by this factor."""
    points: tuple[int, ...]
    """Numbers of the landmarks that are read in it."""


STRIPS = (
    Strip(
        left=48, top=72, right=208, bottom=152, reduce=1,
        points=(
            *regions.LEFT_EYE, *regions.RIGHT_EYE, *regions.LEFT_IRIS, *regions.RIGHT_IRIS,
            *regions.LEFT_BROW, *regions.RIGHT_BROW,
        ),
    ),
    Strip(left=72, top=152, right=184, bottom=248, reduce=1, points=(*regions.LIPS, *regions.INNER_LIPS)),
    Strip(left=0, top=0, right=256, bottom=256, reduce=2, points=(*regions.FACE_OVAL, 1, 4, 6, 168)),
)  # fmt: skip
"""Eyes and brows, mouth, outline and nose."""

POINTS = tuple(point for strip in STRIPS for point in strip.points)
"""Landmarks that are read again, in the order of the network's output."""


def read_contours(network: Network, picture: Picture, landmarks: Points) -> Points:
    """Landmarks of an aligned portrait, with the contours read again.

    Args:
        network: portraits [n, 3, 256, 256] in -1..1 to [n, p, 2] in units of the side.
        picture: uint8 RGB [256, 256, 3] in the training frame.
        landmarks: [478, 2] in units of the side, as the landmark network finds them.
    """
    better = landmarks.copy()
    better[list(POINTS)] = network({"picture": to_signal(picture[None])})[0]
    return better
