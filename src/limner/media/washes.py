"""Washes: transparent layers that dry with hard or soft edges; what watercolour and ink wash share.

A wash is a step of a wandering tone field.  The field is smooth at planning size; its steps are drawn at
the wanted size.  Pigment density varies after Bousseau, Kaplan, Thollot and Sillion (NPAR 2006):
C' = C - (C - C^2)(d - 1).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from limner.media.arrays import Floats
from limner.media.fields import cloud, noise, smoothstep
from limner.media.guide import Guide
from limner.media.raster import bilateral, blur, sample, steepness


@dataclass(frozen=True, slots=True, kw_only=True)
class Wash:
    """How washes are laid."""

    steps: int
    """Number of washes from paper to the darkest dark."""
    water: float
    """0 = hard dry edges, 1 = edges bleed."""
    rims: float
    """Pigment that gathers at dry edges."""
    flow: float
    """Unevenness inside a wash."""
    looseness: float
    """How far washes stray from the drawing, 0..1."""
    background: float
    """How much of the background is washed in, 0..1."""
    follow: float = 1.0
    """How closely eyes and mouth keep their own tones."""


def wash_fields(guide: Guide, tone: Floats, wash: Wash, seed: int, stream: str) -> dict[str, Floats]:
    """What `washes` draws from.

    Args:
        guide: the portrait.
        tone: lightness to paint, 0..1, [h, w].
        wash: how.
        seed: the recipe's seed.
        stream: name of the medium.
    """
    shape = guide.shape
    reach = np.float32(1 + 5 * wash.looseness) * (1 - np.float32(0.8) * guide.care)
    y, x = np.mgrid[0 : shape[0], 0 : shape[1]].astype(np.float32)
    x += reach * (0.7 * noise(seed, f"{stream}.x", shape, 26) + 0.3 * noise(seed, f"{stream}.x2", shape, 8))
    y += reach * (0.7 * noise(seed, f"{stream}.y", shape, 26) + 0.3 * noise(seed, f"{stream}.y2", shape, 8))
    wandering = sample(tone, x, y)
    fields = {
        "tone": wandering,
        "slope": _slope(wandering, wash.steps),
        "wet": wash.water * (1 - 0.7 * guide.care) + 0.28 * cloud(seed, f"{stream}.wet", shape, 70),
        "sheet": _sheet(guide, wash, seed, stream),
        "care": guide.care,
        "flow": cloud(seed, f"{stream}.flow", shape, 46, 4),
        "back": cloud(seed, f"{stream}.back", shape, 18, 2),
    }
    return {name: np.ascontiguousarray(field, np.float32) for name, field in fields.items()}


def high_key(guide: Guide, tone: Floats, darkest: float, background: float) -> Floats:
    """Lightness as a water painter sees it: paper for the lights, no black, a thin background."""
    soft = bilateral(tone, 9, 0.09, 5.0)
    soft = soft + np.clip(guide.care - 0.35, 0, 1) * (tone - soft)
    inside = soft[guide.figure > 0.6]
    low, high = (np.quantile(inside, [0.02, 0.98]) if inside.size > 50 else np.array([0.0, 1.0])).tolist()
    spread = np.clip((soft - low) / max(high - low, 0.2), 0, 1)
    mixed = darkest + (1 - darkest) * (0.5 * spread + 0.5 * soft) ** 0.85
    thinned = 1 - (1 - mixed) * np.float32(0.55 + 0.35 * background)
    return (thinned + guide.figure * (mixed - thinned)).astype(np.float32)


def _slope(tone: Floats, steps: int) -> Floats:
    """How fast the tone passes from wash to wash: steps a px."""
    smooth = blur(tone, 1.2)
    return blur(steepness(smooth), 1.0) * np.float32(steps)


def _sheet(guide: Guide, wash: Wash, seed: int, stream: str) -> Floats:
    """Where paint lies at all, the figure and a pool of background: px to the edge, positive inside."""
    high, wide = guide.shape
    side = max(high, wide)
    y, x = np.mgrid[0:high, 0:wide].astype(np.float32)
    ragged = cloud(seed, f"{stream}.sheet", guide.shape, 110, 3)
    frayed = cloud(seed, f"{stream}.fray", guide.shape, 16, 2)
    spread = 0.36 + 0.2 * wash.background
    pool = (1.0 - np.hypot((x / wide - 0.5) / spread, (y / high - 0.48) / (spread + 0.04))) * spread * side
    pool = pool * 0.8 + side * (0.040 * ragged + 0.004 * frayed)
    body = (blur(guide.figure, 3) - 0.4) * 60 + 4 * ragged + 2 * frayed
    edge = np.minimum(np.minimum(x, wide - 1 - x), np.minimum(y, 1.3 * (high - 1 - y))) - side * (
        0.022 - 0.006 * ragged
    )
    where = np.maximum(pool, body) if wash.background > 0 else body
    return np.minimum(where, edge + 1.5 * frayed)


def washes(here: Mapping[str, Floats], wash: Wash, scale: float) -> tuple[Floats, Floats, Floats]:
    """Tone, pigment density and cover of the washes on some rows.

    Args:
        here: the fields of `wash_fields`, enlarged.
        wash: how.
        scale: px to one planning px.

    Returns:
        lightness 0..1, density (1 = even) and cover 0..1, each float32 [rows, w].
    """
    n = np.float32(wash.steps)
    wanted = np.clip(here["tone"], 0, 1)
    steps = wanted * n
    base = np.floor(steps)
    slope = np.maximum(here["slope"], np.float32(0.006))
    distance = (steps - base - np.float32(0.5)) / slope  # planning px from the edge of the lighter wash
    wet = np.clip(here["wet"], 0.02, 1.0)
    width = np.float32(0.7 / scale) + wet * wet * np.float32(26)
    stepped = (base + smoothstep(-width, width, distance)) / n
    # where care is taken the brush follows every tone
    follow = np.clip(np.float32(1.5) * here["care"] - np.float32(0.35), 0, 0.85) * np.float32(wash.follow)
    tone = stepped + follow * (wanted - stepped)
    # pigment gathers on the darker side of a dry edge, and flows
    dry = np.clip(1 - 1.4 * wet, 0, 1) * (1 - follow)
    rim = np.exp(-np.square(np.minimum(distance + np.float32(0.9), 0) * np.float32(0.67))) * (distance < 0.6) * dry
    rim *= np.clip(slope * 30, 0, 1)
    density = 1 + np.float32(wash.flow) * (0.30 * here["flow"] + 0.14 * here["back"]) * (1 - 0.6 * here["care"])
    density += np.float32(0.55 * wash.rims) * rim
    # the outer edge of all paint: dry and rimmed here, bleeding into the paper there
    edge = here["sheet"]
    bleed = np.clip(wet * 1.5 - 0.35, 0, 1)
    soft = np.float32(0.8 / scale) + bleed * np.float32(22)
    cover = smoothstep(-soft * 0.3, soft, edge)
    density += np.float32(0.8 * wash.rims) * np.exp(-np.square((edge - 1.6) * np.float32(0.6))) * (1 - bleed)
    return tone.astype(np.float32), density.astype(np.float32), cover


def thinned(colour: Floats, density: Floats, cover: Floats) -> Floats:
    """Light that a film of this density and cover lets through, [rows, w, 3]."""
    film = colour - (colour - colour * colour) * (density[..., None] - 1)
    return np.clip(1 + cover[..., None] * (film - 1), 0, 1).astype(np.float32)
