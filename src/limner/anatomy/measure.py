"""The formula of every dial: what is measured, in which unit, from which part of the picture.

Geometry is measured on the 478 landmarks and divided by the distance between the outer eye corners
(33 and 263), so that it does not depend on the picture's size.  Colour is measured in CIE Lab as the
median over a region mask, on the picture averaged down to 128 px.  x grows to the viewer's right, y
downwards.  The raw values returned here become dial settings through the quantile tables of
`limner.anatomy.scale`.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from limner.anatomy import regions
from limner.anatomy.regions import Mask, Points
from limner.core.palette import rgb_to_lab
from limner.core.picture import box_resize

MEASURED = (
    "yaw", "pitch", "smile", "mouth_open", "brow_raise", "eye_open", "gaze_x", "gaze_y",
    "face_width", "skin", "skin_red", "skin_yellow", "hair", "hair_red", "hair_yellow",
    "background", "background_red", "background_yellow", "eyes", "eyes_red", "eyes_yellow",
    "light_x", "light_y", "brightness", "contrast", "saturation", "warmth", "detail",
)  # fmt: skip
"""Names of the raw values, in the order of the arrays that `measure` fills."""

_SIDE = 128  # px at which colours are measured


def measure(picture: npt.NDArray[np.uint8], landmarks: Points) -> dict[str, float]:
    """Measure one aligned portrait.

    Args:
        picture: uint8 RGB [256, 256, 3] in the training frame.
        landmarks: [478, 2 or 3], x and y in units of the picture's side (0..1).

    Returns:
        Raw value of every name in `MEASURED`.
    """
    values = geometry(landmarks) | colours(picture, landmarks) | {"detail": _detail(picture)}
    return {name: float(values[name]) for name in MEASURED}


def geometry(landmarks: Points) -> dict[str, float]:
    """The part of `measure` that needs landmarks only."""
    p = np.asarray(landmarks[:, :2], np.float32)
    between = float(np.hypot(*(p[33] - p[263])))
    lip = (p[13, 1] + p[14, 1]) / 2
    corners = (p[61, 1] + p[291, 1]) / 2
    return {
        # nose tip against the middle of the face: positive looks to the viewer's right
        "yaw": (p[1, 0] - (p[234, 0] + p[454, 0]) / 2) / (p[454, 0] - p[234, 0]),
        # nose tip against the middle of forehead and chin: positive looks down
        "pitch": (p[1, 1] - (p[10, 1] + p[152, 1]) / 2) / (p[152, 1] - p[10, 1]),
        # corners of the mouth above the middle of the lips
        "smile": (lip - corners) / between,
        "mouth_open": np.log1p(50 * max(0.0, p[14, 1] - p[13, 1]) / between),
        "brow_raise": ((p[159, 1] - p[105, 1]) + (p[386, 1] - p[334, 1])) / 2 / between,
        "eye_open": (
            np.hypot(*(p[159] - p[145])) / np.hypot(*(p[33] - p[133]))
            + np.hypot(*(p[386] - p[374])) / np.hypot(*(p[362] - p[263]))
        )
        / 2,
        # iris between the corners of its eye: positive looks to the viewer's right
        "gaze_x": ((p[468, 0] - p[33, 0]) / (p[133, 0] - p[33, 0]) + (p[473, 0] - p[362, 0]) / (p[263, 0] - p[362, 0]))
        / 2,
        # iris against the line through the corners of its eye: positive looks down
        "gaze_y": ((p[468, 1] - (p[33, 1] + p[133, 1]) / 2) + (p[473, 1] - (p[362, 1] + p[263, 1]) / 2)) / 2 / between,
        "face_width": np.hypot(*(p[172] - p[397])) / np.hypot(*(p[10] - p[152])),
    }


def colours(picture: npt.NDArray[np.uint8], landmarks: Points) -> dict[str, float]:
    """The part of `measure` that looks at colours and light; the picture may have any size."""
    lab = rgb_to_lab(box_resize(picture, _SIDE))
    p = np.asarray(landmarks[:, :2], np.float32) * _SIDE
    values: dict[str, float] = {}
    cheeks = regions.cheeks(p, _SIDE)
    for name, mask in (
        ("skin", cheeks),
        ("hair", regions.crown(p, _SIDE)),
        ("background", regions.background(_SIDE)),
        ("eyes", regions.iris(p, _SIDE)),
    ):
        values[name], values[f"{name}_red"], values[f"{name}_yellow"] = _median(lab, mask)
    values |= _light(lab[..., 0], p, cheeks)
    values["brightness"] = float(lab[..., 0].mean())
    values["contrast"] = float(lab[..., 0].std())
    values["saturation"] = float(np.hypot(lab[..., 1], lab[..., 2]).mean())
    values["warmth"] = float(lab[..., 2].mean())
    return values


def _median(lab: npt.NDArray[np.float32], mask: Mask) -> tuple[float, float, float]:
    chosen = lab[mask]
    if len(chosen) == 0:  # a region outside the picture: the picture's own middle is the best guess
        chosen = lab.reshape(-1, 3)
    m = np.median(chosen, axis=0)
    return float(m[0]), float(m[1]), float(m[2])


def _light(lightness: npt.NDArray[np.float32], p: Points, cheeks: Mask) -> dict[str, float]:
    columns, rows = np.arange(_SIDE)[None, :], np.arange(_SIDE)[:, None]
    face = regions.skin(p, _SIDE)
    left = _mean(lightness, cheeks & (columns < p[1, 0]))
    right = _mean(lightness, cheeks & (columns > p[1, 0]))
    upper = _mean(lightness, face & (rows < p[[66, 296], 1].mean()))
    lower = _mean(lightness, cheeks & (rows > p[4, 1]))
    return {
        # positive: light from the viewer's right / from above
        "light_x": (right - left) / max(right + left, 1.0),
        "light_y": (upper - lower) / max(upper + lower, 1.0),
    }


def _mean(values: npt.NDArray[np.float32], mask: Mask) -> float:
    return float(values[mask].mean()) if mask.any() else float(values.mean())


def _detail(picture: npt.NDArray[np.uint8]) -> float:
    """Log10 of the variance of the Laplacian of luma: fine texture against smooth painting."""
    luma = picture.astype(np.float32) @ np.array([0.299, 0.587, 0.114], np.float32)
    laplacian = luma[:-2, 1:-1] + luma[2:, 1:-1] + luma[1:-1, :-2] + luma[1:-1, 2:] - 4 * luma[1:-1, 1:-1]
    return float(np.log10(laplacian.var() + 1.0))
