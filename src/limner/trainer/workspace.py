"""The training folder: what each stage reads and writes, in one place.

data/       portraits.npy landmarks.npy records.jsonl            limner train data
            parts.npy versions.npz settings.npy vectors.npz      limner train measure, words
runs/       text/ likeness/ witness/ landmarks/ flow/ painter/ detail/ enlarger/
weights/    language/ anatomy/ media/ eigen/                        limner train export
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from limner.core.errors import TrainingError
from limner.trainer.loop import write_arrays, write_beside


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What is known of one training portrait besides its pixels."""

    id: str
    """Name within its source."""
    caption: str | None
    """The text that goes with it; None if there is none, or none that can be seen."""
    split: str
    """"train" or "val"."""


class Workspace:
    """A training folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.data = folder / "data"
        self.runs = folder / "runs"
        self.weights = folder / "weights"

    def array(self, name: str, stage: str) -> npt.NDArray[Any]:
        """Open `data/<name>.npy` (memory-mapped).

        Raises:
            TrainingError: it does not exist yet; the message names the stage that writes it.
        """
        path = self.data / f"{name}.npy"
        self._need(path, stage)
        return np.load(path, mmap_mode="r", allow_pickle=False)

    def arrays(self, name: str, stage: str) -> dict[str, npt.NDArray[Any]]:
        """Load `data/<name>.npz`."""
        path = self.data / f"{name}.npz"
        self._need(path, stage)
        with np.load(path, allow_pickle=False) as data:
            return {key: data[key] for key in data.files}

    def save_array(self, name: str, values: npt.NDArray[Any]) -> None:
        """Write `data/<name>.npy`."""
        path = self.data / f"{name}.npy"

        def write(beside: Path) -> None:
            with beside.open("wb") as file:
                np.save(file, values)

        write_beside(path, write)

    def save_arrays(self, name: str, **values: npt.NDArray[Any]) -> None:
        """Write `data/<name>.npz`."""
        write_arrays(self.data / f"{name}.npz", values)

    def records(self) -> list[Record]:
        """All records, in the order of the arrays."""
        path = self.data / "records.jsonl"
        self._need(path, "data")
        return [Record(**json.loads(line)) for line in path.read_text("utf-8").splitlines()]

    def save_records(self, records: Iterable[Record]) -> None:
        """Write the records."""
        text = "".join(json.dumps(asdict(r), ensure_ascii=False) + "\n" for r in records)
        write_beside(self.data / "records.jsonl", lambda p: p.write_text(text, "utf-8"))

    def split(self, name: str) -> npt.NDArray[np.int64]:
        """Rows of the portraits of one split."""
        return np.flatnonzero([r.split == name for r in self.records()])

    def checkpoint(self, stage: str) -> Path:
        """The checkpoint of a finished (or running) stage."""
        path = self.runs / stage / "checkpoint.pt"
        self._need(path, stage)
        return path

    def _need(self, path: Path, stage: str) -> None:
        if not path.exists():
            raise TrainingError(f"{path} does not exist yet.", f"Run first: limner train {stage}")
