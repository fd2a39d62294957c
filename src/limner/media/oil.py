"""Oil: alla prima, wet in wet, from big brushes to small, lights last and thickest.

Stroke layers after Hertzmann (SIGGRAPH 1998); what is ours: a care map that chooses the brush, strokes
that grow both ways along the form, paint that is taken up from below, a painter's order, and relief.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from limner.media.arrays import Floats
from limner.media.brush import Canvas, Strokes
from limner.media.colours import rgb
from limner.media.guide import PLANNING, Guide
from limner.media.hands import Hands
from limner.media.light import Light, Painted
from limner.media.medium import DRAFT, Medium, Plan, Trial, draft_shape, lay_plan, left_on
from limner.media.parameters import Parameters, choice, colour, number
from limner.media.pigments import palette_names
from limner.media.planner import Layer, Scene, plan_layer
from limner.media.seeing import FREE, chosen, drawn, mixable, seen
from limner.media.surface import Surface

_COVER = 0.62  # how much the tone hides the bare canvas


@dataclass(frozen=True, slots=True, kw_only=True)
class Oil(Parameters):
    """What can be turned in oil."""

    brush: float = number(1.0, 0.5, 2.5, "Size of all brushes.", unit="times")
    freedom: float = number(0.3, 0.0, 1.0, "How loosely everything but eyes and mouth is painted.")
    impasto: float = number(1.0, 0.0, 3.0, "Thickness of the paint.")
    dryness: float = number(0.4, 0.0, 1.0, "How soon a brush runs dry and its bristles part.")
    wetness: float = number(0.1, 0.0, 0.6, "How much of the paint below a stroke takes along.")
    broken: float = number(0.5, 0.0, 1.0, "Broken colour: how much neighbouring strokes differ in warmth and value.")
    clarity: float = number(0.35, 0.0, 1.0, "How much the modelling of the form is strengthened.")
    chiaroscuro: float = number(0.0, 0.0, 1.0, "How far everything but the lit face sinks into the dark.")
    palette: str = choice(FREE, (FREE, *palette_names()), "Pigments that colours are mixed from.")
    ground: str = colour("#6e5a47", "Tone laid on the canvas before painting.")


def layers(parameters: Oil) -> list[Layer]:
    """The brushes, from the largest to the smallest."""
    loose, broken = parameters.freedom, parameters.broken
    body = parameters.impasto
    base = Layer(
        radius=1.0, threshold=0.0, body=0.75 * body, dryness=0.9 * parameters.dryness, pickup=parameters.wetness,
        value=0.05 * broken, hue=0.045 * broken,
    )  # fmt: skip
    fine = replace(base, lights_last=0.2, stop=0.10, pickup=0.55 * parameters.wetness)
    finest = replace(
        fine, radius=1.25, longest=5.0, spacing=1.2, care=(0.34 + 0.20 * loose, 2), body=0.4 * body, dryness=0.1,
        value=0.012 * broken, hue=0.008 * broken, grip=0.2, blur=0.35,
    )  # fmt: skip
    brushes = [
        replace(base, radius=25, threshold=-2, spacing=1.35, shortest=1.2, longest=3.4, bend=0.55, gesture=0.10,
                body=0.63 * body, rag=0.6, streak=0.16, value=0.15 * broken, hue=0.08 * broken),
        replace(base, radius=13, threshold=0.055 + 0.03 * loose, spacing=1.25, shortest=1.2, longest=4.0, bend=0.65,
                gesture=0.08, body=0.86 * body, streak=0.16, value=0.12 * broken, hue=0.06 * broken),
        replace(base, radius=7.0, threshold=0.032 + 0.027 * loose, spacing=1.15, longest=4.5, stop=0.10, grip=0.4,
                care=(0.12 + 0.06 * loose, 2)),
        replace(fine, radius=3.6, threshold=0.022 + 0.027 * loose, spacing=1.1, longest=5.0, grip=0.3,
                care=(0.22 + 0.10 * loose, 2), value=0.04 * broken, hue=0.04 * broken),
        replace(fine, radius=2.6, threshold=0.044 + 0.020 * loose, longest=6.0, care=(0.28 + 0.20 * loose, 2),
                body=0.5 * body, value=0.018 * broken, hue=0.016 * broken, grip=0.35, dryness=0.2),
        replace(finest, threshold=0.029),
        replace(finest, threshold=0.026),
    ]  # fmt: skip
    return [replace(b, radius=b.radius * parameters.brush ** (1.0 if b.radius > 3 else 0.5)) for b in brushes]


def plan(guide: Guide, parameters: Oil, seed: int, hands: Hands) -> Plan:
    """The strokes of an oil painting."""
    mixer = chosen(parameters.palette)
    view = mixable(seen(guide, clarity=parameters.clarity, chiaroscuro=parameters.chiaroscuro), mixer)
    scene = Scene(
        reference=view,
        detail=drawn(view, guide.care, 0.5),
        flow=guide.flow,
        care=guide.attention,
        palette=mixer,
    )
    strokes, tried = paint_layers(scene, layers(parameters), rgb(parameters.ground), _COVER, seed, hands)
    return Plan(shape=guide.shape, strokes=strokes, tried=tried)


def paint_layers(
    scene: Scene, brushes: list[Layer], ground: Floats, cover: float, seed: int, hands: Hands
) -> tuple[Strokes, Trial]:
    """Plan layer after layer, each by a draft of those before it.

    Args:
        scene: what is painted.
        brushes: the layers.
        ground: sRGB 0..1 of the tone.
        cover: how much the tone hides the bare ground.
        seed: the recipe's seed.
        hands: threads.

    Returns:
        all strokes, and the draft, which lacks those of the last layer.
    """
    shape = (scene.care.shape[0], scene.care.shape[1])
    trial = Trial(Canvas.toned(draft_shape(shape), ground, cover, DRAFT / PLANNING), shape)
    last = Strokes.none()
    for k, brush in enumerate(brushes):
        hands.cancel.check()
        if k:
            trial.lay(last, hands)
        last = plan_layer(scene, trial.seen, brush, seed, f"oil.{k}")
    return Strokes.joined([*trial.strokes, last]), trial


def deposit(plan: Plan, parameters: Oil, size: int, hands: Hands) -> Painted:
    """The paint of an oil painting."""
    canvas = lay_plan(plan, rgb(parameters.ground), _COVER, size, hands)
    return left_on(canvas, bite=0.5, shine=0.10)


OIL = Medium(
    id="oil",
    title="Oil, alla prima",
    help="Wet in wet from big brushes to small, thick in the lights.",
    parameters=Oil,
    plan=plan,
    deposit=deposit,
    version=2,
    surface=Surface(kind="linen", tone="#cdbb98"),
    light=Light(),
)
