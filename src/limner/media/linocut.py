"""Linocut: flat colour plates and a black one, cut with a few gouges; chatter marks in the cleared ground."""

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
from limner.media.parameters import Parameters, colour, number, whole
from limner.media.printing import block_edge, edges, key_fields
from limner.media.raster import blur, shift
from limner.media.surface import Surface


@dataclass(frozen=True, slots=True, kw_only=True)
class Linocut(Parameters):
    """What can be turned in linocut."""

    plates: int = whole(3, 1, 3, "Number of plates: black, and one or two colours below it.")
    key: str = colour("#1b1d22", "Ink of the last, darkest plate.")
    middle: str = colour("#b8562f", "Ink of the second plate.")
    light: str = colour("#e3b66a", "Ink of the first, lightest plate.")
    simplicity: float = number(0.5, 0.0, 1.0, "How large and simple the shapes are.")
    contrast: float = number(0.75, 0.0, 1.0, "How far the tones are spread.")
    black: float = number(0.5, 0.0, 1.0, "How much is black.")
    line: float = number(0.6, 0.0, 1.0, "Strength of the contours.")
    chatter: float = number(0.5, 0.0, 1.0, "Marks that the gouge left standing in cleared ground.")
    gouge: float = number(0.6, 0.0, 1.0, "Gouge strokes along the form at the edges of the black.")
    slip: float = number(1.6, 0.0, 6.0, "How far plates miss each other.", unit="px at 1024")


def plan(guide: Guide, parameters: Linocut, seed: int, hands: Hands) -> Plan:
    """Smooth fields whose steps are the plates."""
    hands.cancel.check()
    fields = key_fields(guide, contrast=parameters.contrast, background=1.0, seed=seed, stream="linocut")
    simple = blur(fields["dark"], 1.0 + 3.0 * parameters.simplicity)
    keep = np.clip(1.7 * guide.care - 0.5, 0, 1)
    fields["dark"] = np.ascontiguousarray(simple + keep * (fields["dark"] - simple), np.float32)
    strokes = along(noise(seed, "linocut.gouge", guide.shape, 3.6), guide.flow, 13)
    fields["stroke"] = (strokes / (strokes.std() + np.float32(1e-6))).astype(np.float32)
    ridges = along(noise(seed, "linocut.chatter", guide.shape, 4.2), guide.flow, 20)
    fields["ridge"] = (ridges / (ridges.std() + np.float32(1e-6))).astype(np.float32)
    fields["block"] = block_edge(guide.shape, 0.026, seed, "linocut")
    return Plan(shape=guide.shape, fields=fields)


def deposit(plan: Plan, parameters: Linocut, size: int, hands: Hands) -> Painted:
    """Plate over plate."""
    high, wide = shape_at(plan, size)
    scale = size / PLANNING
    colour = np.empty((high, wide, 3), np.float32)
    height = np.empty((high, wide), np.float32)
    inks = {name: rgb(getattr(parameters, name)) for name in ("key", "middle", "light")}

    def band(here: Mapping[str, Floats], rows: slice) -> None:
        dark, inside = here["dark"], edges(here["block"], 1.0, scale)
        # gouge strokes fringe the edge of the black; none where eyes and mouth are cut
        free = np.clip(1.3 - 1.8 * here["care"], 0, 1)
        fringe = np.float32(0.13 * parameters.gouge) * here["stroke"] * free
        level = np.float32(0.70 - 0.26 * parameters.black)
        black = edges(dark + fringe - level, 0.03, scale)
        line = edges(here["line"] - np.float32(0.022 - 0.014 * parameters.line), 0.006, scale)
        black = np.maximum(black, line)
        chatter = edges(here["ridge"] - np.float32(3.0 - 1.2 * parameters.chatter), 0.35, scale)
        chatter *= edges(0.30 - dark, 0.03, scale) * (here["care"] < 0.3) * (parameters.chatter > 0)
        black = np.maximum(black, chatter) * inside
        pale = edges(here["below"] + 0.5 * fringe - np.float32(0.16), 0.03, scale) * inside * (parameters.plates > 2)
        mid = (
            edges(here["below"] + 0.7 * fringe - (level - np.float32(0.24)), 0.03, scale)
            * inside
            * (parameters.plates > 1)
        )
        shade = np.ones((*dark.shape, 3), np.float32)
        for amount, ink in ((pale, inks["light"]), (mid, inks["middle"]), (black, inks["key"])):
            salt = amount * (1 - 0.05 * np.clip(here["grain"], 0, 2))
            shade = shade + salt[..., None] * (ink - shade)
        colour[rows] = shade
        height[rows] = 0.05 * pale + 0.06 * mid + 0.08 * black

    by_bands({**plan.fields, "below": _slipped(plan.fields["dark"], parameters.slip)}, (high, wide), hands, band)
    return Painted(colour=colour, height=height, cover=np.ones_like(height), scale=scale, transparent=True, settle=0.12)


def _slipped(dark: Floats, slip: float) -> Floats:
    """The tone of plates that were laid a little beside their place."""
    px = slip * PLANNING / 1024
    return shift(dark, px, 0.7 * px)


LINOCUT = Medium(
    id="linocut",
    title="Linocut",
    help="Flat colour plates and a black one, cut with a few gouges.",
    parameters=Linocut,
    plan=plan,
    deposit=deposit,
    version=2,
    surface=Surface(kind="smooth", tone="#f1e9d6", relief=1.0, grain=3.4),
    light=Light(strength=0.5, gloss=0.0),
)
