"""Light on a relief: key, sky, hollows, cast shadows and shine, in linear light."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from limner.media.arrays import Floats
from limner.media.fields import smoothstep
from limner.media.raster import blur, broad_blur, resize

_SHADOWS = 256  # px of the longer side at which shadows are cast


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Lit:
    """Light on a relief; every field is float32 [h, w]."""

    key: Floats
    """From the key light, 0..1, with cast shadows."""
    hollow: Floats
    """How deep in a hollow a place lies, 0..1."""
    ridge: Floats
    """How far a place stands out of its surroundings, 0..1."""
    shine: Floats
    """Mirrored key light, 0..1."""


def direction_of(x: float, y: float) -> Floats:
    """Unit vector towards a light that stands at x (1 = right) and y (1 = above) before the picture."""
    vector = np.array([x, -y, 0.72], np.float32)
    return vector / np.linalg.norm(vector)


def lit(height: Floats, normals: Floats, towards: Floats, *, wrap: float, gloss: float, shadows: float) -> Lit:
    """Light a relief.

    Args:
        height: in units of the longer side.
        normals: unit normals [h, w, 3].
        towards: unit vector to the light.
        wrap: how far light creeps round the form, 0 = stone that lets none in.
        gloss: exponent of the shine.
        shadows: strength of cast shadows, 0..1.
    """
    side = max(height.shape)
    facing = normals @ towards
    key = np.clip((facing + wrap) / (1 + wrap), 0, 1)
    if shadows > 0:
        key = key * (1 - np.float32(shadows) * cast(height, towards))
    half = towards + np.array([0, 0, 1], np.float32)
    half /= np.linalg.norm(half)
    shine = np.clip(normals @ half, 0, 1) ** np.float32(gloss)
    curve = np.zeros_like(height)
    for reach in (0.004, 0.012, 0.035):
        curve += (height - broad_blur(height, reach * side)) / np.float32(reach)
    return Lit(
        key=key.astype(np.float32),
        hollow=np.clip(-curve * np.float32(0.9), 0, 1),
        ridge=np.clip(curve * np.float32(0.9), 0, 1),
        shine=(shine * np.clip(2 * key, 0, 1)).astype(np.float32),
    )


def cast(height: Floats, towards: Floats) -> Floats:
    """Where something stands between a place and the light, 0..1, softly; float32 [h, w]."""
    import cv2

    side = max(height.shape)
    factor = min(1.0, _SHADOWS / side)
    small = (max(1, round(height.shape[0] * factor)), max(1, round(height.shape[1] * factor)))
    low = resize(height, small, "area")
    longer = max(small)
    flat = float(np.hypot(towards[0], towards[1]))
    if flat < 0.05:
        return np.zeros_like(height)
    rise = float(towards[2]) / flat
    highest = np.full(small, -1.0, np.float32)
    step = 1.0 / longer * 1.5
    for k in range(1, 33):
        far = k * step * (1 + 0.02 * k)
        move = np.array(
            [[1, 0, -far * longer * towards[0] / flat], [0, 1, -far * longer * towards[1] / flat]], np.float64
        )
        there = cv2.warpAffine(low, move, (small[1], small[0]), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        highest = np.maximum(
            highest, (np.asarray(there, np.float32) - low - np.float32(far * rise)) / np.float32(0.012 + 0.25 * far)
        )
    dark = smoothstep(0.0, 1.0, highest)
    return np.clip(resize(blur(dark, 1.2), (height.shape[0], height.shape[1]), "linear"), 0, 1)


def to_linear(colour: Floats) -> Floats:
    """sRGB 0..1 to linear light, by a power that is near enough for paint."""
    return np.power(np.clip(colour, 0, None), np.float32(2.2), dtype=np.float32)


def to_srgb(light: Floats) -> Floats:
    """Linear light to sRGB 0..1; what is brighter than white rolls off."""
    light = np.clip(light, 0, None)
    rolled = np.where(light > 0.8, 0.8 + 0.2 * (1 - np.exp(-(light - 0.8) / 0.2)), light)
    return np.power(rolled, np.float32(1 / 2.2), dtype=np.float32)


def bloom(light: Floats, side: int) -> Floats:
    """The haze about bright places; light [h, w, 3]."""
    near = broad_blur(light, 0.006 * side)
    far = broad_blur(light, 0.022 * side)
    wide = broad_blur(light, 0.06 * side)
    return 0.55 * near + 0.4 * far + 0.35 * wide
