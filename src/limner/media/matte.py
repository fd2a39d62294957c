"""The matte: how much of every px is sitter, fine enough for single hairs.

1. The soft figure (`limner.media.figure`) leaves a band in question round the sitter: wide at the hair.
2. In the band, colours of sure sitter and sure background explain each px (Gastal and Oliveira, "Shared sampling
   for real-time alpha matting", 2010).
3. The matting Laplacian joins those guesses along colour lines (Levin, Lischinski and Weiss, "A closed-form solution
   to natural image matting", 2008).  Steps 1 to 3 are made at `SIDE` px.
4. There the matte is, in every small window, a linear function of colour.  These functions, enlarged, are applied to
   the picture at full size (He and Sun, "Fast guided filter", 2015), so hairs thinner than a px of step 3 come out.

No network, no randomness; the same bytes on any number of threads.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from limner.core.features import Features
from limner.core.picture import Picture
from limner.media.arrays import Floats
from limner.media.figure import figure_of
from limner.media.hands import Hands
from limner.media.raster import blur

SIDE = 640
"""Longer side in px at which the matte is solved for."""

_HAIR, _CLOTH = 0.056, 0.030
"""How far beyond the figure hairs are looked for, and the edges of clothes, as a share of the longer side."""

_BAND = 128  # rows handled at once at full size
_HABIT = 0.03  # weight of the figure where colours are not clear
_ROUGHNESS = 1e-5  # of the matting Laplacian's windows
_STEPS = 160  # of conjugate gradients at most


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Matte:
    """A matte at full size, and what was found on the way to it."""

    alpha: Floats
    """float32 [h, w] 0..1 at the picture's size."""
    small: Floats
    """The picture at `SIDE` px, sRGB 0..1, float32 [h', w', 3]."""
    small_alpha: Floats
    """float32 [h', w'] 0..1."""
    trimap: npt.NDArray[np.uint8]
    """[h', w']: 0 background, 1 what was in question, 2 sitter."""


def matte_of(picture: Picture, features: Features | None, hands: Hands) -> Matte:
    """The matte of a picture's sitter.

    Args:
        picture: uint8 RGB [h, w, 3].
        features: the face; None takes the middle of the picture for the sitter.
        hands: threads.

    Raises:
        Cancelled: a stop was requested.
    """
    small = _small(picture)
    hands.cancel.check()
    belief = figure_of(small, features)
    trimap = trimap_of(belief, features)
    alpha = _solved(small, trimap, belief, hands)
    hands.cancel.check()
    full = alpha if small.shape[:2] == picture.shape[:2] else _enlarged(picture, small, alpha, hands)
    return Matte(alpha=full, small=small, small_alpha=alpha, trimap=trimap)


def _small(picture: Picture) -> Floats:
    import cv2

    high, wide = picture.shape[:2]
    scale = min(1.0, SIDE / max(high, wide))
    size = (max(1, round(wide * scale)), max(1, round(high * scale)))
    reduced = picture if scale == 1 else cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    return np.ascontiguousarray(np.asarray(reduced, np.float32) / np.float32(255))


# the band in question --------------------------------------------------------------------------


def trimap_of(belief: Floats, features: Features | None) -> npt.NDArray[np.uint8]:
    """Sure background (0), in question (1) and sure sitter (2).

    Args:
        belief: the soft figure, [h, w] 0..1.
        features: the face; no hole is left inside it, and the band is widest above its chin, where hair is.
    """
    import cv2

    side = max(belief.shape)
    believed = np.asarray(belief, np.float32)
    inside = believed > 0.92
    outside = believed < 0.06
    body = np.zeros(belief.shape, np.bool_)
    if features is not None:
        body = _body(belief.shape, features)
        inside = _without_holes(inside | body, _head(belief.shape, features, grown=1.16))
        outside &= ~inside

    def eroded(mask: npt.NDArray[np.bool_], share: float) -> npt.NDArray[np.bool_]:
        reach = max(2, round(share * side))
        around = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1))
        # beyond the picture's rim things go on as they are
        return np.asarray(cv2.erode(mask.astype(np.uint8), around, borderType=cv2.BORDER_REPLICATE)) > 0

    free = eroded(outside, _HAIR)
    if features is not None:  # below the chin are shoulders, and those are smooth
        chin = round(float(np.asarray(features.face)[:, 1].max()) * side)
        free[chin:] = eroded(outside, _CLOTH)[chin:]
    trimap = np.ones(belief.shape, np.uint8)
    trimap[free] = 0
    trimap[eroded(inside, 0.010)] = 2
    trimap[body] = 2
    return _without_islands(trimap)


