"""Axes of a grid, as people write them.

smile=-1..1:5            five values from -1 to 1
seed=1, 2, .., 8         the row goes on as it began
add=at dawn || at dusk, in rain     values with commas are parted by ||
age=-0.5, SKIP: 0, 0.5   a hole: the value is shown and not painted
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from limner.core.dials import dial_table
from limner.core.errors import InputError
from limner.core.palette import parse_hex

MAX_VALUES = 500
"""Most values of an axis."""

TEXTS = ("words", "add", "avoid", "medium", "style", "palette")
WHOLE = ("seed", "size")
NUMBERS = ("guidance", "variety")

Setting = str | int | float


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """One place on an axis."""

    text: str
    """As it is shown."""
    setting: Setting
    hole: bool = False
    """Shown and not painted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """One thing that is varied."""

    name: str
    """A dial, or one of `TEXTS`, `WHOLE` and `NUMBERS`."""
    values: tuple[Value, ...]


def parse_axis(text: str, *, able: Collection[str] = (*TEXTS, *WHOLE, *NUMBERS)) -> Axis:
    """Read an axis.

    Args:
        text: `NAME=VALUES`.
        able: names beside the dials that can be varied.

    Raises:
        InputError: not an axis, an unknown name, a value that is not allowed.
        DialError: a dial's value outside -1..1.
    """
    name, sign, rest = text.partition("=")
    name = name.strip().lower().replace("-", "_")
    if not sign or not rest.strip():
        raise InputError(f"{text!r} is no axis.", "Write NAME=VALUES, for example smile=-1..1:5 or seed=1,2,3.")
    if name not in able and name not in dial_table():
        known = ", ".join(sorted(able))
        raise InputError(f"{name!r} cannot be varied.", f"Axes are {known}, and the dials (limner dials).")
    parts = [part.strip() for part in rest.split("||" if "||" in rest else ",")]
    if any(not part for part in parts):
        raise InputError(f"The axis {name} has an empty value in {rest.strip()!r}.", "Leave it out.")
    values = _numbers(name, parts) if name not in TEXTS else [_text(name, part) for part in parts]
    if len(values) > MAX_VALUES:
        raise InputError(f"The axis {name} has {len(values):,} values.", f"At most {MAX_VALUES} are allowed.")
    if double := [v.text for k, v in enumerate(values) if v.setting in [w.setting for w in values[:k]]]:
        raise InputError(f"The axis {name} has the value {double[0]!r} twice.")
    return Axis(name=name, values=tuple(values))


def _text(name: str, part: str) -> Value:
    hole, part = _hole(part)
    if name == "palette":
        for colour in part.split():
            parse_hex(colour)
    return Value(text=part, setting=part, hole=hole)


def _numbers(name: str, parts: Sequence[str]) -> list[Value]:
    read: Callable[[float], Setting] = (lambda v: _whole(name, v)) if name in WHOLE else float
    found: list[Value] = []
    for k, part in enumerate(parts):
        if part in ("..", "..."):
            found += [_value(name, v, read) for v in _going_on(name, parts, k, found)]
        elif match := re.fullmatch(r"(?P<from>[-+.\d]+)\.\.(?P<to>[-+.\d]+)(:(?P<steps>\d+))?", part):
            found += [_value(name, v, read) for v in _range(name, match)]
        else:
            hole, number = _hole(part)
            found.append(_value(name, _number(name, number), read, hole=hole))
    return found


def _going_on(name: str, parts: Sequence[str], k: int, found: Sequence[Value]) -> list[float]:
    """What `..` stands for between two values and the last one."""
    if len(found) < 2 or k + 1 != len(parts) - 1:
        raise InputError(f"The axis {name} goes on with .. from nothing.", "Write it like 1, 2, .., 10.")
    first, second = float(found[-2].setting), float(found[-1].setting)
    step, last = second - first, _number(name, _hole(parts[k + 1])[1])
    count = (last - second) / step if step else math.inf
    if not 0 <= count <= MAX_VALUES or abs(count - round(count)) > 1e-6:
        raise InputError(f"The axis {name} does not come to {last:g} in steps of {step:g}.")
    return [second + step * n for n in range(1, round(count))]


def _range(name: str, match: re.Match[str]) -> list[float]:
    first, last = _number(name, match["from"]), _number(name, match["to"])
    steps = int(match["steps"]) if match["steps"] else round(abs(last - first)) + 1
    if not 2 <= steps <= MAX_VALUES:
        raise InputError(f"The axis {name} has {steps} steps.", f"Give 2 to {MAX_VALUES}, like {name}=0..1:5.")
    return [first + (last - first) * k / (steps - 1) for k in range(steps)]


def _value(name: str, number: float, read: Callable[[float], Setting], *, hole: bool = False) -> Value:
    number = round(number, 6)
    if name in dial_table():
        dial_table().check(name, number)
    return Value(text=f"{number:g}", setting=read(number), hole=hole)


def _number(name: str, text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        raise InputError(f"{text!r} is no value of the axis {name}.", "Write a number.") from None
    if not math.isfinite(number):
        raise InputError(f"{text!r} is no value of the axis {name}.", "Write a number.")
    return number


def _whole(name: str, number: float) -> int:
    if number != round(number):
        raise InputError(f"{number:g} is no value of the axis {name}.", "Write a whole number.")
    return round(number)


def _hole(part: str) -> tuple[bool, str]:
    if part.upper().startswith("SKIP:"):
        return True, part[5:].strip()
    return False, part
