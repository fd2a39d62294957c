"""Distinct sets: near-duplicates are measured and replaced before anyone sees them.

Two portraits are compared in three ways, each divided by what is usual between two training
portraits: who it looks like (angle of the likeness vectors), how the head is held (yaw, pitch and
gaze) and which colours it has (Lab of hair, skin and background).  Their distance is the quadratic
mean of the three.  A candidate that comes nearer to an accepted portrait than the threshold gives way
to another seed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

POSE = ("yaw", "pitch", "gaze_x")
COLOURS = (
    "hair", "hair_red", "hair_yellow", "skin", "skin_red", "skin_yellow",
    "background", "background_red", "background_yellow",
)  # fmt: skip

USUAL_IDENTITY, USUAL_POSE, USUAL_COLOUR = 1.0, 1.0, 1.0
"""Median distance of two training portraits in each respect (set by `limner evaluate`)."""

THRESHOLD = 0.6
"""5th percentile of the distance of two training portraits (set by `limner evaluate`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What is compared of one portrait."""

    identity: Floats
    """Likeness vector of length 1."""
    pose: Floats
    """Settings of `POSE`."""
    colour: Floats
    """Raw Lab values of `COLOURS`."""


def distances(one: Look, others: list[Look]) -> Floats:
    """Distance of one portrait to several, [n]."""
    if not others:
        return np.zeros(0, np.float32)
    identity = np.arccos(np.clip(np.stack([o.identity for o in others]) @ one.identity, -1, 1))
    pose = np.linalg.norm(np.stack([o.pose for o in others]) - one.pose, axis=1)
    colour = np.linalg.norm(np.stack([o.colour for o in others]) - one.colour, axis=1)
    parts = np.stack([identity / USUAL_IDENTITY, pose / USUAL_POSE, colour / USUAL_COLOUR])
    return np.sqrt((parts**2).mean(0)).astype(np.float32)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """How different the portraits of a set are, in units of `distances`."""

    mean: float
    nearest: float
    threshold: float

    def __str__(self) -> str:
        return (
            f"spread: mean distance {self.mean:.2f}, nearest pair {self.nearest:.2f} "
            f"(two unrelated portraits: about 1; threshold {self.threshold:.2f})"
        )


def spread(looks: list[Look]) -> Spread | None:
    """The spread of a set; None for fewer than two portraits."""
    if len(looks) < 2:
        return None
    every = np.concatenate([distances(look, looks[:k]) for k, look in enumerate(looks) if k])
    return Spread(mean=float(every.mean()), nearest=float(every.min()), threshold=THRESHOLD)