def _body(shape: tuple[int, ...], features: Features) -> npt.NDArray[np.bool_]:
    """What is surely sitter: the face, the skull above it, and the neck under the chin."""
    import cv2

    face = np.asarray(features.face, np.float32) * np.float32(max(shape))
    low, top = float(face[:, 1].max()), float(face[:, 1].min())
    left, right = float(face[:, 0].min()), float(face[:, 0].max())
    tall, broad, middle = low - top, right - left, (left + right) / 2
    mask = _head(shape, features).astype(np.uint8)
    turn = np.linspace(0, 2 * np.pi, 48, endpoint=False)
    c, d = np.cos(turn), np.sin(turn)  # a skull is blunter than an ellipse
    skull = np.stack(
        [middle + 0.52 * broad * np.sign(c) * np.abs(c) ** 0.8,
         top + 0.28 * tall + 0.44 * tall * np.sign(d) * np.abs(d) ** 0.8], axis=-1,
    )  # fmt: skip
    cv2.fillPoly(mask, [np.round(skull * 16).astype(np.int32)], 1, cv2.LINE_8, 4)
    neck = np.array(
        [[middle - 0.20 * broad, low - 0.15 * tall], [middle + 0.20 * broad, low - 0.15 * tall],
         [middle + 0.16 * broad, low + 0.10 * tall], [middle - 0.16 * broad, low + 0.10 * tall]], np.float32
    )  # fmt: skip
    cv2.fillPoly(mask, [np.round(neck * 16).astype(np.int32)], 1, cv2.LINE_8, 4)
    return mask > 0


