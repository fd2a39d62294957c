"""Distinct sets: near-duplicates are measured and replaced before anyone sees them.

Two portraits are compared in three ways, each divided by what is usual between two training
portraits: who it looks like (angle of the likeness vectors), how the head is held (yaw and
pitch) and which colours it has (Lab of hair, skin and background).  Their distance is the quadratic
mean of the three.  A candidate that comes nearer to an accepted portrait than the threshold gives way
to another seed.

Chance alone does not get far: of 400 training portraits taken in turn, only some 90 keep that distance
from each other.  So where the brief leaves pose and colours open, a set is scattered: each portrait
gets settings of its own for them, the farthest of many random ones from those already taken
(Mitchell 1991, best-candidate sampling) - from what those portraits show, not from what was asked of
them.  They stand in its recipe like any other dial.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from limner.core.dials import COLOURED, dial_table
from limner.core.rng import uniform

Floats = npt.NDArray[np.float32]

POSE = ("yaw", "pitch")
COLOURS = (
    "hair", "hair_red", "hair_yellow", "skin", "skin_red", "skin_yellow",
    "background", "background_red", "background_yellow",
)  # fmt: skip

USUAL_IDENTITY, USUAL_POSE, USUAL_COLOUR = 1.574, 0.993, 52.0
"""Median distance of two training portraits in each respect (set by `limner evaluate`)."""

THRESHOLD = 0.715
"""5th percentile of the distance of two training portraits (set by `limner evaluate`)."""


SCATTERED = ("yaw", "pitch", "hair", "skin", "background", "background_red", "background_yellow")
"""Dials that a set is scattered over, unless the brief speaks of them."""

_CANDIDATES = 192
_REACH = 0.96  # largest setting that is proposed


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What is compared of one portrait."""

    identity: Floats
    """Likeness vector of length 1."""
    pose: Floats
    """Settings of `POSE`."""
    colour: Floats
    """Raw Lab values of `COLOURS`."""


def look_of(raw: Mapping[str, float], likeness: Floats) -> Look:
    """The look of a picture from its raw dials and its likeness vector [64]."""
    table = dial_table()
    return Look(
        identity=likeness,
        pose=np.array([table[name].setting(raw[name]) for name in POSE], np.float32),
        colour=np.array([raw[name] for name in COLOURS], np.float32),
    )


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


class Scatter:
    """Proposes settings for what a brief leaves open, each far from the portraits accepted before.

    Args:
        said: settings that the brief asks for; a part whose colour it names stays as named.
    """

    def __init__(self, said: Mapping[str, float]) -> None:
        spoken = {part for part in COLOURED for name in said if name == part or name.startswith(f"{part}_")}
        self.open = tuple(n for n in SCATTERED if n not in said and n.split("_")[0] not in spoken)
        """Names of the dials that are proposed."""
        self._taken: list[Floats] = []
        self._pending: list[Floats] = []

    def propose(self, seed: int) -> dict[str, float]:
        """Settings by dial name; the same seeds in the same order propose the same."""
        if not self.open:
            return {}
        drawn = 2 * uniform(seed, "scatter", _CANDIDATES * len(self.open)).reshape(_CANDIDATES, -1) - 1
        settings = np.round(_REACH * drawn, 3).astype(np.float32)
        places = self._places(settings)
        others = self._taken + self._pending
        away = np.linalg.norm(places[:, None] - np.stack(others)[None], axis=2).min(1) if others else places[:, 0]
        best = int(away.argmax())
        self._pending.append(places[best])
        return {name: float(round(float(v), 3)) for name, v in zip(self.open, settings[best], strict=True)}

    def settle(self, accepted: Sequence[Look]) -> None:
        """Forget what was proposed since the last call, and remember what came of it."""
        self._pending.clear()
        for look in accepted if self.open else ():
            shown: dict[str, float] = {}
            shown |= zip(POSE, look.pose / USUAL_POSE, strict=True)
            shown |= zip(COLOURS, look.colour / USUAL_COLOUR, strict=True)
            self._taken.append(np.array([shown[name] for name in self.open], np.float32))

    def _places(self, settings: Floats) -> Floats:
        """Settings [n, k] in the units of `distances`."""
        table = dial_table()
        columns: list[Floats] = []
        for k, name in enumerate(self.open):
            if name in POSE:
                columns.append(settings[:, k] / USUAL_POSE)
            else:
                quantiles = table[name].quantiles
                raw = np.interp((settings[:, k] + 1) / 2, np.linspace(0, 1, len(quantiles)), quantiles)
                columns.append(raw.astype(np.float32) / USUAL_COLOUR)
        return np.stack(columns, 1).astype(np.float32)
