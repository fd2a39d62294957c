"""Recoloured versions of training portraits.

The collection shows few blue skins and few white or red walls, so the flow would learn these words
badly.  A version keeps the drawing and moves the colours of one or more parts (hair, skin, eyes,
background) or of the whole picture (greyscale, sepia, warm, cool, dark, bright) to another place;
the dials are then measured anew, so that every version is described truly.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageFilter

from limner.anatomy import regions
from limner.core.palette import lab_to_rgb, rgb_to_lab

Floats = npt.NDArray[np.float32]

HAIRS = (
    (8, 0, 0), (94, 0, 1), (76, 0, -2), (50, 0, 0), (42, 50, 34), (46, 32, 38), (28, 24, 22), (28, 10, 16),
    (64, 8, 34), (82, 0, 12), (46, -42, 32), (40, 6, -46), (74, -8, -22), (34, 42, -42), (68, 38, 2),
)  # fmt: skip
SKINS = (
    (22, 8, 12), (16, 6, 8), (32, 12, 18), (40, 14, 22), (52, 16, 26), (76, 8, 12), (86, 4, 6),
    (46, -38, 28), (52, -24, 24), (46, -4, -36), (62, -10, -24), (42, 52, 36), (40, 34, -34),
    (64, 12, 50), (55, 0, 0),
)  # fmt: skip
GROUNDS = (
    (6, 0, 0), (94, 0, 0), (50, 0, 0), (40, 54, 36), (30, 40, 20), (62, 36, 56), (66, 12, 54), (82, -4, 66),
    (46, -40, 30), (30, -18, 12), (44, -28, -8), (40, 6, -46), (74, -8, -22), (16, 8, -28), (34, 40, -40),
    (68, 38, 2), (30, 10, 16), (76, 4, 14),
)  # fmt: skip
IRISES = (
    (45, 8, -52), (62, -12, -30), (48, -46, 34), (32, 12, 18), (42, 60, 40), (66, 14, 62), (44, 46, -44),
    (55, 0, 0), (90, 0, 0), (52, -36, -8), (68, 40, 2), (10, 0, 0),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Version:
    """A recoloured portrait."""

    picture: npt.NDArray[np.uint8]
    """uint8 [64, 64, 3]."""
    moved: frozenset[str]
    """What was changed: part names, or "all" for the whole picture."""


def recolour(
    picture: npt.NDArray[np.uint8],
    parts: Floats,
    landmarks: Floats,
    rng: np.random.Generator,
) -> Version:
    """Make one version.

    Args:
        picture: uint8 [s, s, 3].
        parts: share of background, hair, skin and garment, [4, 64, 64].
        landmarks: [478, 2] in units of the side.
        rng: source of the choices.
    """
    lab = rgb_to_lab(picture)
    side = picture.shape[0]
    if parts.shape[1] != side:
        parts = _enlarged(parts, side)
    keep = _features(landmarks * side, side)
    parts = _adopt_garment(lab, parts)
    shares = {"background": parts[0], "hair": parts[1] * (1 - keep), "skin": parts[2] * (1 - keep)}
    if np.abs(_middle(lab, parts[1]) - _middle(lab, parts[2])).sum() < 16:  # bald: scalp is skin
        shares["skin"] = (parts[1] + parts[2]) * (1 - keep)
        del shares["hair"]
    moved: set[str] = set()
    for part, colours, chance in (
        ("background", GROUNDS, 0.45), ("hair", HAIRS, 0.4), ("skin", SKINS, 0.35),
    ):  # fmt: skip
        if part in shares and rng.random() < chance:
            target = _near(colours, rng)
            soften = 1.0 if part != "background" else rng.uniform(0.4, 1.0)
            lab = _move(lab, shares[part], target, soften)
            moved.add(part)
    if rng.random() < 0.3:
        lab = _move(lab, _irises(landmarks * side, side), _near(IRISES, rng), 1.0)
        moved.add("eyes")
    if rng.random() < 0.3 or not moved:
        lab = _tone(lab, rng)
        moved.add("all")
    return Version(lab_to_rgb(lab), frozenset(moved))


def _adopt_garment(lab: Floats, parts: Floats) -> Floats:
    """Give the garment to background or hair where it has their colour (nothing else tells them apart)."""
    if (parts[3] > 0.6).sum() < 12:
        return parts
    garment = _middle(lab, parts[3])
    away = [float(np.linalg.norm(garment - _middle(lab, parts[k]))) for k in (0, 1)]
    near = int(np.argmin(away))
    if away[near] > 18:
        return parts
    out = parts.copy()
    out[near] += out[3]
    out[3] = 0
    return out


def _near(colours: tuple[tuple[int, int, int], ...], rng: np.random.Generator) -> Floats:
    colour = np.array(colours[rng.integers(len(colours))], np.float32)
    return (colour + rng.normal(size=3).astype(np.float32) * np.array([4, 4, 4], np.float32)).clip(
        [2, -90, -90], [97, 90, 90]
    )


def _middle(lab: Floats, share: Floats) -> Floats:
    strong = share > 0.6
    if strong.sum() < 12:
        strong = share >= np.quantile(share, 0.97)
    return np.median(lab[strong], axis=0)


def _move(lab: Floats, share: Floats, target: Floats, variety: float) -> Floats:
    """Shift the colours of a part so that their median becomes `target`; keep their differences."""
    middle = _middle(lab, share)
    away = lab - middle
    # lightness differences scale with the room that the target leaves
    room = np.clip(min(target[0], 100 - target[0] * 0.55) / 32, 0.35, 1.2)
    fresh = np.empty_like(lab)
    fresh[..., 0] = target[0] + away[..., 0] * variety * room
    chroma = 0.7 * variety
    fresh[..., 1:] = target[1:] + away[..., 1:] * chroma
    # shadows and lights lose chroma, as in paint
    depth = np.clip(fresh[..., :1] / max(target[0], 12.0), 0.15, 1.0)
    fresh[..., 1:] *= depth
    fresh[..., 0] = np.clip(fresh[..., 0], 0, 100)
    weight = share[..., None]
    return (lab * (1 - weight) + fresh * weight).astype(np.float32)


def _tone(lab: Floats, rng: np.random.Generator) -> Floats:
    """Change the whole picture's tone."""
    out = lab.copy()
    kind = rng.integers(6)
    if kind == 0:  # greyscale
        out[..., 1:] *= rng.uniform(0, 0.08)
    elif kind == 1:  # sepia
        strength = rng.uniform(0.6, 1.2)
        hill = np.sin(np.clip(out[..., 0], 0, 100) / 100 * np.pi)
        out[..., 1] = out[..., 1] * 0.05 + 7 * strength * hill
        out[..., 2] = out[..., 2] * 0.05 + 22 * strength * hill
    elif kind == 2:  # warm or cool
        push = rng.uniform(8, 22) * rng.choice([-1, 1])
        out[..., 2] += push * np.clip(out[..., 0] / 40, 0.2, 1)
        out[..., 1] += push * 0.25 * np.clip(out[..., 0] / 40, 0.2, 1)
    elif kind == 3:  # dark or bright
        out[..., 0] = 100 * (np.clip(out[..., 0], 0, 100) / 100) ** rng.choice([0.65, 0.8, 1.3, 1.6])
    elif kind == 4:  # contrast
        middle = out[..., 0].mean()
        out[..., 0] = middle + (out[..., 0] - middle) * rng.choice([0.55, 0.7, 1.25, 1.45])
    else:  # colourfulness
        out[..., 1:] *= rng.choice([0.35, 0.6, 1.4, 1.8])
    out[..., 0] = np.clip(out[..., 0], 0, 100)
    return out


