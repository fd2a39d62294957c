"""Dials: named continuous controls with a measured meaning.

A dial's unit is the quantile of the training portraits, mapped to -1..1: 0 is the median portrait,
1 the most extreme one.  The table of quantiles is data (`dials.json`), written by the trainer from
the training portraits; every part of Limner that measures, sets or explains a dial reads the same.
"""

from __future__ import annotations

import difflib
import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from statistics import NormalDist

import numpy as np

from limner.core.errors import DialError
from limner.core.palette import Colour

_NORMAL = NormalDist()
_EDGE = 0.003  # settings beyond this quantile are conditioned like it: the model has seen too few

COLOURED = ("hair", "skin", "eyes", "background")
"""Parts whose colour is held by three dials: `<part>` (lightness), `<part>_red`, `<part>_yellow`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dial:
    """One control."""

    name: str
    group: str
    """"pose", "expression", "face", "colour", "light" or "person"."""
    low: str
    """What -1 means, in words."""
    high: str
    """What 1 means, in words."""
    measure: str
    """How the raw value is measured, and its unit."""
    quantiles: tuple[float, ...]
    """Raw values at evenly spaced quantiles from 0 to 1 of the training portraits."""

    def setting(self, raw: float) -> float:
        """Raw value to setting, -1..1."""
        share = np.interp(raw, self.quantiles, np.linspace(0, 1, len(self.quantiles)))
        return float(2 * share - 1)

    def raw(self, setting: float) -> float:
        """Setting to raw value."""
        at = (setting + 1) / 2
        return float(np.interp(at, np.linspace(0, 1, len(self.quantiles)), self.quantiles))


def score(setting: float) -> float:
    """Setting -1..1 to the normal score that networks see (about -2.75..2.75)."""
    return _NORMAL.inv_cdf(min(max((setting + 1) / 2, _EDGE), 1 - _EDGE))


class DialTable(Mapping[str, Dial]):
    """All dials by name, in their fixed order."""

    def __init__(self, dials: list[Dial]) -> None:
        self._dials = {d.name: d for d in dials}
        self.names: tuple[str, ...] = tuple(self._dials)
        """Names in the order of network inputs."""

    def __getitem__(self, name: str) -> Dial:
        try:
            return self._dials[name]
        except KeyError:
            raise self.unknown(name) from None

    def __iter__(self) -> Iterator[str]:
        return iter(self._dials)

    def __len__(self) -> int:
        return len(self._dials)

    def __contains__(self, name: object) -> bool:
        return name in self._dials

    def unknown(self, name: str) -> DialError:
        """The error for a name that is no dial; it names the nearest ones."""
        near = tuple(difflib.get_close_matches(name, self.names, n=3, cutoff=0.5))
        near = near or tuple(n for n in self.names if name and n.startswith(name[:3]))[:3]
        hint = f"Did you mean {' or '.join(near)}? " if near else ""
        return DialError(f"There is no dial {name!r}.", f"{hint}See all with: limner dials", near)

    def check(self, name: str, value: float) -> float:
        """Return `value` if it is a legal setting of the dial `name`.

        Raises:
            DialError: unknown name, or a value that is not a number in -1..1.
        """
        _ = self[name]
        if not math.isfinite(value) or not -1 <= value <= 1:
            raise DialError(f"Dial {name} = {value:g} is outside -1..1.", "0 is the median, -1 and 1 the extremes.")
        return float(value)

    def parse(self, text: str) -> dict[str, float]:
        """Read `NAME=VALUE`, or `PART=#rrggbb` for the colour of hair, skin, eyes or background.

        Raises:
            DialError: not of this form, unknown name, value out of range.
        """
        name, sign, value = text.partition("=")
        name, value = name.strip().replace("-", "_"), value.strip()
        if not sign:
            raise DialError(f"{text!r} is not a dial setting.", "Write NAME=VALUE, for example smile=0.8.")
        if value.startswith("#"):
            if name not in COLOURED:
                raise DialError(
                    f"Dial {name} takes a number, not the colour {value}.",
                    f"Colours can be given to {', '.join(COLOURED)}.",
                )
            return self.colour(name, Colour.of_hex(value))
        try:
            number = float(value)
        except ValueError:
            raise DialError(f"Dial {name} = {value!r} is not a number.", "Give a value from -1 to 1.") from None
        return {name: self.check(name, number)}

    def colour(self, part: str, colour: Colour) -> dict[str, float]:
        """The three settings that give a part (one of `COLOURED`) a colour."""
        raw = {part: colour.lightness, f"{part}_red": colour.a, f"{part}_yellow": colour.b}
        return {name: round(self[name].setting(value), 3) for name, value in raw.items()}


@cache
def dial_table() -> DialTable:
    """The dials of this version of Limner."""
    text = resources.files("limner.core").joinpath("dials.json").read_text("utf-8")
    return DialTable([Dial(**(d | {"quantiles": tuple(d["quantiles"])})) for d in json.loads(text)["dials"]])
