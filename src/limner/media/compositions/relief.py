"""The head as a relief: a height at every place, made from the outlines of the face and the picture's own shading.

The form comes from what is known of heads: a skull that is round about the face, and on it brows, sockets, lids,
nose, lips and chin where the features lie, in units of the distance of the eyes.  The rest comes from the picture:
fine tones, cleaned of their broad changes, read as dark is deep (Langer and Zucker, 1994), which holds for hair,
wrinkles and cloth, and is kept away from eyes and brows, where dark is colour.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from limner.core.features import Features
from limner.media.arrays import Floats
from limner.media.care import soft_polygon
from limner.media.compositions.head import head_of
from limner.media.fields import smoothstep
from limner.media.raster import blur, broad_blur, grey_of, lab_of, resize

_SIDE = 288  # px of the longer side at which the smooth form is computed


@dataclass(frozen=True, kw_only=True, eq=False)
class Relief:
    """A sitter as a relief before a flat ground; heights are in units of the picture's longer side."""

    form: Floats
    """The smooth form towards the viewer, float32 [h, w]."""
    detail: Floats
    """What the picture's own tones add, float32 [h, w]: hair, wrinkles, cloth."""
    hair: Floats
    """Where hair and cloth are, and not bare skin, 0..1, float32 [h, w]."""
    eyes: Floats
    """1 between the lids, float32 [h, w]."""
    mask: Floats
    """The whole figure, with a calm outline, 0..1, float32 [h, w]."""

    @property
    def shape(self) -> tuple[int, int]:
        """Height and width in px."""
        return self.form.shape[0], self.form.shape[1]

    @cached_property
    def height(self) -> Floats:
        """Form and detail, float32 [h, w]."""
        return self.form + self.detail

    @cached_property
    def normals(self) -> Floats:
        """Unit normals float32 [h, w, 3]: x to the viewer's right, y downwards, z to the viewer."""
        return normals_of(self.height)


def relief_of(colour: Floats, figure: Floats, features: Features | None) -> Relief:
    """The relief of a sitter.

    Args:
        colour: sRGB 0..1, float32 [h, w, 3].
        figure: how much each place belongs to the sitter, float32 [h, w].
        features: the face; None takes the figure alone, rounded.
    """
    shape = (colour.shape[0], colour.shape[1])
    side = max(shape)
    factor = min(1.0, _SIDE / side)
    small = (max(1, round(shape[0] * factor)), max(1, round(shape[1] * factor)))
    mask = _whole(resize(figure, small, "area"), features)
    form = _rounded(mask)
    eyes, quiet, skin = (np.zeros(small, np.float32) for _ in range(3))  # quiet: where dark is colour, and no depth
    if features is not None:
        longer = max(small)
        skin = _skin(resize(colour, small, "area"), features)
        form = head_of(small, features, mask, np.float32(0.62) * form)
        form = form + np.float32(0.016) * blur(mask * (1 - skin), 0.012 * longer)
        for name in ("left_eye", "right_eye"):
            points = features.outlines()[name] * longer
            wide = float(np.ptp(points[:, 0]))
            eyes = np.maximum(eyes, soft_polygon(small, points, 0.06 * wide))
            quiet = np.maximum(quiet, soft_polygon(small, points, 0.3 * wide, 0.12 * wide))
        for name in ("left_brow", "right_brow", "lips"):
            points = features.outlines()[name] * longer
            wide = float(np.ptp(points[:, 0]))
            share = np.float32(0.7 if name == "lips" else 0.5)
            quiet = np.maximum(quiet, share * soft_polygon(small, points, 0.16 * wide, 0.05 * wide))
    form, eyes, quiet, skin, mask = (
        resize(field, shape, "cubic") for field in (blur(form, 1.2), eyes, quiet, skin, mask)
    )
    form = blur(form, max(0.5, 0.8 * side / _SIDE))  # no trace of the smaller raster in its slopes
    hair = np.clip(mask * (1 - skin), 0, 1)
    tone = blur(grey_of(colour), side / 512)
    detail = _detail(tone, side, hair, np.clip(skin, 0, 1)) * np.clip(1 - quiet, 0, 1) * np.clip(mask, 0, 1)
    return Relief(
        form=form, detail=detail.astype(np.float32), hair=hair, eyes=np.clip(eyes, 0, 1), mask=np.clip(mask, 0, 1)
    )