def _features(p: Floats, side: int) -> Floats:
    """Soft mask of eyes and lips, which keep their colour when the skin changes."""
    mask = np.zeros((side, side), bool)
    for part in (regions.LEFT_EYE, regions.RIGHT_EYE, regions.LIPS):
        mask |= regions.fill(regions.scaled(p[list(part)], 1.05), side)
    return _soft(mask, 0.6 * side / 64)


def _irises(p: Floats, side: int) -> Floats:
    """Soft mask of the irises, drawn at four times the size."""
    finer = max(1, 256 // side)
    mask = regions.iris(p * finer, side * finer)
    image = Image.fromarray(mask.astype(np.uint8) * 255).resize((side, side), Image.Resampling.BOX)
    return np.asarray(image, np.float32) / np.float32(255)


def _enlarged(parts: Floats, side: int) -> Floats:
    """Shares [4, 64, 64] at another size, bilinear."""
    planes = [np.asarray(Image.fromarray(plane).resize((side, side), Image.Resampling.BILINEAR)) for plane in parts]
    return np.stack(planes).astype(np.float32)


def _soft(mask: npt.NDArray[np.bool_], radius: float) -> Floats:
    image = Image.fromarray(mask.astype(np.uint8) * 255).filter(ImageFilter.GaussianBlur(radius))
    return np.asarray(image, np.float32) / np.float32(255)
