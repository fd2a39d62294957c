"""Do dials turn what they name?  Spearman's correlation of settings with what is measured."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from limner.core.dials import dial_table
from limner.core.progress import Cancel, Listener, Progress, silent
from limner.core.recipe import Recipe
from limner.evaluation.judge import Judge
from limner.evaluation.statistics import spearman
from limner.studio.studio import Studio

TRAITS = frozenset({"age", "beard", "femininity", "hair_length", "creature"})


@dataclass(frozen=True, slots=True, kw_only=True)
class DialsReport:
    """How well each dial turns."""

    rank_correlation: Mapping[str, float]
    """Spearman over all sitters and settings."""
    drift: Mapping[str, float]
    """Mean change of the other dials' settings per unit of this one, within a sitter."""


def measured_name(dial: str) -> str:
    """Under which name the judge keeps what a dial measures: traits are the witness's to tell."""
    return f"witness_{dial}" if dial in TRAITS else f"@{dial}"


def dial_recipes(studio: Studio, name: str, sitters: int, steps: int, seed: int) -> list[Recipe]:
    """Every sitter with one dial at every setting."""
    recipes: list[Recipe] = []
    for k in range(sitters):
        for value in np.linspace(-1, 1, steps):
            recipes += studio.plan("", n=1, seed=seed + k, dials={name: round(float(value), 4)})
    return recipes


def evaluate_dials(
    studio: Studio,
    judge: Judge,
    *,
    sitters: int = 32,
    steps: int = 9,
    seed: int = 5000,
    names: tuple[str, ...] = (),
    listen: Listener = silent,
    cancel: Cancel | None = None,
) -> DialsReport:
    """Paint every sitter at every setting of every dial, and measure."""
    table = dial_table()
    names = names or table.names
    settings = np.tile(np.linspace(-1, 1, steps), sitters)
    correlation: dict[str, float] = {}
    drift: dict[str, float] = {}
    for k, name in enumerate(names):
        recipes = dial_recipes(studio, name, sitters, steps, seed)
        pictures = [p.picture for p in studio.paint_recipes(recipes, cancel=cancel)]
        measured = [judge.values(p) for p in pictures]
        key = measured_name(name)
        correlation[name] = spearman(settings, [m[key] for m in measured])
        others = np.array([[m[f"@{other}"] for other in table.names if other != name] for m in measured])
        others = others.reshape(sitters, steps, -1)
        drift[name] = float(np.abs(others[:, -1] - others[:, 0]).mean() / 2)
        listen(Progress(stage="turning dials", done=k + 1, total=len(names), unit="dials", note=name))
    return DialsReport(rank_correlation=correlation, drift=drift)
