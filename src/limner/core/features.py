"""Where the parts of a face lie in a picture: what `anatomy` finds and `media` paint by.

Coordinates are in units of the picture's longer side, x to the viewer's right, y downwards, so they
fit the picture at every size.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from limner.core.errors import InputError

Points = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Features:
    """Outlines of one face, each a closed polygon float32 [n, 2] with n >= 3.

    Left and right are the viewer's.

    Raises:
        InputError: an outline that is not such a polygon, or holds values that are not finite.
    """

    face: Points
    """From the forehead's upper edge round the chin."""
    left_eye: Points
    """Between the lids."""
    right_eye: Points
    left_iris: Points
    right_iris: Points
    left_brow: Points
    right_brow: Points
    nose: Points
    """Bridge, wings and tip."""
    lips: Points
    """Outer edge of both lips."""
    mouth: Points
    """Inner edge of both lips; a line when the mouth is closed."""

    def __post_init__(self) -> None:
        for name, points in self.outlines().items():
            if points.ndim != 2 or points.shape[1] != 2 or len(points) < 3:
                raise InputError(f"The outline {name} has the shape {points.shape}; it must be [n, 2], n >= 3.")
            if not np.isfinite(points).all():
                raise InputError(f"The outline {name} holds values that are not finite.")

    def outlines(self) -> Mapping[str, Points]:
        """All outlines by name."""
        return {field.name: np.asarray(getattr(self, field.name), np.float32) for field in fields(self)}

    def moved(self, shift: tuple[float, float], scale: float) -> Features:
        """The same face after x' = scale * x + shift, for a picture that was cut or enlarged."""
        offset = np.array(shift, np.float32)
        return Features(**{name: points * np.float32(scale) + offset for name, points in self.outlines().items()})
