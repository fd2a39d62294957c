"""Samples: every hand on one fixed set of sitters, so that hands can be compared."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from limner.core.picture import Picture
from limner.core.progress import Cancel, Listener, Progress, silent
from limner.studio.atelier import Atelier
from limner.studio.portrait import Portrait
from limner.studio.sheet import contact_sheet

SITTERS = (
    ("young black woman, short hair, warm light", 42),
    ("old fisherman, white beard, weathered face", 42),
    ("young woman with red hair, blue background", 43),
    ("asian woman, black hair, serene", 45),
    ("middle aged man, moustache, brown coat", 44),
    ("boy with curly hair, bright background", 47),
)
"""Briefs and seeds: different ages, skins and hair."""

_SIDE = 512  # px at which samples are painted
_CELL = 192  # px at which they are shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Hand:
    """What is sampled."""

    label: str
    medium: str = ""
    """Id of the medium; empty takes that of the style."""
    style: str = ""
    composition: str = ""
    """What is done to the portrait first."""


def sample_sheet(
    atelier: Atelier,
    portraits: Sequence[Portrait],
    hands: Sequence[Hand],
    *,
    listen: Listener = silent,
    cancel: Cancel | None = None,
) -> Picture:
    """A page with a row for every hand and a column for every sitter.

    Args:
        atelier: paints.
        portraits: of the `SITTERS`, in no medium.
        hands: what is sampled.
        listen: told the progress.
        cancel: asked at every step.

    Raises:
        Cancelled: `cancel` was requested.
    """
    pictures = list(_samples(atelier, portraits, hands, listen, cancel or Cancel()))
    labels = [hand.label for hand in hands for _ in portraits]
    return contact_sheet(pictures, labels, columns=len(portraits), cell=_CELL)


def _samples(
    atelier: Atelier, portraits: Sequence[Portrait], hands: Sequence[Hand], listen: Listener, cancel: Cancel
) -> Iterator[Picture]:
    total = len(hands) * len(portraits)
    for k, hand in enumerate(hands):
        treatment = atelier.treatment(
            hand.medium, manner=hand.style, compositions=(hand.composition,) if hand.composition else None
        )
        for j, portrait in enumerate(portraits):
            yield atelier.paint(portrait.plain, treatment, seed=portrait.seed, size=_SIDE, listen=listen, cancel=cancel)
            done = k * len(portraits) + j + 1
            listen(Progress(stage="painting samples", done=done, total=total, unit="pictures", note=hand.label))
