"""What a composition is: one plain function, parameters, and a record that names them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from limner.core.errors import InputError
from limner.media.arrays import Floats
from limner.media.compositions.scene import Scene
from limner.media.hands import Hands
from limner.media.parameters import Parameters


@dataclass(frozen=True, slots=True, kw_only=True)
class Composition:
    """One way of changing what is portrayed."""

    id: str
    """Short name, lower case, words joined by hyphens."""
    title: str
    help: str
    """One sentence for people."""
    parameters: type[Parameters]
    """What can be turned."""
    compose: Callable[[Scene, Any, int, Hands], Floats]
    """(scene, parameters, seed, hands): sRGB float32 [h, w, 3] of the scene's shape."""
    version: int = 1
    """Raised whenever the same scene and parameters would give another picture."""

    def picture(self, scene: Scene, parameters: Parameters, seed: int, hands: Hands) -> Floats:
        """The composed picture, sRGB 0..1, float32 [h, w, 3].

        Args:
            scene: the portrait and what is known of it.
            parameters: of this composition's class.
            seed: the recipe's seed.
            hands: threads.

        Raises:
            InputError: another composition's parameters.
            Cancelled: a stop was requested.
        """
        if type(parameters) is not self.parameters:
            raise InputError(f"{self.id} takes {self.parameters.__name__} parameters, not {type(parameters).__name__}.")
        hands.cancel.check()
        made = self.compose(scene, parameters, seed, hands)
        return np.ascontiguousarray(np.clip(made, 0, 1), np.float32)