def _whole(mask: Floats, features: Features | None) -> Floats:
    """The figure without holes and crumbs, with a calm outline."""
    import cv2

    side = max(mask.shape)
    solid = (blur(mask, 0.008 * side) > 0.5).astype(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(solid, connectivity=4)
    if count > 1:
        solid = (labels == 1 + int(np.argmax(stats[1:, cv2.CC_STAT_AREA]))).astype(np.uint8)
    edge = np.pad(1 - solid, 1, constant_values=0)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(edge, connectivity=4)
    for k in range(1, count):
        x, y, wide = (int(stats[k, c]) for c in range(3))
        touches = x <= 1 or y <= 1 or x + wide >= edge.shape[1] - 1
        if not touches:
            solid[labels[1:-1, 1:-1] == k] = 1
    reach = max(1, side // 18)
    around = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1))
    wider = np.pad(solid, 2 * reach, mode="edge")
    closed = np.asarray(cv2.morphologyEx(wider, cv2.MORPH_CLOSE, around))
    solid = closed[2 * reach : -2 * reach, 2 * reach : -2 * reach].astype(np.float32)
    if features is not None:
        solid = np.maximum(solid, soft_polygon((mask.shape[0], mask.shape[1]), features.face * side, 2.0) > 0.5)
        solid = np.maximum(solid, _cranium((mask.shape[0], mask.shape[1]), features))
        solid = np.maximum(solid, shoulders((mask.shape[0], mask.shape[1]), features) > 0.5)
    return blur(solid.astype(np.float32), 0.010 * side)


def _cranium(shape: tuple[int, int], features: Features) -> Floats:
    """1 where every head is, whatever the colour of its hair."""
    import cv2

    longer = max(shape)
    left, right = features.left_eye.mean(0), features.right_eye.mean(0)
    eyes = (left + right) / 2
    across = (right - left) / max(float(np.linalg.norm(right - left)), 1e-6)
    tall = float(((features.face - eyes) @ np.array([-across[1], across[0]], np.float32)).max())  # eyes to chin
    broad = float(np.ptp(features.face[:, 0]))
    turn = float(np.degrees(np.arctan2(right[1] - left[1], right[0] - left[0])))
    mask = np.zeros(shape, np.uint8)
    centre = (round(float(eyes[0]) * longer * 16), round(float(eyes[1]) * longer * 16))
    cv2.ellipse(
        mask, centre, (max(1, round(0.56 * broad * longer * 16)), max(1, round(1.15 * tall * longer * 16))), turn,
        180, 360, 1, -1, cv2.LINE_8, 4,
    )  # fmt: skip
    return mask.astype(np.float32)


def shoulders(shape: tuple[int, int], features: Features) -> Floats:
    """Where a neck and shoulders are likely below a face, softly; 0..1, float32 [h, w]."""
    longer = max(shape)
    left, right = features.left_eye.mean(0), features.right_eye.mean(0)
    across = (right - left) / max(float(np.linalg.norm(right - left)), 1e-6)
    down = np.array([-across[1], across[0]], np.float32)
    middle = features.face.mean(0)
    rel = features.face - middle
    broad, tall, chin = float(np.ptp(rel @ across)), float(np.ptp(rel @ down)), float((rel @ down).max())
    outline = [(-0.30, -0.30), (0.30, -0.30), (0.42, -0.12), (0.62, -0.03), (1.00, 0.06), (1.25, 0.6), (-1.25, 0.6),
               (-1.00, 0.06), (-0.62, -0.03), (-0.42, -0.12)]  # fmt: skip
    points = np.array([middle + x * broad * across + (chin + y * tall) * down for x, y in outline], np.float32)
    return soft_polygon(shape, points * longer, max(1.0, 0.05 * broad * longer))


def normals_of(height: Floats) -> Floats:
    """Unit normals [h, w, 3] of heights in units of the longer side."""
    import cv2

    side = max(height.shape)
    scaled = np.ascontiguousarray(height * np.float32(side), np.float32)
    dx = np.asarray(cv2.Sobel(scaled, cv2.CV_32F, 1, 0, scale=0.125), np.float32)
    dy = np.asarray(cv2.Sobel(scaled, cv2.CV_32F, 0, 1, scale=0.125), np.float32)
    inverse = 1 / np.sqrt(dx * dx + dy * dy + 1)
    return np.stack([-dx * inverse, -dy * inverse, inverse], -1)


