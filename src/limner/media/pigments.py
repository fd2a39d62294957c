"""Named pigments and limited palettes: colours as a painter can mix them.

A pigment's absorption and scattering come from two swatches (pure, and with four parts of white) by
the two-constant theory of Kubelka and Munk.  A palette knows every mixture of its pigments on a fine
grid; a colour is brought onto the palette by the mixtures nearest to it.
"""

from __future__ import annotations

import itertools
import json
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np
import numpy.typing as npt

from limner.core.errors import InputError
from limner.core.palette import parse_hex, rgb_to_lab
from limner.media import spectrum
from limner.media.arrays import Floats

Doubles = npt.NDArray[np.float64]

_TINT = 0.2  # part of the pigment in its tint
_GRID = 17  # nodes a side of the table that brings colours onto a palette


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pigment:
    """One paint from the tube."""

    name: str
    absorption: Doubles
    """K by band, in units of titanium white's scattering."""
    scattering: Doubles
    """S by band."""

    @property
    def colour(self) -> Floats:
        """sRGB 0..1 of the pure paint."""
        return spectrum.colour_of(spectrum.opaque(self.absorption / self.scattering))


@cache
def pigments() -> dict[str, Pigment]:
    """All pigments by name."""
    swatches = _data()["pigments"]
    white = spectrum.absorption(spectrum.smoothest(_srgb(swatches["titanium white"]["mass"])))
    return {name: _pigment(name, swatch["mass"], swatch["tint"], white) for name, swatch in swatches.items()}


def _pigment(name: str, mass: str, tint: str, white: Doubles) -> Pigment:
    pure = spectrum.absorption(spectrum.smoothest(_srgb(mass)))
    if mass == tint:
        return Pigment(name=name, absorption=pure, scattering=np.ones_like(pure))
    thin = spectrum.absorption(spectrum.smoothest(_srgb(tint)))
    # (f K + (1-f) Kw) / (f S + (1-f)) = thin, with K = pure S and the white's S = 1
    scattering = (1 - _TINT) * (thin - white) / (_TINT * np.maximum(pure - thin, 1e-3))
    scattering = np.clip(scattering, 0.03, 4.0)
    smooth = np.convolve(np.pad(np.log(scattering), 1, mode="edge"), [0.25, 0.5, 0.25], "valid")
    scattering = np.exp(smooth)
    return Pigment(name=name, absorption=pure * scattering, scattering=scattering)


def mixed(names: tuple[str, ...], shares: npt.ArrayLike) -> Floats:
    """sRGB 0..1 [..., 3] of mixtures.

    Args:
        names: pigments.
        shares: [..., len(names)] parts, not negative, not all nought.

    Raises:
        InputError: an unknown pigment.
    """
    chosen = [pigment(name) for name in names]
    c = np.asarray(shares, np.float64)
    c = c / c.sum(-1, keepdims=True)
    k = np.einsum("...p,pb->...b", c, np.stack([p.absorption for p in chosen]))
    s = np.einsum("...p,pb->...b", c, np.stack([p.scattering for p in chosen]))
    return spectrum.colour_of(spectrum.opaque(k / s))


def pigment(name: str) -> Pigment:
    """A pigment by name.

    Raises:
        InputError: there is none of this name.
    """
    try:
        return pigments()[name]
    except KeyError:
        raise InputError(f"There is no pigment {name!r}.", f"Known are: {', '.join(pigments())}.") from None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Palette:
    """The colours that can be mixed from a few pigments."""

    name: str
    names: tuple[str, ...]
    """Its pigments."""
    table: Floats
    """[n, n, n, 3] sRGB 0..1 that stands for every sRGB colour (red, green, blue)."""

    def project(self, colours: Floats) -> Floats:
        """The palette's colours for sRGB colours 0..1 [..., 3]."""
        flat = np.clip(colours.reshape(-1, 3), 0, 1) * np.float32(_GRID - 1)
        low = np.minimum(flat.astype(np.int32), _GRID - 2)
        part = flat - low
        out = np.zeros_like(flat)
        for corner in itertools.product((0, 1), repeat=3):
            weight = np.ones(len(flat), np.float32)
            for channel, bit in enumerate(corner):
                weight *= part[:, channel] if bit else 1 - part[:, channel]
            at = low + np.array(corner, np.int32)
            out += weight[:, None] * self.table[at[:, 0], at[:, 1], at[:, 2]]
        return out.reshape(colours.shape).astype(np.float32)


