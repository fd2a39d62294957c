"""Ink wash: a few grey washes, wet into wet, and the loaded brush drawing into them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from limner.media.arrays import Floats
from limner.media.brush import Canvas, Strokes, lay
from limner.media.colours import rgb
from limner.media.drawing import Line, draw_lines
from limner.media.fields import by_bands, smoothstep
from limner.media.guide import PLANNING, Guide
from limner.media.hands import Hands
from limner.media.light import Light, Painted
from limner.media.lines import response
from limner.media.medium import Medium, Plan, inked, shape_at
from limner.media.parameters import Parameters, colour, number, whole
from limner.media.surface import Surface
from limner.media.washes import Wash, high_key, thinned, wash_fields, washes


@dataclass(frozen=True, slots=True, kw_only=True)
class InkWash(Parameters):
    """What can be turned in ink wash."""

    washes: int = whole(4, 2, 8, "Number of washes from paper to black.")
    water: float = number(0.6, 0.0, 1.0, "How wet the paper is: soft bleeding edges instead of hard dry ones.")
    rims: float = number(0.7, 0.0, 1.5, "How much ink gathers at the edges of a wash.")
    looseness: float = number(0.65, 0.0, 1.0, "How far washes stray from the drawing.")
    line: float = number(0.9, 0.0, 1.0, "Strength of the brush lines.")
    brush: float = number(1.0, 0.4, 2.5, "Width of the brush lines.", unit="times")
    dryness: float = number(0.55, 0.0, 1.0, "How soon the brush runs dry and its hairs part.")
    background: float = number(0.35, 0.0, 1.0, "How much of the background is washed in.")
    ink: str = colour("#17181c", "Colour of the ink (black, or sepia: #3a2416).")


def plan(guide: Guide, parameters: InkWash, seed: int, hands: Hands) -> Plan:
    """Tone of the washes and the brush lines."""
    hands.cancel.check()
    tone = high_key(guide, guide.tone, 0.04, 0.6 * parameters.background)
    tone = np.clip(tone * np.float32(1.22) - np.float32(0.12), 0, 1)
    fields = wash_fields(guide, tone, _wash(parameters), seed, "ink-wash")
    return Plan(shape=guide.shape, strokes=_brush_lines(guide, parameters, seed), fields=fields)


def _wash(parameters: InkWash) -> Wash:
    return Wash(
        steps=parameters.washes, water=parameters.water, rims=parameters.rims, flow=0.8,
        looseness=parameters.looseness, background=parameters.background, follow=0.8,
    )  # fmt: skip


def _brush_lines(guide: Guide, parameters: InkWash, seed: int) -> Strokes:
    """Thin lines where care is taken, bold dry ones round the head and in the hair."""
    size, dry = parameters.brush, parameters.dryness
    fine = response(guide.tone, guide.flow, width=1.2, length=9)
    bold = response(guide.tone, guide.flow, width=2.8, length=16)
    care = np.clip(2.2 * guide.care - 0.35, 0, 1).astype(np.float32)
    body = (guide.figure * (1.15 - 0.6 * guide.care)).astype(np.float32)
    thin = Line(
        width=0.85 * size, threshold=0.006, full=0.020, spacing=4, longest=14, opacity=parameters.line, stray=0.25,
        streak=0.0, dryness=0.5 * dry, load=1.0, thinnest=0.2,
    )  # fmt: skip
    sweep = Line(
        width=2.7 * size, threshold=0.020, full=0.055, spacing=9, longest=44, opacity=0.92 * parameters.line, stray=1.2,
        streak=0.0, dryness=1.3 * dry, load=0.75, thinnest=0.3, gesture=0.05, pitch=0.9,
    )  # fmt: skip
    black = [0.0, 0.0, 0.0]
    return Strokes.joined(
        [
            draw_lines(bold, guide.flow, sweep, black, seed, "ink-wash.sweep", body),
            draw_lines(fine, guide.flow, thin, black, seed, "ink-wash.thin", care),
        ]
    )


def deposit(plan: Plan, parameters: InkWash, size: int, hands: Hands) -> Painted:
    """Washes and lines of ink; the canvas holds tone, which becomes the light that the ink lets through."""
    canvas = Canvas.toned(shape_at(plan, size), [1, 1, 1], 1.0, size / PLANNING)
    wash = _wash(parameters)

    def band(here: Mapping[str, Floats], rows: slice) -> None:
        tone, density, cover = washes(here, wash, canvas.scale)
        grey = np.clip(tone, 0, 1) + smoothstep(0.9, 1.0, tone) * np.float32(0.05)  # the lightest wash is bare paper
        canvas.colour[rows] = thinned(np.repeat(np.clip(grey, 0, 1)[..., None], 3, 2), density, cover)

    by_bands(plan.fields, canvas.shape, hands, band)
    lay(canvas, plan.strokes, hands)
    return inked(canvas, rgb(parameters.ink), settle=0.22)


INK_WASH = Medium(
    id="ink-wash",
    title="Ink wash",
    help="A few grey washes wet into wet, and the loaded brush drawing into them.",
    parameters=InkWash,
    plan=plan,
    deposit=deposit,
    version=2,
    surface=Surface(kind="paper", tone="#f4efe2", relief=0.55, grain=3.4),
    light=Light(strength=0.35, gloss=0.0),
)
