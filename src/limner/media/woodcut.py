"""Woodcut: black ink from a cut block; gouges follow the form and thin out towards the lights."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from limner.media.arrays import Floats
from limner.media.colours import rgb
from limner.media.fields import by_bands, noise
from limner.media.guide import PLANNING, Guide
from limner.media.hands import Hands
from limner.media.light import Light, Painted
from limner.media.lines import along
from limner.media.medium import Medium, Plan, shape_at
from limner.media.parameters import Parameters, colour, number
from limner.media.printing import block_edge, cuts, edges, key_fields
from limner.media.raster import blur, resize
from limner.media.surface import Surface


@dataclass(frozen=True, slots=True, kw_only=True)
class Woodcut(Parameters):
    """What can be turned in woodcut."""

    gouge: float = number(9.0, 4.0, 24.0, "Distance of the cuts.", unit="px at 1024")
    form: float = number(0.6, 0.0, 1.0, "How far cuts bend round the form.")
    slant: float = number(17.0, -90.0, 90.0, "Direction of the cuts.", unit="degrees")
    contrast: float = number(0.75, 0.0, 1.0, "How far the tones are spread from paper to black.")
    black: float = number(0.5, 0.0, 1.0, "How much stays solid black.")
    line: float = number(0.7, 0.0, 1.0, "Strength of the contours.")
    background: float = number(1.0, 0.0, 1.0, "How much of the background's darkness is printed.")
    grain: float = number(0.5, 0.0, 1.0, "How much the wood's grain shows in the black.")
    ink: str = colour("#1a1613", "Colour of the ink.")


def plan(guide: Guide, parameters: Woodcut, seed: int, hands: Hands) -> Plan:
    """Tone, lines, the phase of the cuts and the grain of the plank."""
    hands.cancel.check()
    fields = key_fields(
        guide, contrast=parameters.contrast, background=parameters.background, seed=seed, stream="woodcut"
    )
    high, wide = guide.shape
    y, x = np.mgrid[0:high, 0:wide].astype(np.float32)
    angle = np.radians(parameters.slant)
    relief = blur(guide.tone, 5.0)
    bend = np.float32(26 * parameters.form) * relief
    fields["phase"] = (y * np.cos(angle) + x * np.sin(angle) + bend + 0.55 * fields["wander"]).astype(np.float32)
    # a gouge is lifted now and then: cuts have beginnings and ends
    lifted = along(noise(seed, "woodcut.lift", guide.shape, 5), guide.flow, 10)
    fields["lift"] = (lifted / (lifted.std() + np.float32(1e-6))).astype(np.float32)
    fields["block"] = block_edge(guide.shape, 0.022, seed, "woodcut")
    plank = np.stack([noise(seed, "woodcut.plank", (high, max(8, wide // 24)), 3.0)])[0]
    fields["plank"] = np.ascontiguousarray(resize(plank, (high, wide), "cubic"))
    return Plan(shape=guide.shape, fields=fields)


def deposit(plan: Plan, parameters: Woodcut, size: int, hands: Hands) -> Painted:
    """Ink on paper."""
    high, wide = shape_at(plan, size)
    scale = size / PLANNING
    cover = np.empty((high, wide), np.float32)
    period = parameters.gouge * PLANNING / 1024

    def band(here: Mapping[str, Floats], rows: slice) -> None:
        dark = here["dark"]
        stand = dark * np.float32(1.32) - np.float32(0.10) + np.float32(0.07) * here["lift"]
        solid = np.float32(1.12 - 0.42 * parameters.black)
        stand = np.where(dark > solid, 1.2, stand)
        # eyes and mouth are cut as shapes, not as stripes
        shapes = edges(dark - np.float32(0.52), 0.05, scale)
        striped = cuts(here["phase"], period, scale, stand)
        drawn = np.clip(2.0 * here["care"] - 0.95, 0, 1)
        printed = striped + drawn * (shapes - striped)
        line = edges(here["line"] - np.float32(0.022 - 0.016 * parameters.line), 0.006, scale)
        printed = np.maximum(printed, line)
        printed = printed * edges(here["block"], 1.0, scale)
        worn = 1 - np.float32(0.30 * parameters.grain) * np.clip(here["plank"] * 0.8 + 0.3 * here["grain"] - 0.2, 0, 1)
        cover[rows] = printed * worn

    by_bands(plan.fields, (high, wide), hands, band)
    ink = rgb(parameters.ink)
    colour = np.empty((high, wide, 3), np.float32)
    colour[:] = ink
    return Painted(
        colour=colour, height=cover * np.float32(0.14), cover=cover, scale=scale,
        bite=0.32, crisp=2.6, half=0.22,
    )  # fmt: skip


WOODCUT = Medium(
    id="woodcut",
    title="Woodcut",
    help="Black ink from a cut block; gouges follow the form.",
    parameters=Woodcut,
    plan=plan,
    deposit=deposit,
    version=2,
    surface=Surface(kind="smooth", tone="#ece0c8", relief=1.2, grain=3.6),
    light=Light(strength=0.5, gloss=0.0),
)
