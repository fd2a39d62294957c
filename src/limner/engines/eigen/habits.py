"""What portraits usually do together, for what a brief leaves open.

A dial's normal score is Gaussian by construction, so a table of correlations (a Gaussian copula) says
how all dials hang together.  Dials that a recipe does not set are drawn from it, given those that it
sets: a broad smile comes with a mouth a little open.  A flow that is told everything paints clearer
faces than one that is told nothing, and the draw spreads a set over poses.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import lru_cache
from pathlib import Path
from statistics import NormalDist
from typing import Any

import numpy as np
import numpy.typing as npt

from limner.core.dials import score

_NORMAL = NormalDist()
_LEAST = 0.02  # added to the diagonal, so that contradictory settings cannot be read as certainty

Matrix = npt.NDArray[np.floating[Any]]


class Habits:
    """Draws the settings that a recipe leaves open.

    Args:
        names: dials in the order of the table.
        correlation: [d, d] correlations of the dials' normal scores over the training portraits.
    """

    def __init__(self, names: tuple[str, ...], correlation: npt.ArrayLike) -> None:
        self._names = names
        self._correlation = np.asarray(correlation, np.float64) + _LEAST * np.eye(len(names))
        self._given = lru_cache(maxsize=64)(self._condition)

    @classmethod
    def read(cls, path: Path, names: tuple[str, ...]) -> Habits:
        """Load `habits.npz`."""
        with np.load(path, allow_pickle=False) as data:
            return cls(names, data["correlation"])

    def fill(
        self, settings: Mapping[str, float], open: Collection[str], noise: npt.NDArray[np.float32]
    ) -> dict[str, float]:
        """Settings with those in `open` drawn.

        Args:
            settings: what the recipe sets, -1..1; it stays as it is.
            open: names that may be drawn.
            noise: [d] Gaussians, one a dial whether it is drawn or not, so that setting one dial leaves the
                draws of the others alone.
        """
        wanted = [k for k, name in enumerate(self._names) if name in open and name not in settings]
        if not wanted:
            return dict(settings)
        known = tuple(k for k, name in enumerate(self._names) if name in settings)
        lean, spread = self._given(known, tuple(wanted))
        mean = lean @ np.array([score(settings[self._names[k]]) for k in known])
        drawn = mean + spread @ noise[wanted].astype(np.float64)
        found = {self._names[k]: 2 * _NORMAL.cdf(float(z)) - 1 for k, z in zip(wanted, drawn, strict=True)}
        return found | dict(settings)

    def _condition(self, known: tuple[int, ...], wanted: tuple[int, ...]) -> tuple[Matrix, Matrix]:
        """Mean as a matrix on the known scores, and the Cholesky factor of what stays open."""
        c, k, w = self._correlation, list(known), list(wanted)
        if not k:
            return np.zeros((len(w), 0)), np.linalg.cholesky(c[np.ix_(w, w)])
        lean = np.linalg.solve(c[np.ix_(k, k)], c[np.ix_(k, w)]).T
        return lean, np.linalg.cholesky(c[np.ix_(w, w)] - lean @ c[np.ix_(k, w)])
