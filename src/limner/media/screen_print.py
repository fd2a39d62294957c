"""Screen print: flat inks from light to dark, one of them in dots, and a black drawing that misses a little."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from limner.media.arrays import Floats
from limner.media.colours import rgb
from limner.media.fields import by_bands
from limner.media.guide import PLANNING, Guide
from limner.media.hands import Hands
from limner.media.light import Light, Painted
from limner.media.medium import Medium, Plan, shape_at
from limner.media.parameters import Parameters, choice, number
from limner.media.printing import edges, key_fields
from limner.media.raster import blur, shift
from limner.media.surface import Surface

INKS: dict[str, tuple[str, str, str, str, str]] = {
    # ground, light, middle, dark, black
    "pop": ("#f7d308", "#fbe3c4", "#f0567a", "#1f8fc4", "#16161d"),
    "sunset": ("#2a4d8f", "#ffe3b3", "#ff9a56", "#c93a5b", "#241334"),
    "riso": ("#f3efe2", "#ffd9d2", "#ff6f61", "#2f6fb0", "#1f2a5c"),
    "forest": ("#dcdcc4", "#f2e6c9", "#d79b4a", "#4d7a5a", "#1c2a26"),
    "acid": ("#5b2a86", "#f5f749", "#4de1b4", "#e0329a", "#160f29"),
    "mono": ("#d8d2c4", "#efeade", "#b9b1a1", "#77706a", "#1d1b1b"),
}
"""Sets of inks: ground, light, middle, dark, black."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScreenPrint(Parameters):
    """What can be turned in screen print."""

    inks: str = choice("pop", tuple(INKS), "Set of inks.")
    simplicity: float = number(0.5, 0.0, 1.0, "How large and simple the shapes are.")
    dots: float = number(9.0, 4.0, 24.0, "Distance of the dots.", unit="px at 1024")
    halftone: float = number(0.7, 0.0, 1.0, "How far tones between two inks are made of dots.")
    angle: float = number(22.0, -45.0, 45.0, "Direction of the rows of dots.", unit="degrees")
    line: float = number(0.7, 0.0, 1.0, "Strength of the black drawing.")
    slip: float = number(2.0, 0.0, 8.0, "How far screens miss each other.", unit="px at 1024")


def plan(guide: Guide, parameters: ScreenPrint, seed: int, hands: Hands) -> Plan:
    """Tone, figure and lines."""
    hands.cancel.check()
    fields = key_fields(guide, contrast=0.85, background=1.0, seed=seed, stream="screen-print")
    simple = blur(fields["dark"], 0.8 + 3.0 * parameters.simplicity)
    keep = np.clip(1.6 * guide.care - 0.4, 0, 1)
    tone = np.ascontiguousarray(simple + keep * (fields["dark"] - simple), np.float32)
    # quantiles of the figure's tones share the inks out evenly
    inside = tone[guide.figure > 0.5]
    marks = np.quantile(inside if inside.size > 50 else tone, [0.22, 0.50, 0.76])
    spread = 0.65 * np.interp(tone, [0, *marks.tolist(), 1], [0, 0.25, 0.5, 0.75, 1]) + 0.35 * tone
    keep_fields = {name: fields[name] for name in ("line", "grain")}
    figure = blur(guide.figure, 2.5)
    return Plan(
        shape=guide.shape,
        fields={**keep_fields, "tone": spread.astype(np.float32), "figure": np.ascontiguousarray(figure, np.float32)},
    )


def deposit(plan: Plan, parameters: ScreenPrint, size: int, hands: Hands) -> Painted:
    """Ink over ink."""
    high, wide = shape_at(plan, size)
    scale = size / PLANNING
    colour = np.empty((high, wide, 3), np.float32)
    ground, light, middle, dark, black = (rgb(text) for text in INKS[parameters.inks])
    slip = parameters.slip * size / 1024
    pitch = parameters.dots * size / 1024
    turn = np.radians(parameters.angle)
    shifted = _moved(plan.fields, parameters.slip * PLANNING / 1024)

    def band(here: Mapping[str, Floats], rows: slice) -> None:
        y, x = np.mgrid[rows, 0:wide].astype(np.float32)
        tone, line = here["tone"], here["line"]
        wave = _dots(x + slip, y, pitch, float(turn)) * np.float32(0.125 * parameters.halftone)
        wave2 = _dots(x, y + slip, pitch, float(turn) + 0.52) * np.float32(0.125 * parameters.halftone)
        slope = 0.02 + 0.25 * parameters.halftone * PLANNING / 1024 / parameters.dots * 2
        on = edges(here["figure"] - np.float32(0.5), 0.04, scale)
        shade = ground + np.zeros((*tone.shape, 1), np.float32)
        layers = (
            (on, light),
            (on * edges(here["tone_slipped"] + wave - np.float32(0.27), slope, scale), middle),
            (edges(tone + wave2 - np.float32(0.53), slope, scale) * np.maximum(on, 0.0), dark),
        )
        for amount, ink in layers:
            thin = amount * (1 - 0.03 * np.clip(here["grain"], 0, 2))
            shade = shade + thin[..., None] * (ink - shade)
        drawn = np.maximum(
            edges(tone - np.float32(0.80), 0.03, scale) * on,
            edges(line - np.float32(0.024 - 0.016 * parameters.line), 0.006, scale),
        )
        colour[rows] = shade + drawn[..., None] * (black - shade)

    by_bands({**plan.fields, "tone_slipped": shifted}, (high, wide), hands, band)
    ones = np.ones((high, wide), np.float32)
    return Painted(colour=colour, height=np.zeros_like(ones), cover=ones, scale=scale)


def _moved(fields: Mapping[str, Floats], px: float) -> Floats:
    """The tone of a screen that was laid a little beside its place."""
    return shift(fields["tone"], px, -0.6 * px)


def _dots(x: Floats, y: Floats, pitch: float, turn: float) -> Floats:
    """A halftone screen, -1..1."""
    c, s = np.float32(np.cos(turn) * np.pi / pitch), np.float32(np.sin(turn) * np.pi / pitch)
    return (np.cos(x * c + y * s) * np.cos(y * c - x * s)).astype(np.float32)


SCREEN_PRINT = Medium(
    id="screen-print",
    title="Screen print",
    help="Flat inks from light to dark, one of them in dots, and a black drawing.",
    parameters=ScreenPrint,
    plan=plan,
    deposit=deposit,
    version=2,
    surface=Surface(kind="smooth", tone="#f5f1e6", relief=0.4, grain=3.0),
    light=Light(strength=0.15, gloss=0.0),
)
