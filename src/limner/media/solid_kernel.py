"""The loop of noise in space; see `limner.media.compositions.solid`."""

from __future__ import annotations

import numpy as np

from limner.media.arrays import Floats
from limner.media.kernels import kernel

PERIOD = 32
"""Cells after which the lattice repeats."""


@kernel("void(float32[::1], float32[::1], float32[::1], float32[::1], float32, float32, float32[::1])")
def add_noise(
    lattice: Floats, x: Floats, y: Floats, z: Floats, cells: np.float32, weight: np.float32, total: Floats
) -> None:
    """Add `weight` times smooth value noise at the places to `total`; `lattice` holds PERIOD cubed values."""
    one, six, ten, fifteen = np.float32(1), np.float32(6), np.float32(10), np.float32(15)
    for k in range(len(total)):
        ax, ay, az = x[k] * cells, y[k] * cells, z[k] * cells
        fx, fy, fz = np.floor(ax), np.floor(ay), np.floor(az)
        tx, ty, tz = ax - fx, ay - fy, az - fz
        tx = tx * tx * tx * (tx * (tx * six - fifteen) + ten)
        ty = ty * ty * ty * (ty * (ty * six - fifteen) + ten)
        tz = tz * tz * tz * (tz * (tz * six - fifteen) + ten)
        x0, y0, z0 = np.int64(fx) & 31, np.int64(fy) & 31, np.int64(fz) & 31
        x1, y1, z1 = (x0 + 1) & 31, (y0 + 1) & 31, (z0 + 1) & 31
        a, b = (z0 * 32 + y0) * 32, (z0 * 32 + y1) * 32
        c, d = (z1 * 32 + y0) * 32, (z1 * 32 + y1) * 32
        sx = one - tx
        near = (lattice[a + x0] * sx + lattice[a + x1] * tx) * (one - ty) + (
            lattice[b + x0] * sx + lattice[b + x1] * tx
        ) * ty
        far = (lattice[c + x0] * sx + lattice[c + x1] * tx) * (one - ty) + (
            lattice[d + x0] * sx + lattice[d + x1] * tx
        ) * ty
        total[k] += weight * (near * (one - tz) + far * tz)
