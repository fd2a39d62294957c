"""Acrylic: clean, saturated, quickly dried paint; hard-edged planes and scumbles over a bright ground."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from limner.media.colours import rgb
from limner.media.guide import Guide
from limner.media.hands import Hands
from limner.media.light import Light, Painted
from limner.media.medium import Medium, Plan, lay_plan, left_on
from limner.media.oil import paint_layers
from limner.media.parameters import Parameters, choice, colour, number
from limner.media.pigments import palette_names
from limner.media.planner import Layer, Scene
from limner.media.seeing import FREE, chosen, drawn, flattened, mixable, seen
from limner.media.surface import Surface

_COVER = 0.85  # how much the tone hides the bare ground


@dataclass(frozen=True, slots=True, kw_only=True)
class Acrylic(Parameters):
    """What can be turned in acrylic."""

    brush: float = number(1.0, 0.5, 2.5, "Size of all brushes.", unit="times")
    freedom: float = number(0.5, 0.0, 1.0, "How loosely everything but eyes and mouth is painted.")
    planes: float = number(0.8, 0.0, 1.0, "How far the form is cut into flat planes.")
    scumble: float = number(0.6, 0.0, 1.0, "How dry the brushes are: broken strokes that let the layer below through.")
    saturation: float = number(1.5, 0.0, 2.0, "Strength of the colours.", unit="times")
    broken: float = number(0.6, 0.0, 1.0, "How much neighbouring strokes differ in warmth and value.")
    palette: str = choice(FREE, (FREE, *palette_names()), "Pigments that colours are mixed from.")
    ground: str = colour("#c8603a", "Tone laid on the canvas before painting.")


def layers(parameters: Acrylic) -> list[Layer]:
    """Flat synthetic brushes from the largest to the smallest."""
    loose, broken = parameters.freedom, parameters.broken
    base = Layer(
        radius=1.0, threshold=0.0, body=0.5, dryness=1.1 * parameters.scumble, softness=0.03, rag=0.6, round_end=0.1,
        streak=0.07, grip=0.35, pitch=1.5, load=0.7, ridge=0.5, press=0.25, pickup=0.0, value=0.10 * broken,
        hue=0.09 * broken, bend=0.5, gesture=0.03, lights_last=0.4, tapered=0.05, stop=0.16, blur=0.4,
    )  # fmt: skip
    brushes = [
        replace(base, radius=34, threshold=-2, spacing=1.5, longest=2.8, bend=0.3, gesture=0.10, load=0.5,
                value=0.16 * broken, hue=0.14 * broken),
        replace(base, radius=19, threshold=0.075 + 0.03 * loose, spacing=1.3, longest=2.6, bend=0.4, load=0.6),
        replace(base, radius=11, threshold=0.065 + 0.03 * loose, spacing=1.15, longest=2.8, care=(0.10 + 0.06 * loose,
                2)),
        replace(base, radius=6.0, threshold=0.07 + 0.03 * loose, spacing=1.1, longest=3.4, care=(0.22 + 0.12 * loose,
                2),
                value=0.07 * broken, hue=0.07 * broken),
        replace(base, radius=3.0, threshold=0.055 + 0.02 * loose, longest=4.5, care=(0.42 + 0.16 * loose, 2),
                dryness=0.3,
                value=0.03, hue=0.02, round_end=0.4, bend=0.7),
        replace(base, radius=1.4, threshold=0.04, longest=5.0, spacing=1.2, care=(0.6, 2), dryness=0.1, value=0.01,
                hue=0.0,
                round_end=0.8, body=0.3, blur=0.35, bend=0.8),
    ]  # fmt: skip
    return [replace(b, radius=b.radius * parameters.brush ** (1.0 if b.radius > 3 else 0.5)) for b in brushes]


def plan(guide: Guide, parameters: Acrylic, seed: int, hands: Hands) -> Plan:
    """The strokes of an acrylic painting."""
    view = seen(guide, clarity=0.6, saturation=parameters.saturation)
    flat = flattened(view, guide, 6)
    mixer = chosen(parameters.palette)
    view = mixable(view + np.float32(parameters.planes) * (flat - view), mixer)
    scene = Scene(
        reference=view,
        detail=drawn(view, guide.care, 0.9),
        flow=guide.flow,
        care=guide.care,
        palette=mixer,
    )
    strokes, tried = paint_layers(scene, layers(parameters), rgb(parameters.ground), _COVER, seed, hands)
    return Plan(shape=guide.shape, strokes=strokes, tried=tried)


def deposit(plan: Plan, parameters: Acrylic, size: int, hands: Hands) -> Painted:
    """The paint of an acrylic painting."""
    canvas = lay_plan(plan, rgb(parameters.ground), _COVER, size, hands)
    return left_on(canvas, bite=0.2, half=0.1, shine=0.05)


ACRYLIC = Medium(
    id="acrylic",
    title="Acrylic",
    help="Clean, saturated planes and dry scumbles over a bright ground.",
    parameters=Acrylic,
    plan=plan,
    deposit=deposit,
    version=2,
    surface=Surface(kind="linen", tone="#efe9dc", relief=0.8, grain=4.4),
    light=Light(strength=0.8, gloss=0.4),
)
