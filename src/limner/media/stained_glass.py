"""Stained glass: pieces of coloured glass in lead; the face is one piece, and its features are painted on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from limner.core.rng import uniform
from limner.media.arrays import Floats
from limner.media.care import soft_polygon
from limner.media.cells import regions, scatter, seams
from limner.media.drawing import darkness
from limner.media.fields import by_bands, cloud, noise, smoothstep
from limner.media.guide import PLANNING, Guide
from limner.media.hands import Hands
from limner.media.light import Light, Painted
from limner.media.lines import response
from limner.media.medium import Medium, Plan, shape_at
from limner.media.parameters import Parameters, number, whole
from limner.media.printing import edges
from limner.media.raster import blur, lab_of, rgb_of
from limner.media.seeing import seen
from limner.media.surface import Surface

_LEAD = np.array([0.085, 0.088, 0.095], np.float32)
_PAINT = np.array([0.13, 0.085, 0.06], np.float32)  # the brown of vitreous paint, as light that it lets through


@dataclass(frozen=True, slots=True, kw_only=True)
class StainedGlass(Parameters):
    """What can be turned in stained glass."""

    pieces: int = whole(46, 12, 160, "Number of pieces around the sitter.")
    hair_pieces: int = whole(16, 3, 60, "Number of pieces in hair and clothes.")
    lead: float = number(7.0, 2.0, 16.0, "Width of the lead.", unit="px at 1024")
    saturation: float = number(1.7, 0.5, 3.0, "Strength of the colours.", unit="times")
    painting: float = number(0.75, 0.0, 1.0, "Strength of the painted tones and lines on the glass.")
    glow: float = number(0.6, 0.0, 1.0, "How strongly the sun shines through.")
    texture: float = number(0.6, 0.0, 1.0, "Streaks, seeds and waves in the glass.")
    variety: float = number(0.6, 0.0, 1.0, "How much pieces of one colour differ.")


def plan(guide: Guide, parameters: StainedGlass, seed: int, hands: Hands) -> Plan:
    """Pieces, their colours, and what is painted on them."""
    hands.cancel.check()
    labels = _pieces(guide, parameters, seed)
    colours = _glass(guide, labels, parameters, seed)
    dark = darkness(guide, contrast=0.8, background=0.6)
    local = np.clip(dark - blur(dark, 26.0) * 0.75, 0, 1)
    lines = response(guide.tone, guide.flow, width=1.7, length=12)
    weight = (0.1 + 0.9 * np.maximum(guide.face, 0.6 * guide.figure)) * (0.5 + 0.7 * guide.care)
    shape = guide.shape
    fields = {
        "seam": seams(labels, 1.1),
        "glass": blur(colours, 1.2),
        "tone": local * (0.35 + 0.65 * guide.figure),
        "line": lines * weight,
        "streak": cloud(seed, "glass.streak", shape, 60, 4),
        "seeds": noise(seed, "glass.seeds", shape, 5),
        "wave": noise(seed, "glass.wave", shape, 24),
    }
    return Plan(shape=shape, fields={name: np.ascontiguousarray(field, np.float32) for name, field in fields.items()})


def _pieces(guide: Guide, parameters: StainedGlass, seed: int) -> npt.NDArray[np.int64]:
    """A label for every place: face and neck are single pieces, hair and ground are cut into several."""
    figure = blur(guide.figure, 5.0) > 0.5
    face = blur(_skin(guide), 3.0) > 0.45
    behind = _cut(np.where(figure, 0.15, 1.0), parameters.pieces, seed, "glass.ground", guide.shape)
    around = _cut(np.where(figure & ~face, 1.0, 0.02), parameters.hair_pieces, seed, "glass.hair", guide.shape)
    labels = np.where(figure, 1000 + around, behind)
    labels = np.where(face, 5000, labels)
    return _without_slivers(labels, 520)


def _skin(guide: Guide) -> Floats:
    """The face up to the hairline: its outline drawn up over the forehead, where the colour is that of the cheeks."""
    if guide.features is None:
        return guide.face
    points = guide.features.face * max(guide.shape)
    low, top = float(points[:, 1].max()), float(points[:, 1].min())
    middle = (low + top) / 2
    raised = points.copy()
    upper = raised[:, 1] < middle
    raised[upper, 1] = middle - (middle - raised[upper, 1]) * 1.42
    lab = lab_of(guide.calm)
    core = guide.face > 0.9
    if not core.any():
        return guide.face
    mean, spread = lab[core].mean(0), lab[core].std(0) + np.array([9.0, 5.0, 5.0])
    near = np.exp(-0.5 * (np.square((lab - mean) / spread) * np.array([0.35, 1.0, 1.0])).sum(2))
    near = blur(near.astype(np.float32), 3.0)
    forehead = soft_polygon(guide.shape, raised, 6.0) * np.clip(near * 2.2 - 0.25, 0, 1)
    return np.maximum(guide.face, forehead).astype(np.float32)


def _cut(
    density: npt.NDArray[np.floating], count: int, seed: int, stream: str, shape: tuple[int, int]
) -> npt.NDArray[np.int64]:
    points = scatter(density.astype(np.float32), count, seed, stream, rounds=4)
    labels, order = regions(points, shape)
    return order[labels]


def _without_slivers(labels: npt.NDArray[np.int64], smallest: int) -> npt.NDArray[np.int64]:
    """Labels in which every connected piece has at least `smallest` px: slivers join their surroundings."""
    import cv2

    names, index = np.unique(labels, return_inverse=True)
    index = index.reshape(labels.shape)
    pieces = np.zeros(labels.shape, np.int64)
    count = 0
    for k in range(len(names)):
        part = np.asarray(cv2.connectedComponents((index == k).astype(np.uint8), connectivity=4)[1], np.int64)
        inside = part > 0
        pieces[inside] = part[inside] + count
        count += int(part.max())
    area = np.bincount(pieces.ravel(), minlength=count + 1)
    small = area[pieces] < smallest
    if small.any() and not small.all():
        _, found = cv2.distanceTransformWithLabels(
            small.astype(np.uint8), cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL
        )
        near = np.asarray(found, np.int64)
        table = np.zeros(int(near.max()) + 1, np.int64)
        table[near[~small]] = pieces[~small]
        pieces = np.where(small, table[near], pieces)
    return pieces


def _glass(guide: Guide, labels: npt.NDArray[np.int64], parameters: StainedGlass, seed: int) -> Floats:
    """The colour of each piece: the mean of what lies under it, strong and light."""
    view = seen(guide, saturation=parameters.saturation)
    flat = labels.ravel()
    count = int(flat.max()) + 1
    area = np.maximum(np.bincount(flat, minlength=count), 1)
    mean = np.stack([np.bincount(flat, view[..., c].ravel(), count) / area for c in range(3)], -1).astype(np.float32)
    lab = lab_of(mean[None])[0]
    dice = uniform(seed, "glass.pieces", 3 * count).reshape(count, 3)
    off = parameters.variety
    lab[:, 0] = np.clip(34 + 0.62 * lab[:, 0] + 16 * off * (dice[:, 0] - 0.5), 12, 92)
    lab[:, 1:] *= (1 + 0.6 * off * (dice[:, 1:2] - 0.3)).astype(np.float32)
    lab[:, 1:] += (10 * off * (dice[:, 1:] - 0.5)).astype(np.float32)
    table = lab.astype(np.float32)[labels]
    # flesh is one piece, stained here and there: lips, cheeks and eyes keep their hues
    own = lab_of(blur(seen(guide, saturation=1.35), 2.5))
    own[..., 0] = 30 + 0.70 * own[..., 0]
    flesh = 0.72 * blur(guide.face, 4.0)[..., None]
    table = np.ascontiguousarray(table + flesh * (own - table), np.float32)
    return rgb_of(table)


def deposit(plan: Plan, parameters: StainedGlass, size: int, hands: Hands) -> Painted:
    """Light through glass, paint and lead."""
    high, wide = shape_at(plan, size)
    scale = size / PLANNING
    colour, height = np.empty((high, wide, 3), np.float32), np.empty((high, wide), np.float32)
    half = np.float32(0.5 * parameters.lead * PLANNING / 1024)

    def band(here: Mapping[str, Floats], rows: slice) -> None:
        seam = here["seam"]
        rough = np.float32(parameters.texture)
        glass = here["glass"] * (1 + rough * (0.13 * here["streak"] + 0.05 * here["wave"]))[..., None]
        bubbles = smoothstep(1.9, 2.5, here["seeds"]) * rough
        glass = glass * (1 + 0.25 * bubbles)[..., None]
        # the sun: brighter in the middle of pieces, and their colour deepens
        sun = np.float32(parameters.glow) * smoothstep(0.0, 22.0, seam)
        glass = np.clip(glass, 0, 1) ** (1.18 - 0.35 * sun[..., None])
        strength = np.float32(parameters.painting)
        line = edges(here["line"] - np.float32(0.012), 0.006, scale) * strength
        painted = np.clip(1 - 1.25 * strength * here["tone"], 0.12, 1) * (1 - 0.93 * line)
        glass = glass * (_PAINT + painted[..., None] * (1 - _PAINT))
        lead = edges(half - seam + 0.35 * here["wave"] * half * 0.3, 1.0, scale)
        colour[rows] = glass + lead[..., None] * (_LEAD - glass)
        bulge = np.clip(1 - np.square(seam / np.maximum(half, 0.4)), 0, 1)
        height[rows] = lead * (0.7 + 1.5 * np.sqrt(bulge)) + (1 - lead) * (0.10 * rough * here["wave"] + 0.25 * bubbles)

    by_bands(plan.fields, (high, wide), hands, band)
    return Painted(colour=colour, height=height, cover=np.ones((high, wide), np.float32), scale=scale, shine=0.10)


STAINED_GLASS = Medium(
    id="stained-glass",
    title="Stained glass",
    help="Coloured glass in lead; the features are painted on one piece.",
    parameters=StainedGlass,
    plan=plan,
    deposit=deposit,
    version=2,
    surface=Surface(kind="smooth", tone="#15161a", relief=0.0, grain=3.0),
    light=Light(strength=0.6, gloss=0.6),
)
