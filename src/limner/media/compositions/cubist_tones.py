"""What the planes of a cubist portrait show: broad tones, the colour of the hair, and the palette."""

from __future__ import annotations

import numpy as np

from limner.core.features import Features
from limner.media.arrays import Floats
from limner.media.raster import bilateral, blur, lab_of, resize, rgb_of

_BROAD = 256  # px of the longer side at which broad tones are seen

_KEPT = (("left_eye", 1.7), ("right_eye", 1.7), ("lips", 1.25), ("left_brow", 1.2), ("right_brow", 1.2))
"""Outlines inside which detail is kept, and how much taller than they are."""


def small(picture: Floats) -> Floats:
    """Lab at the size where broad tones are seen, [h', w', 3]."""
    high, wide = picture.shape[:2]
    factor = min(1.0, _BROAD / max(high, wide))
    return lab_of(resize(picture, (max(1, round(high * factor)), max(1, round(wide * factor))), "area"))


def seen(lab: Floats, features: Features | None, figure: Floats) -> Floats:
    """Broad tones, finer at eyes and mouth: L spread over the scale, a, b, and warmth 0..100; [h', w', 4].

    Args:
        lab: the portrait, [h', w', 3].
        features: where detail is kept.
        figure: how much each place belongs to the sitter, of any size.
    """
    import cv2

    longer = max(lab.shape[:2])
    broad = lab
    for _ in range(3):
        broad = bilateral(broad, 9, 13.0, 4.0)
    if features is not None:
        keep = np.zeros(lab.shape[:2], np.float32)
        outlines = features.outlines()
        for name, taller in _KEPT:
            points = np.asarray(outlines[name], np.float64) * longer
            points = points.mean(0) + (points - points.mean(0)) * np.array([1.25, taller])
            corners = np.asarray(np.round(points * 16), np.int32)
            cv2.fillPoly(keep, [corners], 1.0, cv2.LINE_AA, 4)
        keep = blur(keep, max(0.6, 0.013 * longer))
        fine = 0.5 * (blur(lab, 0.6) + lab)
        broad = broad + keep[..., None] * (fine - broad)
    body = resize(figure, (lab.shape[0], lab.shape[1]), "area")
    warmth = np.clip(0.10 + 0.30 * body + np.clip(broad[..., 2], -30, 30) / 70, 0, 1)
    low, high = (float(v) for v in np.quantile(broad[..., 0], [0.02, 0.98]))
    tone = 15 + 66 * (broad[..., 0] - low) / max(high - low, 30.0) + 0.12 * (low - 20)
    return np.stack([tone, broad[..., 1], broad[..., 2], 100 * warmth], 2).astype(np.float32)


def hair_of(lab: Floats, features: Features | None, figure: Floats, broad: Floats) -> Floats | None:
    """The colour of the hair as planes show it, [4]; None where none is found.

    It is the mean of the figure round the upper half of the face, the more so where it is unlike the skin.
    """
    if features is None:
        return None
    import cv2

    shape = (lab.shape[0], lab.shape[1])
    face = np.asarray(features.face, np.float64) * max(shape)
    middle, span = face.mean(0), np.ptp(face, 0)
    mask = np.zeros(shape, np.float32)
    centre = (round(float(middle[0])), round(float(face[:, 1].min() + 0.2 * span[1])))
    axes = (max(1, round(0.68 * span[0])), max(1, round(0.58 * span[1])))
    cv2.ellipse(mask, centre, axes, 0, 175, 365, 1.0, -1)
    skin = np.zeros(shape, np.uint8)
    cv2.fillPoly(skin, [np.asarray(np.round(face), np.int32)], 1)
    colour = lab[skin > 0].mean(0) if skin.any() else lab.mean((0, 1))
    away = lab - colour
    far = np.hypot(np.hypot(away[..., 1], away[..., 2]), 0.7 * away[..., 0])
    near = 0.12 + 0.88 * resize(figure, shape, "area") ** 2  # dark hair before a dark ground is not all figure
    weight = mask * (skin == 0) * near * (0.01 + np.clip((far - 6) / 14, 0, 1) ** 2)
    total = float(weight.sum())
    if total < 4:
        return None
    return np.asarray(np.einsum("hw,hwc->c", weight, broad) / total, np.float32)


def lit_half(lab: Floats, features: Features | None) -> int:
    """-1 where the viewer's left half of the face is the lighter one, 1 the right, 0 neither."""
    if features is None:
        return 0
    high, wide = lab.shape[:2]
    at = np.asarray(features.face, np.float64) * max(high, wide)
    rows = slice(int(np.clip(at[:, 1].min(), 0, high - 1)), int(np.clip(at[:, 1].max(), 1, high)))
    middle = int(np.clip(float(features.nose[:, 0].mean()) * max(high, wide), 1, wide))
    half = max(2, int(np.ptp(at[:, 0]) / 2))
    left, right = lab[rows, max(0, middle - half) : middle, 0], lab[rows, middle : middle + half, 0]
    if not left.size or not right.size or abs(float(left.mean() - right.mean())) < 2:
        return 0
    return -1 if left.mean() > right.mean() else 1


def coloured(canvas: Floats, strength: float) -> Floats:
    """Tones in the palette: ochre and umber where it is warm, grey and olive where it is cool; sRGB [h, w, 3].

    Args:
        canvas: L, a, b and warmth 0..100, [h, w, 4].
        strength: 0 keeps the sitter's own colours, 1 leaves a trace of them.
    """
    tone = np.clip(canvas[..., 0], 4, 96)
    warm = np.clip(canvas[..., 3] * np.float32(0.01), 0, 1)
    body = np.clip(1 - ((tone - 55) / 60) ** 2, 0.15, 1)  # earths are strongest in the middle tones
    a = body * (np.float32(-2.5) + np.float32(8) * warm) + np.float32(0.11) * np.clip(canvas[..., 1], -20, 60)
    b = body * (np.float32(4) + np.float32(27) * warm) + np.float32(0.08) * np.clip(canvas[..., 2], -30, 40)
    share = np.float32(strength)
    a = canvas[..., 1] + share * (a - canvas[..., 1])
    b = canvas[..., 2] + share * (b - canvas[..., 2])
    return rgb_of(np.stack([tone, a, b], 2))
