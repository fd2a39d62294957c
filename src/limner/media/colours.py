"""Colours of parameters as arrays."""

from __future__ import annotations

import numpy as np

from limner.core.palette import parse_hex
from limner.media.arrays import Floats


def rgb(text: str) -> Floats:
    """sRGB 0..1, float32 [3], of a colour #rrggbb."""
    return np.array(parse_hex(text), np.float32) / np.float32(255)
