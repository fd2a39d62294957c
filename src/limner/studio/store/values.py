"""What goes into the memory and comes out of it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from limner.core.recipe import Recipe

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of link in the lineage."""

    gloss: str
    """What the child is to the parent, in words."""
    same_sitter: bool
    """The child shows the parent's sitter."""


KINDS: Mapping[str, Kind] = {
    "painted": Kind(gloss="painted after", same_sitter=False),
    "varied": Kind(gloss="varied from", same_sitter=False),
    "edited": Kind(gloss="edited from", same_sitter=True),
    "aged": Kind(gloss="aged from", same_sitter=True),
    "bred": Kind(gloss="bred from", same_sitter=False),
    "repainted": Kind(gloss="repainted from", same_sitter=True),
    "altered": Kind(gloss="altered by hand from", same_sitter=True),
    "replayed": Kind(gloss="replayed from", same_sitter=False),
}
"""Every kind that this version makes; others (from newer versions) are kept as they are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """One parent of a portrait."""

    parent: str
    """Id of a portrait."""
    kind: str
    """One of `KINDS`."""
    share: float | None = None
    """How much of the child comes from this parent, 0..1, where that has a meaning (breeding)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Traits:
    """What was measured on a picture."""

    dials: Mapping[str, float] = field(default_factory=dict[str, float])
    """Settings -1..1 by dial name."""
    palette: tuple[tuple[str, float], ...] = ()
    """Main colours as #rrggbb with their share of the picture, largest first."""
    likeness: bytes = b""
    """Likeness vector as little-endian float16; empty if it was not measured."""

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values; `from_json` is the inverse."""
        import base64

        return {
            "dials": dict(self.dials),
            "palette": [list(p) for p in self.palette],
            "likeness": base64.b64encode(self.likeness).decode(),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Traits:
        """Read `to_json`'s form; raises KeyError, TypeError or ValueError where it is not."""
        import base64

        return cls(
            dials={str(k): float(v) for k, v in data["dials"].items()},
            palette=tuple((_colour(c), float(s)) for c, s in data["palette"]),
            likeness=base64.b64decode(data["likeness"], validate=True),
        )


def _colour(text: object) -> str:
    if not isinstance(text, str) or re.fullmatch(r"#[0-9a-f]{6}", text) is None:
        raise ValueError(f"{text!r} is no colour")
    return text


def pack_likeness(vector: Floats) -> bytes:
    """A likeness vector, float32 [n], as it is stored."""
    return np.asarray(vector, "<f2").tobytes()


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """A finished picture on its way into the memory."""

    data: bytes
    """The whole file: PNG, JPEG or WebP."""
    recipe: Recipe | None = None
    """What it was painted from; None for work that no recipe makes (altered by hand)."""
    origins: tuple[Origin, ...] = ()
    """Its parents, which the studio must know (or get in the same call, earlier)."""
    sitter: str = ""
    """Who it shows; empty for the parent's sitter where the kind of link says so, else someone new."""
    edit: str = ""
    """What was done to the parent, in words."""
    reason: str = ""
    """Why, in the artist's words."""
    made: str = ""
    """When (`stamp`); empty for now."""
    traits: Traits | None = None
    """What was measured on it, if it was."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A portrait in the memory."""

    number: int
    """Counts portraits of this studio in the order in which they came."""
    id: str
    """64 hexadecimal digits, from recipe and parents."""
    recipe: str | None
    """Id of the recipe."""
    picture: str | None
    """SHA-256 of the file; None for an empty slot: known, but its picture is not here."""
    format: str
    """ "png", "jpeg", "webp"; empty for a slot."""
    bytes: int
    width: int
    height: int
    sitter: str
    """Id of the sitter."""
    words: str
    """The brief."""
    edit: str
    reason: str
    made: str
    rating: int | None
    """1..5, or None."""
    star: bool
    mark: str
    """ "keep", "kill" or empty: what a cull said."""
    note: str
    trashed: str | None
    """When it went into the trash."""

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


def dumps(value: object) -> str:
    """JSON in one fixed form: sorted, no spaces, ASCII."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"))
