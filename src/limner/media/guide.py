"""What a medium paints from: a portrait looked at once, at planning size.

Everything here is independent of the size that will be painted, so a draft and a print follow the
same plan.  Derived fields are computed when first asked for and kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from limner.core.errors import InputError, PictureError
from limner.core.features import Features
from limner.media import care, figure, flow
from limner.media.arrays import Floats
from limner.media.raster import bilateral, blur, broad_blur, lightness, resize, steepness

PLANNING = 512
"""Longer side of the planning canvas in px."""

MAX_SIDE = 16_384
"""Longest side of a picture that is read, in px."""

KEPT = 4096
"""Pictures with a longer side are averaged down to it when they are read."""

_OVERSHOOT = 0.1  # floats a little outside 0..1, as sharp resizing leaves them, are clipped

MAX_ASPECT = 6.0
"""Longest side over shortest of a picture that is painted."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Guide:
    """A portrait at planning size, and what a painter sees in it."""

    colour: Floats
    """sRGB 0..1, float32 [h, w, 3]; the longer side has `PLANNING` px."""
    source: Floats
    """The picture as it came, sRGB 0..1, float32 [h', w', 3]."""
    care: Floats
    """How carefully each place is painted, 0..1, float32 [h, w]: editable, see `with_care`."""
    features: Features | None
    """Where the parts of the face lie, in units of the longer side; None if no face is known."""

    @classmethod
    def of(
        cls, picture: npt.NDArray[np.generic], features: Features | None = None, care_map: Floats | None = None
    ) -> Guide:
        """Look at a picture.

        Args:
            picture: [h, w], [h, w, 1], [h, w, 3] or [h, w, 4]; uint8, uint16, or floats in 0..1.  Alpha
                is laid over white.  Any size up to `MAX_SIDE`.
            features: where the parts of the face lie.
            care_map: where care is taken, 0..1, any size of the same aspect; None derives it from the
                features, or from a prior for portraits if there are none.

        Raises:
            PictureError: another shape or type, values that are not finite or far outside 0..1, or sides that
                differ by more than `MAX_ASPECT`.
        """
        source = as_colour(picture)
        high, wide = source.shape[:2]
        scale = PLANNING / max(high, wide)
        size = (max(1, round(high * scale)), max(1, round(wide * scale)))
        colour = np.clip(resize(source, size, "area" if scale < 1 else "lanczos"), 0, 1)
        attention = care.care_of(colour, features) if care_map is None else _care(care_map, size)
        return cls(colour=colour, source=source, care=attention, features=features)

    def with_care(self, care_map: Floats) -> Guide:
        """The same portrait with an edited care map (0..1, resized to planning size).

        Raises:
            InputError: not a finite array [h, w].
        """
        attention = _care(care_map, self.shape)
        return Guide(colour=self.colour, source=self.source, care=attention, features=self.features)

    @property
    def shape(self) -> tuple[int, int]:
        """Height and width at planning size."""
        return self.colour.shape[0], self.colour.shape[1]

    @cached_property
    def tone(self) -> Floats:
        """Perceived lightness 0..1 (CIE L* / 100), float32 [h, w]."""
        return lightness(self.colour)

    @cached_property
    def calm(self) -> Floats:
        """The colours without their small unrest, edges kept; float32 [h, w, 3]."""
        return bilateral(self.colour, 7, 0.10, 3.0)

    @cached_property
    def flow(self) -> flow.Flow:
        """Which way a brush follows the form."""
        return flow.flow_of(self.colour, self.features)

    @cached_property
    def attention(self) -> Floats:
        """The care map, raised along clear edges of the sitter, which a painter restates; 0..1, float32 [h, w]."""
        edge = blur(steepness(blur(self.tone, 1.3)), 1.5)
        clear = edge / (edge + np.float32(0.012))
        near = np.clip(1.8 * broad_blur(self.face, 10.0), 0, 1)  # the face with its hairline and jaw
        return np.clip(self.care + clear * (0.03 + 0.57 * near) * np.clip(3 * self.care, 0, 1), 0, 1)

    @cached_property
    def figure(self) -> Floats:
        """How much each place belongs to the sitter, 0..1, float32 [h, w]."""
        return figure.figure_of(self.colour, self.features)

    @cached_property
    def face(self) -> Floats:
        """1 inside the face's outline, falling softly to 0; float32 [h, w].  Without features: where care is high."""
        if self.features is None:
            return np.clip((self.care - np.float32(0.3)) * 3, 0, 1)
        points = self.features.face * max(self.shape)
        return care.soft_polygon(self.shape, points, 0.05 * float(np.ptp(points[:, 1])))

    @cached_property
    def hair(self) -> Floats:
        """Where hair is likely: the figure outside the face, above the chin; 0..1, float32 [h, w]."""
        high = self.shape[0]
        chin = float(self.features.face[:, 1].max()) * max(self.shape) if self.features is not None else 0.8 * high
        rows = np.arange(high, dtype=np.float32)[:, None]
        above = np.clip((chin + 0.06 * high - rows) / (0.10 * high), 0, 1)
        return np.clip(self.figure - self.face, 0, 1) * above.astype(np.float32)


