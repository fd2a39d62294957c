"""Watercolour: transparent washes on white paper, from light to dark, over a pencil drawing.

The paper stays bare in the highest lights and round the edges; the point of the brush draws last.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from limner.media.arrays import Floats
from limner.media.brush import Canvas, Strokes, lay
from limner.media.drawing import Line, draw_lines, recoloured
from limner.media.fields import by_bands, cloud
from limner.media.guide import PLANNING, Guide
from limner.media.hands import Hands
from limner.media.light import Light, Painted
from limner.media.lines import response
from limner.media.medium import Medium, Plan, left_on, shape_at
from limner.media.parameters import Parameters, choice, number, whole
from limner.media.pigments import palette_names
from limner.media.raster import blur, lab_of, lightness, rgb_of
from limner.media.seeing import FREE, chosen, mixable, seen
from limner.media.surface import Surface
from limner.media.washes import Wash, high_key, thinned, wash_fields, washes


@dataclass(frozen=True, slots=True, kw_only=True)
class Watercolour(Parameters):
    """What can be turned in watercolour."""

    washes: int = whole(5, 3, 9, "Number of washes from paper to the darkest dark.")
    water: float = number(0.5, 0.0, 1.0, "How wet the paper is: soft bleeding edges instead of hard dry ones.")
    rims: float = number(0.6, 0.0, 1.5, "How much pigment gathers at the edges of a wash.")
    flow: float = number(0.5, 0.0, 1.0, "How unevenly pigment flows inside a wash.")
    granulation: float = number(0.5, 0.0, 1.0, "How much pigment settles in the paper's pits.")
    looseness: float = number(0.5, 0.0, 1.0, "How far washes stray from the drawing.")
    saturation: float = number(1.2, 0.0, 2.0, "Strength of the colours.", unit="times")
    background: float = number(0.6, 0.0, 1.0, "How much of the background is washed in.")
    pencil: float = number(0.4, 0.0, 1.0, "Strength of the pencil drawing below.")
    brushwork: float = number(0.7, 0.0, 1.0, "Strength of the last dark touches with the point of the brush.")
    palette: str = choice(FREE, (FREE, *palette_names()), "Pigments that colours are mixed from.")


def plan(guide: Guide, parameters: Watercolour, seed: int, hands: Hands) -> Plan:
    """Tone, colour and flow of the washes; pencil and brush lines."""
    hands.cancel.check()
    view = mixable(seen(guide, clarity=0.4, saturation=parameters.saturation), chosen(parameters.palette))
    tone = high_key(guide, lightness(view), 0.10, parameters.background)
    fields = wash_fields(guide, tone, _wash(parameters), seed, "watercolour")
    fields["hue"] = _hue(view, guide, seed)
    return Plan(shape=guide.shape, strokes=_drawing(guide, view, parameters, seed), fields=fields)


def _wash(parameters: Watercolour) -> Wash:
    return Wash(
        steps=parameters.washes, water=parameters.water, rims=parameters.rims, flow=parameters.flow,
        looseness=parameters.looseness, background=parameters.background,
    )  # fmt: skip


def _hue(view: Floats, guide: Guide, seed: int) -> Floats:
    """Hue and chroma of the washes (Lab a and b): colours bleed into each other, most in the background."""
    lab = lab_of(view)[..., 1:]
    near, far = blur(lab, 2.5), blur(lab, 16)
    blend = np.clip(1.2 - 1.6 * np.maximum(guide.care, 0.5 * guide.figure), 0, 1)[..., None]
    bled = near + blend * (far - near)
    bled[..., 0] += 2.5 * cloud(seed, "watercolour.warm", guide.shape, 60)
    bled[..., 1] += 3.5 * cloud(seed, "watercolour.cool", guide.shape, 80)
    return np.ascontiguousarray(bled, np.float32)


def _drawing(guide: Guide, view: Floats, parameters: Watercolour, seed: int) -> Strokes:
    """Pencil below, and the point of the brush above, which takes its colour from the picture, darkened."""
    weight = ((0.15 + 0.85 * guide.figure) * (0.4 + 0.8 * guide.care)).astype(np.float32)
    fine = response(guide.tone, guide.flow, width=1.1, length=9)
    pencil = Line(
        width=0.42, threshold=0.005, full=0.016, spacing=5, longest=18, opacity=0.5 * parameters.pencil, stray=1.1,
        streak=0.5, dryness=0.3, load=0.6,
    )  # fmt: skip
    below = draw_lines(fine, guide.flow, pencil, [0.36, 0.35, 0.36], seed, "watercolour.pencil", weight)
    broad = response(guide.tone, guide.flow, width=1.9, length=10)
    point = Line(
        width=1.15, threshold=0.010, full=0.030, spacing=4, longest=13, opacity=0.62 * parameters.brushwork, stray=0.35,
        streak=0.15, dryness=0.1, load=1.2, thinnest=0.25,
    )  # fmt: skip
    care = np.clip(1.9 * guide.care - 0.15, 0, 1).astype(np.float32)
    touches = draw_lines(broad, guide.flow, point, [0, 0, 0], seed, "watercolour.point", weight * care)
    dark = blur(view, 1.5) ** np.float32(1.5) * np.float32(0.62)
    return Strokes.joined([below, recoloured(touches, dark)])


def deposit(plan: Plan, parameters: Watercolour, size: int, hands: Hands) -> Painted:
    """Washes, then pencil and brush."""
    canvas = Canvas.toned(shape_at(plan, size), [1, 1, 1], 1.0, size / PLANNING)
    wash = _wash(parameters)

    def band(here: Mapping[str, Floats], rows: slice) -> None:
        tone, density, cover = washes(here, wash, canvas.scale)
        water = np.clip((1.02 - tone) * 2.6, 0.05, 1)[..., None]  # pale washes are mostly water
        lab = np.concatenate([100 * np.clip(tone, 0, 1)[..., None], here["hue"] * water], 2)
        colour = rgb_of(lab)
        canvas.colour[rows] = thinned(colour, density, cover)

    by_bands(plan.fields, canvas.shape, hands, band)
    lay(canvas, plan.strokes, hands)
    canvas.height[:] = 0
    canvas.cover[:] = 1
    return left_on(canvas, transparent=True, settle=0.55 * parameters.granulation)


WATERCOLOUR = Medium(
    id="watercolour",
    title="Watercolour",
    help="Transparent washes from light to dark on rough white paper.",
    parameters=Watercolour,
    plan=plan,
    deposit=deposit,
    version=2,
    surface=Surface(kind="paper", tone="#f6f2e9", relief=0.8, grain=4.0),
    light=Light(strength=0.45, gloss=0.0),
)
