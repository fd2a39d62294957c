"""The compositions that ship with Limner, in the order in which they are listed."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from limner.core.errors import InputError
from limner.media.compositions.architecture import ARCHITECTURE
from limner.media.compositions.carved import CARVED
from limner.media.compositions.cast import CAST
from limner.media.compositions.composition import Composition
from limner.media.compositions.cubist import CUBIST
from limner.media.compositions.dissolve import DISSOLVE


@cache
def compositions() -> Mapping[str, Composition]:
    """All compositions by id."""
    return MappingProxyType({c.id: c for c in (CARVED, CAST, DISSOLVE, ARCHITECTURE, CUBIST)})


def composition(name: str) -> Composition:
    """A composition by id or name, whatever its case.

    Raises:
        InputError: there is none; the message names those that resemble it.
    """
    wanted = "-".join(name.casefold().split())
    known = compositions()
    if wanted not in known:
        near = difflib.get_close_matches(wanted, known, 3, 0.5)
        hint = f"Did you mean {' or '.join(near)}?" if near else f"Known are: {', '.join(known)}."
        raise InputError(f"There is no composition {name!r}.", hint)
    return known[wanted]
