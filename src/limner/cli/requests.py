"""Options that say what is to be painted, for the commands that paint later."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from limner.core.recipe import Recipe
    from limner.studio.studio import Studio

F = TypeVar("F", bound=Callable[..., Any])

_OPTIONS = (
    click.option("--seed", type=int, help="Seed of the first portrait; the others count up."),
    click.option(
        "--dial",
        "dials",
        multiple=True,
        metavar="NAME=VALUE",
        help="Set a dial, -1..1, or a part's colour. Repeatable.",
    ),
    click.option("--palette", default="", metavar="COLOURS", help="Colours as #rrggbb,#rrggbb,..."),
    click.option("--avoid", default="", metavar="WORDS", help="Words to stay away from."),
    click.option("--guidance", type=float, help="How closely words and dials are followed, 1..8."),
    click.option("--variety", type=float, help="Spread of the noise, 0.2..1.5."),
    click.option("--size", type=int, help="Side in px, 64..4096."),
)


def brief_options(command: F) -> F:
    """Adds the options of a brief to a command; `brief_of` reads them."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def brief_of(options: dict[str, Any]) -> dict[str, Any]:
    """The options of `brief_options` as arguments of `Studio.plan`.

    Raises:
        DialError: a dial that is none.
    """
    from limner.core.dials import dial_table

    settings: dict[str, float] = {}
    for text in options.pop("dials"):
        settings |= dial_table().parse(text)
    palette = tuple(c for c in options.pop("palette").replace(",", " ").split() if c)
    given = {name: options.pop(name) for name in ("seed", "avoid", "guidance", "variety", "size")}
    return {"dials": settings, "palette": palette} | {name: v for name, v in given.items() if v is not None}


def plan(studio: Studio, words: str, count: int, options: dict[str, Any]) -> list[Recipe]:
    """The recipes that the options ask for."""
    return studio.plan(words, n=count, **brief_of(options))
