"""Stipple: thousands of ink dots, closer and larger where it is darker (Secord, NPAR 2002)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from limner.core.rng import uniform
from limner.media.arrays import Floats
from limner.media.brush import Canvas, Strokes, lay, painted, styled
from limner.media.cells import scatter
from limner.media.colours import rgb
from limner.media.drawing import darkness
from limner.media.guide import PLANNING, Guide
from limner.media.hands import Hands
from limner.media.light import Light, Painted
from limner.media.medium import Medium, Plan, inked, shape_at
from limner.media.parameters import Parameters, colour, number, whole
from limner.media.raster import blur
from limner.media.surface import Surface


@dataclass(frozen=True, slots=True, kw_only=True)
class Stipple(Parameters):
    """What can be turned in stipple."""

    dots: int = whole(18_000, 500, 40_000, "Number of dots.")
    dot: float = number(1.0, 0.4, 3.0, "Size of the dots.", unit="times")
    variety: float = number(0.6, 0.0, 1.0, "How much larger dots are in the darks.")
    contrast: float = number(0.7, 0.0, 1.0, "How far the tones are spread.")
    background: float = number(0.5, 0.0, 1.0, "How much of the background is dotted.")
    ink: str = colour("#17171b", "Colour of the ink.")


def plan(guide: Guide, parameters: Stipple, seed: int, hands: Hands) -> Plan:
    """Places and sizes of the dots."""
    hands.cancel.check()
    dark = darkness(guide, contrast=parameters.contrast, background=parameters.background, fade=0.9)
    low = blur(dark, 9.0)
    clear = np.clip(low + 1.9 * (dark - low), 0, 1)  # lids, irises and lips stand out by themselves
    drawn = np.maximum(guide.care, np.float32(0.6) * guide.figure)
    dark = np.clip(dark + drawn * (clear - dark) - 0.03, 0, 1)
    wanted = np.float32(0.92) * dark**1.15  # share of the paper that is inked
    finer = 1 - 0.35 * np.clip(2 * guide.care - 1, 0, 1)
    relative = (1 - parameters.variety * (0.55 - 0.9 * dark)) * finer  # radius
    density = wanted / np.square(relative)
    count = max(50, round(parameters.dots * min(1.0, float(wanted.mean()) / 0.22)))
    points = scatter(density.astype(np.float32), count, seed, "stipple", rounds=9, detail=2)
    row = np.clip(points[:, 1].astype(int), 0, guide.shape[0] - 1)
    column = np.clip(points[:, 0].astype(int), 0, guide.shape[1] - 1)
    dice = uniform(seed, "stipple.dots", 3 * count).reshape(count, 3)
    radius = relative[row, column]
    # dots that do not touch cover just what is wanted
    radius = radius * np.sqrt(float(wanted.sum()) / (np.pi * float(np.square(radius).sum()) + 1e-9))
    radius = np.minimum(radius, 4.0) * parameters.dot * (0.88 + 0.24 * dice[:, 0])
    return Plan(
        shape=guide.shape, strokes=dabs(points, radius.astype(np.float32), np.zeros((count, 3), np.float32), dice)
    )


def dabs(points: Floats, radius: Floats, colours: Floats, dice: npt.NDArray[np.float64], body: float = 0.0) -> Strokes:
    """Round dots as strokes.

    Args:
        points: [n, 2] planning px.
        radius: [n] planning px.
        colours: [n, 3] sRGB 0..1.
        dice: [n, 3] uniform numbers.
        body: thickness of the paint in planning px.
    """
    n = len(points)
    turn = 2 * np.pi * dice[:, 1]
    step = np.stack([np.cos(turn), np.sin(turn)], 1) * (0.12 * radius)[:, None]
    xy = np.stack([points - step, points + step], 1).reshape(-1, 2)
    arc = np.stack([np.zeros(n), 0.24 * radius], 1).reshape(-1)
    path = np.stack([xy[:, 0], xy[:, 1], np.repeat(radius, 2), arc], 1).astype(np.float32)
    style = styled(n, dice[:, 1:3], opacity=0.97, body=body, load=2.0, pitch=4.0, round_end=1.0, softness=0.0)
    return Strokes(
        start=np.arange(0, 2 * n + 1, 2, dtype=np.int32), path=path, paint=painted(colours, colours), style=style
    )


def deposit(plan: Plan, parameters: Stipple, size: int, hands: Hands) -> Painted:
    """Ink on paper."""
    canvas = Canvas.toned(shape_at(plan, size), [1, 1, 1], 1.0, size / PLANNING)
    lay(canvas, plan.strokes, hands)
    return inked(canvas, rgb(parameters.ink), settle=0.05)


STIPPLE = Medium(
    id="stipple",
    title="Stipple",
    help="Thousands of ink dots, closer and larger where it is darker.",
    parameters=Stipple,
    plan=plan,
    deposit=deposit,
    version=2,
    surface=Surface(kind="smooth", tone="#f4efe3", relief=0.8, grain=3.0),
    light=Light(strength=0.25, gloss=0.0),
)