def as_colour(picture: npt.NDArray[np.generic]) -> Floats:
    """Any picture array as sRGB 0..1, float32 [h, w, 3]; see `Guide.of`."""
    array = np.asarray(picture)
    if array.ndim == 2:
        array = array[..., None]
    if array.ndim != 3 or array.shape[2] not in (1, 3, 4) or 0 in array.shape:
        raise PictureError(
            f"An array of shape {np.shape(picture)} is no picture.", "Give [h, w], [h, w, 3] or [h, w, 4]."
        )
    high, wide = array.shape[:2]
    if max(high, wide) > MAX_ASPECT * min(high, wide):
        raise PictureError(
            f"The picture has {wide} x {high} px; its sides differ by more than {MAX_ASPECT:g} times.", "Crop it first."
        )
    if max(high, wide) > MAX_SIDE:
        raise PictureError(
            f"The picture has {wide} x {high} px; at most {MAX_SIDE} a side are read.", "Reduce it first."
        )
    values = _unit(_reduced(array))
    if values.shape[2] == 4:
        alpha = values[..., 3:]
        values = values[..., :3] * alpha + (1 - alpha)
    if values.shape[2] == 1:
        values = np.repeat(values, 3, axis=2)
    return np.ascontiguousarray(values, np.float32)


def _reduced(array: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """A very large picture averaged down to `KEPT` px before anything else, so that it fits in memory."""
    import cv2

    scale = KEPT / max(array.shape[:2])
    if scale >= 1 or array.dtype.name not in ("uint8", "uint16", "float32", "float64"):
        return array
    size = (max(1, round(array.shape[1] * scale)), max(1, round(array.shape[0] * scale)))
    small = np.asarray(cv2.resize(array, size, interpolation=cv2.INTER_AREA))
    return small.reshape(*small.shape[:2], -1)


def _unit(array: npt.NDArray[Any]) -> Floats:
    """Values of any type that is read, in 0..1."""
    if array.dtype == np.uint8:
        return array.astype(np.float32) / np.float32(255)
    if array.dtype == np.uint16:
        return array.astype(np.float32) / np.float32(65535)
    if not np.issubdtype(array.dtype, np.floating):
        raise PictureError(f"A picture of type {array.dtype} is not read.", "Use uint8, uint16 or floats in 0..1.")
    finite = np.isfinite(array)
    if not finite.all():
        broken = int((~finite).any(-1).sum())
        raise PictureError(f"The picture holds {broken} pixels that are not finite.", "Repair them first.")
    low, high = float(array.min()), float(array.max())
    if low < -_OVERSHOOT or high > 1 + _OVERSHOOT:
        raise PictureError(
            f"The picture's values run from {low:g} to {high:g}; floats must lie in 0..1.",
            "Divide by the largest first.",
        )
    return np.clip(array.astype(np.float32), 0, 1)


def _care(care_map: Floats, shape: tuple[int, int]) -> Floats:
    array = np.asarray(care_map, np.float32)
    if array.ndim != 2 or 0 in array.shape or not np.isfinite(array).all():
        raise InputError(f"A care map is a finite array [h, w], not one of shape {array.shape}.")
    grows = shape[0] > array.shape[0]
    return np.clip(resize(array, shape, "linear" if grows else "area"), 0, 1)
