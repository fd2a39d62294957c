"""Coloured pencil: hatches of a few pencils over one another; their colours mix in the eye."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from limner.media.arrays import Floats
from limner.media.brush import Canvas, Strokes, lay, with_catch
from limner.media.drawing import Line, draw_lines, margin, recoloured
from limner.media.guide import PLANNING, Guide
from limner.media.hands import Hands
from limner.media.hatching import Hatch, hatch
from limner.media.light import Light, Painted
from limner.media.lines import response
from limner.media.medium import Medium, Plan, left_on, shape_at
from limner.media.parameters import Parameters, number
from limner.media.raster import fitted, lab_of, lightness, rgb_of
from limner.media.seeing import drawn, seen
from limner.media.surface import Surface, relief


@dataclass(frozen=True, slots=True, kw_only=True)
class ColouredPencil(Parameters):
    """What can be turned in coloured pencil."""

    pressure: float = number(0.6, 0.0, 1.0, "How firmly the pencils are pressed: richer colour, less paper.")
    layers: float = number(0.6, 0.0, 1.0, "How much the colours of neighbouring pencils differ.")
    saturation: float = number(1.3, 0.0, 2.0, "Strength of the colours.", unit="times")
    slant: float = number(-55.0, -90.0, 90.0, "Direction of the strokes.", unit="degrees")
    form: float = number(0.5, 0.0, 1.0, "How far strokes follow the form.")
    line: float = number(0.7, 0.0, 1.0, "Strength of drawn lines.")
    background: float = number(0.5, 0.0, 1.0, "How much of the background is coloured.")
    grain: float = number(0.6, 0.0, 1.0, "How much the paper's tooth shows.")


def plan(guide: Guide, parameters: ColouredPencil, seed: int, hands: Hands) -> Plan:
    """A light veil of colour, then hatches from light pencils to dark ones."""
    view = drawn(seen(guide, clarity=0.4, saturation=parameters.saturation), guide.care, 0.6)
    fade = (0.35 + 0.65 * parameters.background) * margin(guide.shape, 0.9)
    open_paper = ((1 - fade) * (1 - guide.figure) * (1 - 0.25 * parameters.background)).astype(np.float32)
    view = np.ascontiguousarray(view + open_paper[..., None] * (1 - view))
    lab = lab_of(view)
    dark = np.clip(1.06 - lightness(view), 0, 1)
    chroma = np.hypot(lab[..., 1], lab[..., 2]) / 100
    need = np.clip(np.maximum(dark, 0.9 * chroma), 0, 1)
    firm = parameters.pressure
    veil = (1 - (0.30 + 0.30 * firm) * (1 - view)).astype(np.float32)
    strokes: list[Strokes] = []
    slant = float(np.radians(parameters.slant))
    # pencil: turn, level, spacing, darkness of the pencil against the picture, warmth it adds
    pencils = [
        (0.00, 0.08, 2.4, 0.30, 10.0), (0.45, 0.14, 2.3, 0.12, -9.0), (-0.40, 0.26, 2.2, -0.02, 7.0),
        (0.95, 0.42, 2.1, -0.12, -6.0), (0.10, 0.58, 1.9, -0.22, 2.0), (0.60, 0.74, 1.8, -0.30, -3.0),
    ]  # fmt: skip
    for k, (turn, level, spacing, lift, warm) in enumerate(pencils):
        hands.cancel.check()
        how = Hatch(
            angle=slant + turn, level=level, full=0.45, spacing=spacing, length=24, width=0.66, form=parameters.form,
            opacity=0.45 + 0.4 * firm, pressed=0.5, streak=0.2, dryness=0.3, load=0.7, softness=0.3, wobble=0.35,
        )  # fmt: skip
        colours = _pencil(lab, lift, warm * parameters.layers)
        strokes.append(hatch(need, guide.flow, how, colours, seed, f"coloured-pencil.{k}"))
    strand = Hatch(
        angle=slant,
        level=0.18,
        full=0.4,
        spacing=2.6,
        length=40,
        width=0.6,
        form=1.0,
        opacity=0.75,
        wobble=0.6,
        gesture=0.03,
    )
    strokes.append(
        hatch(
            guide.hair * (0.2 + 0.5 * need), guide.flow, strand, _pencil(lab, -0.2, 3.0), seed, "coloured-pencil.hair"
        )
    )
    strokes.append(_details(view, guide, seed, parameters.line))
    joined = with_catch(Strokes.joined(strokes), 0.75 * parameters.grain)
    return Plan(shape=guide.shape, strokes=joined, fields={"veil": veil})


def _pencil(lab: Floats, lift: float, warm: float) -> Floats:
    """The colour of one pencil at every place: lighter or darker than the picture, warmer or cooler."""
    turned = lab.copy()
    turned[..., 0] = np.clip(lab[..., 0] + lift * np.where(lift > 0, 100 - lab[..., 0], lab[..., 0]), 4, 97)
    turned[..., 1] = lab[..., 1] * 1.1 + 0.5 * warm
    turned[..., 2] = lab[..., 2] * 1.1 + warm
    return np.ascontiguousarray(rgb_of(turned))


def _details(view: Floats, guide: Guide, seed: int, strength: float) -> Strokes:
    """Sharp dark pencil at lids, nostrils, lips, in the darkened colours of the place."""
    fine = response(guide.tone, guide.flow, width=1.1, length=9)
    weight = ((0.15 + 0.85 * guide.figure) * (0.4 + 0.9 * guide.care)).astype(np.float32)
    line = Line(
        width=0.75, threshold=0.006, full=0.018, spacing=4, longest=14, opacity=0.8 * strength, stray=0.4, streak=0.3,
        dryness=0.3, load=0.8,
    )  # fmt: skip
    strokes = draw_lines(fine, guide.flow, line, [0, 0, 0], seed, "coloured-pencil.line", weight)
    return recoloured(strokes, view * np.float32(0.4))


def deposit(plan: Plan, parameters: ColouredPencil, size: int, hands: Hands) -> Painted:
    """Pencil on the paper, as a film over it."""
    canvas = Canvas.toned(shape_at(plan, size), [1, 1, 1], 1.0, size / PLANNING, relief("smooth", 6.0, size))
    canvas.colour[:] = fitted(plan.fields["veil"], canvas.shape)
    lay(canvas, plan.strokes, hands)
    np.clip(canvas.colour, 0, 1, out=canvas.colour)
    canvas.height[:] = 0
    canvas.cover[:] = 1
    return left_on(canvas, transparent=True, settle=0.5 * parameters.grain)


COLOURED_PENCIL = Medium(
    id="coloured-pencil",
    title="Coloured pencil",
    help="Hatches of a few pencils over one another.",
    parameters=ColouredPencil,
    plan=plan,
    deposit=deposit,
    version=2,
    surface=Surface(kind="paper", tone="#f5f1e8", relief=0.5, grain=2.2),
    light=Light(strength=0.3, gloss=0.0),
)
