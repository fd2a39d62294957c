"""Counter-based randomness: a portrait's noise depends on its seed and on nothing else.

Philox 4x64 (Salmon et al. 2011) turns (key, counter) into bits without any history, so portraits can
be painted in any order, batch or process.  Gaussians are made from the raw bits by Box and Muller
(1958) here, because numpy promises the stability of raw bits but not of its normal variates.
"""

from __future__ import annotations

import hashlib

import numpy as np
import numpy.typing as npt

MAX_SEED = 2**53 - 1
"""Largest seed: every JSON reader keeps integers up to here exactly."""


def bits(seed: int, stream: str, count: int) -> npt.NDArray[np.uint64]:
    """`count` random 64-bit words of a named stream."""
    digest = hashlib.sha256(f"limner/{stream}/{seed}".encode()).digest()
    key = np.frombuffer(digest[:16], np.uint64)
    return np.asarray(np.random.Philox(key=key).random_raw(count), np.uint64)


def uniform(seed: int, stream: str, count: int) -> npt.NDArray[np.float64]:
    """`count` numbers in the open interval 0..1."""
    return ((bits(seed, stream, count) >> np.uint64(11)).astype(np.float64) + 0.5) * 2.0**-53


def gaussian(seed: int, stream: str, shape: tuple[int, ...]) -> npt.NDArray[np.float32]:
    """Unit Gaussians of a named stream, float32.

    Args:
        seed: the recipe's seed.
        stream: what the noise is for ("flow", "detail"); streams are independent.
        shape: shape of the result.
    """
    count = int(np.prod(shape))
    half = (count + 1) // 2
    u = uniform(seed, stream, 2 * half)
    radius = np.sqrt(-2 * np.log(u[:half]))
    angle = 2 * np.pi * u[half:]
    both = np.concatenate([radius * np.cos(angle), radius * np.sin(angle)])
    return both[:count].astype(np.float32).reshape(shape)
