"""Printing: what relief and screen prints share. Cuts, dots, and ink that does not lie quite evenly."""

from __future__ import annotations

import numpy as np

from limner.media.arrays import Floats
from limner.media.drawing import darkness
from limner.media.fields import cloud, noise
from limner.media.guide import Guide
from limner.media.lines import along, response
from limner.media.raster import bilateral, blur


def key_fields(guide: Guide, *, contrast: float, background: float, seed: int, stream: str) -> dict[str, Floats]:
    """Darkness and line response that a block is cut from, at planning size.

    Args:
        guide: the portrait.
        contrast: how far the tones are spread, 0..1.
        background: how much of the background's darkness is cut, 0..1.
        seed: the recipe's seed.
        stream: name of the medium.
    """
    dark = darkness(guide, contrast=contrast, background=background, fade=0.0)
    calm = bilateral(dark, 9, 0.10, 5.0)
    keep = np.clip(1.6 * guide.care - 0.5, 0, 1)
    # eyes and mouth are drawn by what is darker than its surroundings, whatever the skin and the light
    low = blur(dark, 9.0)
    clear = np.clip(0.46 + 0.40 * (low - 0.5) + 1.7 * (dark - low), 0, 1)
    calm = calm + keep * (clear - calm)
    weight = (0.25 + 0.75 * guide.figure) * (0.35 + 0.95 * guide.care)
    fine = response(guide.tone, guide.flow, width=1.4, length=10)
    broad = response(guide.tone, guide.flow, width=2.4, length=14)
    wander = along(cloud(seed, f"{stream}.wander", guide.shape, 22, 2), guide.flow, 12)
    return {
        "dark": np.ascontiguousarray(calm, np.float32),
        "line": np.ascontiguousarray(np.maximum(fine * 1.25, broad * 0.8) * weight, np.float32),
        "care": guide.care,
        "figure": guide.figure,
        "wander": np.ascontiguousarray(wander / (wander.std() + np.float32(1e-6)), np.float32),
        "grain": cloud(seed, f"{stream}.grain", guide.shape, 30, 4),
    }


def cuts(phase: Floats, period: float, scale: float, width: Floats) -> Floats:
    """Parallel cuts with crisp edges.

    Args:
        phase: place across the cuts in planning px, [rows, w].
        period: distance of cuts in planning px.
        scale: px to one planning px.
        width: share of the period that is left standing (printed), 0 = none, 1 = solid.

    Returns:
        how much of each px is printed, 0..1.
    """
    turn = phase / np.float32(period)
    wave = 2 * np.abs(turn - np.floor(turn) - np.float32(0.5))  # 0 at the middle of a line, 1 between lines
    edge = (width - wave) * np.float32(0.5 * period * scale)  # px to the line's edge
    printed = np.clip(edge + np.float32(0.5), 0, 1)
    printed = np.where(width <= 0.02, 0, printed)
    return np.where(width >= 0.98, 1, printed).astype(np.float32)


def edges(value: Floats, slope: float, scale: float) -> Floats:
    """A threshold at 0 with an edge one px wide.

    Args:
        value: positive inside.
        slope: typical change of `value` over one planning px.
        scale: px to one planning px.
    """
    return np.clip(value * np.float32(scale / slope) + np.float32(0.5), 0, 1)


def block_edge(shape: tuple[int, int], room: float, seed: int, stream: str) -> Floats:
    """Distance to the uneven edge of the block in planning px, positive inside, [h, w]."""
    high, wide = shape
    y, x = np.mgrid[0:high, 0:wide].astype(np.float32)
    side = np.minimum(np.minimum(x, wide - 1 - x), np.minimum(y, high - 1 - y))
    uneven = 0.9 * noise(seed, f"{stream}.block", shape, 24) + 0.5 * noise(seed, f"{stream}.chips", shape, 7)
    return (side - room * max(shape) + uneven).astype(np.float32)