def _without_islands(trimap: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """What is in question but nowhere near the background is a light in the hair, not a gap."""
    import cv2

    count, labels = cv2.connectedComponents((trimap < 2).astype(np.uint8), connectivity=4)
    reaches = np.bincount(np.asarray(labels).ravel(), (trimap == 0).ravel(), count) > 0
    trimap[(trimap == 1) & ~reaches[np.asarray(labels, np.int64)]] = 2
    return trimap


def _head(shape: tuple[int, ...], features: Features, grown: float = 0.94) -> npt.NDArray[np.bool_]:
    """The face's outline, shrunk or grown about its middle."""
    import cv2

    face = np.asarray(features.face, np.float32) * np.float32(max(shape))
    middle = (face.max(0) + face.min(0)) / np.float32(2)
    outline = np.asarray(middle + (face - middle) * np.float32(grown), np.float32)
    mask = np.zeros(shape[:2], np.uint8)
    cv2.fillPoly(mask, [np.round(outline * 16).astype(np.int32)], 1, cv2.LINE_8, 4)
    return mask > 0


def _without_holes(inside: npt.NDArray[np.bool_], head: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Gaps that lie mostly in the head and do not reach the rim belong to the sitter."""
    import cv2

    count, labels, stats, _ = cv2.connectedComponentsWithStats((~inside).astype(np.uint8), connectivity=4)
    rim = set(np.unique(np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]])).tolist())
    filled = inside.copy()
    for k in range(1, count):
        if k in rim:
            continue
        hole = labels == k
        if float(head[hole].mean()) > 0.5 or int(stats[k, cv2.CC_STAT_AREA]) < 12:
            filled |= hole
    return filled


# solving ---------------------------------------------------------------------------------------


def _solved(small: Floats, trimap: npt.NDArray[np.uint8], belief: Floats, hands: Hands) -> Floats:
    """Alpha at the working size."""
    from limner.media.matte_kernel import assemble, sample_rows, solve

    high, wide = trimap.shape
    front, back = np.zeros_like(small), np.zeros_like(small)
    guess, cost = np.zeros((high, wide), np.float32), np.zeros((high, wide), np.float32)
    trusted = np.ascontiguousarray(belief, np.float32)
    calm = np.ascontiguousarray(blur(small, 0.6))  # a single bristle's colour tells little

    def rows(k: int) -> None:
        sample_rows(calm, trimap, trusted, k * 32, min(high, k * 32 + 32), front, back, guess, cost)

    hands.each(rows, -(-high // 32))
    hands.cancel.check()
    unknown = trimap == 1
    contrast = np.sum((front - back) ** 2, axis=2)
    sure = np.exp(-((cost / 0.09) ** 2)) * contrast / (contrast + 0.02)
    # where colours say little, the figure does
    target = (sure * guess + _HABIT * trusted) / (sure + _HABIT)
    weight = np.where(unknown, 0.02 * sure + 0.0012, 0).astype(np.float32)
    start = np.where(unknown, target, np.where(trimap == 2, 1.0, 0.0))
    alpha = np.ascontiguousarray(start, np.float64)
    stencil = np.zeros((high, wide, 25), np.float32)
    if high >= 3 and wide >= 3:
        assemble(small, trimap, _ROUGHNESS * 9, stencil)
        hands.cancel.check()
        solve(stencil, weight, np.ascontiguousarray(target, np.float32), trimap, alpha, _STEPS, 1e-3)
    clean = np.clip((alpha - 0.03) / 0.94, 0, 1)
    return np.ascontiguousarray(clean, np.float32)


# enlarging -------------------------------------------------------------------------------------


def _enlarged(picture: Picture, small: Floats, alpha: Floats, hands: Hands) -> Floats:
    """Alpha at the picture's size: the small one's local lines, applied to the picture's own colours."""
    import cv2

    high, wide = picture.shape[:2]
    slope, offset = _lines(small, alpha)
    low, top = _extremes(alpha)
    full = np.empty((high, wide), np.float32)

    def band(k: int) -> None:
        y0, y1 = k * _BAND, min(high, (k + 1) * _BAND)
        x, y = places((high, wide), alpha.shape, y0, y1)

        def at(field: Floats) -> Floats:
            return np.asarray(cv2.remap(field, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE), np.float32)

        lines = at(slope)
        colours = picture[y0:y1].astype(np.float32) * np.float32(1 / 255)
        here = at(offset)
        for c in range(3):
            here += lines[..., c] * colours[..., c]
        np.clip(here, at(low), at(top), out=here)  # no line reaches beyond what was found around
        full[y0:y1] = np.clip(here, 0, 1)

    hands.each(band, -(-high // _BAND))
    return full


def places(full: tuple[int, int], small: tuple[int, ...], y0: int, y1: int) -> tuple[Floats, Floats]:
    """Where px of rows y0..y1 of the full picture lie in the small one, for `cv2.remap`."""
    y = (np.arange(y0, y1, dtype=np.float32) + np.float32(0.5)) * np.float32(small[0] / full[0]) - np.float32(0.5)
    x = (np.arange(full[1], dtype=np.float32) + np.float32(0.5)) * np.float32(small[1] / full[1]) - np.float32(0.5)
    shape = (y1 - y0, full[1])
    return np.ascontiguousarray(np.broadcast_to(x[None], shape)), np.ascontiguousarray(
        np.broadcast_to(y[:, None], shape)
    )


def _extremes(alpha: Floats) -> tuple[Floats, Floats]:
    """The least and the greatest alpha near each px, a little widened."""
    import cv2

    around = np.ones((3, 3), np.uint8)
    low, top = np.asarray(cv2.erode(alpha, around), np.float32), np.asarray(cv2.dilate(alpha, around), np.float32)
    reach = np.float32(0.5) * (top - low)
    return np.ascontiguousarray(low - reach), np.ascontiguousarray(top + reach)


def _lines(small: Floats, alpha: Floats, roughness: float = 2e-5) -> tuple[Floats, Floats]:
    """Slope [h, w, 3] and offset [h, w] of alpha over colour, in 3 x 3 windows (the guided filter's, averaged)."""
    import cv2

    def mean(values: Floats) -> Floats:
        return np.asarray(cv2.boxFilter(values, -1, (3, 3), borderType=cv2.BORDER_REPLICATE), np.float64)

    colour = np.asarray(small, np.float64)
    share = np.asarray(alpha, np.float64)
    mc, ma = mean(colour), mean(share)
    pairs = [(0, 0), (0, 1), (0, 2), (1, 1), (1, 2), (2, 2)]
    s = [mean(colour[..., a] * colour[..., b]) - mc[..., a] * mc[..., b] + roughness * (a == b) for a, b in pairs]
    s00, s01, s02, s11, s12, s22 = s
    with_alpha = [mean(colour[..., c] * share) - mc[..., c] * ma for c in range(3)]
    c00, c01, c02 = s11 * s22 - s12 * s12, s02 * s12 - s01 * s22, s01 * s12 - s02 * s11
    c11, c12, c22 = s00 * s22 - s02 * s02, s01 * s02 - s00 * s12, s00 * s11 - s01 * s01
    inverse = 1 / (s00 * c00 + s01 * c01 + s02 * c02)
    v0, v1, v2 = with_alpha
    slope = np.stack(
        [(c00 * v0 + c01 * v1 + c02 * v2) * inverse, (c01 * v0 + c11 * v1 + c12 * v2) * inverse,
         (c02 * v0 + c12 * v1 + c22 * v2) * inverse], axis=-1,
    )  # fmt: skip
    offset = ma - np.sum(slope * mc, axis=-1)
    return np.ascontiguousarray(mean(slope), np.float32), np.ascontiguousarray(mean(offset), np.float32)
