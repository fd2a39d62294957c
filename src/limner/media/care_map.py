"""Care maps that an artist edited, as text that a recipe keeps.

A map is kept at `SIDE` px of the longer side in sixteen steps: care changes softly, and the text must stay short.
"""

from __future__ import annotations

import base64
import binascii
import zlib

import numpy as np

from limner.core.errors import InputError
from limner.media.arrays import Floats
from limner.media.raster import blur, resize

SIDE = 128
"""Longer side of a kept map in px."""

_STEPS = 15
_MOST = 16_384  # characters
_FORM = 1


def packed(care: Floats) -> str:
    """A care map as text.

    Args:
        care: 0..1, [h, w]; any size.

    Raises:
        InputError: not a finite array [h, w] with values in 0..1, or too fine to be kept.
    """
    array = np.asarray(care, np.float32)
    if array.ndim != 2 or 0 in array.shape or not np.isfinite(array).all():
        raise InputError(f"A care map is a finite array [h, w], not one of shape {array.shape}.")
    if array.min() < 0 or array.max() > 1:
        raise InputError(f"The care map's values run from {array.min():g} to {array.max():g}; they must lie in 0..1.")
    scale = SIDE / max(array.shape)
    high, wide = (max(1, round(side * scale)) for side in array.shape)
    small = resize(array, (high, wide), "area" if scale < 1 else "linear")
    steps = np.rint(np.clip(small, 0, 1) * _STEPS).astype(np.uint8).ravel()
    steps = np.append(steps, np.zeros(len(steps) % 2, np.uint8))
    body = bytes([_FORM, high, wide]) + (steps[::2] << 4 | steps[1::2]).tobytes()
    text = base64.b64encode(zlib.compress(body, 9)).decode()
    if len(text) > _MOST:
        raise InputError("The care map is too fine to be kept in a recipe.", "Paint it with a soft brush, or blur it.")
    return text


def unpacked(text: str) -> Floats:
    """The care map of `packed`: 0..1, float32 [h, w], its steps smoothed.

    Raises:
        InputError: not such a text.
    """
    try:
        if len(text) > _MOST:
            raise ValueError("too long")
        reader = zlib.decompressobj()
        body = reader.decompress(base64.b64decode(text, validate=True), SIDE * SIDE)
        if not reader.eof or reader.unused_data:
            raise ValueError("wrong length")
        form, high, wide = body[:3]
        if form != _FORM or not 0 < high <= SIDE or not 0 < wide <= SIDE or len(body) != 3 + (high * wide + 1) // 2:
            raise ValueError("wrong form")
    except (ValueError, zlib.error, binascii.Error) as exc:
        raise InputError(f"The care map cannot be read ({exc}).", "Make it with limner care.") from exc
    pairs = np.frombuffer(body[3:], np.uint8)
    steps = np.stack([pairs >> 4, pairs & 15], 1).ravel()[: high * wide]
    return blur(steps.reshape(high, wide).astype(np.float32) / np.float32(_STEPS), 0.7)
