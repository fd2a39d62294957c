"""The linear code of base pictures at run time (numpy)."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt

from limner.core.arrays import read_arrays
from limner.core.errors import WeightsError

Floats = npt.NDArray[np.float32]

SIDE = 64
"""Side of base pictures in px."""


class Basis:
    """Principal components of the training portraits at 64 px; see `limner.trainer.basis`."""

    def __init__(self, mean: Floats, axes: Floats, weights: Floats, scale: Floats) -> None:
        self.count = len(scale)
        """Number of coordinates."""
        self._mean = mean.astype(np.float32)
        # both directions as plain matrices: the weights and scales are folded in once
        self._decode = (axes * scale[:, None] / weights).astype(np.float32)
        self._encode = ((axes / scale[:, None]) * weights).T.astype(np.float32)

    @classmethod
    def read(cls, path: Path) -> Basis:
        """Load from `.npz`.

        Raises:
            WeightsError: damaged.
        """
        data = read_arrays(path)
        try:
            return cls(*(data[name].astype(np.float32) for name in ("mean", "axes", "weights", "scale")))
        except KeyError as exc:
            raise WeightsError(f"The basis {path} lacks {exc}.", "Reinstall Limner.") from exc

    def encode(self, bases: Floats) -> Floats:
        """Base pictures [n, 3, 64, 64] in -1..1 to coordinates [n, k]."""
        return np.asarray((bases.reshape(len(bases), -1) - self._mean) @ self._encode, np.float32)

    def decode(self, coordinates: Floats) -> Floats:
        """Coordinates [n, k] to base pictures [n, 3, 64, 64]; values may leave -1..1 a little."""
        # row by row: a matrix product may round differently with another number of rows, and the same
        # recipe must give the same bytes whatever stands beside it; and by einsum, which stays in its thread,
        # for BLAS would take the cores from the other portraits of a batch
        flat = np.stack([np.einsum("k,kd->d", row, self._decode) for row in coordinates])
        return np.asarray((flat + self._mean).reshape(-1, 3, SIDE, SIDE), np.float32)
