"""Colours that mix like paint: reflectance curves and the theory of Kubelka and Munk (1931).

A colour becomes a smooth reflectance curve over 13 bands from 400 to 700 nm.  Its absorption K and
scattering S are mixed, not its light, so blue and yellow give green, and dark paint tints less than
its weight.  All curves are our own: the smoothest ones that show the wanted sRGB colour (least slope
of the logit, after Burns, "Numerical methods for smoothest reflectance reconstruction", 2020).  The
colour matching functions are the Gaussian fits of Wyman, Sloan and Shirley (2013).
"""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt

from limner.media.arrays import Floats

Doubles = npt.NDArray[np.float64]

BANDS = np.arange(400.0, 701.0, 25.0)
"""Centre of every band in nm."""

_XYZ_TO_RGB = np.array(
    [[3.2404542, -1.5371385, -0.4985314], [-0.9692660, 1.8760108, 0.0415560], [0.0556434, -0.2040259, 1.0572252]]
)
_DARKEST, _LIGHTEST = 0.004, 0.985  # reflectance that a paint can have


@cache
def to_light() -> Doubles:
    """[bands, 3]: reflectance to linear sRGB; a perfect white gives 1, 1, 1."""

    def lobe(peak: float, left: float, right: float) -> Doubles:
        width = np.where(peak > BANDS, left, right)
        return np.exp(-0.5 * ((BANDS - peak) * width) ** 2)

    x = 0.362 * lobe(442.0, 0.0624, 0.0374) + 1.056 * lobe(599.8, 0.0264, 0.0323) - 0.065 * lobe(501.1, 0.0490, 0.0382)
    y = 0.821 * lobe(568.8, 0.0213, 0.0247) + 0.286 * lobe(530.9, 0.0613, 0.0322)
    z = 1.217 * lobe(437.0, 0.0845, 0.0278) + 0.681 * lobe(459.0, 0.0385, 0.0725)
    matrix = np.stack([x, y, z], 1) @ _XYZ_TO_RGB.T
    return matrix / matrix.sum(0)


def linear_of(srgb: npt.ArrayLike) -> Doubles:
    """sRGB 0..1 to linear light (IEC 61966-2-1)."""
    v = np.clip(np.asarray(srgb, np.float64), 0, 1)
    return np.where(v <= 0.04045, v / 12.92, ((v + 0.055) / 1.055) ** 2.4)


def srgb_of(linear: npt.ArrayLike) -> Floats:
    """Linear light to sRGB 0..1, clipped."""
    v = np.clip(np.asarray(linear, np.float64), 0, 1)
    return np.where(v <= 0.0031308, v * 12.92, 1.055 * v ** (1 / 2.4) - 0.055).astype(np.float32)


def smoothest(srgb: npt.ArrayLike) -> Doubles:
    """The smoothest reflectance curve of one colour, by Newton's method.

    Args:
        srgb: three numbers 0..1.

    Returns:
        [bands] strictly between 0 and 1; shows the colour to within 0.01 where paint can.
    """
    target = np.clip(linear_of(srgb), 0.006, 0.975)
    matrix = to_light()
    n = len(BANDS)
    slope = np.diff(np.eye(n), axis=0)
    stiff = slope.T @ slope
    z = np.full(n, float(np.log(target.mean() / (1 - target.mean()))))
    lagrange = np.zeros(3)
    for _ in range(60):
        r = 1 / (1 + np.exp(-z))
        d = r * (1 - r)
        gradient = stiff @ z + d * (matrix @ lagrange)
        miss = matrix.T @ r - target
        curve = d * (1 - 2 * r) * (matrix @ lagrange)
        top = np.concatenate([stiff + np.diag(curve) + 1e-9 * np.eye(n), d[:, None] * matrix], 1)
        low = np.concatenate([matrix.T * d, np.zeros((3, 3))], 1)
        move = np.linalg.solve(np.concatenate([top, low]), -np.concatenate([gradient, miss]))
        step = min(1.0, 1.5 / float(np.abs(move[:n]).max() + 1e-12))
        z, lagrange = z + step * move[:n], lagrange + step * move[n:]
        if float(np.abs(move[:n]).max()) < 1e-9:
            break
    return np.clip(1 / (1 + np.exp(-z)), _DARKEST, _LIGHTEST)


@cache
def _primaries() -> Doubles:
    """Curves [8, bands] of the corners of the sRGB cube, in the order of their bits (red 1, green 2, blue 4)."""
    corners = [[(k >> 0) & 1, (k >> 1) & 1, (k >> 2) & 1] for k in range(8)]
    return np.stack([smoothest(corner) for corner in corners])


def reflectance(srgb: npt.ArrayLike) -> Doubles:
    """Reflectance curves of many colours, by interpolation between those of the cube's corners.

    Args:
        srgb: [..., 3] in 0..1.

    Returns:
        [..., bands].
    """
    rgb = np.clip(linear_of(srgb), 0.0, 1.0)
    weights = np.ones((*rgb.shape[:-1], 8))
    for k in range(8):
        for channel in range(3):
            share = rgb[..., channel]
            weights[..., k] *= share if (k >> channel) & 1 else 1 - share
    return np.clip(np.einsum("...k,kb->...b", weights, _primaries()), _DARKEST, _LIGHTEST)


def colour_of(curve: npt.ArrayLike) -> Floats:
    """sRGB 0..1 [..., 3] of reflectance curves [..., bands]."""
    return srgb_of(np.einsum("...b,bc->...c", np.asarray(curve, np.float64), to_light()))


def absorption(curve: npt.ArrayLike) -> Doubles:
    """K/S of an opaque layer: (1 - R)^2 / 2R."""
    r = np.asarray(curve, np.float64)
    return (1 - r) ** 2 / (2 * r)


def opaque(ratio: npt.ArrayLike) -> Doubles:
    """Reflectance of an opaque layer from K/S; the inverse of `absorption`."""
    w = np.asarray(ratio, np.float64)
    return 1 + w - np.sqrt(w * w + 2 * w)


def mix(first: npt.ArrayLike, second: npt.ArrayLike, share: npt.ArrayLike) -> Floats:
    """Mix two paints known only by their colours.

    Scattering is taken to grow with luminance, as light paints are mostly white.

    Args:
        first, second: sRGB 0..1 [..., 3].
        share: part of the second, 0..1 [...].

    Returns:
        sRGB 0..1 [..., 3].
    """
    t = np.asarray(share, np.float64)[..., None]
    a, b = reflectance(first), reflectance(second)
    light = to_light() @ np.array([0.2126729, 0.7151522, 0.0721750])
    sa = 0.12 + np.einsum("...b,b->...", a, light)[..., None]
    sb = 0.12 + np.einsum("...b,b->...", b, light)[..., None]
    k = (1 - t) * sa * absorption(a) + t * sb * absorption(b)
    s = (1 - t) * sa + t * sb
    mixed = colour_of(opaque(k / s)).astype(np.float64)
    # the curves of the cube's corners show their colours only nearly; what is lost at both ends is given back
    loss = (1 - t) * (np.asarray(first) - colour_of(a)) + t * (np.asarray(second) - colour_of(b))
    return np.clip(mixed + loss, 0, 1).astype(np.float32)
