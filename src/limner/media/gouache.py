"""Gouache: flat, matt, opaque shapes cut with a brush, dry strokes over them, fine touches last."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from limner.media.arrays import Floats
from limner.media.brush import Canvas, Strokes, lay
from limner.media.colours import rgb
from limner.media.fields import by_bands, cloud, noise, smoothstep
from limner.media.guide import PLANNING, Guide
from limner.media.hands import Hands
from limner.media.light import Light, Painted
from limner.media.lines import along
from limner.media.medium import Medium, Plan, left_on, shape_at
from limner.media.parameters import Parameters, choice, colour, number, whole
from limner.media.pigments import palette_names
from limner.media.planner import Layer, Scene, plan_layer
from limner.media.raster import bilateral, blur, lab_of, lightness, rgb_of
from limner.media.seeing import FREE, chosen, drawn, mixable, seen
from limner.media.surface import Surface


@dataclass(frozen=True, slots=True, kw_only=True)
class Gouache(Parameters):
    """What can be turned in gouache."""

    shapes: int = whole(6, 3, 12, "Number of flat values that the form is cut into.")
    simplicity: float = number(0.5, 0.0, 1.0, "How large and simple the shapes are.")
    brush: float = number(1.0, 0.5, 2.5, "Size of the brushes.", unit="times")
    dryness: float = number(0.6, 0.0, 1.0, "How dry the strokes over the shapes are.")
    streaks: float = number(0.5, 0.0, 1.0, "Unevenness of the flat paint.")
    saturation: float = number(1.2, 0.0, 2.0, "Strength of the colours.", unit="times")
    palette: str = choice(FREE, (FREE, *palette_names()), "Pigments that colours are mixed from.")
    paper: str = colour("#efe8da", "Colour of the paper at the edges.")


def layers(parameters: Gouache) -> list[Layer]:
    """Dry flat brushes over the shapes, then points for the features."""
    base = Layer(
        radius=1.0, threshold=0.0, body=0.10, dryness=1.2 * parameters.dryness, softness=0.03, rag=0.5, round_end=0.3,
        streak=0.03, grip=0.15, pitch=1.0, load=0.5, ridge=0.3, press=0.3, pickup=0.0, value=0.05, hue=0.05,
        bend=0.6, gesture=0.05, lights_last=0.7, tapered=0.15, blur=0.5, stop=0.12,
    )  # fmt: skip
    brushes = [
        replace(base, radius=11, threshold=0.075, spacing=1.6, longest=3.0, opacity=0.9),
        replace(base, radius=5.5, threshold=0.075, spacing=1.5, longest=4.0, care=(0.12, 2)),
        replace(base, radius=2.6, threshold=0.06, spacing=1.2, longest=6.0, care=(0.30, 2), dryness=0.3, load=0.8,
                value=0.02),
        replace(base, radius=1.25, threshold=0.045, longest=6.0, spacing=1.2, care=(0.55, 2), dryness=0.1, load=1.0,
                value=0.0, hue=0.0, round_end=0.8, blur=0.35),
    ]  # fmt: skip
    return [replace(b, radius=b.radius * parameters.brush ** (1.0 if b.radius > 3 else 0.5)) for b in brushes]


def plan(guide: Guide, parameters: Gouache, seed: int, hands: Hands) -> Plan:
    """The shapes, and the strokes over them."""
    mixer = chosen(parameters.palette)
    view = mixable(seen(guide, clarity=0.4, saturation=parameters.saturation), mixer)
    fields = _shapes(view, guide, parameters, seed)
    canvas = Canvas.toned(guide.shape, [1, 1, 1], 1.0, 1.0)
    canvas.colour[:] = _flat(fields, parameters, 1.0)
    scene = Scene(
        reference=bilateral(view, 7, 0.12, 4.0),
        detail=drawn(view, guide.care, 0.9),
        flow=guide.flow,
        care=(guide.care * np.clip(fields["sheet"] / 6, 0, 1)).astype(np.float32),
        palette=mixer,
    )
    done: list[Strokes] = []
    for k, brush in enumerate(layers(parameters)):
        hands.cancel.check()
        brush = replace(brush, care=(max(brush.care[0], 0.02), 2.0))
        strokes = plan_layer(scene, canvas, brush, seed, f"gouache.{k}")
        lay(canvas, strokes, hands)
        done.append(strokes)
    return Plan(shape=guide.shape, strokes=Strokes.joined(done), fields=fields)


def _shapes(view: Floats, guide: Guide, parameters: Gouache, seed: int) -> dict[str, Floats]:
    """Smooth fields whose steps are the shapes."""
    simple, shape = parameters.simplicity, guide.shape
    tone = lightness(view)
    broad = bilateral(tone, 11, 0.10, 3.0 + 5.0 * simple)
    broad = blur(broad, 1.0 + 1.6 * simple)
    broad += 0.012 * noise(seed, "gouache.wander", shape, 14)
    keep = np.clip(1.5 * guide.care - 0.4, 0, 0.9)
    broad = broad + keep * (tone - broad)
    low, high = (float(v) for v in np.quantile(broad, [0.01, 0.99]))
    lab = lab_of(view)[..., 1:]
    hue = blur(lab, 3.0 + 4.0 * simple)
    hue = hue + keep[..., None] * (blur(lab, 1.5) - hue)
    high_px, wide_px = shape
    y, x = np.mgrid[0:high_px, 0:wide_px].astype(np.float32)
    ragged = cloud(seed, "gouache.sheet", shape, 40, 4)
    edge = np.minimum(np.minimum(x, wide_px - 1 - x), np.minimum(y, high_px - 1 - y)) - max(shape) * (
        0.024 - 0.004 * ragged
    )
    streak = along(cloud(seed, "gouache.streak", shape, 5, 2), guide.flow, 16)
    fields = {
        "steps": (broad - low) / max(high - low, 0.05) * parameters.shapes,
        "range": np.broadcast_to(np.array([low, high], np.float32), (*shape, 2)),
        "hue": hue,
        "keep": keep,
        "sheet": edge,
        "streak": streak / (streak.std() + np.float32(1e-6)),
    }
    return {name: np.ascontiguousarray(value, np.float32) for name, value in fields.items()}


def _flat(here: Mapping[str, Floats], parameters: Gouache, scale: float) -> Floats:
    """The flat paint of the shapes on some rows, sRGB 0..1."""
    steps = here["steps"]
    base = np.floor(steps)
    sharp = np.float32(0.10 / max(scale, 0.3)) * (1 + 6 * here["keep"])
    stepped = base + smoothstep(0.5 - sharp, 0.5 + sharp, steps - base)
    low, high = here["range"][..., 0], here["range"][..., 1]
    tone = low + np.clip(stepped, 0, parameters.shapes) / parameters.shapes * (high - low)
    real = low + steps / parameters.shapes * (high - low)
    tone = tone + 0.75 * here["keep"] * (real - tone)
    tone = tone + np.float32(0.012 * parameters.streaks) * here["streak"]
    lab = np.concatenate([100 * np.clip(tone, 0, 1)[..., None], here["hue"]], 2)
    colour = rgb_of(lab)
    inside = smoothstep(-np.float32(0.7 / scale), np.float32(0.7 / scale), here["sheet"])[..., None]
    paper = rgb(parameters.paper)
    return np.ascontiguousarray(paper + inside * (colour - paper), np.float32)


def deposit(plan: Plan, parameters: Gouache, size: int, hands: Hands) -> Painted:
    """Shapes, then strokes."""
    canvas = Canvas.toned(shape_at(plan, size), [1, 1, 1], 1.0, size / PLANNING)

    def band(here: Mapping[str, Floats], rows: slice) -> None:
        canvas.colour[rows] = _flat(here, parameters, canvas.scale)

    by_bands(plan.fields, canvas.shape, hands, band)
    lay(canvas, plan.strokes, hands)
    return left_on(canvas)


GOUACHE = Medium(
    id="gouache",
    title="Gouache",
    help="Flat, matt, opaque shapes with dry strokes over them.",
    parameters=Gouache,
    plan=plan,
    deposit=deposit,
    version=2,
    surface=Surface(kind="paper", tone="#efe8da", relief=0.6, grain=3.6),
    light=Light(strength=0.5, gloss=0.0),
)
