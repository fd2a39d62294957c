"""The main colours of a picture."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PIL import Image

from limner.core.palette import Colour, lab_to_rgb, rgb_to_lab
from limner.core.picture import Picture

COLOURS = 5
"""Most colours of a palette."""

_SIDE = 48
_FIRST = 12  # colours before those that look alike are joined
_ALIKE = 10.0  # Delta E*ab below which two colours are one


def palette_of(picture: Picture) -> tuple[tuple[str, float], ...]:
    """Main colours as #rrggbb and their share of the picture, largest first.

    Median cut (Heckbert 1982) on a small copy, then colours that can hardly be told apart are joined.

    Args:
        picture: uint8 RGB [h, w, 3].
    """
    small = Image.fromarray(picture).resize((_SIDE, _SIDE), Image.Resampling.BOX)
    boxes = np.asarray(small.quantize(_FIRST, method=Image.Quantize.MEDIANCUT))
    pixels = rgb_to_lab(np.asarray(small)).reshape(-1, 3).astype(np.float64)
    groups = [pixels[boxes.reshape(-1) == k] for k in range(int(boxes.max()) + 1)]
    found = _joined([(len(group), group.mean(0)) for group in groups if len(group)])
    total = sum(count for count, _ in found)
    return tuple((_hex(lab), round(count / total, 4)) for count, lab in found[:COLOURS])


def _joined(found: list[tuple[int, npt.NDArray[np.float64]]]) -> list[tuple[int, npt.NDArray[np.float64]]]:
    """Colours, the largest first, each at least `_ALIKE` from the others."""
    found = sorted(found, key=lambda item: -item[0])
    kept: list[tuple[int, npt.NDArray[np.float64]]] = []
    for count, lab in found:
        for k, (other, there) in enumerate(kept):
            if float(np.linalg.norm(lab - there)) < _ALIKE:
                kept[k] = (other + count, (there * other + lab * count) / (other + count))
                break
        else:
            kept.append((count, lab))
    return sorted(kept, key=lambda item: -item[0])


def _hex(lab: npt.NDArray[np.float64]) -> str:
    r, g, b = lab_to_rgb(lab)
    return f"#{r:02x}{g:02x}{b:02x}"


def lab_of(colour: str) -> tuple[float, float, float]:
    """CIE Lab of #rrggbb.

    Raises:
        InputError: not a colour.
    """
    found = Colour.of_hex(colour)
    return found.lightness, found.a, found.b
