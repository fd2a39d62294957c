"""Do pictures grow along a scale of words?  Spearman between the place on it and what is measured."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from limner.core.progress import Cancel, Listener, Progress, silent
from limner.evaluation.dials import measured_name
from limner.evaluation.judge import Judge
from limner.evaluation.statistics import spearman
from limner.studio.studio import Studio


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """Briefs in growing order of one dial."""

    dial: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GradationReport:
    """How one scale shows."""

    scale: Scale
    means: tuple[float, ...]
    """Mean measured setting of every brief, in the order of the scale."""
    of_means: float
    """Spearman between the place on the scale and the mean."""
    of_pictures: float
    """Spearman between the place on the scale and the single pictures: the spread of sitters counts too."""


def evaluate_gradations(
    studio: Studio,
    judge: Judge,
    scales: Sequence[Scale],
    *,
    seeds: int = 8,
    first_seed: int = 4000,
    listen: Listener = silent,
    cancel: Cancel | None = None,
) -> list[GradationReport]:
    """Paint every brief of every scale with the same seeds, and measure the scale's dial."""
    reports: list[GradationReport] = []
    for k, scale in enumerate(scales):
        key = measured_name(scale.dial)
        seen = np.array([
            [judge.values(p.picture)[key] for p in studio.paint(words, n=seeds, seed=first_seed, cancel=cancel)]
            for words in scale.words
        ])  # fmt: skip
        places = np.arange(len(scale.words))
        means = seen.mean(1)
        reports.append(
            GradationReport(
                scale=scale,
                means=tuple(round(float(m), 3) for m in means),
                of_means=spearman(places, means),
                of_pictures=spearman(np.repeat(places, seeds), seen.ravel()),
            )
        )
        listen(Progress(stage="judging scales", done=k + 1, total=len(scales), unit="scales", note=scale.dial))
    return reports
