"""The reading: a brief made definite.

`language` makes readings; engines paint them; both know only this value.  A reading is complete: the
text vector travels inside, so that a recipe paints the same picture whether or not the language part
has learned new words since.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from limner.core.errors import RecipeError


@dataclass(frozen=True, slots=True, kw_only=True)
class Understood:
    """One stretch of the brief and what it was taken to mean."""

    words: str
    """The words as written (lower case)."""
    term: str
    """Head word of the lexicon's term, or the colour and part ("red hair")."""
    dials: Mapping[str, float] = field(default_factory=dict[str, float])
    """Settings that it asked for."""

    def to_json(self) -> dict[str, Any]:
        return {"words": self.words, "term": self.term, "dials": dict(self.dials)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a brief was taken to ask for."""

    words: str = ""
    """The brief as given."""
    avoid: str = ""
    """Words to stay away from."""
    dials: Mapping[str, float] = field(default_factory=dict[str, float])
    """Settings -1..1 by dial name: read from the words, then overridden by hand."""
    palette: tuple[str, ...] = ()
    """Colours asked for as #rrggbb, most important first."""
    understood: tuple[Understood, ...] = ()
    """What the words were taken to mean, in order."""
    text: str = ""
    """Text vector: base64 of little-endian float16; empty if there are no words."""
    avoid_text: str = ""
    """Text vector of `avoid`, likewise."""

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values; `from_json` is the inverse."""
        return {
            "words": self.words,
            "avoid": self.avoid,
            "dials": dict(self.dials),
            "palette": list(self.palette),
            "understood": [u.to_json() for u in self.understood],
            "text": self.text,
            "avoid_text": self.avoid_text,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Reading:
        """Read `to_json`'s form.

        Raises:
            RecipeError: a field is missing, unknown or of the wrong type.
        """
        try:
            unknown = set(data) - {"words", "avoid", "dials", "palette", "understood", "text", "avoid_text"}
            if unknown:
                raise RecipeError(f"The reading has unknown fields: {', '.join(sorted(unknown))}.")
            return cls(
                words=_text(data["words"]),
                avoid=_text(data["avoid"]),
                dials={_text(k): float(v) for k, v in data["dials"].items()},
                palette=tuple(_text(c) for c in data["palette"]),
                understood=tuple(
                    Understood(
                        words=_text(u["words"]),
                        term=_text(u["term"]),
                        dials={_text(k): float(v) for k, v in u["dials"].items()},
                    )
                    for u in data["understood"]
                ),
                text=_text(data["text"]),
                avoid_text=_text(data["avoid_text"]),
            )
        except (KeyError, TypeError, ValueError, AttributeError) as exc:
            raise RecipeError(f"The reading in this recipe is not valid ({exc!r}).") from exc


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"expected text, found {value!r}")
    return value


def pack_vector(vector: npt.NDArray[np.float32]) -> str:
    """float32 [n] to base64 of little-endian float16."""
    return base64.b64encode(np.asarray(vector, "<f2").tobytes()).decode("ascii")


def unpack_vector(text: str) -> npt.NDArray[np.float32]:
    """The inverse of `pack_vector`.

    Raises:
        RecipeError: not base64, or not a whole number of values.
    """
    try:
        return np.frombuffer(base64.b64decode(text, validate=True), "<f2").astype(np.float32)
    except ValueError as exc:
        raise RecipeError(f"A text vector in this recipe is damaged ({exc}).") from exc
