"""What a large piece of work will take."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """Cost of painting, scaled up from a few portraits."""

    portraits: int
    seconds: float
    """Time, files included."""
    bytes: int
    """Room on disk."""

    def __str__(self) -> str:
        minutes = self.seconds / 60
        time = f"{minutes:.0f} min" if minutes >= 2 else f"{self.seconds:.0f} s"
        noun = "portrait" if self.portraits == 1 else "portraits"
        return f"{self.portraits:,} {noun}, about {time} and {self.bytes / 1e6:.0f} MB"
