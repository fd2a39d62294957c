"""A studio, or a set of it, as one file that can be moved and read anywhere.

A `.limner` file is a zip: `limner.json` says what it is, `rows/*.jsonl` hold what is known (one JSON
object a line), `pictures/` the pictures, named by their content.  `export` writes it, `importing` reads
it; this module holds what both agree on.
"""

from __future__ import annotations

from pathlib import Path

from limner.core.errors import InputError

FORMAT = 1
"""Version of the archive's form.  Readers refuse newer ones."""

ENDING = ".limner"
"""How an archive's name ends."""

HEAD = "limner.json"
TABLES = ("sitters", "recipes", "portraits", "sets", "grids")


def damaged(file: Path, what: str) -> InputError:
    """The error for an archive that cannot be trusted."""
    return InputError(f"The archive {file} is damaged: {what}.", "Export it again, or copy it again.")
