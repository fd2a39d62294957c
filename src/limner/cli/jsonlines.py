"""JSON for people and programs: what `--json` prints."""

from __future__ import annotations

from typing import Any

from limner.core.reading import Reading


def reading_json(reading: Reading) -> dict[str, Any]:
    """A reading without its vectors (they stand in the recipe)."""
    data = reading.to_json()
    del data["text"], data["avoid_text"]
    return data
