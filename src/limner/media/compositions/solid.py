"""Noise in space: what runs through a block, so that it follows every form that is cut from it."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from limner.core.rng import uniform
from limner.media.arrays import Floats


def solid(seed: int, stream: str, x: Floats, y: Floats, z: Floats, cells: float, octaves: int = 1) -> Floats:
    """Smooth value noise at places in space, float32, about -1..1; each octave half as large and half as strong.

    Args:
        seed: the recipe's seed.
        stream: what it is for.
        x: places in units of the longer side, any shape; y and z likewise.
        y: see x.
        z: see x.
        cells: hills to the unit.
        octaves: how many sizes of hills.
    """
    from limner.media.solid_kernel import add_noise

    fx, fy, fz = (np.ascontiguousarray(axis, np.float32).ravel() for axis in (x, y, z))
    total = np.zeros(fx.shape, np.float32)
    for k in range(octaves):
        add_noise(_lattice(seed, f"{stream}.{k}"), fx, fy, fz, np.float32(cells * 2**k), np.float32(0.5**k), total)
    return total.reshape(np.shape(x))


@lru_cache(maxsize=64)
def _lattice(seed: int, stream: str) -> Floats:
    from limner.media.solid_kernel import PERIOD

    return (2 * uniform(seed, stream, PERIOD**3) - 1).astype(np.float32)
