"""Mosaic: square tesserae that follow the form, small in the face, set in grout (Hausner, SIGGRAPH 2001)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from limner.core.rng import uniform
from limner.media.arrays import Floats
from limner.media.brush import Canvas, Strokes, lay, painted, styled
from limner.media.cells import tiles
from limner.media.colours import rgb
from limner.media.guide import PLANNING, Guide
from limner.media.hands import Hands
from limner.media.light import Light, Painted
from limner.media.medium import Medium, Plan, left_on, shape_at
from limner.media.parameters import Parameters, choice, colour, number
from limner.media.pigments import palette_names
from limner.media.raster import blur
from limner.media.seeing import FREE, chosen, drawn, seen
from limner.media.surface import Surface


@dataclass(frozen=True, slots=True, kw_only=True)
class Mosaic(Parameters):
    """What can be turned in mosaic."""

    tile: float = number(18.0, 10.0, 48.0, "Side of the tesserae in the background.", unit="px at 1024")
    fineness: float = number(0.7, 0.0, 1.0, "How much smaller they are where care is taken.")
    joint: float = number(0.16, 0.04, 0.4, "Width of the joints.", unit="of a tile")
    unevenness: float = number(0.6, 0.0, 1.0, "How much tesserae differ in colour, size and place.")
    gold: float = number(0.0, 0.0, 1.0, "How far the background is gold.")
    saturation: float = number(1.3, 0.0, 2.0, "Strength of the colours.", unit="times")
    palette: str = choice(FREE, (FREE, *palette_names()), "Colours of the stones.")
    grout: str = colour("#4a423b", "Colour of the joints.")


def plan(guide: Guide, parameters: Mosaic, seed: int, hands: Hands) -> Plan:
    """Places, directions, sizes and colours of the tesserae."""
    hands.cancel.check()
    view = drawn(seen(guide, clarity=0.6, saturation=parameters.saturation), guide.care, 1.0)
    side = parameters.tile * PLANNING / 1024
    fine = np.clip(1.15 * guide.care + 0.10 * guide.figure, 0, 1)
    size = side * (1 - parameters.fineness * 0.78 * blur(fine, 3.0))
    size = np.maximum(size, 2.2).astype(np.float32)
    points, directions, sides = tiles(size, guide.flow, seed, "mosaic")
    n = len(points)
    dice = uniform(seed, "mosaic.tiles", 6 * n).reshape(n, 6)
    colours = _stones(view, points, sides, guide, parameters, dice)
    return Plan(shape=guide.shape, strokes=_squares(points, directions, sides, colours, parameters, dice))


def _stones(
    view: Floats, points: Floats, sides: Floats, guide: Guide, parameters: Mosaic, dice: npt.NDArray[np.float64]
) -> Floats:
    """The mean colour under each stone, a little off, and gold behind the sitter."""
    row = np.clip(points[:, 1].astype(int), 0, guide.shape[0] - 1)
    column = np.clip(points[:, 0].astype(int), 0, guide.shape[1] - 1)
    levels = np.array([1.0, 2.0, 4.0, 8.0])
    blurred = np.stack([blur(view, float(s) * 0.45) for s in levels])
    level = np.clip(np.rint(np.log2(sides / 2.0)), 0, 3).astype(int)
    colours = blurred[level, row, column]
    off = parameters.unevenness
    value = 1 + 0.16 * off * (dice[:, 0] - 0.5)
    warm = 0.07 * off * (dice[:, 1] - 0.5)
    colours = colours * value[:, None] + np.stack([warm, 0.2 * warm, -warm], 1)
    mixer = chosen(parameters.palette)
    if mixer:
        colours = mixer.project(np.clip(colours, 0, 1).astype(np.float32))
    if parameters.gold > 0:
        gold = np.array([0.80, 0.62, 0.24]) * (0.75 + 0.5 * dice[:, 2:3])
        behind = parameters.gold * (1 - np.clip(1.5 * guide.figure[row, column] - 0.2, 0, 1))
        colours = colours + behind[:, None] * (gold - colours)
    return np.clip(colours, 0, 1).astype(np.float32)


def _squares(
    points: Floats,
    directions: Floats,
    sides: Floats,
    colours: Floats,
    parameters: Mosaic,
    dice: npt.NDArray[np.float64],
) -> Strokes:
    n = len(points)
    off = parameters.unevenness
    half = 0.5 * sides * (1 - parameters.joint) * (1 - 0.10 * off * dice[:, 3])
    turn = np.arctan2(directions[:, 1], directions[:, 0]) + 0.22 * off * (dice[:, 4] - 0.5)
    way = np.stack([np.cos(turn), np.sin(turn)], 1) * half[:, None]
    xy = np.stack([points - way, points + way], 1).reshape(-1, 2)
    arc = np.stack([np.zeros(n), 2 * half], 1).reshape(-1)
    path = np.stack([xy[:, 0], xy[:, 1], np.repeat(half, 2), arc], 1).astype(np.float32)
    # each stone lies a little tilted: one end is lighter
    tilt = 0.05 * off * (dice[:, 5] - 0.5)
    tilted = np.stack([np.clip(colours * (1 + tilt[:, None]), 0, 1), np.clip(colours * (1 - tilt[:, None]), 0, 1)])
    style = styled(
        n, dice[:, 0:2], opacity=1.0, body=(0.9 + 0.5 * off * dice[:, 2]).astype(np.float32), load=2.0, pitch=1.6,
                rag=0.04,
        round_end=0.03, softness=0.0, ridge=-0.22, press=1.0, streak=0.10, grip=0.8,
    )  # fmt: skip
    return Strokes(
        start=np.arange(0, 2 * n + 1, 2, dtype=np.int32),
        path=path,
        paint=painted(tilted[0], tilted[1], 0.06),
        style=style,
    )


def deposit(plan: Plan, parameters: Mosaic, size: int, hands: Hands) -> Painted:
    """Stones in grout."""
    grout = rgb(parameters.grout)
    canvas = Canvas.toned(shape_at(plan, size), grout, 1.0, size / PLANNING)
    lay(canvas, plan.strokes, hands)
    canvas.cover[:] = 1
    return left_on(canvas, shine=0.12)


MOSAIC = Medium(
    id="mosaic",
    title="Mosaic",
    help="Square tesserae that follow the form, set in grout.",
    parameters=Mosaic,
    plan=plan,
    deposit=deposit,
    version=2,
    surface=Surface(kind="paper", tone="#4a423b", relief=1.0, grain=3.0),
    light=Light(strength=1.0, gloss=0.6),
)
