"""How two colours meet: the blend functions and Porter-Duff operators of W3C Compositing and Blending, Level 1.

Colours are sRGB 0..1, float32 [..., 3], as OpenRaster prescribes; alpha is [..., 1].
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from limner.media.arrays import Floats

_ONE = np.float32(1)


def _multiply(b: Floats, s: Floats) -> Floats:
    return b * s


def _screen(b: Floats, s: Floats) -> Floats:
    return b + s - b * s


def _hard_light(b: Floats, s: Floats) -> Floats:
    return np.where(s <= 0.5, b * (2 * s), _screen(b, 2 * s - _ONE))


def _overlay(b: Floats, s: Floats) -> Floats:
    return _hard_light(s, b)


def _darken(b: Floats, s: Floats) -> Floats:
    return np.minimum(b, s)


def _lighten(b: Floats, s: Floats) -> Floats:
    return np.maximum(b, s)


def _dodge(b: Floats, s: Floats) -> Floats:
    ratio = b / np.maximum(_ONE - s, np.float32(1e-7))
    return np.where(b <= 0, np.float32(0), np.where(s >= 1, _ONE, np.minimum(_ONE, ratio)))


def _burn(b: Floats, s: Floats) -> Floats:
    ratio = (_ONE - b) / np.maximum(s, np.float32(1e-7))
    return np.where(b >= 1, _ONE, np.where(s <= 0, np.float32(0), _ONE - np.minimum(_ONE, ratio)))


def _soft_light(b: Floats, s: Floats) -> Floats:
    d = np.where(b <= 0.25, ((16 * b - 12) * b + 4) * b, np.sqrt(np.maximum(b, 0)))
    return np.where(s <= 0.5, b - (_ONE - 2 * s) * b * (_ONE - b), b + (2 * s - _ONE) * (d - b))


def _difference(b: Floats, s: Floats) -> Floats:
    return np.abs(b - s)


def _exclusion(b: Floats, s: Floats) -> Floats:
    return b + s - 2 * b * s


def _luminosity(colour: Floats) -> Floats:
    return colour @ np.array([[0.3], [0.59], [0.11]], np.float32)


def _saturation(colour: Floats) -> Floats:
    return colour.max(-1, keepdims=True) - colour.min(-1, keepdims=True)


def _clipped(colour: Floats) -> Floats:
    lum = _luminosity(colour)
    low, top = colour.min(-1, keepdims=True), colour.max(-1, keepdims=True)
    tiny = np.float32(1e-7)
    colour = np.where(low < 0, lum + (colour - lum) * lum / np.maximum(lum - low, tiny), colour)
    return np.where(top > 1, lum + (colour - lum) * (_ONE - lum) / np.maximum(top - lum, tiny), colour)


def _with_luminosity(colour: Floats, luminosity: Floats) -> Floats:
    return _clipped(colour + (luminosity - _luminosity(colour)))


def _with_saturation(colour: Floats, saturation: Floats) -> Floats:
    low, spread = colour.min(-1, keepdims=True), _saturation(colour)
    return np.where(spread > 0, (colour - low) / np.maximum(spread, np.float32(1e-7)) * saturation, np.float32(0))


def _hue(b: Floats, s: Floats) -> Floats:
    return _with_luminosity(_with_saturation(s, _saturation(b)), _luminosity(b))


def _saturate(b: Floats, s: Floats) -> Floats:
    return _with_luminosity(_with_saturation(b, _saturation(s)), _luminosity(b))


def _colour(b: Floats, s: Floats) -> Floats:
    return _with_luminosity(s, _luminosity(b))


def _brightness(b: Floats, s: Floats) -> Floats:
    return _with_luminosity(b, _luminosity(s))


BLENDS: Mapping[str, Callable[[Floats, Floats], Floats]] = {
    "svg:multiply": _multiply,
    "svg:screen": _screen,
    "svg:overlay": _overlay,
    "svg:darken": _darken,
    "svg:lighten": _lighten,
    "svg:color-dodge": _dodge,
    "svg:color-burn": _burn,
    "svg:hard-light": _hard_light,
    "svg:soft-light": _soft_light,
    "svg:difference": _difference,
    "svg:exclusion": _exclusion,
    "svg:color": _colour,
    "svg:luminosity": _brightness,
    "svg:hue": _hue,
    "svg:saturation": _saturate,
}
"""(backdrop, source): the colour where both cover."""

OPERATORS = ("svg:src-over", "svg:plus", "svg:dst-in", "svg:dst-out", "svg:src-atop", "svg:dst-atop")
"""Porter-Duff operators of OpenRaster."""

KNOWN = frozenset({*BLENDS, *OPERATORS})
"""Every mode that is composited."""


def composited(
    mode: str, under: Floats, under_alpha: Floats, over: Floats, over_alpha: Floats
) -> tuple[Floats, Floats]:
    """What one layer over another gives.

    Args:
        mode: one of `KNOWN`.
        under: what lies below, multiplied with its alpha, [h, w, 3].
        under_alpha: [h, w, 1].
        over: the layer, multiplied with its alpha.
        over_alpha: [h, w, 1].

    Returns:
        Colour multiplied with alpha, and alpha.
    """
    a, b = over_alpha, under_alpha
    if mode in BLENDS:
        mixed = BLENDS[mode](straight(under, b), straight(over, a))
        return over * (_ONE - b) + under * (_ONE - a) + a * b * mixed, a + b - a * b
    if mode == "svg:src-over":
        return over + under * (_ONE - a), a + b - a * b
    if mode == "svg:plus":
        return np.minimum(over + under, _ONE), np.minimum(a + b, _ONE)
    share_over, share_under = _shares(mode, a, b)
    return over * share_over + under * share_under, a * share_over + b * share_under


def _shares(mode: str, a: Floats, b: Floats) -> tuple[Floats, Floats]:
    """How much of source (alpha a) and backdrop (alpha b) a Porter-Duff operator keeps."""
    return {
        "svg:dst-in": (np.zeros_like(a), a),
        "svg:dst-out": (np.zeros_like(a), _ONE - a),
        "svg:src-atop": (b, _ONE - a),
        "svg:dst-atop": (_ONE - b, a),
    }[mode]


def straight(colour: Floats, alpha: Floats) -> Floats:
    """Colour divided by alpha, 0..1; black where nothing covers."""
    return np.clip(colour / np.maximum(alpha, np.float32(1e-7)), 0, 1)
