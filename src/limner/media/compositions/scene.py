"""What a composition works on: the portrait at working size, and what is known of it.

Derived fields are computed when first asked for and kept.  Lengths are shares of the longer side, so a composition
is the same at every working size.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from limner.core.features import Features
from limner.media import care, figure, flow
from limner.media.arrays import Floats
from limner.media.compositions.relief import Relief, relief_of
from limner.media.enlarge import resampled, steepened
from limner.media.guide import PLANNING, as_colour
from limner.media.raster import resize

WORKING = 1024
"""Longer side in px at which compositions are made."""

_SMALLEST = 0.02  # a face whose eyes are nearer to each other, in units of the longer side, is too small to work on


@dataclass(frozen=True, kw_only=True, eq=False)
class Scene:
    """A portrait before it is composed."""

    picture: Floats
    """sRGB 0..1, float32 [h, w, 3] at working size."""
    features: Features | None
    """Where the parts of the face lie, in units of the longer side; None if no face is known."""
    before: Scene | None = None
    """The scene that an earlier composition changed: its figure and relief still hold."""

    @classmethod
    def of(cls, picture: npt.NDArray[np.generic], features: Features | None = None, *, side: int = WORKING) -> Scene:
        """Look at a picture; see `limner.media.guide.Guide.of` for what is read.

        Args:
            picture: any picture array.
            features: where the parts of the face lie; a face too small to work on is taken for none.
            side: longer side of the scene in px.

        Raises:
            PictureError: what is no picture.
        """
        source = as_colour(picture)
        factor = side / max(source.shape[:2])
        shape = (max(1, round(source.shape[0] * factor)), max(1, round(source.shape[1] * factor)))
        grown = resampled(source, shape)
        if factor > 1:
            grown = steepened(grown, factor, 0.6)
        apart = 0.0 if features is None else np.linalg.norm(features.left_eye.mean(0) - features.right_eye.mean(0))
        return cls(picture=grown, features=features if apart >= _SMALLEST else None)

    def composed(self, picture: Floats) -> Scene:
        """The scene that the next composition works on: this picture, the same figure and relief."""
        return replace(self, picture=picture, before=self.before or self)

    @property
    def shape(self) -> tuple[int, int]:
        """Height and width in px."""
        return self.picture.shape[0], self.picture.shape[1]

    @property
    def side(self) -> int:
        """Longer side in px."""
        return max(self.shape)

    @cached_property
    def figure(self) -> Floats:
        """How much each place belongs to the sitter, 0..1, float32 [h, w]."""
        if self.before is not None:
            return self.before.figure
        return figure.figure_of(self.picture, self.features)

    @cached_property
    def face(self) -> Floats:
        """1 inside the face's outline, falling softly to 0; float32 [h, w]; nothing where no face is known."""
        if self.features is None:
            return np.zeros(self.shape, np.float32)
        points = self.features.face * self.side
        return care.soft_polygon(self.shape, points, 0.05 * float(np.ptp(points[:, 1])))

    @cached_property
    def relief(self) -> Relief:
        """The sitter as a relief."""
        if self.before is not None:
            return self.before.relief
        return relief_of(self.picture, self.figure, self.features)

    @cached_property
    def flow(self) -> flow.Flow:
        """Which way the form and the hair run, at planning size."""
        high, wide = self.shape
        factor = PLANNING / self.side
        small = resize(self.picture, (max(1, round(high * factor)), max(1, round(wide * factor))), "area")
        return flow.flow_of(small, self.features)

    def places(self, shape: tuple[int, int] | None = None) -> tuple[Floats, Floats]:
        """x and y of every px in units of the longer side, float32 [h, w] each.

        Args:
            shape: height and width of another raster over the same picture; None takes the scene's own.
        """
        high, wide = shape or self.shape
        longer = max(high, wide)
        y, x = np.mgrid[0:high, 0:wide].astype(np.float32)
        return (x + np.float32(0.5)) / longer, (y + np.float32(0.5)) / longer
