"""Pen and ink: contours that swell and thin, and hatching that crosses where it is darkest."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from limner.media.arrays import Floats
from limner.media.brush import Canvas, Strokes, lay
from limner.media.colours import rgb
from limner.media.drawing import Line, darkness, draw_lines
from limner.media.guide import PLANNING, Guide
from limner.media.hands import Hands
from limner.media.hatching import Hatch, hatch
from limner.media.light import Light, Painted
from limner.media.lines import response
from limner.media.medium import Medium, Plan, inked, shape_at
from limner.media.parameters import Parameters, colour, number
from limner.media.surface import Surface


@dataclass(frozen=True, slots=True, kw_only=True)
class Pen(Parameters):
    """What can be turned in pen and ink."""

    nib: float = number(1.0, 0.5, 2.5, "Width of the nib.", unit="times")
    hatching: float = number(0.8, 0.0, 1.0, "How much tone is hatched.")
    fineness: float = number(0.5, 0.0, 1.0, "0 = few bold strokes, 1 = many fine ones.")
    slant: float = number(-48.0, -90.0, 90.0, "Direction of the hatching.", unit="degrees")
    form: float = number(0.55, 0.0, 1.0, "How far hatching follows the form.")
    contrast: float = number(0.65, 0.0, 1.0, "How far the tones are spread from paper to black.")
    line: float = number(0.85, 0.0, 1.0, "Strength of the contours.")
    background: float = number(0.35, 0.0, 1.0, "How much of the background is drawn.")
    ink: str = colour("#15161b", "Colour of the ink (black, or sepia: #3b2413).")


def plan(guide: Guide, parameters: Pen, seed: int, hands: Hands) -> Plan:
    """Hatching, then contours."""
    hands.cancel.check()
    dark = darkness(guide, contrast=parameters.contrast, background=parameters.background, fade=0.95)
    strokes = [
        *_hatching(dark, guide, parameters, seed),
        *contours(guide, parameters.nib, parameters.line, seed, "pen"),
    ]
    return Plan(shape=guide.shape, strokes=Strokes.joined(strokes))


def _hatching(dark: Floats, guide: Guide, parameters: Pen, seed: int) -> list[Strokes]:
    if parameters.hatching == 0:
        return []
    slant, form = float(np.radians(parameters.slant)), parameters.form
    wide = 1.45 - 0.75 * parameters.fineness
    nib = 0.46 * parameters.nib * (0.8 + 0.4 * (1 - parameters.fineness))
    ease = 0.16 * (1 - parameters.hatching)

    def one(turn: float, level: float, spacing: float, length: float, width: float, follow: float) -> Hatch:
        return Hatch(
            angle=slant + turn, level=level + ease, full=0.42, spacing=spacing * wide, length=length, width=nib * width,
            form=follow, opacity=0.96, pressed=0.62, streak=0.0, dryness=0.15, load=1.3, softness=0.0, thinnest=0.25,
            wobble=0.28, gesture=0.012,
        )  # fmt: skip

    passes = [
        one(0.0, 0.24, 3.6, 30, 0.85, form),
        one(0.0, 0.42, 3.0, 24, 1.0, form),
        one(0.85, 0.52, 3.2, 22, 1.0, form * 0.7),
        one(-0.75, 0.66, 2.8, 20, 1.1, form * 0.5),
        one(0.4, 0.78, 2.2, 18, 1.3, form * 0.4),
    ]
    calm = np.clip(guide.care - 0.6, 0, 1) * 0.35  # lines, not hatching, draw the eyes
    done = [hatch(dark - calm, guide.flow, how, [0, 0, 0], seed, f"pen.{k}") for k, how in enumerate(passes)]
    strand = Hatch(
        angle=slant, level=0.20, full=0.5, spacing=4.2 * wide, length=52, width=nib, form=1.0, opacity=0.96,
                pressed=0.5,
        streak=0.0, dryness=0.15, load=1.3, softness=0.0, thinnest=0.2, wobble=0.7, gesture=0.03,
    )  # fmt: skip
    done.append(hatch(guide.hair * (0.22 + 0.55 * dark), guide.flow, strand, [0, 0, 0], seed, "pen.hair"))
    return done


def contours(guide: Guide, nib: float, strength: float, seed: int, stream: str) -> list[Strokes]:
    """Fine lines everywhere on the figure, strong ones where care is taken; black on white."""
    weight = ((0.15 + 0.85 * guide.figure) * (0.5 + 0.8 * guide.care)).astype(np.float32)
    fine = response(guide.tone, guide.flow, width=1.0, length=9)
    broad = response(guide.tone, guide.flow, width=1.9, length=12)
    thin = Line(
        width=0.52 * nib, threshold=0.0055, full=0.016, spacing=4, longest=18, opacity=strength, stray=0.25, streak=0.0,
        dryness=0.1, load=1.3, thinnest=0.2,
    )  # fmt: skip
    bold = Line(
        width=1.0 * nib, threshold=0.010, full=0.032, spacing=4, longest=16, opacity=strength, stray=0.15, streak=0.0,
        dryness=0.1, load=1.3, thinnest=0.2,
    )  # fmt: skip
    care = np.clip(2.4 * guide.care - 0.4, 0, 1).astype(np.float32)
    return [
        draw_lines(fine, guide.flow, thin, [0, 0, 0], seed, f"{stream}.thin", weight),
        draw_lines(broad, guide.flow, bold, [0, 0, 0], seed, f"{stream}.bold", weight * care),
    ]


def deposit(plan: Plan, parameters: Pen, size: int, hands: Hands) -> Painted:
    """Ink on the paper: the canvas holds grey, which becomes the light that the ink lets through."""
    canvas = Canvas.toned(shape_at(plan, size), [1, 1, 1], 1.0, size / PLANNING)
    lay(canvas, plan.strokes, hands)
    return inked(canvas, rgb(parameters.ink), settle=0.05)


PEN = Medium(
    id="pen-and-ink",
    title="Pen and ink",
    help="Contours that swell and thin, and crossing hatches.",
    parameters=Pen,
    plan=plan,
    deposit=deposit,
    version=2,
    surface=Surface(kind="smooth", tone="#f5f0e4", relief=0.8, grain=3.0),
    light=Light(strength=0.25, gloss=0.0),
)
