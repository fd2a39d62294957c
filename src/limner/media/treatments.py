"""Treatments: a medium and its settings as a value that a recipe keeps, and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from limner.core.errors import InputError, RecipeError
from limner.core.treatment import Composed, Treatment, Value
from limner.media.arrays import Floats
from limner.media.care_map import unpacked
from limner.media.compositions.asked import PREFIX, composed
from limner.media.light import Light
from limner.media.medium import Medium
from limner.media.parameters import Parameters
from limner.media.surface import Surface

P = TypeVar("P", bound=Parameters)

SURFACE, LIGHT = "surface.", "light."
"""What names of settings begin with that turn the ground and the light."""

CARE = "care.map"
"""Name of the setting that holds an edited care map (`limner.media.care_map.packed`); empty = by the face."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kit:
    """A treatment, ready to paint with."""

    parameters: Parameters
    surface: Surface
    light: Light
    care: Floats | None = None
    """The edited care map, 0..1, [h, w]."""


def treatment_of(
    medium: Medium,
    values: Mapping[str, object],
    *,
    style: str = "",
    landmarks: str = "",
    compositions: Sequence[str | Composed] = (),
) -> Treatment:
    """A complete treatment from what is turned; everything else keeps the medium's own value.

    Args:
        medium: what paints.
        values: settings by name: the medium's own parameters, `surface.*`, `light.*`,
            `composition.*` and `care.map`.
        style: style whose bundle they come from.
        landmarks: hash of the weights that find the face.
        compositions: what is done to the portrait first; see `limner.media.compositions.asked.composed`.

    Raises:
        InputError: an unknown name or a value that is not allowed; the message says what is.
    """
    care = values.get(CARE, "")
    if not isinstance(care, str) or (care and not unpacked(care).size):
        raise InputError(f"{CARE} = {care!r} is no care map.", "Make one with limner care.")
    values = {name: value for name, value in values.items() if name != CARE}
    own = {name: value for name, value in values.items() if not name.startswith((SURFACE, LIGHT, PREFIX))}
    surface = {name.removeprefix(SURFACE): value for name, value in values.items() if name.startswith(SURFACE)}
    light = {name.removeprefix(LIGHT): value for name, value in values.items() if name.startswith(LIGHT)}
    turned = {name.removeprefix(PREFIX): value for name, value in values.items() if name.startswith(PREFIX)}
    return Treatment(
        medium=medium.id,
        version=medium.version,
        style=style,
        landmarks=landmarks,
        parameters=_turned(medium, medium.parameters, own, ""),
        surface=_turned(medium, Surface, medium.surface.to_json() | surface, SURFACE),
        light=_turned(medium, Light, medium.light.to_json() | light, LIGHT),
        compositions=composed(compositions, turned),
        care=care,
    )


def _turned(medium: Medium, kind: type[Parameters], values: Mapping[str, object], prefix: str) -> dict[str, Value]:
    """Every value of one kind; what is not named keeps its default."""
    try:
        return kind.of(values).to_json()
    except InputError as exc:
        hint = exc.hint or f"See limner media {medium.id}."
        raise InputError(
            f"{medium.title}: {prefix}{exc.message}" if prefix else f"{medium.title}: {exc.message}", hint
        ) from exc


def values_of(treatment: Treatment) -> dict[str, Value]:
    """Every setting of a treatment's medium by name, as `treatment_of` takes them."""
    surface = {SURFACE + name: value for name, value in treatment.surface.items()}
    light = {LIGHT + name: value for name, value in treatment.light.items()}
    care: dict[str, Value] = {CARE: treatment.care} if treatment.care else {}
    return {**treatment.parameters, **surface, **light, **care}


def kit_of(medium: Medium, treatment: Treatment) -> Kit:
    """What to paint with.

    Raises:
        RecipeError: a treatment for another version of the medium, or values that it does not know.
    """
    if treatment.version != medium.version:
        raise RecipeError(
            f"The recipe wants version {treatment.version} of {medium.id}; this Limner has version {medium.version}.",
            "Repaint it with --medium to take the version at hand.",
        )
    try:
        return Kit(
            parameters=_complete(medium.parameters, treatment.parameters),
            surface=_complete(Surface, treatment.surface),
            light=_complete(Light, treatment.light),
            care=unpacked(treatment.care) if treatment.care else None,
        )
    except InputError as exc:
        raise RecipeError(f"The treatment in this recipe is not valid: {exc.message}", exc.hint) from exc


def _complete(kind: type[P], values: Mapping[str, Value]) -> P:
    """Parameters from a recipe, which must name them all."""
    if missing := [p.name for p in kind.parameters() if p.name not in values]:
        raise InputError(f"{', '.join(missing)} is missing.")
    return kind.of(values)
