"""Pixel art: few cells, few colours, a touch of dithering, and eyes that are still eyes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from limner.media.arrays import Floats
from limner.media.guide import PLANNING, Guide
from limner.media.hands import Hands
from limner.media.light import Light, Painted
from limner.media.medium import Medium, Plan, shape_at
from limner.media.parameters import Parameters, number, whole
from limner.media.raster import blur, lab_of, resize, rgb_of
from limner.media.seeing import drawn, seen
from limner.media.surface import Surface

_BAYER = np.array([[0, 8, 2, 10], [12, 4, 14, 6], [3, 11, 1, 9], [15, 7, 13, 5]], np.float32) / 16 - 15 / 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Pixel(Parameters):
    """What can be turned in pixel art."""

    cells: int = whole(72, 24, 192, "Cells along the longer side.")
    colours: int = whole(20, 4, 64, "Number of colours.")
    dither: float = number(0.35, 0.0, 1.0, "How far tones between two colours are dithered.")
    saturation: float = number(1.25, 0.0, 2.0, "Strength of the colours.", unit="times")
    grid: float = number(0.0, 0.0, 1.0, "How much a dark grid shows between cells.")


def plan(guide: Guide, parameters: Pixel, seed: int, hands: Hands) -> Plan:  # noqa: ARG001 - the shared signature
    """The colour of every cell."""
    hands.cancel.check()
    view = drawn(seen(guide, clarity=0.6, saturation=parameters.saturation), guide.care, 1.6)
    longer = max(guide.shape)
    high, wide = (max(1, round(side * parameters.cells / longer)) for side in guide.shape)
    size = (high, wide)
    small = resize(view, size, "area")
    care = resize(guide.care, size, "area")
    lab = lab_of(np.ascontiguousarray(small))
    # area averages dull the features: sharpen between neighbours where care is taken
    soft = blur(lab, 1.1)
    lab = lab + (0.4 + 0.7 * care)[..., None] * (lab - soft)
    chosen = _few(lab.reshape(-1, 3), 0.4 + care.ravel(), parameters.colours)
    high, wide = lab.shape[:2]
    pattern = np.tile(_BAYER, (-(-high // 4), -(-wide // 4)))[:high, :wide]
    calm = np.clip(1.2 - 1.4 * care, 0, 1)
    step = 60.0 / parameters.colours**0.5
    wanted = lab.copy()
    wanted[..., 0] += np.float32(parameters.dither * step) * pattern * calm
    weight = np.array([1.3, 1.0, 1.0], np.float32)
    distance = np.square((wanted.reshape(-1, 1, 3) - chosen[None]) * weight).sum(2)
    cells = chosen[distance.argmin(1)].reshape(high, wide, 3)
    colours = rgb_of(np.ascontiguousarray(cells))
    return Plan(shape=guide.shape, fields={"cells": np.rint(colours * 255).astype(np.float32) / np.float32(255)})


def _few(lab: Floats, weights: Floats, count: int) -> Floats:
    """A few colours that stand for all: the median cut (Heckbert, 1982), then Lloyd's rounds; [count, 3]."""
    boxes = [np.arange(len(lab))]
    while len(boxes) < count:
        spreads = [float(np.ptp(lab[b], axis=0).max()) * len(b) ** 0.5 if len(b) > 1 else -1.0 for b in boxes]
        widest = int(np.argmax(spreads))
        if spreads[widest] <= 0:
            break
        box = boxes.pop(widest)
        axis = int(np.ptp(lab[box], axis=0).argmax())
        order = box[np.argsort(lab[box, axis], kind="stable")]
        boxes += [order[: len(order) // 2], order[len(order) // 2 :]]
    centres = np.stack([lab[b].mean(0) for b in boxes]).astype(np.float32)
    for _ in range(8):
        nearest = np.square(lab[:, None] - centres[None]).sum(2).argmin(1)
        mass = np.bincount(nearest, weights, len(centres))
        for c in range(3):
            total = np.bincount(nearest, weights * lab[:, c], len(centres))
            centres[:, c] = np.where(mass > 0, total / np.maximum(mass, 1e-9), centres[:, c])
    return centres


def deposit(plan: Plan, parameters: Pixel, size: int, hands: Hands) -> Painted:  # noqa: ARG001 - the shared signature
    """Cells as squares with sharp edges."""
    high, wide = shape_at(plan, size)
    cells = plan.fields["cells"]
    row = (np.arange(high) * cells.shape[0]) // high
    column = (np.arange(wide) * cells.shape[1]) // wide
    colour = np.ascontiguousarray(cells[row[:, None], column[None, :]])
    if parameters.grid > 0:
        across = np.concatenate([[True], np.diff(column) > 0]) if wide > 2 * cells.shape[1] else np.zeros(wide, bool)
        down = np.concatenate([[True], np.diff(row) > 0]) if high > 2 * cells.shape[0] else np.zeros(high, bool)
        colour[:, across] *= np.float32(1 - 0.6 * parameters.grid)
        colour[down] *= np.float32(1 - 0.6 * parameters.grid)
    ones = np.ones((high, wide), np.float32)
    return Painted(colour=colour, height=np.zeros_like(ones), cover=ones, scale=size / PLANNING)


PIXEL = Medium(
    id="pixel",
    title="Pixel",
    help="Few cells, few colours, a touch of dithering.",
    parameters=Pixel,
    plan=plan,
    deposit=deposit,
    version=2,
    surface=Surface(kind="smooth", relief=0.0, tone="#000000"),
    light=Light(strength=0.0, gloss=0.0),
)
