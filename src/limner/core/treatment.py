"""The treatment: the medium that paints a portrait at full size, and everything that was turned on it.

A treatment is complete: every parameter stands in it with its value, so a recipe paints the same picture
whether or not a later Limner has other defaults.  What the values mean is the medium's affair.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from limner.core.errors import RecipeError

Value = float | int | str
"""What a parameter can be set to."""


def _no_values() -> Mapping[str, Value]:
    return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Composed:
    """A change of what is portrayed, made before the medium paints it."""

    id: str
    """Id of the composition ("carved")."""
    version: int = 1
    """Version of it: raised whenever it would give other pictures."""
    parameters: Mapping[str, Value] = field(default_factory=_no_values)
    """Every parameter of the composition by name."""

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values; `from_json` is the inverse."""
        return {"id": self.id, "version": self.version, "parameters": dict(self.parameters)}

    @classmethod
    def from_json(cls, data: object) -> Composed:
        """Read `to_json`'s form.

        Raises:
            RecipeError: a field is missing, unknown or of the wrong type.
        """
        if not isinstance(data, Mapping):
            raise RecipeError(f"A composition is a JSON object, not {type(data).__name__}.")
        fields: dict[str, Any] = {str(k): v for k, v in data.items()}  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
        if odd := set(fields) ^ {"id", "version", "parameters"}:
            raise RecipeError(f"A composition in this recipe has too many or too few fields: {', '.join(sorted(odd))}.")
        if not isinstance(fields["id"], str):
            raise RecipeError(f"The composition's id is not text: {fields['id']!r}.")
        version = _version(fields["version"], "composition")
        return cls(id=fields["id"], version=version, parameters=_values(fields["parameters"], "composition parameters"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Treatment:
    """How a finished portrait is painted."""

    medium: str
    """Id of the medium ("oil")."""
    version: int = 1
    """Version of the medium's hand: raised whenever it would paint other pictures."""
    style: str = ""
    """Style whose bundle the values come from; empty if none."""
    landmarks: str = ""
    """Hash of the weights that find the face, by which care is taken; empty if the picture has no face."""
    parameters: Mapping[str, Value] = field(default_factory=_no_values)
    """Every parameter of the medium by name."""
    surface: Mapping[str, Value] = field(default_factory=_no_values)
    """What is painted on: every parameter of the ground by name."""
    light: Mapping[str, Value] = field(default_factory=_no_values)
    """The light on the painting: every parameter by name."""
    compositions: tuple[Composed, ...] = ()
    """What is done to the portrait before it is painted, in order."""
    care: str = ""
    """How carefully each place is painted, as an artist edited it (`limner.media.care_map`); empty = by the face."""

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values, compositions and care map only where there are any; `from_json` is the inverse."""
        data: dict[str, Any] = {
            "medium": self.medium,
            "version": self.version,
            "style": self.style,
            "landmarks": self.landmarks,
            "parameters": dict(self.parameters),
            "surface": dict(self.surface),
            "light": dict(self.light),
        }
        if self.compositions:
            data["compositions"] = [one.to_json() for one in self.compositions]
        if self.care:
            data["care"] = self.care
        return data

    @classmethod
    def from_json(cls, data: object) -> Treatment:
        """Read `to_json`'s form.

        Raises:
            RecipeError: a field is missing, unknown or of the wrong type.
        """
        if not isinstance(data, Mapping):
            raise RecipeError(f"A treatment is a JSON object, not {type(data).__name__}.")
        fields: dict[str, Any] = {str(k): v for k, v in data.items()}  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
        composed, care = fields.pop("compositions", ()), fields.pop("care", "")
        if odd := set(fields) ^ _FIELDS:
            raise RecipeError(f"The treatment in this recipe has too many or too few fields: {', '.join(sorted(odd))}.")
        _version(fields["version"], "medium")
        if not isinstance(composed, Sequence) or isinstance(composed, str):
            raise RecipeError(f"The treatment's compositions are not a list: {composed!r}.")
        if not isinstance(care, str):
            raise RecipeError("The treatment's care map is not text.")
        for name in ("medium", "style", "landmarks"):
            if not isinstance(fields[name], str):
                raise RecipeError(f"The treatment's {name} is not text: {fields[name]!r}.")
        for name in ("parameters", "surface", "light"):
            fields[name] = _values(fields[name], name)
        several: Sequence[object] = composed  # pyright: ignore[reportUnknownVariableType]
        return cls(**fields, compositions=tuple(Composed.from_json(one) for one in several), care=care)


_FIELDS = {"medium", "version", "style", "landmarks", "parameters", "surface", "light"}


def _version(value: object, what: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise RecipeError(f"The version of the {what} is not a whole number from 1 up: {value!r}.")
    return value


def _values(data: object, name: str) -> dict[str, Value]:
    if not isinstance(data, Mapping):
        raise RecipeError(f"The treatment's {name} are not a JSON object.")
    values: dict[str, Any] = {str(k): v for k, v in data.items()}  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
    for key, value in values.items():
        right = isinstance(value, str | int | float) and not isinstance(value, bool)
        if not right or (isinstance(value, float) and not math.isfinite(value)):
            raise RecipeError(f"The treatment's {name} {key} = {value!r} is neither a number nor text.")
    return values
