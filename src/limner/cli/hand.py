"""The options that say which hand paints: medium, style, composition, ground, light, care and settings."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])

_OPTIONS = (
    click.option("--medium", metavar="NAME", help="What paints it: oil, charcoal ...; see limner media."),
    click.option("--style", default="", metavar="NAME", help="Manner of painting: baroque ...; see limner styles."),
    click.option(
        "--composition", "compositions", multiple=True, metavar="NAME",
        help="What is done to the portrait first: carved, dissolve ...; repeatable; see limner compositions.",
    ),
    click.option("--surface", "--canvas", "surface", metavar="KIND", help="linen, panel, paper, laid or smooth."),
    click.option("--light", metavar="X,Y", help="Where light comes from, -1..1: left to right, below to above."),
    click.option(
        "--care", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
        help="A map of where care is taken, white = most, as limner care makes it.",
    ),
    click.option(
        "--set-param", "params", multiple=True, metavar="NAME=VALUE",
        help="Turn a setting of the medium, or surface.NAME, light.NAME or composition.NAME. Repeatable; "
        "see limner media NAME.",
    ),
)  # fmt: skip


def hand_options(command: F) -> F:
    """Give a command the options: `medium`, `style`, `compositions`, `surface`, `light`, `care` and `params`."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def settings_of(
    surface: str | None, light: str | None, params: tuple[str, ...], care: Path | None
) -> dict[str, object]:
    """What the options turn, by name.

    Raises:
        InputError: a value that is not of the form it must have.
        PictureError: a care map that cannot be read.
    """
    from limner.core.errors import InputError

    settings: dict[str, object] = {}
    if surface is not None:
        settings["surface.kind"] = surface
    if light is not None:
        x, comma, y = light.partition(",")
        if not comma:
            raise InputError(f"--light {light} is not of the form X,Y.", "Give two numbers: --light -0.6,0.5")
        settings |= {"light.x": x.strip(), "light.y": y.strip()}
    if care is not None:
        settings["care.map"] = _care_in(care)
    for text in params:
        name, equals, value = text.partition("=")
        if not equals or not name.strip():
            raise InputError(f"--set-param {text} is not of the form NAME=VALUE.", "limner media NAME lists them.")
        settings[name.strip()] = value.strip()
    return settings


def _care_in(file: Path) -> str:
    import numpy as np

    from limner.cli.files import read_bytes
    from limner.core.picture import read_picture
    from limner.media.care_map import packed

    grey = read_picture(read_bytes(file), file.name).astype(np.float32).mean(2)
    return packed((grey / np.float32(255)).astype(np.float32))
