"""Charcoal and white chalk on toned paper: masses rubbed with the finger, strokes, dark accents."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from limner.core.rng import gaussian
from limner.media.arrays import Floats
from limner.media.brush import Canvas, Strokes
from limner.media.colours import rgb
from limner.media.drawing import Line, darkness, draw_lines
from limner.media.guide import PLANNING, Guide
from limner.media.hands import Hands
from limner.media.light import Light, Painted
from limner.media.lines import along, response
from limner.media.medium import DRAFT, Medium, Plan, Trial, carry_out, draft_shape, left_on, shape_at
from limner.media.parameters import Parameters, colour, number
from limner.media.planner import Layer, Scene, plan_layer
from limner.media.raster import blur, fitted, resize
from limner.media.surface import Surface

_LEVEL = 0.13  # darkness that is left to the bare paper; what is lighter gets chalk
_PAPER = 0.78  # grey of the toned paper on the planning canvas: darker is charcoal, lighter is chalk


@dataclass(frozen=True, slots=True, kw_only=True)
class Charcoal(Parameters):
    """What can be turned in charcoal."""

    stick: float = number(1.0, 0.5, 2.0, "Size of the sticks.", unit="times")
    contrast: float = number(0.7, 0.0, 1.0, "How far the tones are spread from paper to black.")
    rubbing: float = number(0.5, 0.0, 1.0, "How far tones are rubbed into the paper.")
    line: float = number(0.6, 0.0, 1.0, "Strength of drawn lines.")
    chalk: float = number(0.6, 0.0, 1.0, "White chalk in the lights.")
    background: float = number(0.55, 0.0, 1.0, "How much of the background is drawn.")
    grain: float = number(0.7, 0.0, 1.0, "How much the paper's tooth shows.")
    tint: str = colour("#201d1b", "Colour of the charcoal (black, or sanguine: #7a3420).")


def layers(parameters: Charcoal) -> list[Layer]:
    """The broad side of the stick, its edge, its point."""
    base = Layer(
        radius=1.0, threshold=0.0, body=0.0, pickup=0.0, hue=0.0, tint=0.0, grip=0.0, streak=0.42, pitch=0.9, rag=0.6,
        round_end=0.5, ridge=0.0, press=0.0, lights_last=0.0, blur=0.5, softness=0.5, dryness=0.6, load=0.45,
        value=0.06, bend=0.5, gesture=0.05, tapered=0.1, stop=0.22,
    )  # fmt: skip
    sticks = [
        replace(base, radius=11, threshold=0.07, spacing=1.5, longest=2.6, opacity=0.45, bend=0.3),
        replace(base, radius=5.5, threshold=0.075, spacing=1.3, longest=3.4, opacity=0.5, care=(0.1, 2)),
        replace(base, radius=2.8, threshold=0.09, spacing=1.2, longest=5.0, opacity=0.6, care=(0.15, 2)),
        replace(base, radius=1.5, threshold=0.085, spacing=1.2, longest=6.0, opacity=0.75, care=(0.28, 2),
                softness=0.4),
        replace(base, radius=0.9, threshold=0.06, longest=6.0, spacing=1.3, opacity=0.85, care=(0.5, 2), softness=0.3,
                streak=0.3, dryness=0.2, load=0.9),
    ]  # fmt: skip
    return [replace(s, radius=s.radius * parameters.stick ** (1.0 if s.radius > 3 else 0.5)) for s in sticks]


def plan(guide: Guide, parameters: Charcoal, seed: int, hands: Hands) -> Plan:
    """The rubbed tone and the strokes of a charcoal drawing, in greys."""
    dark = darkness(guide, contrast=parameters.contrast, background=parameters.background, fade=0.85, paper=_LEVEL)
    view = _three(_greys(dark, parameters.chalk))
    rubbed = _greys(_rubbed(dark, guide, parameters, seed), 0.0)
    scene = Scene(reference=view, detail=view, flow=guide.flow, care=guide.care)
    trial = Trial(_toned(rubbed, draft_shape(guide.shape), DRAFT), guide.shape)
    for k, stick in enumerate(layers(parameters)):
        hands.cancel.check()
        trial.lay(plan_layer(scene, trial.seen, stick, seed, f"charcoal.{k}"), hands)
    lines = _lines(guide, parameters, seed) if parameters.line > 0 else []
    strokes = Strokes.joined([*trial.strokes, *lines])
    return Plan(shape=guide.shape, strokes=strokes, fields={"rubbed": rubbed}, tried=trial)


def _toned(rubbed: Floats, shape: tuple[int, int], size: int) -> Canvas:
    """The paper with what is rubbed into it, in greys."""
    canvas = Canvas.toned(shape, [_PAPER] * 3, 0.0, size / PLANNING)
    canvas.colour[:] = fitted(rubbed, shape)[..., None]
    return canvas


def _rubbed(dark: Floats, guide: Guide, parameters: Charcoal, seed: int) -> Floats:
    """Tone rubbed into the paper with the finger: softer, lighter, streaked along the form."""
    soft = 0.5 * blur(dark, 3.0) + 0.5 * blur(dark, 9.0)
    high, wide = dark.shape
    noise = gaussian(seed, "charcoal.rub", (high // 2 + 1, wide // 2 + 1))
    noise = blur(resize(noise, (high, wide), "linear"), 1.2)
    streaks = along(noise, guide.flow, 14)
    streaks = streaks / (streaks.std() + np.float32(1e-6))
    return soft * np.float32(0.35 + 0.5 * parameters.rubbing) * (1 + np.float32(0.10) * streaks)


def _lines(guide: Guide, parameters: Charcoal, seed: int) -> list[Strokes]:
    """Contours searched with the point, and a few heavy accents."""
    weight = ((0.2 + 0.8 * guide.figure) * (0.45 + 0.9 * guide.care)).astype(np.float32)
    fine = response(guide.tone, guide.flow, width=1.1, length=8)
    broad = response(guide.tone, guide.flow, width=2.2, length=12)
    point = Line(
        width=0.6, threshold=0.006, full=0.016, spacing=4, longest=15, opacity=0.62 * parameters.line, stray=0.9,
                streak=0.6,
        dryness=0.5, load=0.6,
    )  # fmt: skip
    accent = Line(
        width=1.25, threshold=0.013, full=0.035, spacing=5, longest=14, opacity=0.85 * parameters.line, stray=0.6,
                streak=0.6,
        dryness=0.5, load=0.6,
    )  # fmt: skip
    return [
        draw_lines(fine, guide.flow, point, [0.10] * 3, seed, "charcoal.point", weight),
        draw_lines(
            broad, guide.flow, accent, [0.04] * 3, seed, "charcoal.accent", weight * np.clip(2 * guide.care, 0, 1)
        ),
    ]


def _three(grey: Floats) -> Floats:
    return np.ascontiguousarray(np.repeat(grey[..., None], 3, 2))


def _greys(dark: Floats, chalk: float) -> Floats:
    """Darkness to grey on the toned paper: the paper itself is a light tone, chalk lifts what is brighter."""
    level = np.float32(_LEVEL)
    down = _PAPER * (1 - (dark - level) / (1 - level))
    up = _PAPER + np.float32(chalk) * (level - dark) / level * np.float32(1.0 - _PAPER)
    return np.clip(np.where(dark > level, down, up), 0.02, 1).astype(np.float32)


def deposit(plan: Plan, parameters: Charcoal, size: int, hands: Hands) -> Painted:
    """Charcoal and chalk on the paper."""
    canvas = _toned(plan.fields["rubbed"], shape_at(plan, size), size)
    carry_out(plan, canvas, hands)
    grey = canvas.colour[..., 0]
    black = np.clip((_PAPER - grey) / np.float32(_PAPER), 0, 1)
    white = np.clip((grey - _PAPER - 0.02) / np.float32(0.98 - _PAPER), 0, 1)
    coal = rgb(parameters.tint)
    chalk = np.array([0.97, 0.96, 0.93], np.float32)
    np.copyto(canvas.colour, np.where((white > black)[..., None], chalk, coal))
    np.maximum(black, white * np.float32(0.85), out=canvas.cover)
    canvas.height[:] = 0
    return left_on(canvas, bite=parameters.grain, crisp=2.0, half=0.25)


CHARCOAL = Medium(
    id="charcoal",
    title="Charcoal",
    help="Rubbed masses, strokes and dark accents, with white chalk on toned paper.",
    parameters=Charcoal,
    plan=plan,
    deposit=deposit,
    version=2,
    surface=Surface(kind="laid", tone="#d9ccb4", relief=0.8, grain=3.6),
    light=Light(strength=0.5, gloss=0.0),
)
