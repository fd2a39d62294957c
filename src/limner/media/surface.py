"""What is painted on: linen, panel and papers, as relief and colour.

A surface is a small texture that tiles, made once for every size and kept; changing it re-runs only
the last stage of a painting.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from limner.core.palette import parse_hex
from limner.core.rng import gaussian
from limner.media.arrays import Floats
from limner.media.parameters import Parameters, choice, colour, number
from limner.media.raster import fitted

KINDS = ("linen", "panel", "paper", "laid", "smooth")
"""Linen canvas, gessoed panel, rough watercolour paper, laid drawing paper, smooth paper."""

VIEW = 1024
"""Sizes of grain are given in px of a picture whose longer side is this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Surface(Parameters):
    """What is painted on."""

    kind: str = choice("linen", KINDS, "Kind of ground.")
    relief: float = number(1.0, 0.0, 3.0, "Strength of the weave or tooth.")
    grain: float = number(4.0, 1.5, 24.0, "Distance of threads or size of the tooth.", unit="px at 1024")
    tone: str = colour("#d8cbb0", "Colour of the bare ground.")


_DEPTH = {"linen": 0.34, "panel": 0.10, "paper": 0.30, "laid": 0.22, "smooth": 0.06}  # planning px


def depth(surface: Surface) -> float:
    """Relief of the ground from pit to peak, in planning px."""
    return _DEPTH[surface.kind] * surface.relief


def tone(surface: Surface) -> Floats:
    """sRGB 0..1 of the bare ground, [1, 1, 3]."""
    return (np.array(parse_hex(surface.tone), np.float32) / 255).reshape(1, 1, 3)


def tooth(surface: Surface, longer: int) -> Floats:
    """Relief of the bare ground, 0..1, float32 [th, tw], which tiles.

    Args:
        longer: longer side of the picture in px.
    """
    return relief(surface.kind, surface.grain, longer)


def relief(kind: str, grain: float, longer: int) -> Floats:
    """`tooth` of a kind of ground.

    Args:
        kind: one of `KINDS`.
        grain: px of a picture of `VIEW` px.
        longer: longer side of the picture in px.
    """
    return _tooth(kind, round(grain, 3), longer)


@lru_cache(maxsize=6)
def _tooth(kind: str, grain: float, longer: int) -> Floats:
    master, cells = _MASTERS[kind]()
    base = 8 * max(1, round(cells * grain / 8))  # px at `VIEW`; halves and doubles fall on whole px
    side = min(4096, max(4, round(base * longer / VIEW)))
    pad = 8
    padded = np.pad(master, pad, mode="wrap")
    grown = round(pad * side / len(master))
    tile = fitted(padded, (side + 2 * grown, side + 2 * grown))
    cut = tile[grown : grown + side, grown : grown + side]
    return np.ascontiguousarray(np.clip(cut, 0, 1), np.float32)


@lru_cache(maxsize=1)
def _linen() -> tuple[Floats, float]:
    """A plain weave with uneven threads: 96 threads each way."""
    threads, samples = 96, 6
    side = threads * samples
    axis = (np.arange(side, dtype=np.float32) + 0.5) / samples
    y, x = np.meshgrid(axis, axis, indexing="ij")
    # threads wander and swell along their length
    wander_x = _threads("linen.warp", threads, side, samples).T * 0.16
    wander_y = _threads("linen.weft", threads, side, samples) * 0.16
    swell_x = 1 + 0.22 * _threads("linen.warp.swell", threads, side, samples).T
    swell_y = 1 + 0.22 * _threads("linen.weft.swell", threads, side, samples)
    u, v = x + wander_x, y + wander_y
    i, j = np.floor(u), np.floor(v)
    fu, fv = u - i - 0.5, v - j - 0.5
    over = np.where((i + j) % 2 == 0, 1.0, -1.0)
    warp = np.sqrt(np.clip(1 - (2 * fu / swell_x) ** 2, 0, 1)) * (0.62 + 0.38 * over * np.cos(np.pi * fv))
    weft = np.sqrt(np.clip(1 - (2 * fv / swell_y) ** 2, 0, 1)) * (0.62 - 0.38 * over * np.cos(np.pi * fu))
    fibre = _noise("linen.fibre", side, 1.0) * 0.05
    return _spread(np.maximum(warp, weft) + fibre), float(threads)


def _threads(stream: str, threads: int, side: int, samples: int) -> Floats:
    """One slow random line a thread (rows), repeated over its width, [side, side]."""
    from limner.media.brush import wrapped

    line = wrapped(gaussian(0, stream, (threads, side)), 0.3, 2.4 * samples)
    line = line / line.std()
    return np.repeat(line, samples, axis=0).astype(np.float32)


@lru_cache(maxsize=1)
def _panel() -> tuple[Floats, float]:
    """Gesso brushed crosswise and rubbed down."""
    from limner.media.brush import wrapped

    side = 768
    strokes = wrapped(gaussian(0, "panel.brush", (side, side)), 1.6, 70.0)
    fine = wrapped(gaussian(0, "panel.fine", (side, side)), 1.2, 1.2)
    return _spread(strokes / strokes.std() + 0.5 * fine / fine.std()), 96.0


@lru_cache(maxsize=1)
def _paper() -> tuple[Floats, float]:
    """Cold-pressed paper: felted hollows of several sizes."""
    side = 768
    field = (
        0.30 * _noise("paper.1", side, 2.2) + 0.45 * _noise("paper.2", side, 4.5) + 0.35 * _noise("paper.3", side, 10.0)
    )
    return _spread(field - 0.35 * np.abs(_noise("paper.4", side, 6.0))), 96.0


@lru_cache(maxsize=1)
def _laid() -> tuple[Floats, float]:
    """Laid paper: the close wires of the mould, and felt."""
    from limner.media.brush import wrapped

    side, lines = 768, 96
    y = np.arange(side, dtype=np.float32)[:, None] / side * lines
    wire = np.cos(2 * np.pi * (y + 0.12 * wrapped(gaussian(0, "laid.wire", (side, side)), 20.0, 60.0) * 40))
    felt = 0.6 * _noise("laid.1", side, 2.0) + 0.5 * _noise("laid.2", side, 5.0)
    return _spread(0.55 * wire + felt), float(lines)


@lru_cache(maxsize=1)
def _smooth() -> tuple[Floats, float]:
    """Hot-pressed paper: next to nothing."""
    side = 768
    return _spread(0.6 * _noise("smooth.1", side, 1.4) + 0.4 * _noise("smooth.2", side, 3.5)), 96.0


_MASTERS = {"linen": _linen, "panel": _panel, "paper": _paper, "laid": _laid, "smooth": _smooth}


def _noise(stream: str, side: int, sigma: float) -> Floats:
    """Smooth noise that tiles, mean 0, deviation 1."""
    from limner.media.brush import wrapped

    field = wrapped(gaussian(0, stream, (side, side)), sigma, sigma)
    return ((field - field.mean()) / field.std()).astype(np.float32)


def _spread(field: npt.NDArray[np.floating]) -> Floats:
    """Brought to 0..1 between its 1st and 99th hundredth."""
    low, high = np.quantile(field, [0.01, 0.99])
    return np.clip((field - low) / (high - low), 0, 1).astype(np.float32)