def palette_names() -> tuple[str, ...]:
    """Names of the palettes that ship."""
    return tuple(_data()["palettes"])


@cache
def palette(name: str) -> Palette:
    """A palette by name.

    Raises:
        InputError: there is none of this name.
    """
    try:
        names = tuple(_data()["palettes"][name])
    except KeyError:
        raise InputError(f"There is no palette {name!r}.", f"Known are: {', '.join(palette_names())}.") from None
    return make_palette(name, names)


def make_palette(name: str, names: tuple[str, ...]) -> Palette:
    """A palette from pigments.

    Raises:
        InputError: fewer than two or more than eight pigments, or an unknown one.
    """
    if not 2 <= len(names) <= 8:
        raise InputError(f"A palette has two to eight pigments, not {len(names)}.")
    reachable, lab = _distinct(mixed(names, _shares(len(names))))
    axis = np.linspace(0, 255, _GRID).round().astype(np.uint8)
    cube = np.stack(np.meshgrid(axis, axis, axis, indexing="ij"), -1).reshape(-1, 3)
    wanted = rgb_to_lab(cube)
    # paint cannot be as dark as night or as bright as a lamp: lightness is fitted to the palette's range
    darkest, lightest = float(lab[:, 0].min()), float(lab[:, 0].max())
    wanted[:, 0] = darkest + wanted[:, 0] / 100 * (lightest - darkest)
    out = np.empty((len(cube), 3), np.float32)
    for start in range(0, len(cube), 1024):
        part = wanted[start : start + 1024]
        distance = np.zeros((len(part), len(lab)), np.float32)
        for channel, weight in enumerate((1.6, 1.0, 1.0)):  # a wrong lightness is seen before a wrong hue
            distance += np.float32(weight**2) * (part[:, channel, None] - lab[None, :, channel]) ** 2
        nearest = np.argpartition(distance, 6, axis=1)[:, :6]
        d = np.take_along_axis(distance, nearest, 1)
        near = 1 / (d + 0.35 * d.min(1, keepdims=True) + 1.0)
        near /= near.sum(1, keepdims=True)
        out[start : start + 1024] = np.einsum("nk,nkc->nc", near, reachable[nearest])
    return Palette(name=name, names=names, table=out.reshape(_GRID, _GRID, _GRID, 3))


def _distinct(colours: Floats) -> tuple[Floats, Floats]:
    """Colours (and their Lab values) without those that look the same as an earlier one."""
    lab = rgb_to_lab(np.rint(colours * 255).astype(np.uint8))
    _, first = np.unique(np.rint(lab / 2).astype(np.int32), axis=0, return_index=True)
    return colours[np.sort(first)], lab[np.sort(first)]


@cache
def _shares(count: int) -> Doubles:
    """Mixtures of `count` pigments, at most four at a time; steps are finer near pure colours."""
    few = count <= 5
    steps = [0.0, 0.03, 0.08, 0.16, 0.28, 0.42, 0.58, 0.72, 0.84, 0.92, 0.97, 1.0] if few else [
        0.0, 0.05, 0.15, 0.3, 0.5, 0.7, 0.85, 0.95, 1.0
    ]  # fmt: skip
    at_once = min(4 if few else 3, count)
    axes = np.stack(np.meshgrid(*[steps] * (at_once - 1), indexing="ij"), -1).reshape(-1, at_once - 1)
    parts = np.empty((len(axes), at_once))
    left = np.ones(len(axes))
    for k in range(at_once - 1):  # broken sticks
        parts[:, k] = left * axes[:, k]
        left = left - parts[:, k]
    parts[:, -1] = left
    rows: list[Doubles] = []
    for chosen in itertools.combinations(range(count), at_once):
        block = np.zeros((len(parts), count))
        block[:, chosen] = parts
        rows.append(block)
    return np.unique(np.concatenate(rows).round(5), axis=0)


@cache
def _data() -> dict[str, dict[str, dict[str, str]]]:
    text = resources.files("limner.media").joinpath("pigments.json").read_text("utf-8")
    return json.loads(text)


def _srgb(hexadecimal: str) -> Doubles:
    return np.array(parse_hex(hexadecimal), np.float64) / 255
