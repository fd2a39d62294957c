"""How a painter sees the portrait before painting it: calmer, clearer, in a chosen light."""

from __future__ import annotations

import numpy as np

from limner.media.arrays import Floats
from limner.media.care import soft_polygon
from limner.media.guide import Guide
from limner.media.pigments import Palette, palette
from limner.media.raster import bilateral, blur, broad_blur, lab_of, resize, rgb_of

FREE = "free"
"""The name of the palette that mixes any colour."""


def chosen(name: str) -> Palette | None:
    """The palette of this name; None for `FREE`."""
    return None if name == FREE else palette(name)


def seen(guide: Guide, *, clarity: float = 0.0, saturation: float = 1.0, chiaroscuro: float = 0.0) -> Floats:
    """The portrait as the painter sees it.

    Args:
        guide: the portrait.
        clarity: how much the modelling of the form is strengthened, 0..1.
        saturation: 1 leaves colours as they are.
        chiaroscuro: how far everything but the lit face sinks into warm dark, 0..1.

    Returns:
        sRGB 0..1, float32 [h, w, 3] at planning size.
    """
    colour = guide.calm
    if clarity > 0:
        base = broad_blur(colour, max(guide.shape) / 28)
        colour = colour + np.float32(clarity) * np.float32(0.5) * (colour - base)
        colour = np.clip(colour, 0, 1)
    if saturation != 1:
        grey = (colour @ np.array([0.299, 0.587, 0.114], np.float32))[..., None]
        colour = np.clip(grey + np.float32(saturation) * (colour - grey), 0, 1)
    if chiaroscuro > 0:
        colour = _key_light(colour, guide, chiaroscuro)
    return np.ascontiguousarray(colour, np.float32)


def mixable(colour: Floats, mixer: Palette | None) -> Floats:
    """The picture in the colours that a palette can mix; unchanged without one.

    What the palette does to colours is found at half of the size, so that fine drawing is kept.
    """
    if mixer is None:
        return colour
    high, wide = colour.shape[:2]
    small = resize(colour, (max(1, high // 2), max(1, wide // 2)), "area")
    change = mixer.project(small) - small
    moved = colour + resize(change, (high, wide), "linear")
    return np.ascontiguousarray(np.clip(moved, 0, 1), np.float32)


def drawn(colour: Floats, care: Floats, amount: float) -> Floats:
    """The same picture with lids, iris, nostrils and lips drawn more sharply, where care is taken.

    Args:
        colour: sRGB 0..1, [h, w, 3] at planning size.
        care: 0..1, [h, w].
        amount: 0 leaves it as it is.
    """
    soft = blur(colour, 2.4)
    weight = np.float32(amount) * np.clip((care - np.float32(0.35)) * np.float32(1.8), 0, 1)
    edge = np.clip(colour - soft, -0.16, 0.16)
    return np.clip(colour + weight[..., None] * edge, 0, 1)


def _key_light(colour: Floats, guide: Guide, amount: float) -> Floats:
    """One candle: the face stays in the light, lights turn warm and the rest sinks into brown."""
    high, wide = guide.shape
    if guide.features is not None:
        face = guide.features.face * max(high, wide)
        span = float(np.ptp(face[:, 1]))
        small = (max(1, high // 4), max(1, wide // 4))  # so soft a light is told by a quarter of the size
        key = resize(soft_polygon(small, face / np.float32(4), 0.14 * span, 0.0125 * span), (high, wide), "linear")
    else:
        y, x = np.mgrid[0:high, 0:wide].astype(np.float32)
        key = np.exp(-(((x / wide - 0.45) / 0.33) ** 2) - ((y / high - 0.42) / 0.42) ** 2).astype(np.float32)
    gain = np.float32(0.10) + np.float32(1.05) * key[..., None]
    lit = colour ** np.float32(1.15) * gain
    light = lit.max(2, keepdims=True)
    lit = lit + light * np.array([0.05, 0.012, -0.02], np.float32)
    dark = np.array([0.055, 0.038, 0.026], np.float32) * (1 - key[..., None])
    return np.clip(colour + np.float32(amount) * (lit + dark - colour), 0, 1)


def flattened(colour: Floats, guide: Guide, values: int) -> Floats:
    """The form cut into flat values: lightness in soft steps, hues calm; eyes and mouth keep their tones.

    Args:
        colour: sRGB 0..1, [h, w, 3] at planning size.
        guide: the portrait.
        values: number of steps.
    """
    lab = lab_of(colour)
    tone = bilateral(np.ascontiguousarray(lab[..., 0]), 9, 8.0, 5.0)
    low, high = (float(v) for v in np.quantile(tone, [0.01, 0.99]))
    steps = (tone - low) / max(high - low, 1.0) * values
    base = np.floor(steps)
    part = np.clip((steps - base - 0.5) * 5 + 0.5, 0, 1)
    stepped = low + (base + part) / values * (high - low)
    keep = np.clip(1.6 * guide.care - 0.5, 0, 1)
    lab[..., 0] = stepped + keep * (lab[..., 0] - stepped)
    calm = blur(lab[..., 1:], 3.0)
    lab[..., 1:] = calm + keep[..., None] * (lab[..., 1:] - calm)
    return np.ascontiguousarray(rgb_of(lab))
