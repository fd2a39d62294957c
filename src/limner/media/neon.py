"""Neon: the lines of the face as bent glass tubes, glowing on a dark wall."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from limner.media.arrays import Floats
from limner.media.brush import Canvas, Strokes, lay
from limner.media.colours import rgb
from limner.media.drawing import Line, darkness, draw_lines
from limner.media.fields import by_bands, cloud
from limner.media.flow import flow_of
from limner.media.guide import PLANNING, Guide
from limner.media.hands import Hands
from limner.media.light import Light, Painted
from limner.media.lines import response
from limner.media.medium import Medium, Plan, left_on, shape_at
from limner.media.parameters import Parameters, colour, number
from limner.media.raster import blur, broad_blur, steepness
from limner.media.surface import Surface


@dataclass(frozen=True, slots=True, kw_only=True)
class Neon(Parameters):
    """What can be turned in neon."""

    tube: float = number(1.0, 0.5, 2.5, "Width of the tubes.", unit="times")
    glow: float = number(0.8, 0.0, 2.0, "Strength of the glow.")
    lines: float = number(0.6, 0.0, 1.0, "Number of lines.")
    sitter: float = number(0.5, 0.0, 1.0, "How much of the sitter shows in the glow.")
    left: str = colour("#ff2bd6", "Colour of the tubes on the left.")
    right: str = colour("#19d3ff", "Colour of the tubes on the right.")
    hot: str = colour("#ffb13d", "Colour of the tubes at the lips.")
    wall: str = colour("#0b0a14", "Colour of the wall.")


def plan(guide: Guide, parameters: Neon, seed: int, hands: Hands) -> Plan:
    """Tubes, their glow and what it lights."""
    tubes = _tubes(guide, parameters, seed)
    hue = _hues(guide, parameters)
    canvas = Canvas.toned(guide.shape, [0, 0, 0], 1.0, 1.0)
    lay(canvas, tubes, hands)
    lit = canvas.colour[..., :1] * hue
    glow = np.zeros_like(lit)
    for sigma, weight in ((3.0, 0.55), (9.0, 0.65), (28.0, 1.0), (70.0, 0.9)):
        glow += np.float32(weight) * broad_blur(lit, sigma)
    dark = darkness(guide, contrast=0.7, background=0.9)
    skin = (1 - dark) ** 1.4 * (0.25 + 0.75 * guide.figure)
    return Plan(
        shape=guide.shape,
        strokes=tubes,
        fields={
            "glow": np.ascontiguousarray(glow, np.float32),
            "hue": hue,
            "skin": skin.astype(np.float32),
            "wall": cloud(seed, "neon.wall", guide.shape, 40, 4),
        },
    )


def _tubes(guide: Guide, parameters: Neon, seed: int) -> Strokes:
    """Few long lines and the outline of the head; white on black."""
    few = 1.35 - 0.9 * parameters.lines
    broad = response(guide.tone, guide.flow, width=2.3, length=18)
    light = response(1 - guide.tone, guide.flow, width=2.6, length=20)
    fine = response(guide.tone, guide.flow, width=1.3, length=10)
    body = ((0.12 + 0.88 * guide.figure) * (0.7 + 0.4 * guide.care)).astype(np.float32)
    mask = blur(guide.figure, 6.0)
    slope = steepness(mask)
    gap = (mask - 0.5) / np.maximum(slope, 0.004)  # px to the outline
    rim = np.ascontiguousarray(0.03 * np.exp(-0.5 * np.square(gap / 1.1)), np.float32)
    edge = flow_of(np.ascontiguousarray(np.repeat(mask[..., None], 3, 2)), None)
    care = np.clip(2.4 * guide.care - 0.9, 0, 1).astype(np.float32)
    tube = Line(
        width=1.25 * parameters.tube, threshold=0.0135 * few, full=0.02, spacing=6, longest=30, opacity=1.0, stray=0.0,
        streak=0.0, dryness=0.0, load=2.0, thinnest=0.75, pitch=4.0,
    )  # fmt: skip
    thin = Line(
        width=0.75 * parameters.tube, threshold=0.0085 * few, full=0.012, spacing=4, longest=14, opacity=1.0, stray=0.0,
        streak=0.0, dryness=0.0, load=2.0, thinnest=0.7, pitch=4.0,
    )  # fmt: skip
    return Strokes.joined(
        [
            draw_lines(rim, edge, tube, [0.8, 0.8, 0.8], seed, "neon.rim"),
            draw_lines(broad, guide.flow, tube, [1, 1, 1], seed, "neon.tube", body),
            draw_lines(light, guide.flow, tube, [0.75, 0.75, 0.75], seed, "neon.light", body * guide.hair),
            draw_lines(fine, guide.flow, thin, [1, 1, 1], seed, "neon.thin", care),
        ]
    )


def _hues(guide: Guide, parameters: Neon) -> Floats:
    """The gas in the tubes: one colour on the left, one on the right, a third at the lips."""
    from limner.media.care import soft_polygon

    high, wide = guide.shape
    x = np.linspace(0, 1, wide, dtype=np.float32)
    y = np.linspace(0, 1, high, dtype=np.float32)[:, None]
    share = np.clip((x + 0.25 * (y - 0.5) - 0.5) * 2.6 + 0.5, 0, 1)[..., None]
    hue = rgb(parameters.left) + share * (rgb(parameters.right) - rgb(parameters.left))
    if guide.features is not None:
        lips = soft_polygon(guide.shape, guide.features.lips * max(high, wide), 8.0, 3.0)
        hue = hue + lips[..., None] * (rgb(parameters.hot) - hue)
    return np.ascontiguousarray(blur(hue.astype(np.float32), 1.0))


def deposit(plan: Plan, parameters: Neon, size: int, hands: Hands) -> Painted:
    """Tubes before a wall."""
    canvas = Canvas.toned(shape_at(plan, size), [0, 0, 0], 1.0, size / PLANNING)
    core_path = plan.strokes.path * np.array([1, 1, 0.42, 1], np.float32)
    lay(canvas, replace(plan.strokes, path=core_path), hands)  # the white-hot middle of the tubes
    hottest = canvas.colour[..., 0].copy()
    canvas.colour[:] = 0
    lay(canvas, plan.strokes, hands)
    wall = rgb(parameters.wall)

    def band(here: Mapping[str, Floats], rows: slice) -> None:
        core = canvas.colour[rows][..., :1]
        glow = np.maximum(here["glow"], 0) * np.float32(parameters.glow)
        skin = here["skin"][..., None]
        rough = (1 + 0.10 * here["wall"])[..., None]
        lit = wall * rough * (1 + 2.5 * glow) + wall * np.float32(5.0 * parameters.sitter) * skin
        lit = lit + glow * (0.55 * rough + np.float32(2.6 * parameters.sitter) * skin)
        lit = lit / (1 + 0.40 * lit.max(2, keepdims=True))  # the eye adapts
        hot = hottest[rows][..., None]
        tube = here["hue"] * np.float32(0.95) + np.float32(0.85) * hot * (1 - here["hue"])
        canvas.colour[rows] = np.clip(lit + core * (tube - lit), 0, 1)

    by_bands(plan.fields, canvas.shape, hands, band)
    canvas.height[:] = 0
    canvas.cover[:] = 1
    return left_on(canvas)


NEON = Medium(
    id="neon",
    title="Neon",
    help="The lines of the face as glowing tubes on a dark wall.",
    parameters=Neon,
    plan=plan,
    deposit=deposit,
    version=2,
    surface=Surface(kind="smooth", tone="#0b0a14", relief=0.0),
    light=Light(strength=0.0, gloss=0.0),
)
