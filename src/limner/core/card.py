"""The card of a weights folder: what is in it, where it comes from, and proof that it is whole."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import rfc8785

from limner.core.errors import WeightsError

_REINSTALL = "Reinstall Limner: pip install --force-reinstall limner"


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """Contents of `card.json`."""

    engine: str
    """Engine id that reads the folder."""
    title: str
    licence: str
    """Licence of the weights (SPDX or a phrase)."""
    credit: str
    """Attribution line that must accompany the weights."""
    files: dict[str, str]
    """SHA-256 by file name."""
    shape: dict[str, Any] = field(default_factory=dict[str, Any])
    """Numbers that the engine needs: widths, scales, names."""
    training: dict[str, Any] = field(default_factory=dict[str, Any])
    """How it was trained."""

    @property
    def hash(self) -> str:
        """Name of the weights: SHA-256 over engine, shape and files (not over prose)."""
        core = {"engine": self.engine, "shape": self.shape, "files": self.files}
        return hashlib.sha256(rfc8785.dumps(core)).hexdigest()

    def to_json(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


def file_hash(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_card(folder: Path, card: Card) -> None:
    """Write `card.json`."""
    (folder / "card.json").write_text(json.dumps(card.to_json(), indent=1) + "\n", "utf-8")


def read_card(folder: Path) -> Card:
    """Read `card.json`; the files are checked by `check_files`.

    Raises:
        WeightsError: no card, or not one.
    """
    path = folder / "card.json"
    try:
        return Card(**json.loads(path.read_text("utf-8")))
    except FileNotFoundError as exc:
        raise WeightsError(f"There are no weights in {folder} (no card.json).", _REINSTALL) from exc
    except (OSError, ValueError, TypeError) as exc:
        raise WeightsError(f"The card {path} cannot be read ({exc}).", _REINSTALL) from exc


def check_file(folder: Path, card: Card, name: str) -> Path:
    """The path of one file of a weights folder, after comparing its hash with the card.

    Raises:
        WeightsError: missing, or not the file that the card names.
    """
    path = folder / name
    if name not in card.files:
        raise WeightsError(f"The card in {folder} does not list {name}.", _REINSTALL)
    if not path.is_file():
        raise WeightsError(f"The weights file {path} is missing.", _REINSTALL)
    if file_hash(path) != card.files[name]:
        raise WeightsError(f"The weights file {path} is damaged: its hash differs from the card's.", _REINSTALL)
    return path
