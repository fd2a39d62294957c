"""JSON for people and programs: what `--json` prints."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from limner.cli.files import read_bytes
from limner.core.dials import dial_table
from limner.core.errors import RecipeError
from limner.core.reading import Reading


def reading_json(reading: Reading) -> dict[str, Any]:
    """A reading without its vectors (they stand in the recipe)."""
    data = reading.to_json()
    del data["text"], data["avoid_text"]
    return data


def reading_of(path: Path) -> Reading:
    """A reading from a file that `limner read --json` wrote; its vectors are made again from its words.

    Raises:
        PictureError: the file cannot be read.
        RecipeError: it is no reading.
        DialError: an unknown dial, or a value out of range.
    """
    try:
        data = json.loads(read_bytes(path))
    except ValueError as exc:
        raise RecipeError(f"{path} is not JSON ({exc}).", "Write it with: limner read WORDS --json") from exc
    if not isinstance(data, dict):
        raise RecipeError(f"{path} holds no reading.", "Write it with: limner read WORDS --json")
    reading = Reading.from_json({"text": "", "avoid_text": "", **data})
    for name, value in reading.dials.items():
        dial_table().check(name, value)
    return reading
