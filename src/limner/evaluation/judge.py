"""The judge: what a picture measures, under the names that rules use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from limner.anatomy.likeness import TRAITS, LikenessMeter
from limner.core.dials import COLOURED, dial_table
from limner.core.picture import Picture
from limner.studio.studio import Studio


class Judge:
    """Measures pictures with the studio's formulas and with the witness network.

    The witness has the shape of the likeness network, but other widths, another seed and probes of
    its own; no part of painting was trained with it.
    """

    def __init__(self, studio: Studio, witness: LikenessMeter, quantiles: Mapping[str, Sequence[float]]) -> None:
        self._studio = studio
        self._quantiles = quantiles
        self.witness = witness
        """The witness network."""

    def values(self, picture: Picture) -> dict[str, float]:
        """Raw dials, `@` settings, chroma and hue of parts, and the witness's traits as settings."""
        table = dial_table()
        raw = self._studio.meter.raw(picture)
        values = dict(raw) | {f"@{name}": table[name].setting(raw[name]) for name in table.names}
        for part in COLOURED:
            a, b = raw[f"{part}_red"], raw[f"{part}_yellow"]
            values[f"{part}_chroma"] = float(np.hypot(a, b))
            values[f"{part}_hue"] = float(np.degrees(np.arctan2(b, a)) % 360)
        _, traits = self.witness.look([picture])
        for name, value in zip(TRAITS, traits[0], strict=True):
            values[f"witness_{name}"] = self._witness_setting(name, float(value))
        return values

    def _witness_setting(self, name: str, value: float) -> float:
        at = self._quantiles[name]
        return float(np.interp(value, at, np.linspace(-1, 1, len(at))))


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Bounds of one value.  Hues are circles: bounds may leave 0..360."""

    of: str
    low: float = -np.inf
    high: float = np.inf

    def holds(self, values: Mapping[str, float]) -> bool:
        """True if the value lies within the bounds."""
        value = values[self.of]
        if self.of.endswith("_hue"):
            return any(self.low <= value + turn <= self.high for turn in (-360, 0, 360))
        return self.low <= value <= self.high
