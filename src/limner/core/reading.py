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
    """Head word of the lexicon's term, or the colour and part ("red hair"); empty if it has no place."""
    kind: str = ""
    """Kind of the term ("mood", "colour", "age" ...); empty if it has no place."""
    weight: float = 1.0
    """How much it counts: emphasis and brackets."""
    dials: Mapping[str, float] = field(default_factory=dict[str, float])
    """Settings that it asked for."""
    note: str = ""
    """What a person should know: a guess, a suggestion, why something was left alone."""

    def to_json(self) -> dict[str, Any]:
        return {
            "words": self.words,
            "term": self.term,
            "kind": self.kind,
            "weight": self.weight,
            "dials": dict(self.dials),
            "note": self.note,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Understood:
        """Read `to_json`'s form; raises KeyError, TypeError or ValueError where it is not."""
        return cls(
            words=_text(data["words"]),
            term=_text(data["term"]),
            kind=_text(data["kind"]),
            weight=float(data["weight"]),
            dials={_text(k): float(v) for k, v in data["dials"].items()},
            note=_text(data["note"]),
        )


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
    style: str = ""
    """Style that the words ask for; empty if none."""
    medium: str = ""
    """Medium that the words ask for; empty if none."""
    compositions: tuple[str, ...] = ()
    """Compositions that the words ask for, with their settings ("carved stone=marble")."""
    notes: tuple[str, ...] = ()
    """Remarks on the whole: contradictions that were mixed, and the like."""
    text: str = ""
    """Text vector: base64 of little-endian float16; empty if there are no words."""
    avoid_text: str = ""
    """Text vector of `avoid`, likewise."""

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values, compositions only where there are any; `from_json` is the inverse."""
        data: dict[str, Any] = {
            "words": self.words,
            "avoid": self.avoid,
            "dials": dict(self.dials),
            "palette": list(self.palette),
            "understood": [u.to_json() for u in self.understood],
            "style": self.style,
            "medium": self.medium,
            "notes": list(self.notes),
            "text": self.text,
            "avoid_text": self.avoid_text,
        }
        if self.compositions:
            data["compositions"] = list(self.compositions)
        return data

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Reading:
        """Read `to_json`'s form.

        Raises:
            RecipeError: a field is missing, unknown or of the wrong type.
        """
        try:
            if unknown := set(data) - _FIELDS:
                raise RecipeError(f"The reading has unknown fields: {', '.join(sorted(unknown))}.")
            return cls(
                words=_text(data["words"]),
                avoid=_text(data["avoid"]),
                dials={_text(k): float(v) for k, v in data["dials"].items()},
                palette=tuple(_text(c) for c in data["palette"]),
                understood=tuple(Understood.from_json(u) for u in data["understood"]),
                style=_text(data["style"]),
                medium=_text(data["medium"]),
                compositions=tuple(_text(c) for c in data.get("compositions", ())),
                notes=tuple(_text(n) for n in data["notes"]),
                text=_text(data["text"]),
                avoid_text=_text(data["avoid_text"]),
            )
        except (KeyError, TypeError, ValueError, AttributeError) as exc:
            raise RecipeError(f"The reading in this recipe is not valid ({exc!r}).") from exc


_FIELDS = {
    "words", "avoid", "dials", "palette", "understood", "style", "medium", "notes", "text", "avoid_text",
    "compositions",
}  # fmt: skip


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
