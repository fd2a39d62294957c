"""Styles: which medium paints in a manner, and what is turned on it.

The names are those of the lexicon's movements, so that words choose a style; its words, dials and colours
stand there, its hand stands here, in `styles.json`.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType

from limner.core.errors import InputError
from limner.core.treatment import Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """The hand of one manner."""

    name: str
    """As in the lexicon ("dutch golden age")."""
    medium: str
    """Id of the medium."""
    settings: Mapping[str, Value]
    """What is turned: the medium's parameters, `surface.*` and `light.*`."""
    compositions: tuple[str, ...] = ()
    """What is done to the portrait before it is painted ("cast metal=bronze")."""


@cache
def styles() -> Mapping[str, Style]:
    """All styles by name, in the order of the file."""
    data = json.loads(resources.files("limner.media").joinpath("styles.json").read_text("utf-8"))
    return MappingProxyType(
        {
            name: Style(
                name=name,
                medium=entry["medium"],
                settings=entry["settings"],
                compositions=tuple(entry.get("compositions", ())),
            )
            for name, entry in data.items()
        }
    )


def style(name: str) -> Style:
    """A style by name, whatever its case.

    Raises:
        InputError: there is none; the message names those that resemble it.
    """
    wanted = " ".join(name.casefold().split())
    if wanted not in styles():
        near = difflib.get_close_matches(wanted, styles(), 3, 0.6)
        hint = (
            f"Did you mean {' or '.join(near)}?"
            if near
            else "limner styles lists those with a hand of their own; name any other manner in the brief."
        )
        raise InputError(f"There is no style {name!r}.", hint)
    return styles()[wanted]
