"""Etching: fine bitten lines that turn with the form, plate tone, and the mark of the plate in the paper."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from limner.media.arrays import Floats
from limner.media.brush import Canvas, Strokes, lay
from limner.media.colours import rgb
from limner.media.drawing import darkness
from limner.media.fields import cloud, noise
from limner.media.guide import PLANNING, Guide
from limner.media.hands import Hands
from limner.media.hatching import Hatch, hatch
from limner.media.light import Light, Painted
from limner.media.medium import Medium, Plan, left_on, shape_at
from limner.media.parameters import Parameters, colour, number
from limner.media.pen import contours
from limner.media.raster import blur, fitted
from limner.media.surface import Surface


@dataclass(frozen=True, slots=True, kw_only=True)
class Etching(Parameters):
    """What can be turned in etching."""

    needle: float = number(1.0, 0.5, 2.0, "Width of the lines.", unit="times")
    fineness: float = number(0.6, 0.0, 1.0, "How close the lines stand.")
    form: float = number(0.85, 0.0, 1.0, "How far lines turn with the form.")
    contrast: float = number(0.6, 0.0, 1.0, "How far the tones are spread from paper to black.")
    bite: float = number(0.5, 0.0, 1.0, "How long the plate lay in the acid: stronger darks.")
    plate_tone: float = number(0.4, 0.0, 1.0, "Ink left on the plate when it was wiped.")
    background: float = number(0.7, 0.0, 1.0, "How much of the background is drawn.")
    margin: float = number(0.045, 0.0, 0.15, "Paper around the plate.", unit="of the longer side")
    ink: str = colour("#221a16", "Colour of the ink.")


def plan(guide: Guide, parameters: Etching, seed: int, hands: Hands) -> Plan:
    """Bitten lines, the plate's edge and its tone."""
    hands.cancel.check()
    dark = darkness(guide, contrast=parameters.contrast, background=parameters.background, fade=0.0)
    dark = np.clip(dark * np.float32(0.9 + 0.25 * parameters.bite), 0, 1)
    plate = _plate(guide.shape, parameters.margin, seed)
    inside = np.clip(plate, 0, 1)
    strokes = [
        *_lines(dark * inside, guide, parameters, seed),
        *contours(guide, 0.8 * parameters.needle, 0.9, seed, "etching"),
    ]
    return Plan(
        shape=guide.shape,
        strokes=Strokes.joined(strokes),
        fields={"plate": plate, "tone": _plate_tone(dark, guide, parameters, seed)},
    )


def _lines(dark: Floats, guide: Guide, parameters: Etching, seed: int) -> list[Strokes]:
    wide = 1.35 - 0.6 * parameters.fineness
    needle = 0.40 * parameters.needle

    def one(angle: float, level: float, spacing: float, length: float, width: float, form: float) -> Hatch:
        return Hatch(
            angle=angle, level=level, full=0.5, spacing=spacing * wide, length=length, width=needle * width, form=form,
            opacity=0.93, pressed=0.6, streak=0.1, dryness=0.1, load=1.2, softness=0.1, thinnest=0.45, wobble=0.16,
            gesture=0.008,
        )  # fmt: skip

    form = parameters.form
    passes = [
        one(-0.5, 0.12, 2.7, 40, 0.75, form),
        one(-0.5, 0.34, 2.4, 34, 0.95, form),
        one(1.0, 0.44, 2.5, 30, 0.95, 0.75 * form),
        one(0.25, 0.60, 2.3, 26, 1.1, 0.6 * form),
        one(-1.2, 0.74, 2.0, 22, 1.3, 0.5 * form),
    ]
    calm = np.clip(guide.care - 0.6, 0, 1) * 0.25
    return [hatch(dark - calm, guide.flow, how, [0, 0, 0], seed, f"etching.{k}") for k, how in enumerate(passes)]


def _plate(shape: tuple[int, int], margin: float, seed: int) -> Floats:
    """Distance to the plate's edge in px, positive on the plate; its corners are rounded."""
    high, wide = shape
    y, x = np.mgrid[0:high, 0:wide].astype(np.float32)
    room = margin * max(shape)
    half_x, half_y = wide / 2 - room, high / 2 - room
    corner = 0.012 * max(shape)
    dx = np.abs(x - (wide - 1) / 2) - (half_x - corner)
    dy = np.abs(y - (high - 1) / 2) - (half_y - corner)
    outside = np.hypot(np.maximum(dx, 0), np.maximum(dy, 0)) + np.minimum(np.maximum(dx, dy), 0)
    return (corner - outside + 0.25 * noise(seed, "etching.edge", shape, 30)).astype(np.float32)


def _plate_tone(dark: Floats, guide: Guide, parameters: Etching, seed: int) -> Floats:
    """Ink that wiping left: a veil, thinner on the lit face, streaked."""
    veil = 0.10 + 0.30 * blur(dark, 14.0)
    veil *= 1 + 0.22 * cloud(seed, "etching.wipe", guide.shape, 60)
    wiped = 1 - 0.5 * blur(guide.face, 20.0)
    return np.clip(parameters.plate_tone * veil * wiped, 0, 0.6).astype(np.float32)


def deposit(plan: Plan, parameters: Etching, size: int, hands: Hands) -> Painted:
    """The print: lines, plate tone, and the pressed paper."""
    canvas = Canvas.toned(shape_at(plan, size), [1, 1, 1], 1.0, size / PLANNING)
    lay(canvas, plan.strokes, hands)
    plate = fitted(plan.fields["plate"], canvas.shape)
    tone = fitted(plan.fields["tone"], canvas.shape)
    on = np.clip(plate * np.float32(canvas.scale) + np.float32(0.5), 0, 1)
    light = 1 + on * (canvas.colour[..., 0] * (1 - tone) - 1)
    light *= 1 - np.float32(0.25) * np.exp(-np.square(plate / 1.0)) * on  # ink gathers at the plate's edge
    ink = rgb(parameters.ink)
    canvas.colour[:] = ink + light[..., None] * (1 - ink)
    # lines stand up from the paper, which the plate has pressed down
    np.copyto(
        canvas.height,
        (1 - light) * np.float32(0.10) - np.clip(plate / 2 + 0.5, 0, 1) * np.float32(0.9) + np.float32(0.9),
    )
    canvas.cover[:] = 1
    return left_on(canvas, transparent=True, settle=0.10)


ETCHING = Medium(
    id="etching",
    title="Etching",
    help="Fine bitten lines that turn with the form, and the mark of the plate.",
    parameters=Etching,
    plan=plan,
    deposit=deposit,
    version=2,
    surface=Surface(kind="paper", tone="#efe7d6", relief=0.45, grain=3.2),
    light=Light(strength=0.7, gloss=0.0),
)
