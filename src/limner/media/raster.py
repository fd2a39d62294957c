"""Fields as rasters: blur, resize, sample, slopes and colour spaces, on OpenCV.

The one place where fields [h, w] or [h, w, c] meet OpenCV's filters; all results are float32.  OpenCV
is imported when first used.
"""

from __future__ import annotations

from typing import Literal

import numpy as np

from limner.media.arrays import Floats

Filter = Literal["nearest", "linear", "cubic", "area", "lanczos"]


def blur(field: Floats, sigma: float) -> Floats:
    """A Gaussian blur; `sigma` in px, > 0."""
    import cv2

    return np.asarray(cv2.GaussianBlur(_ready(field), (0, 0), sigma), np.float32)


def broad_blur(field: Floats, sigma: float) -> Floats:
    """A Gaussian blur that is computed at a quarter of the size if it is wide."""
    if sigma < 4 or min(field.shape[:2]) < 16:
        return blur(field, sigma)
    high, wide = field.shape[:2]
    small = resize(field, (max(1, high // 4), max(1, wide // 4)), "area")
    return resize(blur(small, sigma / 4), (high, wide), "linear")


def bilateral(field: Floats, reach: int, across: float, sigma: float) -> Floats:
    """A bilateral filter: unrest goes, edges stay (Tomasi and Manduchi, 1998).

    Args:
        field: [h, w] or [h, w, 3].
        reach: diameter of the neighbourhood in px.
        across: difference of values over which it stops.
        sigma: reach in px at which weights fall.
    """
    import cv2

    return np.asarray(cv2.bilateralFilter(_ready(field), reach, across, sigma), np.float32)


def resize(field: Floats, shape: tuple[int, int], how: Filter) -> Floats:
    """A field with `shape` (height, width) px."""
    import cv2

    filters = {
        "nearest": cv2.INTER_NEAREST,
        "linear": cv2.INTER_LINEAR,
        "cubic": cv2.INTER_CUBIC,
        "area": cv2.INTER_AREA,
        "lanczos": cv2.INTER_LANCZOS4,
    }
    grown = cv2.resize(_ready(field), (shape[1], shape[0]), interpolation=filters[how])
    return np.ascontiguousarray(grown, np.float32)


def fitted(field: Floats, shape: tuple[int, int]) -> Floats:
    """A field at another size: bicubic where it grows, averaged where it shrinks."""
    return resize(field, shape, "area" if shape[0] < field.shape[0] else "cubic")


def sample(field: Floats, x: Floats, y: Floats, how: Literal["nearest", "linear"] = "linear") -> Floats:
    """The field at places (px; the first px is at 0), mirrored beyond its borders."""
    import cv2

    filter = cv2.INTER_NEAREST if how == "nearest" else cv2.INTER_LINEAR
    at = cv2.remap(_ready(field), _ready(x), _ready(y), filter, borderMode=cv2.BORDER_REFLECT_101)
    return np.asarray(at, np.float32)


def shift(field: Floats, x: float, y: float) -> Floats:
    """The field moved by x px to the right and y px down."""
    import cv2

    move = np.array([[1, 0, x], [0, 1, y]], np.float64)
    size = (field.shape[1], field.shape[0])
    moved = cv2.warpAffine(_ready(field), move, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(moved, np.float32)


def slopes(field: Floats) -> tuple[Floats, Floats]:
    """Change a px to the right and a px down (Sobel)."""
    import cv2

    ready = _ready(field)
    dx, dy = cv2.Sobel(ready, cv2.CV_32F, 1, 0, scale=0.125), cv2.Sobel(ready, cv2.CV_32F, 0, 1, scale=0.125)
    return np.asarray(dx, np.float32), np.asarray(dy, np.float32)


def steepness(field: Floats) -> Floats:
    """Length of the slope."""
    dx, dy = slopes(field)
    return np.hypot(dx, dy)


def grey_of(colour: Floats) -> Floats:
    """Luma of sRGB colours 0..1, [h, w]."""
    import cv2

    return np.asarray(cv2.cvtColor(_ready(colour), cv2.COLOR_RGB2GRAY), np.float32)


def lab_of(colour: Floats) -> Floats:
    """CIE Lab of sRGB colours 0..1, [h, w, 3]: L 0..100, a and b about -110..110."""
    import cv2

    return np.asarray(cv2.cvtColor(_ready(colour), cv2.COLOR_RGB2LAB), np.float32)


def rgb_of(lab: Floats) -> Floats:
    """sRGB 0..1 of CIE Lab [h, w, 3]; colours outside the gamut are clipped."""
    import cv2

    return np.clip(np.asarray(cv2.cvtColor(_ready(lab), cv2.COLOR_LAB2RGB), np.float32), 0, 1)


def lightness(colour: Floats) -> Floats:
    """CIE L* / 100 of sRGB colours 0..1 (IEC 61966-2-1, CIE 15:2004), [h, w]."""
    return np.ascontiguousarray(np.clip(lab_of(colour)[..., 0] * np.float32(0.01), 0, 1))


def _ready(field: Floats) -> Floats:
    return np.ascontiguousarray(field, np.float32)
