"""The figure: where the sitter ends and the background begins, softly.

A prior (head above the face's outline, shoulders below) and the upper corners teach two colour histograms,
figure and ground; their ratio corrects the prior, three times; a guided filter (He, Sun and Tang, 2010) fits the result
to the picture's edges.  No network, no randomness.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from limner.core.features import Features
from limner.media.arrays import Floats
from limner.media.raster import blur, grey_of, lab_of, resize

_SIDE = 192  # px of the longer side at which it is decided


def figure_of(colour: Floats, features: Features | None) -> Floats:
    """How much each place belongs to the sitter.

    Args:
        colour: sRGB 0..1, float32 [h, w, 3].
        features: the face; None takes the middle of the picture for the sitter.

    Returns:
        float32 [h, w] in 0..1.
    """
    high, wide = colour.shape[:2]
    scale = min(1.0, _SIDE / max(high, wide))
    size = (max(1, round(high * scale)), max(1, round(wide * scale)))
    small = resize(colour, size, "area")
    prior = _prior(small.shape[:2], features)
    belief = prior
    lab = lab_of(small)
    bins = _bins(lab)
    behind = _behind(small.shape[:2])
    for _ in range(3):
        figure, ground = _histogram(bins, belief**2), _histogram(bins, (1 - belief) ** 2 * behind)
        ratio = np.log((figure[bins] + 1e-4) / (ground[bins] + 1e-4))
        ratio = blur(np.clip(ratio, -3.5, 3.5).astype(np.float32), 1.2)
        odds = 0.9 * np.log((prior + 0.02) / (1.02 - prior)) + 1.2 * ratio
        belief = (1 / (1 + np.exp(-odds))).astype(np.float32)
    if features is not None:  # nothing in a face is background, whatever its colour
        belief = np.maximum(belief, _core(small.shape[:2], features))
    fitted = _guided(small, belief, 5, 4e-4)
    fitted = np.clip((fitted - 0.5) * 1.35 + 0.5, 0, 1)
    return np.clip(resize(fitted, (high, wide), "cubic"), 0, 1).astype(np.float32)


def _behind(shape: tuple[int, int]) -> Floats:
    """How surely each place at the picture's rim tells of the background: most in the upper corners."""
    high, wide = shape
    y, x = np.mgrid[0:high, 0:wide].astype(np.float32)
    side = np.abs((x + 0.5) / wide - 0.5) * 2
    return np.clip(0.15 + 2.2 * (side - 0.62) - 2.4 * np.maximum((y + 0.5) / high - 0.40, 0), 0.02, 1).astype(
        np.float32
    )


def _prior(shape: tuple[int, int], features: Features | None) -> Floats:
    import cv2

    high, wide = shape
    side = max(shape)
    if features is None:
        y, x = np.mgrid[0:high, 0:wide].astype(np.float32)
        head = ((x / wide - 0.5) / 0.33) ** 2 + ((y / high - 0.48) / 0.42) ** 2
        return np.clip(1.25 - 0.6 * head, 0.03, 0.97).astype(np.float32)
    face = features.face * side
    low, top = float(face[:, 1].max()), float(face[:, 1].min())
    left, right = float(face[:, 0].min()), float(face[:, 0].max())
    tall, broad, middle = low - top, right - left, (left + right) / 2
    mask = np.zeros(shape, np.float32)
    centre = (round(middle * 16), round((top + 0.36 * tall) * 16))
    cv2.ellipse(mask, centre, (round(0.72 * broad * 16), round(0.80 * tall * 16)), 0, 0, 360, 0.8, -1, cv2.LINE_AA, 4)
    shoulders = np.array(
        [[middle - 0.36 * broad, low - 0.2 * tall], [middle + 0.36 * broad, low - 0.2 * tall],
         [middle + 0.45 * broad, low + 0.10 * tall], [middle + 1.05 * broad, low + 0.34 * tall],
         [middle + 1.3 * broad, low + 0.9 * tall], [middle - 1.3 * broad, low + 0.9 * tall],
         [middle - 1.05 * broad, low + 0.34 * tall], [middle - 0.45 * broad, low + 0.10 * tall]], np.float32
    )  # fmt: skip
    cv2.fillPoly(mask, [np.round(shoulders * 16).astype(np.int32)], 0.8, cv2.LINE_AA, 4)
    mask = blur(mask, max(0.01, 0.11 * broad))
    return np.clip(np.maximum(mask, _core(shape, features) * 0.98), 0.03, 0.98)


def _core(shape: tuple[int, int], features: Features) -> Floats:
    """1 inside the face, falling softly to 0."""
    import cv2

    face = features.face * max(shape)
    core = np.zeros(shape, np.float32)
    cv2.fillPoly(core, [np.round(face * 16).astype(np.int32)], 1.0, cv2.LINE_AA, 4)
    return blur(core, max(0.01, 0.03 * float(np.ptp(face[:, 0]))))


def _bins(lab: Floats) -> npt.NDArray[np.int64]:
    lightness = np.clip(lab[..., 0] / 100 * 14, 0, 13).astype(np.int64)
    a = np.clip((lab[..., 1] + 60) / 120 * 16, 0, 15).astype(np.int64)
    b = np.clip((lab[..., 2] + 60) / 120 * 16, 0, 15).astype(np.int64)
    return (lightness * 16 + a) * 16 + b


def _histogram(bins: npt.NDArray[np.int64], weights: Floats) -> Floats:
    counts = np.bincount(bins.ravel(), weights.ravel(), 14 * 256).reshape(14, 16, 16)
    for axis in range(3):
        padded = np.pad(counts, [(1, 1) if k == axis else (0, 0) for k in range(3)], mode="edge")
        low, high = (
            np.take(padded, range(padded.shape[axis] - 2), axis),
            np.take(padded, range(2, padded.shape[axis]), axis),
        )
        counts = 0.5 * counts + 0.25 * (low + high)
    return (counts.ravel() / max(counts.sum(), 1e-9)).astype(np.float32)


def _guided(guide: Floats, mask: Floats, radius: int, roughness: float) -> Floats:
    """The guided filter with a grey guide."""
    import cv2

    grey = grey_of(guide)
    size = (2 * radius + 1, 2 * radius + 1)

    def mean(values: Floats) -> Floats:
        return np.asarray(cv2.boxFilter(values, -1, size), np.float32)

    mg, mm = mean(grey), mean(mask)
    slope = (mean(grey * mask) - mg * mm) / (mean(grey * grey) - mg * mg + roughness)
    offset = mm - slope * mg
    return mean(slope) * grey + mean(offset)
