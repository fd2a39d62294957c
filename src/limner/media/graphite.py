"""Graphite: hatching in several directions, smoothed tone below, sharp lines where it matters."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from limner.media.arrays import Floats
from limner.media.brush import Canvas, Strokes, lay
from limner.media.drawing import Line, darkness, draw_lines
from limner.media.fields import noise
from limner.media.guide import PLANNING, Guide
from limner.media.hands import Hands
from limner.media.hatching import Hatch, hatch
from limner.media.light import Light, Painted
from limner.media.lines import response
from limner.media.medium import Medium, Plan, left_on, shape_at
from limner.media.parameters import Parameters, number
from limner.media.raster import blur, fitted
from limner.media.surface import Surface

_LEAD = np.array([0.15, 0.155, 0.17], np.float32)  # sRGB of the darkest graphite


@dataclass(frozen=True, slots=True, kw_only=True)
class Graphite(Parameters):
    """What can be turned in graphite."""

    hardness: float = number(0.3, 0.0, 1.0, "0 = soft and black (6B), 1 = hard and silvery (2H).")
    contrast: float = number(0.55, 0.0, 1.0, "How far the tones are spread from paper to black.")
    hatching: float = number(0.6, 0.0, 1.0, "Visible hatching instead of smoothed tone.")
    slant: float = number(-52.0, -90.0, 90.0, "Direction of the hatching.", unit="degrees")
    form: float = number(0.45, 0.0, 1.0, "How far hatching follows the form.")
    line: float = number(0.7, 0.0, 1.0, "Strength of drawn lines.")
    background: float = number(0.4, 0.0, 1.0, "How much of the background is drawn.")
    grain: float = number(0.5, 0.0, 1.0, "How much the paper's tooth shows.")


def plan(guide: Guide, parameters: Graphite, seed: int, hands: Hands) -> Plan:
    """Smoothed tone, hatching and lines."""
    hands.cancel.check()
    dark = darkness(guide, contrast=parameters.contrast, background=parameters.background, fade=0.9)
    dark = dark * np.float32(1.0 - 0.35 * parameters.hardness)
    share = 0.75 * parameters.hatching
    smooth = blur(dark, 2.0) + guide.care * (dark - blur(dark, 2.0))
    uneven = (
        1
        + 0.06 * noise(seed, "graphite.uneven", guide.shape, 9)
        + 0.06 * noise(seed, "graphite.patch", guide.shape, 40)
    )
    tone = smooth * (1 - share * (1 - 0.75 * guide.care)) * uneven
    strokes = [*_hatching(dark, guide, parameters, seed), *_lines(guide, parameters, seed)]
    return Plan(
        shape=guide.shape,
        strokes=Strokes.joined(strokes),
        fields={"tone": np.clip(tone, 0, 1).astype(np.float32)},
    )


def _hatching(dark: Floats, guide: Guide, parameters: Graphite, seed: int) -> list[Strokes]:
    """From light to dark: one direction, then others across it."""
    slant, form = float(np.radians(parameters.slant)), parameters.form
    weight = 0.75 * parameters.hatching
    passes = [
        Hatch(angle=slant, level=0.10, full=0.5, spacing=2.6, length=34, width=0.55, form=form, opacity=0.42 * weight),
        Hatch(angle=slant + 0.42, level=0.30, full=0.4, spacing=2.4, length=26, width=0.55, form=form,
                opacity=0.5 * weight),
        Hatch(angle=slant - 0.5, level=0.46, full=0.35, spacing=2.2, length=22, width=0.6, form=form * 0.8,
                opacity=0.6 * weight),
        Hatch(angle=slant + 1.1, level=0.62, full=0.3, spacing=2.0, length=18, width=0.65, form=form * 0.6,
                opacity=0.7 * weight),
        Hatch(angle=slant, level=0.22, full=0.3, spacing=1.7, length=16, width=0.42, form=1.0, opacity=0.55 * weight),
    ]  # fmt: skip
    strand = Hatch(
        angle=slant,
        level=0.16,
        full=0.5,
        spacing=3.0,
        length=46,
        width=0.5,
        form=1.0,
        opacity=0.6,
        wobble=0.6,
        gesture=0.03,
    )
    hair = guide.hair * (0.22 + 0.6 * dark)
    free = dark * (1 - 0.25 * np.clip(guide.care - 0.5, 0, 1))
    done = [hatch(free, guide.flow, how, _LEAD, seed, f"graphite.{k}") for k, how in enumerate(passes)]
    return [*done, hatch(hair, guide.flow, strand, _LEAD, seed, "graphite.hair")]


def _lines(guide: Guide, parameters: Graphite, seed: int) -> list[Strokes]:
    weight = ((0.2 + 0.8 * guide.figure) * (0.5 + 0.8 * guide.care)).astype(np.float32)
    fine = response(guide.tone, guide.flow, width=1.0, length=8)
    broad = response(guide.tone, guide.flow, width=1.9, length=10)
    point = Line(
        width=0.48, threshold=0.005, full=0.015, spacing=4, longest=16, opacity=0.75 * parameters.line, stray=0.6,
                streak=0.5,
        dryness=0.3, load=0.7,
    )  # fmt: skip
    press = Line(
        width=0.8, threshold=0.011, full=0.03, spacing=4, longest=12, opacity=0.75 * parameters.line, stray=0.3,
                streak=0.5,
        dryness=0.3, load=0.7,
    )  # fmt: skip
    care = np.clip(2.4 * guide.care - 0.45, 0, 1)
    return [
        draw_lines(fine, guide.flow, point, _LEAD, seed, "graphite.point", weight),
        draw_lines(broad, guide.flow, press, _LEAD * 0.7, seed, "graphite.press", (weight * care).astype(np.float32)),
    ]


def deposit(plan: Plan, parameters: Graphite, size: int, hands: Hands) -> Painted:
    """Graphite on the paper: the canvas holds grey, which becomes cover."""
    canvas = Canvas.toned(shape_at(plan, size), [1, 1, 1], 0.0, size / PLANNING)
    tone = fitted(plan.fields["tone"], canvas.shape)
    canvas.colour[:] = (1 - tone * (1 - _LEAD[0]))[..., None]
    lay(canvas, plan.strokes, hands)
    dark = (1 - canvas.colour[..., 0]) / (1 - _LEAD[0])
    lead = _LEAD + np.float32(0.16 * parameters.hardness)
    np.clip(dark, 0, 1, out=canvas.cover)
    canvas.colour[:] = lead
    canvas.height[:] = 0
    return left_on(canvas, bite=0.75 * parameters.grain, crisp=1.6, half=0.19)


GRAPHITE = Medium(
    id="graphite",
    title="Graphite",
    help="Pencil: hatching over smoothed tone, sharp lines at eyes and mouth.",
    parameters=Graphite,
    plan=plan,
    deposit=deposit,
    version=2,
    surface=Surface(kind="smooth", tone="#f3f0e9", relief=1.0, grain=3.0),
    light=Light(strength=0.3, gloss=0.0),
)
