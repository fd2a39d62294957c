"""Finding a face and bringing it into the training frame.

The training frame puts the irises at fixed places of a 256 px square (`limner.core.geometry`).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image

from limner.anatomy.contours import SIDE as FRAME_SIDE
from limner.anatomy.contours import read_contours
from limner.core.card import read_card
from limner.core.errors import PictureError
from limner.core.geometry import LEFT_IRIS, RIGHT_IRIS, Box, Similarity
from limner.core.network import Network, open_networks
from limner.core.picture import Picture, box_resize

Points = npt.NDArray[np.float32]

CROP = 128
"""Side of the network's input in px."""

_FRAME = Box(0.04, 0.10, 0.96, 1.02)  # the face of an aligned portrait, in units of its side
_CERTAIN = 0.6  # least probability of a face


@dataclass(frozen=True, slots=True, kw_only=True)
class Face:
    """A face in a picture."""

    landmarks: Points
    """[478, 2] x, y in px of the picture."""
    certainty: float
    """Probability that this is a face, 0..1."""

    def to_frame(self, side: int = 256) -> Similarity:
        """The transform from the picture to the training frame of `side` px."""
        target = (np.array(LEFT_IRIS, np.float32) * side, np.array(RIGHT_IRIS, np.float32) * side)
        return Similarity.between((self.landmarks[468], self.landmarks[473]), target)


class FaceFinder:
    """Finds landmarks with the landmark network.

    Args:
        network: crops [n, 3, 128, 128] in -1..1 to [n, 957]: points, then a logit.
        contours: the contour network, see `limner.anatomy.contours`.
    """

    def __init__(self, network: Network, contours: Network) -> None:
        self._network = network
        self._contours = contours

    @staticmethod
    def weights(folder: Path) -> str:
        """Hash of the two networks of a weights folder, as their card has it."""
        files = read_card(folder).files
        return hashlib.sha256(f"{files['landmarks.onnx']} {files['contours.onnx']}".encode()).hexdigest()

    @classmethod
    def open(cls, folder: Path, *, runtime: str, threads: int) -> FaceFinder:
        """Load from a weights folder."""
        networks = open_networks(folder, ("landmarks", "contours"), runtime=runtime, threads=threads)
        return cls(networks["landmarks"], networks["contours"])

    def in_portrait(self, picture: Picture) -> Points:
        """Landmarks of an aligned portrait, [478, 2] in units of its side."""
        side = picture.shape[0]
        box = Box(*(v * side for v in (_FRAME.left, _FRAME.top, _FRAME.right, _FRAME.bottom)))
        points, _ = self._look(picture, _placed(box, 0.0))
        return read_contours(self._contours, box_resize(picture, FRAME_SIDE), points / np.float32(side))

    def find(self, picture: Picture) -> Face:
        """The most certain face of any picture.

        Crops of several sizes are searched; the best is looked at again, upright and filling the crop,
        until the landmarks rest.

        Raises:
            PictureError: no face is found.
        """
        best: tuple[float, Points] | None = None
        for box in _windows(picture.shape[1], picture.shape[0]):
            points, certainty = self._look(picture, _placed(box, 0.0))
            if best is None or certainty > best[0]:
                best = (certainty, points)
        assert best is not None
        certainty, points = best
        for _ in range(3):
            points, certainty = self._look(picture, _around(points))
        inside = (points[[33, 263, 1]] >= 0).all() and (points[[33, 263, 1]] < picture.shape[1::-1]).all()
        if certainty < _CERTAIN or not inside:
            raise PictureError("No face was found in the picture.", "Use a picture with one face, seen from the front.")
        return Face(landmarks=self._closer(picture, points), certainty=certainty)

    def align(self, picture: Picture, side: int = 256) -> tuple[Picture, Face]:
        """Bring the face of a picture into the training frame, uint8 RGB [side, side, 3]."""
        face = self.find(picture)
        return cut(picture, face.to_frame(side), side), face

    def _closer(self, picture: Picture, points: Points) -> Points:
        """Landmarks in px of the picture, with the contours read again in the training frame."""
        place = Face(landmarks=points, certainty=1).to_frame(FRAME_SIDE)
        inside = place.apply(points) / np.float32(FRAME_SIDE)
        closer = read_contours(self._contours, cut(picture, place, FRAME_SIDE), inside)
        return place.inverse().apply(closer * np.float32(FRAME_SIDE))

    def _look(self, picture: Picture, place: Similarity) -> tuple[Points, float]:
        """Landmarks in px of the picture, seen through the crop that `place` maps to 0..128."""
        crop = cut(picture, place, CROP).astype(np.float32).transpose(2, 0, 1)[None] / np.float32(127.5) - 1
        out = self._network({"crop": np.ascontiguousarray(crop)})[0]
        points = place.inverse().apply(out[:-1].reshape(-1, 2) * CROP)
        return points, float(1 / (1 + np.exp(-out[-1])))


def cut(picture: Picture, place: Similarity, side: int) -> Picture:
    """Resample a picture through a transform to its `side` x `side` target; what lies outside is mirrored."""
    shrink = int(1 / place.scale) if place.scale < 0.5 else 1
    image = Image.fromarray(picture)
    if shrink > 1:  # average first, so that nothing aliases
        image = image.reduce(shrink)
        place = Similarity(place.a * shrink, place.b * shrink, place.x, place.y)
    pad = round(max(image.size) * 0.5)
    array = np.asarray(image)
    room = ((pad, pad), (pad, pad), (0, 0))
    padded = np.pad(array, room, mode="symmetric" if min(array.shape[:2]) > pad else "edge")
    back = place.inverse()
    a, b, x, d, e, y = back.coefficients()
    # Pillow maps output pixel centres; both grids count from pixel corners
    coefficients = (a, b, x + pad, d, e, y + pad)
    out = Image.fromarray(padded).transform(
        (side, side), Image.Transform.AFFINE, coefficients, Image.Resampling.BICUBIC
    )
    return np.asarray(out)


def _placed(box: Box, angle: float) -> Similarity:
    """The transform that takes a square box to the crop."""
    scale = CROP / max(box.width, 1e-3)
    a, b = scale * np.cos(angle), scale * np.sin(angle)
    return Similarity(float(a), float(b), float(-(a * box.left - b * box.top)), float(-(b * box.left + a * box.top)))


def _around(points: Points) -> Similarity:
    """The transform that shows a face upright and filling the crop as in the training frame."""
    left, right = points[468], points[473]
    if float(np.hypot(*(right - left))) < 1e-3:
        return _placed(Box.around(points).square(1.3), 0.0)
    size = CROP / _FRAME.width
    shift = np.array([_FRAME.left, _FRAME.top], np.float32)
    target = tuple((np.array(p, np.float32) - shift) * np.float32(size) for p in (LEFT_IRIS, RIGHT_IRIS))
    return Similarity.between((left, right), (target[0], target[1]))


def _windows(width: int, height: int) -> list[Box]:
    """Square windows at which a face is looked for: the whole picture, then smaller ones."""
    short, long = min(width, height), max(width, height)
    boxes = [Box((width - long) / 2, (height - long) / 2, (width + long) / 2, (height + long) / 2)]
    for share in (1.0, 0.6, 0.36):
        side = short * share
        across = max(1, round((width - side) / (side * 0.4)) + 1)
        down = max(1, round((height - side) / (side * 0.4)) + 1)
        for x in np.linspace(0, width - side, across):
            boxes += [
                Box(float(x), float(y), float(x + side), float(y + side)) for y in np.linspace(0, height - side, down)
            ]
    return boxes
