"""What is behind the sitter: the portrait's own ground, with the sitter taken out."""

from __future__ import annotations

import numpy as np

from limner.media.arrays import Floats
from limner.media.raster import blur, resize

_SIDE = 160  # px of the longer side at which it is filled


def plate(picture: Floats, figure: Floats, *, soft: float = 0.02) -> Floats:
    """The background as if nobody sat there.

    Known places are kept; those behind the sitter take what is known around them, the nearest most (pull and push,
    Gortler et al., 1996, by blurs of growing reach).

    Args:
        picture: sRGB 0..1, float32 [h, w, 3].
        figure: how much each place belongs to the sitter, float32 [h, w].
        soft: how softly the result is seen, a share of the longer side.

    Returns:
        sRGB float32 [h, w, 3].
    """
    high, wide = picture.shape[:2]
    factor = min(1.0, _SIDE / max(high, wide))
    shape = (max(1, round(high * factor)), max(1, round(wide * factor)))
    longer = max(shape)
    small = resize(picture, shape, "area")
    taken = resize(figure, shape, "area")
    taken = np.maximum(taken, 1.4 * blur(taken, 0.025 * longer))  # hair reaches further than its matte
    known = np.clip(1 - 3 * taken, 0, 1) ** 2
    y, x = np.mgrid[0 : shape[0], 0 : shape[1]].astype(np.float32)
    rim = np.minimum(np.minimum(x, shape[1] - 1 - x), y) / longer  # the rim is likelier ground than the middle
    upper = np.exp(-(rim + 0.25 * y / longer) / np.float32(0.03))
    known = known * np.exp(-rim / np.float32(0.12)) + np.float32(1e-5) * upper
    filled = np.zeros_like(small)
    total = np.zeros(shape, np.float32)
    for reach in (0.006, 0.015, 0.04, 0.1, 0.3):
        weight = blur(known, reach * longer)
        colour = blur(small * known[..., None], reach * longer)
        share = np.clip(weight * np.float32(60 if reach < 0.2 else 1e12), 0, 1) * (1 - total)
        filled += colour / np.maximum(weight, np.float32(1e-12))[..., None] * share[..., None]
        total += share
    filled = np.where((total < 1e-3)[..., None], small.mean((0, 1)), filled)
    return np.clip(resize(blur(filled, max(0.5, soft * longer)), (high, wide), "cubic"), 0, 1)
