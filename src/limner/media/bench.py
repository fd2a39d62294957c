"""How fast media paint on this machine."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from limner.core.features import Features
from limner.media.guide import Guide
from limner.media.hands import Hands
from limner.media.light import show
from limner.media.medium import Medium


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """One thing that was timed, warm: the best of several runs."""

    medium: str
    what: str
    """"1024 px": a whole painting of that longer side; "light, 1024 px": another light on one that is painted."""
    seconds: float
    """By the clock."""
    processor: float
    """Processor seconds over all threads: what counts where others work, too."""


def timings(
    media: Sequence[Medium],
    picture: npt.NDArray[np.generic],
    features: Features | None,
    sizes: Sequence[int],
    *,
    runs: int = 3,
    hands: Hands | None = None,
) -> Iterator[Timing]:
    """Time whole paintings from a portrait, and moving the light over one.

    Args:
        media: which.
        picture: what is painted; see `Guide.of`.
        features: its face.
        sizes: longer sides in px; from 4096 on one run is made after the first.
        runs: timed runs of each, after one that is not timed.
        hands: threads.

    Yields:
        Timings as they are taken.

    Raises:
        Cancelled: a stop was requested.
    """
    hands = hands or Hands()
    for medium in media:
        for size in sizes:

            def whole(medium: Medium = medium, size: int = size) -> None:
                painted = medium.paint(Guide.of(picture, features), medium.parameters(), 7, size, hands)
                show(painted, medium.surface, medium.light, hands)

            yield _timed(medium, f"{size} px", whole, runs if size < 4096 else 1)
        size = min(1024, max(sizes))
        painted = medium.paint(Guide.of(picture, features), medium.parameters(), 7, size, hands)
        other = replace(medium.light, x=0.3)
        yield _timed(
            medium, f"light, {size} px", lambda m=medium, p=painted, o=other: show(p, m.surface, o, hands), runs + 2
        )


def _timed(medium: Medium, what: str, action: Callable[[], object], runs: int) -> Timing:
    action()
    walls, used = list[float](), list[float]()
    for _ in range(runs):
        began, before = time.perf_counter(), time.process_time()
        action()
        walls.append(time.perf_counter() - began)
        used.append(time.process_time() - before)
    return Timing(medium=medium.id, what=what, seconds=round(min(walls), 4), processor=round(min(used), 4))
