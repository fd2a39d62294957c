"""Compositions as they are asked for ("carved stone=jade veins=0.6"), and as a recipe keeps them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from limner.core.errors import InputError, RecipeError
from limner.core.treatment import Composed
from limner.media.compositions.composition import Composition
from limner.media.compositions.shipped import composition
from limner.media.parameters import Parameters

NONE = "none"
"""What is asked for to have none."""

PREFIX = "composition."
"""What names of settings begin with that turn a composition."""


def composed(asked: Sequence[str | Composed], turned: Mapping[str, object]) -> tuple[Composed, ...]:
    """Complete compositions, in order; what is asked for twice is one, turned by both.

    Args:
        asked: a name with settings ("carved stone=jade"), or what a recipe holds; "none" for none.
        turned: settings by name; each turns every one that has it.

    Raises:
        InputError: an unknown composition or setting, or a value that is not allowed.
    """
    wanted: dict[str, tuple[Composition, dict[str, object]]] = {}
    for one in asked:
        name, values = (one.id, dict(one.parameters)) if isinstance(one, Composed) else _parsed(one)
        if name == NONE:
            if len(asked) > 1:
                raise InputError("There is 'none' among several compositions.", "Name it alone.")
            continue
        kind = composition(name)
        wanted.setdefault(kind.id, (kind, {}))[1].update(values)
    for name, value in turned.items():
        having = [v for kind, v in wanted.values() if name in {p.name for p in kind.parameters.parameters()}]
        if not having:
            said = ", ".join(wanted) or "none is asked for"
            raise InputError(f"No composition has a setting {name!r} ({said}).", "limner compositions NAME lists them.")
        for values in having:
            values[name] = value
    return tuple(
        Composed(id=kind.id, version=kind.version, parameters=_turned(kind, values)) for kind, values in wanted.values()
    )


def _parsed(text: str) -> tuple[str, dict[str, object]]:
    """A name and settings from "carved stone=jade veins=0.6"."""
    words = text.split()
    name = [word for word in words if "=" not in word]
    values: dict[str, object] = {}
    for word in words[len(name) :]:
        key, equals, value = word.partition("=")
        if not equals:
            raise InputError(f"The composition {text!r} is not of the form NAME SETTING=VALUE ...")
        values[key] = value
    return "-".join(name), values


def _turned(kind: Composition, values: Mapping[str, object]) -> dict[str, int | float | str]:
    try:
        return kind.parameters.of(values).to_json()
    except InputError as exc:
        hint = exc.hint or f"See limner compositions {kind.id}."
        raise InputError(f"{kind.title}: {exc.message}", hint) from exc


def kit_of(kept: Composed) -> tuple[Composition, Parameters]:
    """A recipe's composition, ready to work with.

    Raises:
        RecipeError: an unknown one, another version of it, or values that it does not know.
    """
    try:
        kind = composition(kept.id)
    except InputError as exc:
        raise RecipeError(f"The recipe wants a composition that is not here. {exc.message}", exc.hint) from exc
    if kept.version != kind.version:
        raise RecipeError(
            f"The recipe wants version {kept.version} of {kind.id}; this Limner has version {kind.version}.",
            f"Repaint it with --composition {kind.id} to take the version at hand.",
        )
    try:
        if missing := [p.name for p in kind.parameters.parameters() if p.name not in kept.parameters]:
            raise InputError(f"{', '.join(missing)} is missing.")
        return kind, kind.parameters.of(kept.parameters)
    except InputError as exc:
        raise RecipeError(f"The composition in this recipe is not valid: {exc.message}", exc.hint) from exc
