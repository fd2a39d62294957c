"""From pixels to dial settings: landmarks, formulas, traits and quantile tables together."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from limner.anatomy.align import FaceFinder
from limner.anatomy.likeness import TRAITS, LikenessMeter
from limner.anatomy.measure import MEASURED, measure
from limner.core.dials import dial_table
from limner.core.picture import Picture, box_resize

_SIDE = 256


class DialMeter:
    """Measures every dial of an aligned portrait."""

    def __init__(self, finder: FaceFinder, likeness: LikenessMeter) -> None:
        self._finder = finder
        self._likeness = likeness

    def examine(self, picture: Picture) -> tuple[dict[str, float], npt.NDArray[np.float32]]:
        """Raw values by dial name, and the likeness vector, [64] of length 1.

        Args:
            picture: uint8 RGB [n, n, 3] in the training frame; measured at 256 px.
        """
        picture = box_resize(picture, _SIDE)
        values = measure(picture, self._finder.in_portrait(picture))
        likeness, traits = self._likeness.look([picture])
        values |= {name: float(value) for name, value in zip(TRAITS, traits[0], strict=True)}
        assert set(values) == {*MEASURED, *TRAITS}
        return values, likeness[0]

    def raw(self, picture: Picture) -> dict[str, float]:
        """Raw values by dial name, in the units that `limner dials` documents."""
        return self.examine(picture)[0]

    def settings(self, picture: Picture) -> dict[str, float]:
        """Dial settings -1..1 by name, rounded to three places."""
        table = dial_table()
        raw = self.raw(picture)
        return {name: round(table[name].setting(raw[name]), 3) for name in table.names}
