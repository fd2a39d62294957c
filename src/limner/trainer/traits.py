"""Traits: linear probes on the features of a likeness network, taught by the words of captions.

A caption that says "old" or "child" says it of its picture; a ridge-regularised logistic regression
(Newton's method) finds the direction in feature space that tells the two apart, and every portrait's
place along it is its trait.  A trait therefore means "how strongly a portrait reads so, by the words
that people wrote", no more.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from importlib import resources

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trait:
    """Words for and against one trait."""

    name: str
    high: tuple[str, ...]
    low: tuple[str, ...]
    ridge: float = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """A fitted trait: raw value = features @ weights + bias."""

    weights: Floats
    bias: float
    auc: float
    """Area under the ROC curve on held-out captions (0.5 = chance)."""


def read_traits() -> list[Trait]:
    """The traits of `traits.toml`, in the order of `limner.anatomy.likeness.TRAITS`."""
    data = tomllib.loads(resources.files("limner.trainer").joinpath("traits.toml").read_text("utf-8"))
    return [
        Trait(name=t["name"], high=tuple(t["high"]), low=tuple(t["low"]), ridge=t.get("ridge", 30.0))
        for t in data["trait"]
    ]


def fit_trait(
    features: npt.NDArray[np.float32],
    captions: list[str | None],
    held_out: npt.NDArray[np.bool_],
    trait: Trait,
) -> Probe:
    """Fit one trait.

    Args:
        features: [n, f].
        captions: one for each row, None where there is none.
        held_out: bool [n], rows for measuring only.
        trait: its words.
    """
    mean, deviation = features.mean(0).astype(float), features.std(0).astype(float) + 1e-6
    x = np.c_[(features - mean) / deviation, np.ones(len(features))]
    high, low = _says(captions, trait.high), _says(captions, trait.low)
    both = high & low
    high, low = high & ~both, low & ~both
    used = high | low
    learn = used & ~held_out
    w = _logistic(x[learn], high[learn].astype(float), trait.ridge)
    weights = w[:-1] / deviation
    bias = float(w[-1] - (mean * weights).sum())
    score = features @ weights + bias
    return Probe(weights=weights, bias=bias, auc=_auc(score[used & held_out], high[used & held_out]))


def _says(captions: list[str | None], words: tuple[str, ...]) -> npt.NDArray[np.bool_]:
    plain = [f" {re.sub('[^a-z]+', ' ', (c or '').lower())} " for c in captions]
    return np.array([any(f" {w} " in c for w in words) for c in plain], bool)


def _logistic(x: Floats, y: Floats, ridge: float, rounds: int = 30) -> Floats:
    w = np.zeros(x.shape[1])
    for _ in range(rounds):
        p = 1 / (1 + np.exp(-np.clip(x @ w, -30, 30)))
        slope = x.T @ (p - y) + ridge * w
        curve = (x * (p * (1 - p))[:, None]).T @ x + ridge * np.eye(len(w))
        w -= np.linalg.solve(curve, slope)
    return w


def _auc(score: Floats, high: npt.NDArray[np.bool_]) -> float:
    if not high.any() or high.all():
        return float("nan")
    rank = np.argsort(np.argsort(score))
    return float((rank[high].mean() - (high.sum() - 1) / 2) / (~high).sum())
