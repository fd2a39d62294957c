"""Oil in dots: small touches of divided colour, laid side by side, that mix in the eye.

The manner of the Pointillists: a bed of broad dots, smaller ones over it, smallest where care is taken.  A
touch is the colour of its place, or one of the two that surround it on the wheel, or a spark of its opposite.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from limner.core.rng import uniform
from limner.media.arrays import Floats
from limner.media.brush import Strokes
from limner.media.cells import scatter
from limner.media.colours import rgb
from limner.media.guide import Guide
from limner.media.hands import Hands
from limner.media.light import Light, Painted
from limner.media.medium import Medium, Plan, lay_plan, left_on
from limner.media.parameters import Parameters, colour, number
from limner.media.raster import lab_of, rgb_of
from limner.media.seeing import drawn, seen
from limner.media.stipple import dabs
from limner.media.surface import Surface


@dataclass(frozen=True, slots=True, kw_only=True)
class Dots(Parameters):
    """What can be turned in oil in dots."""

    dot: float = number(1.0, 0.6, 2.0, "Size of the dots.", unit="times")
    division: float = number(0.6, 0.0, 1.0, "How far neighbouring dots differ in hue.")
    sparks: float = number(0.4, 0.0, 1.0, "How many dots are of the opposite colour.")
    saturation: float = number(1.35, 0.0, 2.0, "Strength of the colours.", unit="times")
    clarity: float = number(0.45, 0.0, 1.0, "How much the modelling of the form is strengthened.")
    impasto: float = number(0.7, 0.0, 2.0, "Thickness of the dots.")
    ground: str = colour("#cdbfa4", "Tone laid on the canvas before painting.")


def plan(guide: Guide, parameters: Dots, seed: int, hands: Hands) -> Plan:
    """The dots, from the broadest to the finest."""
    view = seen(guide, clarity=parameters.clarity, saturation=parameters.saturation)
    detail = drawn(view, guide.care, 1.3)
    care = guide.attention
    even = np.ones(guide.shape, np.float32)
    # pass: what is looked at, where, radius, share of the picture that its dots would cover
    passes = (
        (view, even, 4.4, 1.8),
        (view, (0.25 + 0.9 * care).astype(np.float32), 3.0, 1.0),
        (detail, np.clip(2.2 * care - 0.6, 0, 1).astype(np.float32), 2.0, 0.9),
        (detail, np.clip(4.0 * guide.care - 2.4, 0, 1).astype(np.float32), 1.25, 1.3),
    )
    parts: list[Strokes] = []
    for k, (picture, where, radius, cover) in enumerate(passes):
        hands.cancel.check()
        size = radius * parameters.dot ** (1.0 if radius > 2 else 0.5)
        count = round(cover * float(where.sum()) / (np.pi * size * size))
        if count > 0:
            parts.append(_touches(picture, where, size, count, parameters, seed, f"oil-dots.{k}", calm=0.18 * k))
    return Plan(shape=guide.shape, strokes=Strokes.joined(parts))


def _touches(
    picture: Floats, where: Floats, size: float, count: int, parameters: Dots, seed: int, stream: str, *, calm: float
) -> Strokes:
    """Dots of one size, spread where they are wanted, in divided colours."""
    points = scatter(where, count, seed, stream, rounds=3)
    high, wide = where.shape
    row = np.clip(points[:, 1].astype(int), 0, high - 1)
    column = np.clip(points[:, 0].astype(int), 0, wide - 1)
    dice = uniform(seed, f"{stream}.touches", 6 * count).reshape(count, 6)
    lab = lab_of(np.ascontiguousarray(picture[row, column][None]))[0]
    divided = parameters.division * (1 - calm)
    chroma = np.hypot(lab[:, 1], lab[:, 2])
    hue = np.arctan2(lab[:, 2], lab[:, 1]) + divided * 2.0 * (dice[:, 0] - 0.5)
    # shadows lean to blue and violet, lights to yellow, as sunlight has it
    warm = np.clip((lab[:, 0] - 50) / 50, -1, 1) * 10 * divided
    grown = chroma * (1 + 0.35 * divided * dice[:, 1]) + 9 * divided
    lab[:, 0] += 22 * divided * (dice[:, 2] - 0.5)
    lab[:, 1] = grown * np.cos(hue) - 0.25 * np.minimum(warm, 0)
    lab[:, 2] = grown * np.sin(hue) + warm
    spark = dice[:, 3] < 0.12 * parameters.sparks * (1 - calm)
    lab[spark, 1:] *= -0.45
    lab[spark, 0] += 6
    colours = rgb_of(np.ascontiguousarray(np.clip(lab, [2, -100, -100], [99, 100, 100])[None], np.float32))[0]
    radius = (size * (0.8 + 0.4 * dice[:, 4])).astype(np.float32)
    return dabs(points, radius, colours, dice[:, 3:], body=0.45 * parameters.impasto)


def deposit(plan: Plan, parameters: Dots, size: int, hands: Hands) -> Painted:
    """The paint of the dots."""
    canvas = lay_plan(plan, rgb(parameters.ground), 0.8, size, hands)
    return left_on(canvas, bite=0.25, shine=0.08)


DOTS = Medium(
    id="oil-dots",
    title="Oil, in dots",
    help="Small touches of divided colour that mix in the eye.",
    parameters=Dots,
    plan=plan,
    deposit=deposit,
    version=2,
    surface=Surface(kind="linen", tone="#d8ccb2"),
    light=Light(),
)
