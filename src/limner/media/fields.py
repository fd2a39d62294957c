"""Planning-size fields at the wanted size, band by band.

Fields are smooth where media threshold them, so that edges are drawn at the wanted size and are crisp
there, while the picture stays the same at every size.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from limner.core.rng import gaussian
from limner.media.arrays import Floats
from limner.media.hands import Hands
from limner.media.raster import resize

BAND = 64
"""Rows that are computed together."""


def by_bands(
    fields: Mapping[str, Floats],
    shape: tuple[int, int],
    hands: Hands,
    work: Callable[[Mapping[str, Floats], slice], None],
) -> None:
    """Enlarge fields and work on them, a band of rows at a time.

    Args:
        fields: [h, w] or [h, w, c] at planning size.
        shape: height and width in px of the painting.
        hands: threads; bands are shared among them.
        work: gets the enlarged fields of a band and its rows.

    Raises:
        Cancelled: a stop was requested.
    """
    high, wide = shape
    shrunk = {
        name: np.ascontiguousarray(resize(field, (high, wide), "area"))
        for name, field in fields.items()
        if high < field.shape[0]
    }

    def band(k: int) -> None:
        rows = slice(k * BAND, min(high, (k + 1) * BAND))
        here = {
            name: shrunk[name][rows] if name in shrunk else _rows(field, shape, rows) for name, field in fields.items()
        }
        work(here, rows)

    hands.each(band, -(-high // BAND))


def _rows(field: Floats, shape: tuple[int, int], rows: slice) -> Floats:
    """Some rows of an enlarged field (bicubic)."""
    import cv2

    sy, sx = field.shape[0] / shape[0], field.shape[1] / shape[1]
    move = np.array([[sx, 0, 0.5 * sx - 0.5], [0, sy, (rows.start + 0.5) * sy - 0.5]])
    grown = cv2.warpAffine(
        field, move, (shape[1], rows.stop - rows.start), flags=cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    )  # fmt: skip
    return np.asarray(grown, np.float32)


def noise(seed: int, stream: str, shape: tuple[int, int], grain: float) -> Floats:
    """Smooth noise at planning size, mean 0, deviation about 1.

    Args:
        seed: the recipe's seed.
        stream: what it is for.
        shape: height and width.
        grain: distance of its hills in px.
    """
    high, wide = max(3, round(shape[0] / grain) + 3), max(3, round(shape[1] / grain) + 3)
    coarse = gaussian(seed, stream, (high, wide))
    grown = resize(coarse, (round(high * grain), round(wide * grain)), "cubic")
    edge = round(grain)
    cut = grown[edge : edge + shape[0], edge : edge + shape[1]]
    return np.ascontiguousarray(cut * np.float32(1.35))


def cloud(seed: int, stream: str, shape: tuple[int, int], grain: float, octaves: int = 3) -> Floats:
    """Noise of several sizes, each half as large and half as strong as the one before; deviation about 1."""
    total = np.zeros(shape, np.float32)
    norm = 0.0
    for k in range(octaves):
        total += np.float32(0.5**k) * noise(seed, f"{stream}.{k}", shape, max(1.5, grain / 2**k))
        norm += 0.25**k
    return total / np.float32(norm**0.5)


def smoothstep(low: Floats | np.floating[Any] | float, high: Floats | np.floating[Any] | float, x: Floats) -> Floats:
    """0 below `low`, 1 above `high`, smooth between."""
    t = np.clip((x - low) / (np.float32(1e-6) + high - low), 0, 1)
    return t * t * (3 - 2 * t)
