"""The enlarger: a small network of our own that doubles a picture's side.

The network (trained by `limner train enlarger`) writes what the Lanczos enlargement lacks.  It sees the picture
in tiles of one size that overlap by as far as it looks, each computed by one thread; so the result does not
depend on the tiles, nor on how many hands share them, and a large print needs little memory.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from limner.core.card import check_file, read_card
from limner.core.network import Network, open_network
from limner.media.arrays import Floats
from limner.media.hands import Hands
from limner.media.raster import resize

Levels = npt.NDArray[np.uint16]
"""sRGB in 65,535 steps [h, w, 3]: half the memory of floats."""

_MOST = np.float32(65_535)


class Enlarger:
    """Doubles pictures.

    Args:
        network: a tile in 0..1 [1, 3, tile, tile] and how worn it is [1] to what its Lanczos enlargement lacks.
        tile: side of the network's input in px.
        reach: how far a px of the result looks, in px of the input.
    """

    def __init__(self, network: Network, tile: int, reach: int) -> None:
        self._network, self._tile, self._reach = network, tile, reach

    @classmethod
    def open(cls, folder: Path) -> Enlarger:
        """Load from a weights folder.

        Raises:
            WeightsError: the weights are missing or damaged.
        """
        card = read_card(folder)
        path = check_file(folder, card, "enlarger.onnx")
        # one thread a tile: how a runtime shares one convolution among threads may change the last digit
        return cls(open_network(path, runtime="onnxruntime", threads=1), card.shape["tile"], card.shape["reach"])

    def doubled(self, picture: Levels, worn: float, hands: Hands) -> Levels:
        """A picture at twice the side.

        Args:
            picture: [h, w, 3].
            worn: how much grain, blotches and JPEG marks to expect and to clean away, 0..1.
            hands: share the tiles.

        Returns:
            [2h, 2w, 3].

        Raises:
            Cancelled: a stop was requested.
        """
        high, wide = picture.shape[:2]
        step = self._tile - 2 * self._reach
        across = -(-wide // step)
        out = np.empty((2 * high, 2 * wide, 3), np.uint16)

        def work(k: int) -> None:
            top, left = k // across * step, k % across * step
            tile = self._one(_window(picture, top - self._reach, left - self._reach, self._tile), worn)
            rows, columns = 2 * min(step, high - top), 2 * min(step, wide - left)
            out[2 * top : 2 * top + rows, 2 * left : 2 * left + columns] = tile[:rows, :columns]

        hands.each(work, across * -(-high // step))
        return out

    def _one(self, tile: Floats, worn: float) -> Levels:
        """A tile at twice the side, without its margin."""
        base = resize(tile, (2 * self._tile, 2 * self._tile), "lanczos")
        seen = np.ascontiguousarray(tile.transpose(2, 0, 1)[None])
        base += self._network({"picture": seen, "worn": np.full(1, worn, np.float32)})[0].transpose(1, 2, 0)
        margin = slice(2 * self._reach, -2 * self._reach)
        return levels(base[margin, margin])


def levels(picture: Floats) -> Levels:
    """sRGB 0..1 (clipped) as levels."""
    return np.rint(np.clip(picture, 0, 1) * _MOST).astype(np.uint16)


def floats(picture: Levels) -> Floats:
    """Levels as sRGB 0..1."""
    return np.multiply(picture, 1 / _MOST, dtype=np.float32)


def shipped_weights() -> Path:
    """The weights folder inside the package."""
    from importlib import resources

    return Path(str(resources.files("limner.media").joinpath("weights")))


@cache
def shipped_enlarger() -> Enlarger:
    """The enlarger of the package, opened once.

    Raises:
        WeightsError: its weights are missing or damaged.
    """
    return Enlarger.open(shipped_weights())


def _window(picture: Levels, top: int, left: int, side: int) -> Floats:
    """A square part of a picture in 0..1; beyond the picture its border goes on."""
    rows = np.clip(np.arange(top, top + side), 0, picture.shape[0] - 1)
    columns = np.clip(np.arange(left, left + side), 0, picture.shape[1] - 1)
    return floats(picture[rows[:, None], columns])
