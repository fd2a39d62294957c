"""Prints: a size on paper and a resolution become a size in px."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from fractions import Fraction

from limner.core.errors import InputError
from limner.core.recipe import MAX_SIZE
from limner.provenance.disclosure import check_dpi

DPI = 300.0
"""Resolution of a print that is not said: what print shops ask for at arm's length."""

_INCHES = {"in": Fraction(1), "cm": Fraction(100, 254), "mm": Fraction(10, 254)}
_PAPER = re.compile(r"(?P<wide>\d+(?:\.\d+)?)(?:x(?P<high>\d+(?:\.\d+)?))?(?P<unit>in|cm|mm)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """The room for a picture on paper."""

    wide: Fraction
    """In inches."""
    high: Fraction
    """In inches."""
    text: str
    """As it was written."""

    @classmethod
    def parse(cls, text: str) -> Paper:
        """Read "30cm", "12in", "20x30cm", "210x297mm".

        Raises:
            InputError: another form, or nothing.
        """
        plain = "".join(text.split()).lower().replace("\u00d7", "x")
        found = _PAPER.fullmatch(plain)
        if found is None:
            raise InputError(f"{text!r} is no size of a print.", "Write 30cm, 12in, 20x30cm or 210x297mm.")
        inch = _INCHES[found["unit"]]
        wide = Fraction(found["wide"]) * inch
        high = Fraction(found["high"]) * inch if found["high"] else wide
        if not wide or not high:
            raise InputError(f"A print of {text} has no room for a picture.", "Write 30cm, 12in or 20x30cm.")
        return cls(wide=wide, high=high, text=text)

    def longer_side(self, aspect: float = 1.0) -> Fraction:
        """Longer side in inches of the largest picture that the paper has room for.

        Args:
            aspect: the picture's width over its height.
        """
        shape = Fraction(aspect).limit_denominator(10_000)
        wide = min(self.wide, self.high * shape)
        return max(wide, wide / shape)


def print_side(paper: Paper, dpi: float, *, aspect: float = 1.0, largest: int = MAX_SIZE) -> int:
    """Longer side in px of a print, rounded up: at least the resolution that was asked for.

    Args:
        paper: the room for it.
        dpi: px to an inch.
        aspect: the picture's width over its height.
        largest: longest side in px that can be painted.

    Raises:
        InputError: a resolution that is not allowed, or more px than can be painted; it names a resolution
            that would do.
    """
    check_dpi(dpi)
    inches = paper.longer_side(aspect)
    side = math.ceil(inches * Fraction(dpi))
    if side > largest:
        able = math.floor(largest / inches)
        do = f"--dpi {able} would do." if able >= 1 else f"{math.floor(largest / DPI)}in is the most at {DPI:g} dpi."
        raise InputError(
            f"A print of {paper.text} at {dpi:g} dpi has {side:,} px; at most {largest:,} are painted.", do
        )
    return side
