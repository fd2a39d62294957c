"""The basis: principal components of the aligned portraits at 64 px.

The portraits are aligned, so a linear code is nearly enough: 384 coordinates keep about 95 % of the
variance.  Pixels of the face count more than pixels of the background (`weights`), so that the
coordinates are spent where people look; a further 64 coordinates hold what the first leave out of
eyes and mouth, where a pixel more or less is a glance or a smile.  Encoding and decoding are one
matrix product each.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from limner.trainer.loop import write_arrays

SIDE = 64  # px of the base picture


@dataclass(frozen=True, slots=True, kw_only=True)
class BasisOptions:
    """Options of a basis fit."""

    coordinates: int = 384
    features: int = 64
    """Further coordinates for eyes and mouth."""
    face_weight: float = 1.6
    """Weight of the face's middle against the background's 1."""
    power: float = 0.75
    """0 leaves the coordinates unscaled, 1 whitens them; between the two neither noise nor detail
    dominates the flow's loss."""
    seed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """A fitted linear code of base pictures (float32, -1..1, flattened as channel, row, column)."""

    mean: Tensor
    """[3*64*64]"""
    axes: Tensor
    """[k, 3*64*64], orthonormal after multiplication with the weights."""
    weights: Tensor
    """[3*64*64] > 0"""
    scale: Tensor
    """[k]: coordinates are divided by this."""

    def encode(self, base: Tensor) -> Tensor:
        """[n, 3, 64, 64] to coordinates [n, k]."""
        flat = (base.flatten(1) - self.mean) * self.weights
        return flat @ self.axes.T / self.scale

    def decode(self, coordinates: Tensor) -> Tensor:
        """Coordinates [n, k] to [n, 3, 64, 64]; values may leave -1..1 a little."""
        flat = (coordinates * self.scale) @ self.axes / self.weights + self.mean
        return flat.view(-1, 3, SIDE, SIDE)

    def to(self, device: torch.device) -> Basis:
        """The same basis on another device."""
        return Basis(
            mean=self.mean.to(device),
            axes=self.axes.to(device),
            weights=self.weights.to(device),
            scale=self.scale.to(device),
        )

    def save(self, path: Path) -> None:
        """Write as `.npz`."""
        arrays = {name: getattr(self, name).cpu().numpy() for name in ("mean", "axes", "weights", "scale")}
        write_arrays(path, arrays)

    @classmethod
    def read(cls, path: Path) -> Basis:
        """Read what `save` wrote."""
        with np.load(path) as data:
            return cls(**{name: torch.from_numpy(data[name].astype(np.float32)) for name in data.files})


def pixel_weights(face_weight: float) -> npt.NDArray[np.float32]:
    """A soft hill over the face of the training frame, [3*64*64], mean square 1."""
    rows, cols = np.mgrid[0:SIDE, 0:SIDE] + 0.5
    hill = np.exp(-0.5 * (((cols - 32) / 13) ** 2 + ((rows - 38) / 15) ** 2))
    weights = 1 + (face_weight - 1) * hill
    weights /= np.sqrt((weights**2).mean())
    return np.repeat(weights[None], 3, 0).reshape(-1).astype(np.float32)


def fit_basis(pictures: Tensor, options: BasisOptions) -> Basis:
    """Fit a basis.

    Args:
        pictures: uint8 [n, 3, 64, 64]; their mirror images are added.

    Returns:
        A basis whose scaled coordinates have unit overall variance.
    """
    torch.manual_seed(options.seed)
    both = torch.cat([pictures, pictures.flip(3)]).flatten(1).float() / 127.5 - 1
    weights = torch.from_numpy(pixel_weights(options.face_weight))
    mean = both.mean(0)
    centred = (both - mean) * weights
    count = min(options.coordinates, len(pictures) - 1)
    _, _, v = torch.svd_lowrank(centred, q=min(2 * count + 100, len(centred)), niter=3)
    axes = v[:, :count].T.contiguous()
    deviation = (centred @ axes.T).std(0)
    if options.features:
        axes = torch.cat([axes, _feature_axes(centred, axes, min(options.features, count))])
        deviation = (centred @ axes.T).std(0)
    scale = torch.clamp(deviation, min=0.02 * float(deviation[0])) ** options.power
    scale = scale * torch.sqrt(((deviation / scale) ** 2).mean())
    return Basis(mean=mean, axes=axes, weights=weights, scale=scale)


def _feature_axes(centred: Tensor, axes: Tensor, count: int) -> Tensor:
    """Axes [count, p] for what `axes` leave out of eyes and mouth, orthonormal to them and to each other."""
    rest = centred - (centred @ axes.T) @ axes
    _, _, v = torch.svd_lowrank(rest * torch.from_numpy(_features()), q=min(2 * count + 20, len(rest)), niter=3)
    fresh = v[:, :count].T
    fresh = fresh - (fresh @ axes.T) @ axes
    q, _ = torch.linalg.qr(fresh.T)
    return q.T.contiguous()


def _features() -> npt.NDArray[np.float32]:
    """A soft mask of eyes and mouth in the training frame, [3*64*64]."""
    rows, cols = np.mgrid[0:SIDE, 0:SIDE] + 0.5
    mask = np.zeros((SIDE, SIDE))
    for x, y, wide, high in ((23.7, 31.6, 5.5, 4.0), (40.4, 31.6, 5.5, 4.0), (32.0, 48.0, 8.0, 4.5)):
        mask = np.maximum(mask, np.exp(-0.5 * (((cols - x) / wide) ** 2 + ((rows - y) / high) ** 2)))
    return np.repeat(mask[None], 3, 0).reshape(-1).astype(np.float32)
