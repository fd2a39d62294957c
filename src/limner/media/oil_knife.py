"""Oil with the palette knife: broad facets of thick, half-mixed paint, scraped flat."""

from __future__ import annotations

from dataclasses import dataclass, replace

from limner.media.colours import rgb
from limner.media.guide import Guide
from limner.media.hands import Hands
from limner.media.light import Light, Painted
from limner.media.medium import Medium, Plan, lay_plan, left_on
from limner.media.oil import paint_layers
from limner.media.parameters import Parameters, choice, colour, number
from limner.media.pigments import palette_names
from limner.media.planner import Layer, Scene
from limner.media.seeing import FREE, chosen, drawn, mixable, seen
from limner.media.surface import Surface

_COVER = 0.6  # how much the tone hides the bare ground


@dataclass(frozen=True, slots=True, kw_only=True)
class Knife(Parameters):
    """What can be turned with the palette knife."""

    blade: float = number(1.0, 0.5, 2.5, "Size of the blades.", unit="times")
    freedom: float = number(0.5, 0.0, 1.0, "How loosely everything but eyes and mouth is painted.")
    impasto: float = number(1.0, 0.0, 3.0, "Thickness of the paint.")
    marbling: float = number(0.6, 0.0, 1.0, "How incompletely the paint was mixed.")
    broken: float = number(0.6, 0.0, 1.0, "How much neighbouring facets differ in warmth and value.")
    saturation: float = number(1.12, 0.0, 2.0, "Strength of the colours.", unit="times")
    palette: str = choice(FREE, (FREE, *palette_names()), "Pigments that colours are mixed from.")
    ground: str = colour("#5d4a3c", "Tone laid on the canvas before painting.")


def layers(parameters: Knife) -> list[Layer]:
    """The blades, from the largest to the smallest, and a brush for the eyes."""
    loose, broken, body = parameters.freedom, parameters.broken, parameters.impasto
    knife = Layer(
        radius=1.0, threshold=0.0, shortest=0.7, longest=1.7, bend=0.4, gesture=0.05, blur=0.45, body=1.5 * body,
        dryness=0.25, softness=0.0, rag=0.22, round_end=0.12, streak=0.07, grip=1.5 * parameters.marbling, pitch=3.2,
        load=1.2, ridge=1.3, press=0.95, tint=0.085, pickup=0.12, value=0.12 * broken, hue=0.08 * broken,
        tapered=0.06, stop=0.2,
    )  # fmt: skip
    blades = [
        replace(knife, radius=26, threshold=-2, spacing=1.1, longest=1.9, gesture=0.2, bend=0.3, body=0.9 * body),
        replace(knife, radius=14, threshold=0.06 + 0.03 * loose, spacing=1.0),
        replace(knife, radius=8, threshold=0.045 + 0.02 * loose, spacing=1.0, care=(0.12 + 0.06 * loose, 2), pitch=2.4),
        replace(knife, radius=4.6, threshold=0.06 + 0.04 * loose, spacing=1.1, care=(0.24 + 0.12 * loose, 2), pitch=1.8,
                longest=2.4, value=0.06 * broken, hue=0.05 * broken, body=1.0 * body),
        replace(knife, radius=2.6, threshold=0.05 + 0.03 * loose, longest=3.2, care=(0.38 + 0.2 * loose, 2), pitch=1.3,
                value=0.04 * broken, hue=0.03 * broken, body=0.7 * body, grip=0.4, ridge=0.8, round_end=0.4),
        replace(knife, radius=1.35, threshold=0.04, longest=5.0, spacing=1.2, care=(0.6, 2), pitch=1.1, value=0.02,
                hue=0.01,
                body=0.45 * body, grip=0.2, ridge=0.5, round_end=0.7, press=0.6, blur=0.35, tapered=0.35, bend=0.75),
    ]  # fmt: skip
    return [replace(b, radius=b.radius * parameters.blade ** (1.0 if b.radius > 3 else 0.5)) for b in blades]


def plan(guide: Guide, parameters: Knife, seed: int, hands: Hands) -> Plan:
    """The facets of a painting with the knife."""
    mixer = chosen(parameters.palette)
    view = mixable(seen(guide, clarity=0.5, saturation=parameters.saturation), mixer)
    scene = Scene(
        reference=view,
        detail=drawn(view, guide.care, 0.9),
        flow=guide.flow,
        care=guide.care,
        palette=mixer,
    )
    strokes, tried = paint_layers(scene, layers(parameters), rgb(parameters.ground), _COVER, seed, hands)
    return Plan(shape=guide.shape, strokes=strokes, tried=tried)


def deposit(plan: Plan, parameters: Knife, size: int, hands: Hands) -> Painted:
    """The paint of a painting with the knife."""
    canvas = lay_plan(plan, rgb(parameters.ground), _COVER, size, hands)
    return left_on(canvas, bite=0.5, shine=0.16)


KNIFE = Medium(
    id="oil-knife",
    title="Oil, palette knife",
    help="Broad facets of thick, half-mixed paint.",
    parameters=Knife,
    plan=plan,
    deposit=deposit,
    version=2,
    surface=Surface(kind="linen", tone="#cdbb98"),
    light=Light(),
)
