"""Fresco: earth colours in lime plaster, matt and pale; fine cracks, worn places, lost plaster."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from limner.media.arrays import Floats
from limner.media.cells import cracks
from limner.media.colours import rgb
from limner.media.fields import by_bands, cloud, noise, smoothstep
from limner.media.guide import Guide
from limner.media.hands import Hands
from limner.media.light import Light, Painted
from limner.media.medium import Medium, Plan, lay_plan, left_on
from limner.media.oil import paint_layers
from limner.media.parameters import Parameters, choice, colour, number
from limner.media.pigments import palette_names
from limner.media.planner import Layer, Scene
from limner.media.printing import edges
from limner.media.seeing import FREE, chosen, drawn, mixable, seen
from limner.media.surface import Surface


@dataclass(frozen=True, slots=True, kw_only=True)
class Fresco(Parameters):
    """What can be turned in fresco."""

    brush: float = number(1.0, 0.5, 2.5, "Size of all brushes.", unit="times")
    paleness: float = number(0.45, 0.0, 1.0, "How far lime has lightened the colours.")
    age: float = number(0.5, 0.0, 1.0, "Cracks and worn places.")
    loss: float = number(0.22, 0.0, 1.0, "Plaster that has fallen, away from the face.")
    palette: str = choice("earth", (FREE, *palette_names()), "Pigments that colours are mixed from.")
    plaster: str = colour("#d9ccb2", "Colour of the plaster.")
    below: str = colour("#a8937a", "Colour of the rough coat below it.")


def layers(parameters: Fresco) -> list[Layer]:
    """Thin, watery strokes into the wet plaster, hatched over one another."""
    base = Layer(
        radius=1.0, threshold=0.0, body=0.05, dryness=0.35, softness=0.35, rag=0.4, round_end=0.6, streak=0.08,
                grip=0.4,
        pitch=1.0, load=0.55, ridge=0.0, press=0.2, pickup=0.0, value=0.05, hue=0.03, bend=0.75, gesture=0.04,
        opacity=0.72, lights_last=0.3, tapered=0.3,
    )  # fmt: skip
    brushes = [
        replace(base, radius=22, threshold=-2, spacing=1.4, longest=3.0, bend=0.5, opacity=0.8, value=0.08),
        replace(base, radius=11, threshold=0.06, spacing=1.2, longest=3.5),
        replace(base, radius=5.5, threshold=0.065, spacing=1.1, longest=4.5, care=(0.12, 2)),
        replace(base, radius=2.8, threshold=0.07, spacing=1.1, longest=6.5, care=(0.2, 2), value=0.06, softness=0.2),
        replace(base, radius=1.6, threshold=0.06, spacing=1.2, longest=8.0, care=(0.36, 2), value=0.04, softness=0.15),
        replace(base, radius=1.05, threshold=0.045, spacing=1.2, longest=6.0, care=(0.58, 2), value=0.0, hue=0.0,
                blur=0.35,
                opacity=0.9, load=1.0),
    ]  # fmt: skip
    return [replace(b, radius=b.radius * parameters.brush ** (1.0 if b.radius > 3 else 0.5)) for b in brushes]


def plan(guide: Guide, parameters: Fresco, seed: int, hands: Hands) -> Plan:
    """Strokes, and what time has done."""
    mixer = chosen(parameters.palette)
    view = mixable(seen(guide, clarity=0.5, saturation=0.95), mixer)
    scene = Scene(
        reference=view,
        detail=drawn(view, guide.care, 1.0),
        flow=guide.flow,
        care=guide.care,
        palette=mixer,
    )
    strokes, tried = paint_layers(scene, layers(parameters), rgb(parameters.plaster), 1.0, seed, hands)
    shape = guide.shape
    spare = np.clip(1.15 - 1.5 * guide.care - 0.6 * guide.face, 0.0, 1)
    patches = cloud(seed, "fresco.loss", shape, 84, 4)
    fields = {
        "crack": cracks(shape, 70, seed, "fresco.crack"),
        "spare": 0.30 - 1.2 * np.clip(guide.care - 0.45, 0, 1),  # no crack through an eye
        "open": cloud(seed, "fresco.open", shape, 70, 3),
        "wear": cloud(seed, "fresco.wear", shape, 52, 5) * (0.2 + 0.8 * spare),
        "loss": patches * spare - (1 - spare) * 2,
        "wave": noise(seed, "fresco.wave", shape, 44),
        "grit": cloud(seed, "fresco.grit", shape, 7, 3),
        "stain": cloud(seed, "fresco.stain", shape, 120, 3),
    }
    return Plan(
        shape=shape,
        strokes=strokes,
        tried=tried,
        fields={name: np.ascontiguousarray(f, np.float32) for name, f in fields.items()},
    )


def deposit(plan: Plan, parameters: Fresco, size: int, hands: Hands) -> Painted:
    """Colour in plaster, aged."""
    plaster, below = rgb(parameters.plaster), rgb(parameters.below)
    canvas = lay_plan(plan, plaster, 1.0, size, hands)
    pale = np.float32(0.42 * parameters.paleness)
    scale = canvas.scale

    def band(here: Mapping[str, Floats], rows: slice) -> None:
        paint = canvas.colour[rows]
        paint = paint + pale * (plaster * (0.72 + 0.28 * paint) - paint)
        worn = smoothstep(0.4, 2.2, here["wear"] + 0.8 * here["grit"]) * np.float32(0.75 * parameters.age)
        paint = paint + worn[..., None] * (plaster * 0.97 - paint)
        paint = paint * (1 - np.float32(0.06 * parameters.age) * here["stain"])[..., None]
        wide = np.clip(here["spare"] + 0.5 * here["open"], 0, 1.2) * np.float32(parameters.age)
        crack = edges(wide - here["crack"], 0.9, scale) * (wide > 0.05)
        paint = paint * (1 - 0.55 * crack)[..., None]
        lost = edges(here["loss"] - np.float32(2.6 - 1.7 * parameters.loss) + 0.06 * here["grit"], 0.05, scale)
        lost = lost * (parameters.loss > 0)
        rough = below * (1 + 0.07 * here["grit"] + 0.05 * here["wear"])[..., None]
        canvas.colour[rows] = np.clip(paint + lost[..., None] * (rough - paint), 0, 1)
        relief = 0.5 * here["wave"] + 0.05 * here["grit"] - 0.5 * crack - lost * (1.3 - 0.22 * here["grit"])
        canvas.height[rows] = np.float32(0.3) * canvas.height[rows] + relief + 2

    by_bands(plan.fields, canvas.shape, hands, band)
    canvas.cover[:] = 1
    return left_on(canvas)


FRESCO = Medium(
    id="fresco",
    title="Fresco",
    help="Earth colours in lime plaster, matt, pale and aged.",
    parameters=Fresco,
    plan=plan,
    deposit=deposit,
    version=2,
    surface=Surface(kind="paper", tone="#d9ccb2", relief=0.4, grain=3.0),
    light=Light(strength=0.8, gloss=0.0),
)
