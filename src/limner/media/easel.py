"""The easel: one painting that remembers its stages, so that only what changed is done again.

Turning a parameter plans anew; another size deposits anew; another ground or light only shows anew.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
import numpy.typing as npt

from limner.media.guide import Guide
from limner.media.hands import Hands
from limner.media.light import Light, Painted, show
from limner.media.medium import Medium, Plan, check_size
from limner.media.parameters import Parameters
from limner.media.surface import Surface


class Easel:
    """A portrait in one medium.

    Args:
        medium: how it is painted.
        guide: the portrait.
        parameters: of this medium; None takes its own defaults.
        seed: the recipe's seed.
        hands: threads.

    Raises:
        InputError: another medium's parameters.
    """

    def __init__(
        self,
        medium: Medium,
        guide: Guide,
        parameters: Parameters | None = None,
        *,
        seed: int = 0,
        hands: Hands | None = None,
    ) -> None:
        self.medium = medium
        self.guide = guide
        self.parameters = parameters if parameters is not None else medium.parameters()
        self.seed = seed
        self.hands = hands if hands is not None else Hands()
        medium.check(self.parameters)
        self._plan: Plan | None = None
        self._painted: tuple[int, Painted] | None = None

    @property
    def plan(self) -> Plan:
        """The painting before it has a size; made when first needed."""
        if self._plan is None:
            self._plan = self.medium.plan(self.guide, self.parameters, self.seed, self.hands)
        return self._plan

    def turn(self, parameters: Parameters) -> None:
        """Take other parameters; the painting is planned anew if they differ.

        Raises:
            InputError: another medium's parameters.
        """
        self.medium.check(parameters)
        if parameters != self.parameters:
            self.parameters, self._plan, self._painted = parameters, None, None

    def painted(self, size: int) -> Painted:
        """The paint at a longer side of `size` px; the last one is kept.

        Raises:
            InputError: a size that is not allowed.
            Cancelled: a stop was requested.
        """
        check_size(size)
        if self._painted is None or self._painted[0] != size:
            self._painted = (size, self.medium.deposit(self.plan, self.parameters, size, self.hands))
        return self._painted[1]

    def picture(
        self, size: int, *, surface: Surface | None = None, light: Light | None = None, depth: Literal[8, 16] = 8
    ) -> npt.NDArray[np.uint8] | npt.NDArray[np.uint16]:
        """The finished picture, sRGB, uint8 or uint16 [h, w, 3].

        Args:
            size: longer side in px.
            surface: what it is painted on; None takes the medium's own ground.
            light: the light on it; None takes the medium's own.
            depth: bits a channel.
        """
        painted = self.painted(size)
        return show(painted, surface or self.medium.surface, light or self.medium.light, self.hands, depth=depth)
