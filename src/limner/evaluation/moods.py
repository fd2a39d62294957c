"""Can moods be told apart by what pictures measure?  A linear classifier on dials and palette."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image

from limner.core.dials import dial_table
from limner.core.errors import InputError
from limner.core.palette import rgb_to_lab
from limner.core.picture import Picture
from limner.core.progress import Cancel, Listener, Progress, silent
from limner.evaluation.judge import Judge
from limner.evaluation.statistics import Floats, discriminant
from limner.studio.studio import Studio

_COLOURS = 5  # of a picture's palette


@dataclass(frozen=True, slots=True, kw_only=True)
class MoodsReport:
    """How well pictures of moods are told apart."""

    top: Mapping[int, float]
    """Share of pictures whose mood is among the classifier's first 1, 3 guesses."""
    by_mood: Mapping[str, float]
    """Share of every mood's pictures whose mood is among the first three."""
    taken_for: Mapping[str, str]
    """The other mood that each is most often taken for first; empty if none."""


def palette_of(picture: Picture) -> Floats:
    """The five main colours of a picture (median cut), dark to light, in Lab with their shares, float64 [20]."""
    small = Image.fromarray(picture).resize((64, 64), Image.Resampling.BOX)
    cut = small.quantize(_COLOURS, Image.Quantize.MEDIANCUT)
    shares = np.bincount(np.asarray(cut).ravel(), minlength=_COLOURS)[:_COLOURS] / (64 * 64)
    rgb = np.zeros((_COLOURS, 3), np.uint8)
    flat = np.array(cut.getpalette() or [], np.uint8).reshape(-1, 3)[:_COLOURS]
    rgb[: len(flat)] = flat
    rows = np.column_stack([rgb_to_lab(rgb), shares])
    return rows[np.argsort(rows[:, 0])].astype(float).ravel()


def features(judge: Judge, picture: Picture) -> Floats:
    """What the classifier sees: all measured dials as settings, and the palette."""
    values = judge.values(picture)
    return np.concatenate([[values[f"@{name}"] for name in dial_table().names], palette_of(picture)])


def evaluate_moods(
    studio: Studio,
    judge: Judge,
    words: Sequence[str],
    *,
    seeds: int = 16,
    folds: int = 4,
    first_seed: int = 6000,
    listen: Listener = silent,
    cancel: Cancel | None = None,
) -> MoodsReport:
    """Paint every mood with the same seeds; guess each picture's from pictures of other seeds (cross-validation).

    Raises:
        InputError: fewer than two seeds: nothing could be learned from others.
    """
    if seeds < 2:
        raise InputError(f"Moods cannot be told apart from {seeds} portrait each.", "Paint at least 2; 16 are better.")
    rows: list[list[Floats]] = []
    for k, mood in enumerate(words):
        rows.append([features(judge, p.picture) for p in studio.paint(mood, n=seeds, seed=first_seed, cancel=cancel)])
        listen(Progress(stage="judging moods", done=k + 1, total=len(words), unit="moods", note=mood))
    return tell_apart(np.array(rows), words, min(folds, seeds))


def tell_apart(seen: Floats, words: Sequence[str], folds: int) -> MoodsReport:
    """Cross-validated guesses.

    Args:
        seen: features, float64 [moods, seeds, features].
        words: the moods.
        folds: parts that the seeds are divided into; each is guessed from all others.
    """
    moods, seeds, width = seen.shape
    part = np.array([seed % folds for seed in range(seeds)])
    order = np.zeros((moods, seeds, moods), int)
    for fold in range(folds):
        known, unknown = seen[:, part != fold], seen[:, part == fold]
        labels: npt.NDArray[np.int_] = np.array([m for m in range(moods) for _ in range(known.shape[1])])
        scores = discriminant(known.reshape(-1, width), labels, unknown.reshape(-1, width))
        order[:, part == fold] = np.argsort(-scores, 1).reshape(moods, -1, moods)
    hits = {k: [float((order[m, :, :k] == m).any(1).mean()) for m in range(moods)] for k in (1, 3)}
    return MoodsReport(
        top={k: sum(shares) / moods for k, shares in hits.items()},
        by_mood=dict(zip(words, hits[3], strict=True)),
        taken_for={word: _rival(order[m, :, 0], m, words) for m, word in enumerate(words)},
    )


def _rival(first: npt.NDArray[np.int_], own: int, words: Sequence[str]) -> str:
    counts = np.bincount(first[first != own], minlength=len(words))
    return words[int(counts.argmax())] if counts.any() else ""
