"""Are the portraits different from each other, and from the training portraits?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from limner.studio.distinct import Look, distances


@dataclass(frozen=True, slots=True, kw_only=True)
class VarietyReport:
    """Distances within sets, in units of `limner.studio.distinct.distances`."""

    painted: float
    """Mean pairwise distance of readings of one brief."""
    real: float
    """Mean pairwise distance of as many training portraits."""

    @property
    def share(self) -> float:
        """Painted over real."""
        return self.painted / self.real


def pairwise(looks: Sequence[Look]) -> npt.NDArray[np.float32]:
    """Distances of all pairs, [n (n - 1) / 2]."""
    rows = [distances(look, list(looks[:k])) for k, look in enumerate(looks) if k]
    return np.concatenate(rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class MemoryReport:
    """How near painted portraits come to training portraits."""

    threshold: float
    """1st percentile of the distance from held-out portraits to their nearest training portrait."""
    share: float
    """Share of painted portraits nearer than that."""


def evaluate_memory(
    painted: npt.NDArray[np.float32], train: npt.NDArray[np.float32], held_out: npt.NDArray[np.float32]
) -> MemoryReport:
    """Compare nearest-neighbour distances of likeness vectors (angles).

    Args:
        painted: [n, 64] unit vectors of painted portraits.
        train: [m, 64] of training portraits and their mirror images.
        held_out: [h, 64] of held-out portraits.
    """
    usual = np.array([_nearest(v, train) for v in held_out])
    threshold = float(np.quantile(usual, 0.01))
    near = np.array([_nearest(v, train) for v in painted])
    return MemoryReport(threshold=threshold, share=float((near < threshold).mean()))


def _nearest(vector: npt.NDArray[np.float32], others: npt.NDArray[np.float32]) -> float:
    return float(np.arccos(np.clip((others @ vector).max(), -1, 1)))