def _detail(tone: Floats, side: int, hair: Floats, skin: Floats) -> Floats:
    """Heights that fine tones tell: bands of tones, dark is deep, made even where contrast is strong."""
    total = np.zeros_like(tone)
    last = tone
    for reach, on_skin, elsewhere in ((0.0045, 0.9, 1.0), (0.010, 1.0, 1.6), (0.022, 1.0, 2.6)):
        soft = broad_blur(tone, reach * side)
        band = last - soft
        last = soft
        strong = np.sqrt(broad_blur(band * band, 2.5 * reach * side)) + np.float32(0.02)
        band = band / (1 + strong * np.float32(6))  # strong contrast says no more of depth than a weak one
        total += np.float32(reach) * band * (np.float32(on_skin) * skin + np.float32(elsewhere) * hair)
    return total * np.float32(4.0)


def _skin(colour: Floats, features: Features) -> Floats:
    """Bare skin: within the face (and a little above and below it), of the colour of cheeks and nose; 0..1."""
    import cv2

    small = (colour.shape[0], colour.shape[1])
    lab = lab_of(blur(colour, 1.2))
    longer = max(small)
    face = features.face * longer
    inside = soft_polygon(small, face, 0.02 * longer)
    eyes = (features.left_eye.mean(0) + features.right_eye.mean(0)) / 2
    mouth = features.mouth.mean(0)
    span = float(np.linalg.norm(mouth - eyes)) * longer
    grown = face.mean(0) + (face - face.mean(0)) * np.array([1.06, 1.0], np.float32)
    above = grown.copy()
    above[:, 1] -= 0.42 * span
    near = np.maximum(soft_polygon(small, above, 0.1 * span), inside)
    cheeks = (features.face.min(0) + features.face.max(0)) / 2
    centre = (np.array([cheeks[0], (eyes[1] + mouth[1]) / 2], np.float32) + features.nose.mean(0)) / 2 * longer
    y, x = np.mgrid[0 : small[0], 0 : small[1]].astype(np.float32)
    far = max(span, 1.0)
    core = np.exp(-(((x - centre[0]) / (0.75 * far)) ** 2) - ((y - centre[1]) / (0.5 * far)) ** 2) * inside
    total = float(core.sum()) + 1e-6
    mean = (lab * core[..., None]).sum((0, 1)) / total
    spread = np.sqrt(((lab - mean) ** 2 * core[..., None]).sum((0, 1)) / total)
    reach = np.maximum(spread * np.array([2.2, 2.0, 2.0], np.float32), np.array([14, 8, 8], np.float32))
    away = (((lab - mean) / reach) ** 2).sum(-1)
    like = np.exp(-np.maximum(away - 0.8, 0) * np.float32(0.7))
    features_too = np.zeros(small, np.float32)
    for name in ("left_eye", "right_eye", "left_brow", "right_brow", "lips", "nose"):
        points = features.outlines()[name] * longer
        features_too = np.maximum(features_too, soft_polygon(small, points, 0.05 * span, 0.08 * span))
    found = np.maximum(blur(like * near, 1.5), features_too)
    gap = max(1, round(0.11 * span))
    around = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * gap + 1, 2 * gap + 1))
    closed = np.asarray(cv2.morphologyEx(found, cv2.MORPH_CLOSE, around), np.float32)
    found = np.maximum(found, closed * near)  # a shadow on a brow is no lock of hair
    count, labels, stats, places = cv2.connectedComponentsWithStats((found < 0.5).astype(np.uint8), connectivity=4)
    for k in range(1, count):  # nor is an island on the forehead
        apart = int(stats[k, cv2.CC_STAT_AREA]) < 0.35 * span * span and float(near[labels == k].min()) > 0.3
        if apart and places[k][1] < eyes[1] * longer:
            found[np.asarray(cv2.dilate((labels == k).astype(np.uint8), around)) > 0] = 1
    return np.clip(smoothstep(0.25, 0.75, found), 0, 1)


def _rounded(mask: Floats) -> Floats:
    """The figure's silhouette, blown up like a cushion; heights in units of the longer side."""
    import cv2

    side = max(mask.shape)
    away = np.asarray(cv2.distanceTransform((mask > 0.5).astype(np.uint8), cv2.DIST_L2, 5), np.float32) / side
    away = blur(away, 0.014 * side)
    share = np.clip(away / np.float32(0.2), 0, 1)
    return np.float32(0.2) * np.sqrt(np.clip(1 - (1 - share) ** 2, 0, 1)) * smoothstep(0.2, 0.6, mask)
