"""Named, bounded, documented parameters: what an artist may turn on a medium.

A medium's parameters are a frozen dataclass that derives from `Parameters`; every field is made by
`number`, `whole`, `choice` or `colour`, which hold its range, unit and help.  A value outside its
range is an error, never silently moved.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Literal, Self

from limner.core.errors import InputError
from limner.core.palette import parse_hex

Kind = Literal["number", "whole", "choice", "colour"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One thing that can be turned."""

    name: str
    kind: Kind
    default: Any
    help: str
    low: float = 0.0
    """Smallest value of a number."""
    high: float = 0.0
    """Largest value of a number."""
    unit: str = ""
    """What a number counts ("px at 1024", "share")."""
    choices: tuple[str, ...] = ()
    """All values of a choice."""

    def read(self, value: object) -> Any:
        """The value, from itself or from text.

        Raises:
            InputError: not of this kind, or out of range.
        """
        if self.kind in ("number", "whole"):
            return self._read_number(value)
        if self.kind == "choice":
            if value not in self.choices:
                raise InputError(f"{self.name} = {value!r} is not one of {', '.join(self.choices)}.")
            return value
        red, green, blue = parse_hex(str(value))
        return f"#{red:02x}{green:02x}{blue:02x}"

    def _read_number(self, value: object) -> float | int:
        number: Any = value
        if isinstance(value, str):
            try:
                number = float(value)
            except ValueError:
                number = None
        right = isinstance(number, int | float) and not isinstance(number, bool) and math.isfinite(number)
        if right and self.kind == "whole" and float(number).is_integer():
            number = int(number)
        if not right or (self.kind == "whole" and not isinstance(number, int)) or not self.low <= number <= self.high:
            kind = "a whole number" if self.kind == "whole" else "a number"
            unit = f" ({self.unit})" if self.unit else ""
            raise InputError(f"{self.name} = {value!r} is not {kind} from {self.low:g} to {self.high:g}{unit}.")
        return number if self.kind == "whole" else float(number)

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        shown: dict[str, Any] = {"name": self.name, "kind": self.kind, "default": self.default, "help": self.help}
        if self.kind in ("number", "whole"):
            shown |= {"low": self.low, "high": self.high, "unit": self.unit}
        if self.kind == "choice":
            shown["choices"] = list(self.choices)
        return shown


def number(default: float, low: float, high: float, help: str, *, unit: str = "") -> Any:
    """A field that holds a number."""
    return _field(kind="number", default=default, help=help, low=low, high=high, unit=unit)


def whole(default: int, low: int, high: int, help: str, *, unit: str = "") -> Any:
    """A field that holds a whole number."""
    return _field(kind="whole", default=default, help=help, low=low, high=high, unit=unit)


def choice(default: str, choices: tuple[str, ...], help: str) -> Any:
    """A field that holds one of some words."""
    return _field(kind="choice", default=default, help=help, choices=choices)


def colour(default: str, help: str) -> Any:
    """A field that holds a colour, #rrggbb."""
    return _field(kind="colour", default=default, help=help)


def _field(*, default: Any, **facts: Any) -> Any:
    return field(default=default, metadata={"parameter": facts | {"default": default}})


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """What all sets of parameters can do.

    Raises:
        InputError: a value that its parameter does not allow.
    """

    def __post_init__(self) -> None:
        for parameter in self.parameters():
            object.__setattr__(self, parameter.name, parameter.read(getattr(self, parameter.name)))

    @classmethod
    def parameters(cls) -> tuple[Parameter, ...]:
        """Everything that can be turned, in order."""
        return tuple(Parameter(name=f.name, **f.metadata["parameter"]) for f in fields(cls))

    @classmethod
    def of(cls, values: Mapping[str, object]) -> Self:
        """Parameters from values by name (numbers or text); what is not named keeps its default.

        Raises:
            InputError: an unknown name or a value that is not allowed.
        """
        known = {parameter.name for parameter in cls.parameters()}
        if unknown := [name for name in values if name not in known]:
            raise InputError(
                f"There is no parameter {', '.join(map(repr, unknown))}.", f"Known are: {', '.join(sorted(known))}."
            )
        return cls(**dict(values))

    def to_json(self) -> dict[str, Any]:
        """Values by name; `of` is the inverse."""
        return {parameter.name: getattr(self, parameter.name) for parameter in self.parameters()}
