"""Pastel: the side of the stick over toned, toothed paper, tones rubbed below, crisp touches last."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from limner.media.arrays import Floats
from limner.media.brush import Canvas, Strokes, with_catch
from limner.media.colours import rgb
from limner.media.drawing import Line, draw_lines, margin, recoloured
from limner.media.guide import PLANNING, Guide
from limner.media.hands import Hands
from limner.media.hatching import Hatch, hatch
from limner.media.light import Light, Painted
from limner.media.lines import response
from limner.media.medium import DRAFT, Medium, Plan, Trial, carry_out, draft_shape, left_on, shape_at
from limner.media.parameters import Parameters, choice, colour, number
from limner.media.pigments import palette_names
from limner.media.planner import Layer, Scene, plan_layer
from limner.media.raster import blur, fitted, lab_of, rgb_of
from limner.media.seeing import FREE, chosen, drawn, mixable, seen
from limner.media.surface import Surface, relief


@dataclass(frozen=True, slots=True, kw_only=True)
class Pastel(Parameters):
    """What can be turned in pastel."""

    stick: float = number(1.0, 0.5, 2.0, "Size of the sticks.", unit="times")
    freedom: float = number(0.5, 0.0, 1.0, "How loosely everything but eyes and mouth is drawn.")
    rubbing: float = number(0.45, 0.0, 1.0, "How much tone is rubbed in below the strokes.")
    broken: float = number(0.7, 0.0, 1.0, "How much neighbouring strokes differ in warmth and value.")
    saturation: float = number(1.2, 0.0, 2.0, "Strength of the colours.", unit="times")
    grain: float = number(0.75, 0.0, 1.0, "How much the paper's tooth shows.")
    margin: float = number(0.6, 0.0, 1.0, "How much paper is left bare round the edges.")
    palette: str = choice(FREE, (FREE, *palette_names()), "Pigments that sticks are made of.")
    paper: str = colour("#8d8478", "Colour of the paper.")


def layers(parameters: Pastel) -> tuple[list[Layer], list[Layer]]:
    """Sides of sticks for the masses; points for eyes and mouth."""
    loose, broken, grain = parameters.freedom, parameters.broken, parameters.grain
    base = Layer(
        radius=1.0, threshold=0.0, body=0.08, pickup=0.0, grip=0.3, streak=0.06, pitch=1.4, rag=0.4, round_end=0.25,
        ridge=0.0, press=0.1, softness=0.2, dryness=0.35, load=0.9, opacity=0.92, bend=0.35, gesture=0.04, tapered=0.08,
        value=0.12 * broken, hue=0.10 * broken, tint=0.08, catch=grain, lights_last=0.7,
    )  # fmt: skip
    sides = [
        replace(base, radius=12, threshold=0.07, spacing=1.6, shortest=1.5, longest=3.5, bend=0.25),
        replace(base, radius=6.0, threshold=0.075 + 0.02 * loose, spacing=1.5, shortest=2.0, longest=4.5,
                care=(0.08 + 0.04 * loose, 2)),
        replace(base, radius=3.2, threshold=0.075 + 0.03 * loose, spacing=1.5, shortest=2.5, longest=6.0, bend=0.55,
                care=(0.14 + 0.14 * loose, 2), value=0.08 * broken, hue=0.07 * broken),
    ]  # fmt: skip
    points = [
        replace(base, radius=1.7, threshold=0.06, spacing=1.3, longest=6.0, bend=0.75, care=(0.34, 2), value=0.04,
                hue=0.03,
                catch=0.6 * grain),
        replace(base, radius=1.05, threshold=0.04, longest=6.0, spacing=1.2, care=(0.55, 2), dryness=0.1, bend=0.8,
                value=0.02, hue=0.01, grip=0.2, blur=0.35, catch=0.25 * grain),
    ]  # fmt: skip
    stick = parameters.stick
    return [replace(s, radius=s.radius * stick) for s in sides], [
        replace(p, radius=p.radius * stick**0.5) for p in points
    ]


def plan(guide: Guide, parameters: Pastel, seed: int, hands: Hands) -> Plan:
    """Rubbed tones, sides of sticks, hatches in broken colour, points and lines."""
    mixer = chosen(parameters.palette)
    view = mixable(seen(guide, clarity=0.4, saturation=parameters.saturation), mixer)
    paper = rgb(parameters.paper)
    open_paper = parameters.margin * (0.5 + 0.5 * (1 - margin(guide.shape, 1.0)))
    bare = (open_paper * (1 - guide.figure)).astype(np.float32)
    view = view + bare[..., None] * (paper - view)
    soft = blur(view, 5.0)
    share = np.float32(0.3 + 0.6 * parameters.rubbing) * (1 - bare)[..., None]
    rubbed = np.ascontiguousarray(paper + share * (soft - paper), np.float32)
    scene = Scene(
        reference=np.ascontiguousarray(view),
        detail=drawn(view, guide.care, 0.9),
        flow=guide.flow,
        care=guide.care,
        palette=mixer,
    )
    trial = Trial(_toned(rubbed, parameters, draft_shape(guide.shape), DRAFT), guide.shape)
    sides, points = layers(parameters)
    for k, stick in enumerate(sides):
        hands.cancel.check()
        trial.lay(plan_layer(scene, trial.seen, stick, seed, f"pastel.{k}"), hands)
    trial.lay(_hatches(view, 1 - bare, guide, parameters, seed), hands)
    for k, point in enumerate(points):
        hands.cancel.check()
        trial.lay(plan_layer(scene, trial.seen, point, seed, f"pastel.point.{k}"), hands)
    strokes = Strokes.joined([*trial.strokes, _accents(view, guide, seed)])
    return Plan(shape=guide.shape, strokes=strokes, fields={"rubbed": rubbed}, tried=trial)


def _toned(rubbed: Floats, parameters: Pastel, shape: tuple[int, int], size: int) -> Canvas:
    """The paper with what is rubbed into it."""
    canvas = Canvas.toned(shape, rgb(parameters.paper), 0.0, size / PLANNING, _paper(size))
    canvas.colour[:] = fitted(rubbed, shape)
    return canvas


def _hatches(view: Floats, drawn_in: Floats, guide: Guide, parameters: Pastel, seed: int) -> Strokes:
    """Open strokes of lighter, warmer and darker, cooler sticks across the masses."""
    lab = lab_of(np.ascontiguousarray(view))
    free = np.clip(1.25 - 1.5 * guide.care, 0, 1) * drawn_in
    tone = lab[..., 0] / 100
    broken = parameters.broken
    parts: list[Strokes] = []
    # stick: angle, where it is used, lightness and warmth that it adds
    sticks = (
        (-0.95, free * (0.25 + 0.6 * tone), 7.0, 7.0),
        (-0.65, free * (0.75 - 0.5 * tone), -5.0, -9.0),
        (-1.15, free * (0.35 + 0.4 * np.abs(tone - 0.5)), 3.0, -6.0),
    )
    for k, (angle, where, lift, warm) in enumerate(sticks):
        turned = lab.copy()
        turned[..., 0] = np.clip(turned[..., 0] + lift, 3, 98)
        turned[..., 1] += 0.4 * warm * broken
        turned[..., 2] += warm * broken
        colours = rgb_of(turned)
        how = Hatch(
            angle=angle, level=0.33, full=0.35, spacing=7.0, length=30, width=1.25 * parameters.stick, form=0.55,
                    opacity=0.8,
            pressed=0.3, wobble=0.75, gesture=0.02, streak=0.05, dryness=0.2, pitch=1.4, load=1.0, thinnest=0.7,
                    softness=0.2,
        )  # fmt: skip
        parts.append(hatch(where.astype(np.float32), guide.flow, how, colours, seed, f"pastel.hatch.{k}"))
    return with_catch(Strokes.joined(parts), parameters.grain)


def _accents(view: Floats, guide: Guide, seed: int) -> Strokes:
    """Dark lines of a pastel pencil where care is taken, in the colours of the place."""
    broad = response(guide.tone, guide.flow, width=1.7, length=9)
    line = Line(
        width=0.8,
        threshold=0.009,
        full=0.028,
        spacing=4,
        longest=12,
        opacity=0.6,
        stray=0.3,
        streak=0.3,
        dryness=0.3,
        load=0.7,
    )
    care = np.clip(2.2 * guide.care - 0.5, 0, 1).astype(np.float32)
    strokes = draw_lines(broad, guide.flow, line, [0, 0, 0], seed, "pastel.accent", care)
    return recoloured(strokes, view * np.float32(0.45))


def deposit(plan: Plan, parameters: Pastel, size: int, hands: Hands) -> Painted:
    """Pastel on the paper."""
    canvas = _toned(plan.fields["rubbed"], parameters, shape_at(plan, size), size)
    carry_out(plan, canvas, hands)
    canvas.cover[:] = 0.93
    return left_on(canvas, bite=0.75 * parameters.grain, crisp=2.0, half=0.46)


def _paper(longer: int) -> Floats:
    """The tooth on which the sticks catch."""
    return relief("smooth", 8.0, longer)


PASTEL = Medium(
    id="pastel",
    title="Pastel",
    help="Strokes of soft colour over toned, toothed paper.",
    parameters=Pastel,
    plan=plan,
    deposit=deposit,
    version=2,
    surface=Surface(kind="laid", tone="#8d8478", relief=1.0, grain=3.0),
    light=Light(strength=0.5, gloss=0.0),
)
