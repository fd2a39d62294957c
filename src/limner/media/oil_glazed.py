"""Oil in glazes: a thin, smooth underpainting, transparent warm films over it, and varnish.

The manner of the Netherlands and of Venice: a brown dead-colouring, small blended strokes for the
form, then films that darken and warm the shadows; light passes them twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from limner.core.rng import gaussian
from limner.media.arrays import Floats
from limner.media.cells import cracks
from limner.media.colours import rgb
from limner.media.fields import by_bands, cloud
from limner.media.guide import Guide
from limner.media.hands import Hands
from limner.media.light import Light, Painted
from limner.media.medium import Medium, Plan, lay_plan, left_on
from limner.media.oil import paint_layers
from limner.media.parameters import Parameters, choice, colour, number
from limner.media.pigments import palette_names
from limner.media.planner import Layer, Scene
from limner.media.printing import edges
from limner.media.raster import blur, resize
from limner.media.seeing import FREE, chosen, drawn, mixable, seen
from limner.media.surface import Surface

_COVER = 0.9  # how much the tone hides the bare canvas


@dataclass(frozen=True, slots=True, kw_only=True)
class Glazed(Parameters):
    """What can be turned in glazed oil."""

    brush: float = number(1.0, 0.5, 2.5, "Size of all brushes.", unit="times")
    freedom: float = number(0.3, 0.0, 1.0, "How loosely everything but eyes and mouth is painted.")
    softness: float = number(0.6, 0.0, 1.0, "How far edges melt into each other (sfumato).")
    depth: float = number(0.5, 0.0, 1.0, "Strength of the glazes: darker, warmer shadows.")
    varnish: float = number(0.35, 0.0, 1.0, "How yellow the varnish has become.")
    chiaroscuro: float = number(0.35, 0.0, 1.0, "How far everything but the lit face sinks into the dark.")
    age: float = number(0.3, 0.0, 1.0, "Fine cracks in the old paint (craquelure).")
    impasto: float = number(0.35, 0.0, 2.0, "Thickness of the lights.")
    palette: str = choice(FREE, (FREE, *palette_names()), "Pigments that colours are mixed from.")
    glaze: str = colour("#6b3a1c", "Colour of the glaze.")
    ground: str = colour("#59422f", "Tone laid on the panel before painting.")


def layers(parameters: Glazed) -> list[Layer]:
    """Soft brushes, from the largest to the smallest."""
    loose, soft, body = parameters.freedom, parameters.softness, parameters.impasto
    base = Layer(
        radius=1.0, threshold=0.0, opacity=0.8, body=0.35 * body, dryness=0.1, softness=0.35 + 0.75 * soft, rag=0.3,
        streak=0.05, grip=0.3, round_end=1.0, load=0.9, ridge=0.3, press=0.5, pickup=0.28, value=0.025, hue=0.015,
        bend=0.85, gesture=0.04, blur=0.45,
    )  # fmt: skip
    brushes = [
        replace(base, radius=24, threshold=-2, spacing=1.2, longest=3.2, streak=0.10, grip=0.6, bend=0.6, dryness=0.3,
                value=0.05, hue=0.03, softness=0.3),
        replace(base, radius=12, threshold=0.05 + 0.02 * loose, spacing=1.2, longest=3.5),
        replace(base, radius=6.0, threshold=0.045 + 0.02 * loose, spacing=1.1, longest=4.0, care=(0.10 + 0.1 * loose,
                2)),
        replace(base, radius=3.4, threshold=0.042 + 0.02 * loose, spacing=1.1, longest=4.5, care=(0.22 + 0.2 * loose,
                2)),
        replace(base, radius=2.0, threshold=0.040 + 0.02 * loose, spacing=1.1, longest=5.0, care=(0.36 + 0.25 * loose,
                2),
                softness=0.25 + 0.4 * soft),
        replace(base, radius=1.15, threshold=0.034, longest=5.0, spacing=1.2, care=(0.58, 2), softness=0.2 + 0.3 * soft,
                opacity=0.9, pickup=0.1, blur=0.35),
    ]  # fmt: skip
    return [replace(b, radius=b.radius * parameters.brush ** (1.0 if b.radius > 3 else 0.5)) for b in brushes]


def plan(guide: Guide, parameters: Glazed, seed: int, hands: Hands) -> Plan:
    """Strokes of the underpainting and the film of the glazes."""
    mixer = chosen(parameters.palette)
    view = mixable(seen(guide, clarity=0.25, chiaroscuro=parameters.chiaroscuro), mixer)
    scene = Scene(
        reference=view,
        detail=drawn(view, guide.care, 0.8),
        flow=guide.flow,
        care=guide.care,
        palette=mixer,
    )
    strokes, tried = paint_layers(scene, layers(parameters), rgb(parameters.ground), _COVER, seed, hands)
    fields = {"film": _film(view, guide, parameters)}
    if parameters.age > 0:
        fields["crack"] = cracks(guide.shape, 420, seed, "glazed.crack")
        # restorers close the cracks where they would spoil the sitter
        fields["open"] = cloud(seed, "glazed.open", guide.shape, 60, 3) - np.float32(1.3) * guide.care
    return Plan(shape=guide.shape, strokes=strokes, fields=fields, tried=tried)


def _film(view: Floats, guide: Guide, parameters: Glazed) -> Floats:
    """Light that the glazes let through, [h, w, 3]: thick in the shadows, thin on the lit flesh, wiped unevenly."""
    shadow = 1 - np.sqrt(np.clip(blur(view.max(2), 6.0), 0, 1))
    uneven = resize(gaussian(0, "glaze.wiping", (9, 9)), guide.shape, "cubic")
    thick = parameters.depth * (0.08 + 0.85 * shadow * shadow) * (1 + 0.22 * uneven)
    thick = np.clip(thick, 0, 1.2)[..., None]
    hue = rgb(parameters.glaze)
    hue = hue / hue.max()
    yellow = np.array([1.0, 0.955, 0.80], np.float32)
    return (hue**thick * yellow ** np.float32(parameters.varnish)).astype(np.float32)


def deposit(plan: Plan, parameters: Glazed, size: int, hands: Hands) -> Painted:
    """The paint under its glazes and varnish."""
    canvas = lay_plan(plan, rgb(parameters.ground), _COVER, size, hands)

    def band(here: Mapping[str, Floats], rows: slice) -> None:
        canvas.colour[rows] *= here["film"]
        if "crack" in here:
            wide = np.clip(0.16 + 0.30 * here["open"], 0, 0.6) * np.float32(parameters.age)
            crack = edges(wide - here["crack"], 0.8, canvas.scale) * (wide > 0.03)
            canvas.colour[rows] *= (1 - 0.45 * crack)[..., None]
            canvas.height[rows] -= np.float32(0.25) * crack

    by_bands(plan.fields, canvas.shape, hands, band)
    return left_on(canvas, bite=0.1, shine=0.2)


GLAZED = Medium(
    id="oil-glazed",
    title="Oil, glazed",
    help="Smooth underpainting, warm transparent films, varnish.",
    parameters=Glazed,
    plan=plan,
    deposit=deposit,
    version=2,
    surface=Surface(kind="linen", tone="#b59c74", relief=0.7, grain=3.4),
    light=Light(),
)
