"""Quantile tables: raw values of the training portraits become the unit of every dial."""

from __future__ import annotations

import json
from importlib import resources

import numpy as np
import numpy.typing as npt

from limner.core.dials import dial_table

MIRRORED = ("yaw", "gaze_x", "light_x")
"""Dials whose sign turns when a portrait is mirrored."""

_STEPS = 100
_CENTRE = {"yaw": 0.0, "gaze_x": 0.5, "light_x": 0.0}


def quantiles(name: str, raw: npt.NDArray[np.float32]) -> list[float]:
    """Raw values at 0, 1, ... 100 % of the training portraits (the ends at 0.05 and 99.95 %).

    Dials that turn under a mirror get a symmetric table: training sees every portrait both ways.
    """
    at = np.linspace(0, 1, _STEPS + 1)
    at[0], at[-1] = 0.0005, 0.9995
    table = np.quantile(raw.astype(np.float64), at)
    if name in MIRRORED:
        away = table - _CENTRE[name]
        table = _CENTRE[name] + (away - away[::-1]) / 2
    table = np.maximum.accumulate(table + np.arange(_STEPS + 1) * 1e-9)
    return [float(f"{v:.6g}") for v in table]


def write_table(raw: dict[str, npt.NDArray[np.float32]], count: int) -> str:
    """The text of `limner/core/dials.json` with new quantiles; names and words stay."""
    old = json.loads(resources.files("limner.core").joinpath("dials.json").read_text("utf-8"))
    for dial in old["dials"]:
        dial["quantiles"] = quantiles(dial["name"], raw[dial["name"]])
    old["about"] = (
        f"Quantiles (0 to 1 in steps of 0.01) of {count:,} training portraits; written by limner train traits."
    )
    return json.dumps(old, separators=(",", ":"), ensure_ascii=False) + "\n"


def settings_of(raw: npt.NDArray[np.float32], names: tuple[str, ...]) -> npt.NDArray[np.float32]:
    """Raw values [n, d] to settings -1..1."""
    table = dial_table()
    at = np.linspace(-1, 1, _STEPS + 1)
    columns = [np.interp(raw[:, k], table[name].quantiles, at) for k, name in enumerate(names)]
    return np.stack(columns, 1).astype(np.float32)


def scores_of(settings: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Settings to the normal scores that networks see; the array form of `limner.core.dials.score`."""
    from limner.core.dials import score

    grid = np.linspace(-1, 1, 2001)
    values = np.array([score(float(g)) for g in grid])
    return np.interp(settings, grid, values).astype(np.float32)
