"""Guidance: following words and dials beyond what was trained (Ho & Salimans 2022, classifier-free guidance).

The flow is asked several times at every step: with everything, without the words, without the expression
that was asked for, and so on down to nothing but what was drawn.  Neighbours in that row differ by one kind
of request, and each difference is enlarged by a factor of its own: that of an expression most, since a smile
moves few pixels, those of colour and light least where several are asked for: together they follow closely,
and enlarged they would glare.  Words to avoid are
asked for beside "without words", and that difference is gone against.

All this is a weighted sum of predictions.  Requests that come to the same (a brief without an expression) are
predicted once, so a plain brief costs two or three rows a step and not six.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from limner.core.dials import dial_table, score

Floats = npt.NDArray[np.float32]

MIMIC = frozenset({"expression", "face"})
"""Groups of dials that move few pixels."""
PERSON = frozenset({"person", "pose"})
TONES = frozenset({"colour", "light"})

_EXTREME = 1.7  # normal score from which an expression is enlarged less


@dataclass(frozen=True, slots=True, kw_only=True)
class Guidance:
    """Factors by which requests are enlarged; 1 leaves them as trained."""

    words: float
    mimic: Mapping[str, float]
    """By dial of expression or face; "" for those that are not named."""
    person: float
    tone: Mapping[str, float]
    """By dial of colour or light, "" for those that are not named; shared where several are asked for."""
    mimic_from: int
    """First coordinate on which `mimic` acts; those before hold brightness and pose and follow `person`."""


@dataclass(frozen=True, slots=True)
class Branch:
    """One request to the flow."""

    text: str
    """Packed text vector, or "" for none."""
    dials: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """All requests of a batch, row after row, those of one portrait together."""

    branches: tuple[Branch, ...]
    weights: Floats
    """[rows, coordinates]"""
    owner: npt.NDArray[np.intp]
    """[rows] portrait of each row."""
    full: npt.NDArray[np.intp]
    """[portraits] row in which everything is asked for."""

    def mix(self, predictions: Floats) -> Floats:
        """Predictions [rows, coordinates] to one velocity a portrait."""
        return np.add.reduceat(self.weights * predictions, self.full, axis=0)


Weights = dict[Branch, Floats]


def weigh(
    text: str,
    avoided: str,
    dials: Mapping[str, float],
    asked: Mapping[str, float],
    guidance: Guidance,
    coordinates: int,
) -> Weights:
    """The requests of one portrait and their weights, which sum to 1; the first asks for everything.

    Args:
        text: packed text vector of the words, or "".
        avoided: the same of words to avoid.
        dials: all settings, also those that were drawn.
        asked: the settings that the recipe asks for; only they are enlarged.
        guidance: factors.
        coordinates: width of a prediction.
    """
    calm = _without(dials, asked, MIMIC)
    free = _without(calm, asked, PERSON)
    bare = _without(free, asked, TONES)
    mimic = np.full(coordinates, _mimic(asked, guidance.mimic), np.float32)
    mimic[: guidance.mimic_from] = guidance.person
    tone = _tone(asked, guidance.tone)
    found: Weights = {}

    def add(text: str, dials: Mapping[str, float], weight: Floats | float) -> None:
        branch = Branch(text, tuple(sorted(dials.items())))
        found[branch] = found.get(branch, np.zeros(coordinates, np.float32)) + np.float32(weight)

    add(text, dials, guidance.words)
    add("", dials, mimic - np.float32(guidance.words))
    add("", calm, guidance.person - mimic)
    add("", free, tone - guidance.person)
    add("", bare, 1 - tone)
    if avoided:
        add("", dials, 1.0)
        add(avoided, dials, -1.0)
    first = next(iter(found))
    return {branch: weight for branch, weight in found.items() if branch == first or np.any(weight)}


def plan(portraits: Sequence[Weights]) -> Plan:
    """The requests of several portraits in a row."""
    counts = [len(weights) for weights in portraits]
    return Plan(
        branches=tuple(branch for weights in portraits for branch in weights),
        weights=np.stack([weight for weights in portraits for weight in weights.values()]),
        owner=np.repeat(np.arange(len(portraits)), counts),
        full=np.cumsum([0, *counts[:-1]]),
    )


def group(name: str) -> str:
    """Group of a dial."""
    return dial_table()[name].group


def _without(dials: Mapping[str, float], asked: Mapping[str, float], groups: frozenset[str]) -> Mapping[str, float]:
    """Settings without those of some groups that were asked for."""
    return {n: v for n, v in dials.items() if n not in asked or group(n) not in groups}


def _mimic(asked: Mapping[str, float], factors: Mapping[str, float]) -> float:
    """Factor of the expression that is asked for: less where several dials pull, or a setting is extreme."""
    settings = {n: v for n, v in asked.items() if group(n) in MIMIC}
    if not settings:
        return factors[""]
    shared = min(factors.get(name, factors[""]) for name in settings) / math.sqrt(len(settings))
    farthest = max(abs(score(value)) for value in settings.values())
    return shared * min(1.0, _EXTREME / max(farthest, 1e-6))


def _tone(asked: Mapping[str, float], factors: Mapping[str, float]) -> float:
    """Factor of the colours and the light that are asked for: the more of them, the nearer to 1."""
    tones = [factors.get(name, factors[""]) for name in asked if group(name) in TONES]
    return 1 + (min(tones) - 1) / len(tones) if tones else 1.0
