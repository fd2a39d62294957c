"""What a portrait looks like, as numbers: a likeness vector for distances, and traits.

The network is trained by `limner train likeness`; traits are linear probes on its features, fitted
to the words that people wrote about the training portraits.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt

from limner.core.network import Network, open_networks
from limner.core.picture import Picture, box_resize, to_signal

Floats = npt.NDArray[np.float32]

TRAITS = ("age", "beard", "femininity", "hair_length", "creature")
"""Dials that are measured as traits, in the order of the network's output."""

EMBED = 64
"""Length of the likeness vector."""

SIDE = 128
"""Side of the network's input in px."""


class LikenessMeter:
    """Looks at aligned portraits.

    Args:
        network: pictures [n, 3, 128, 128] to [n, 64 + 5]: unit likeness vectors, then raw traits.
    """

    def __init__(self, network: Network) -> None:
        self._network = network

    @classmethod
    def open(cls, folder: Path, *, runtime: str, threads: int) -> LikenessMeter:
        """Load from a weights folder."""
        return cls(open_networks(folder, ("likeness",), runtime=runtime, threads=threads)["likeness"])

    def look(self, pictures: list[Picture]) -> tuple[Floats, Floats]:
        """Likeness vectors [n, 64] of length 1 and raw traits [n, 5]."""
        out = np.concatenate([self._network({"picture": to_signal(box_resize(p, SIDE)[None])}) for p in pictures])
        return out[:, :EMBED], out[:, EMBED:]


def shipped_weights() -> Path:
    """The weights folder inside the package."""
    from importlib import resources

    return Path(str(resources.files("limner.anatomy").joinpath("weights")))
