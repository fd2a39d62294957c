"""Colour: sRGB, CIE Lab (D65), and the palette value.

All conversions follow IEC 61966-2-1 (sRGB transfer curve) and CIE 15:2004 (Lab) with the D65 white
point of the 2-degree observer.  Lightness `L` runs 0..100, `a` (green to red) and `b` (blue to
yellow) about -110..110.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from limner.core.errors import InputError

Floats = npt.NDArray[np.float32]

_RGB_TO_XYZ = np.array(
    [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ],
    np.float64,
)
_XYZ_TO_RGB = np.linalg.inv(_RGB_TO_XYZ)
_WHITE = np.array([0.95047, 1.0, 1.08883], np.float64)
_EPSILON = 216 / 24389
_KAPPA = 24389 / 27
_HEX = re.compile(r"#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})")

_LINEAR_OF_BYTE = np.where(
    np.arange(256) / 255 <= 0.04045,
    np.arange(256) / 255 / 12.92,
    ((np.arange(256) / 255 + 0.055) / 1.055) ** 2.4,
)
_RGB_TO_SCALED_XYZ = (_RGB_TO_XYZ / _WHITE[:, None]).T


def rgb_to_lab(rgb: npt.NDArray[np.uint8]) -> Floats:
    """Convert sRGB bytes to CIE Lab.

    Args:
        rgb: uint8 array [..., 3].

    Returns:
        float32 array [..., 3]: L 0..100, a and b about -110..110.
    """
    xyz = _LINEAR_OF_BYTE[np.asarray(rgb, np.uint8)] @ _RGB_TO_SCALED_XYZ
    f = np.where(xyz > _EPSILON, np.cbrt(xyz), (_KAPPA * xyz + 16) / 116)
    lab = np.stack([116 * f[..., 1] - 16, 500 * (f[..., 0] - f[..., 1]), 200 * (f[..., 1] - f[..., 2])], -1)
    return lab.astype(np.float32)


def lab_to_rgb(lab: npt.ArrayLike) -> npt.NDArray[np.uint8]:
    """Convert CIE Lab to the nearest sRGB bytes; colours outside the gamut are clipped per channel.

    Args:
        lab: array [..., 3].

    Returns:
        uint8 array [..., 3].
    """
    lab = np.asarray(lab, np.float64)
    fy = (lab[..., 0] + 16) / 116
    f = np.stack([fy + lab[..., 1] / 500, fy, fy - lab[..., 2] / 200], -1)
    cube = f**3
    xyz = np.where(cube > _EPSILON, cube, (116 * f - 16) / _KAPPA) * _WHITE
    linear = np.clip(xyz @ _XYZ_TO_RGB.T, 0, 1)
    srgb = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    return np.rint(srgb * 255).astype(np.uint8)


def parse_hex(text: str) -> tuple[int, int, int]:
    """Read `#rgb` or `#rrggbb` (the `#` may be left out).

    Raises:
        InputError: `text` is not such a colour.
    """
    match = _HEX.fullmatch(text.strip())
    if match is None:
        raise InputError(f"{text!r} is not a colour.", "Write it as #rrggbb, for example #1b2a41.")
    digits = match.group(1)
    if len(digits) == 3:
        digits = "".join(d * 2 for d in digits)
    return int(digits[0:2], 16), int(digits[2:4], 16), int(digits[4:6], 16)


@dataclass(frozen=True, slots=True)
class Colour:
    """One colour in CIE Lab."""

    lightness: float
    """0 (black) to 100 (white)."""
    a: float
    """Green (negative) to red (positive)."""
    b: float
    """Blue (negative) to yellow (positive)."""

    @classmethod
    def of_hex(cls, text: str) -> Colour:
        """The colour written as `#rrggbb`."""
        lab = rgb_to_lab(np.array(parse_hex(text), np.uint8))
        return cls(*(round(float(v), 3) for v in lab))

    @property
    def hex(self) -> str:
        """The nearest sRGB colour as `#rrggbb`."""
        r, g, b = lab_to_rgb((self.lightness, self.a, self.b))
        return f"#{r:02x}{g:02x}{b:02x}"

    @property
    def chroma(self) -> float:
        """Distance from grey."""
        return float(np.hypot(self.a, self.b))

    def distance(self, other: Colour) -> float:
        """CIE 1976 colour difference (Delta E*ab)."""
        return float(
            np.sqrt((self.lightness - other.lightness) ** 2 + (self.a - other.a) ** 2 + (self.b - other.b) ** 2)
        )
