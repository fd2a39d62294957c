"""Paper cut: sheets of coloured paper, one over another, each cut along a tone and throwing a shadow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from limner.media.arrays import Floats
from limner.media.colours import rgb
from limner.media.fields import by_bands, noise
from limner.media.guide import PLANNING, Guide
from limner.media.hands import Hands
from limner.media.light import Light, Painted
from limner.media.medium import Medium, Plan, shape_at
from limner.media.parameters import Parameters, choice, number, whole
from limner.media.printing import edges, key_fields
from limner.media.raster import blur, shift
from limner.media.surface import Surface

PAPERS: dict[str, tuple[str, ...]] = {
    # from the deepest sheet (darkest) to the top one (lightest)
    "ember": ("#1d1420", "#5a1f33", "#a4343a", "#df6b3f", "#f4ab62", "#fbe3bd"),
    "sea": ("#0d1b2a", "#1b3a57", "#2c6e8f", "#56a3a6", "#a7d3b9", "#f1f0d5"),
    "forest": ("#14201a", "#28422f", "#4c6b3c", "#8a9a4f", "#c9c07a", "#f4ecd0"),
    "plum": ("#1a1026", "#40205c", "#7b3b87", "#b9628f", "#e59f9b", "#fbe2d0"),
    "grey": ("#17181a", "#3a3c40", "#63666b", "#92959a", "#c3c5c8", "#f2f2f0"),
}
"""Sets of papers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperCut(Parameters):
    """What can be turned in paper cut."""

    papers: str = choice("ember", tuple(PAPERS), "Colours of the sheets.")
    sheets: int = whole(6, 3, 6, "Number of sheets.")
    simplicity: float = number(0.5, 0.0, 1.0, "How large and simple the cuts are.")
    lift: float = number(1.0, 0.0, 2.5, "Distance between sheets: longer, softer shadows.")
    contrast: float = number(0.75, 0.0, 1.0, "How far the tones are spread.")


def plan(guide: Guide, parameters: PaperCut, seed: int, hands: Hands) -> Plan:
    """The tone that is cut, and the shadows of the sheets."""
    hands.cancel.check()
    fields = key_fields(guide, contrast=parameters.contrast, background=1.0, seed=seed, stream="paper-cut")
    dark = blur(fields["dark"], 1.4 + 3.6 * parameters.simplicity)
    keep = np.clip(1.5 * guide.care - 0.45, 0, 1)
    sharp = blur(fields["dark"], 1.0)
    dark = dark + keep * (sharp - dark)
    dark += np.clip(fields["line"] * 9, 0, 0.35) * keep
    levels = _levels(dark, guide, parameters.sheets)
    light = np.ascontiguousarray(1 - dark, np.float32)
    shadows: list[Floats] = []
    for level in levels:
        sheet = np.clip((light - level) * 24 + 0.5, 0, 1)
        depth = parameters.lift
        cast = shift(sheet, 2.6 * depth, 3.4 * depth)
        shadows.append(blur(cast, 0.6 + 3.0 * depth))
    fields = {f"shadow {k}": np.ascontiguousarray(shadow, np.float32) for k, shadow in enumerate(shadows)}
    fields |= {"light": light, "fibre": noise(seed, "paper-cut.fibre", guide.shape, 3), "levels": levels}
    return Plan(shape=guide.shape, fields=fields)


def _levels(dark: Floats, guide: Guide, sheets: int) -> Floats:
    """Lightness at which each sheet but the deepest begins: even shares of the sitter, held to even steps."""
    inside = 1 - dark[guide.figure > 0.5]
    values = inside if inside.size > 50 else (1 - dark).ravel()
    share = np.linspace(0, 1, sheets + 1)[1:-1]
    even = np.quantile(values, [0.02, 0.98])
    steps = even[0] + share * (even[1] - even[0])
    return (0.55 * np.quantile(values, share) + 0.45 * steps).astype(np.float32)


def deposit(plan: Plan, parameters: PaperCut, size: int, hands: Hands) -> Painted:
    """Sheet over sheet, each in the shadow of those above."""
    high, wide = shape_at(plan, size)
    scale = size / PLANNING
    colour, height = np.empty((high, wide, 3), np.float32), np.empty((high, wide), np.float32)
    names = PAPERS[parameters.papers]
    last = len(names) - 1
    papers = [rgb(names[round(k * last / (parameters.sheets - 1))]) for k in range(parameters.sheets)]
    levels = plan.fields["levels"]

    def band(here: Mapping[str, Floats], rows: slice) -> None:
        fibre = 1 + 0.012 * here["fibre"]
        shade = np.broadcast_to(papers[0], (*fibre.shape, 3)) * fibre[..., None]
        relief = np.zeros_like(fibre)
        for k, paper in enumerate(papers[1:]):
            shade = shade * (1 - 0.52 * np.clip(here[f"shadow {k}"], 0, 1))[..., None]
            sheet = edges(here["light"] - levels[k], 0.03, scale)
            shade = shade + sheet[..., None] * (paper * fibre[..., None] - shade)
            relief += sheet * np.float32(0.55)
        colour[rows] = np.clip(shade, 0, 1)
        height[rows] = relief

    smooth = {name: field for name, field in plan.fields.items() if name != "levels"}
    by_bands(smooth, (high, wide), hands, band)
    return Painted(colour=colour, height=height, cover=np.ones((high, wide), np.float32), scale=scale)


PAPER_CUT = Medium(
    id="paper-cut",
    title="Paper cut",
    help="Sheets of coloured paper, each cut along a tone and throwing a shadow.",
    parameters=PaperCut,
    plan=plan,
    deposit=deposit,
    version=2,
    surface=Surface(kind="paper", tone="#ffffff", relief=0.35, grain=3.0),
    light=Light(strength=0.55, gloss=0.0),
)
