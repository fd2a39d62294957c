"""Building the data set, from one of three sources.

* The person-clean collection as it is handed around: tar shards of WebP, captions and landmarks.
* A clone of the public repository `initiative-sh/artflow-portraits`: `kept.csv` lists which of its
  files are kept, under which flags, so that anyone builds the same set.
* A folder of your own portraits, with captions in text files of the same name if you have them.

Whatever the source, the result is the same three files (see `limner.trainer.workspace`).
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import tarfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image

from limner.anatomy.align import FaceFinder
from limner.core.errors import PictureError, TrainingError
from limner.core.picture import Picture, read_picture
from limner.core.progress import Listener, Progress, silent
from limner.trainer.workspace import Record, Workspace

SIDE = 256
_WATERMARK_FREE = (9, 0, 247, 238)  # box of an upstream file that the watermark does not reach
_ENDINGS = {".png", ".jpg", ".jpeg", ".webp"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One portrait on its way in."""

    record: Record
    picture: Picture
    """uint8 RGB [256, 256, 3], aligned."""
    landmarks: npt.NDArray[np.float16]
    """[478, 2] in units of the side."""


Look = Callable[[Picture], npt.NDArray[np.float32]]
"""Landmarks of an aligned portrait, [478, 2] in units of the side."""


def build(workspace: Workspace, items: Iterator[Item], total: int, listen: Listener = silent) -> int:
    """Write the data set.

    Args:
        workspace: where to.
        items: portraits, in the order of the rows.
        total: how many at most.
        listen: told the progress.

    Returns:
        How many portraits were written.

    Raises:
        TrainingError: no portrait at all.
    """
    workspace.data.mkdir(parents=True, exist_ok=True)
    beside = workspace.data / "portraits.npy.part"
    pictures = np.lib.format.open_memmap(beside, "w+", np.uint8, (max(1, total), SIDE, SIDE, 3))
    landmarks: list[npt.NDArray[np.float16]] = []
    records: list[Record] = []
    for row, item in enumerate(items):
        pictures[row] = item.picture
        landmarks.append(item.landmarks)
        records.append(item.record)
        if row % 50 == 49:
            listen(Progress(stage="reading portraits", done=row + 1, total=total, unit="portraits"))
    if not records:
        raise TrainingError("The source holds no usable portrait.")
    pictures.flush()
    if len(records) < total:
        short = np.array(pictures[: len(records)])
        del pictures
        np.save(beside.open("wb"), short)
    beside.replace(workspace.data / "portraits.npy")
    workspace.save_array("landmarks", np.stack(landmarks))
    workspace.save_records(records)
    return len(records)


# sources ----------------------------------------------------------------------------------------


def from_collection(folder: Path, limit: int | None = None) -> tuple[Iterator[Item], int]:
    """Portraits of the person-clean collection: `portraits-*.tar`, `captions.jsonl`, `landmarks.npz`.

    Raises:
        TrainingError: a file is missing.
    """
    captions, marks = folder / "captions.jsonl", folder / "landmarks.npz"
    shards = sorted(folder.glob("portraits-*.tar"))
    for path in (captions, marks):
        if not path.is_file():
            raise TrainingError(f"{folder} is not the collection: {path.name} is missing.")
    if not shards:
        raise TrainingError(f"{folder} is not the collection: it has no portraits-*.tar.")
    lines = [json.loads(line) for line in captions.read_text("utf-8").splitlines()]
    lines = lines[:limit]

    def items() -> Iterator[Item]:
        with np.load(marks) as data:
            points = data["xyz"][:, :, :2]
        wanted = {line["file"]: line for line in lines}
        for shard in shards:
            with tarfile.open(shard) as tar:
                for member in tar:
                    line = wanted.get(Path(member.name).name)
                    file = tar.extractfile(member)
                    if line is None or file is None:
                        continue
                    record = Record(id=f"{line['id']:05d}", caption=line["caption"], split=line["split"])
                    picture = np.asarray(Image.open(io.BytesIO(file.read())).convert("RGB"))
                    yield Item(record=record, picture=picture, landmarks=points[line["id"]])

    return items(), len(lines)


def from_upstream(folder: Path, look: Look, limit: int | None = None) -> tuple[Iterator[Item], int]:
    """Portraits of a clone of the upstream repository, those that `kept.csv` lists.

    The same files are kept, cropped the same way and split the same way; landmarks are found anew.

    Raises:
        TrainingError: not that repository.
    """
    files = {m.group(1): p for p in folder.rglob("*.jpg") if (m := re.search(r"-(\d+)\.jpg$", p.name))}
    if not files:
        raise TrainingError(f"{folder} holds no files named ...-NUMBER.jpg; is it a clone of the repository?")
    with resources.files("limner.trainer").joinpath("kept.csv").open("r", encoding="utf-8") as text:
        kept = list(csv.DictReader(text))[:limit]

    def items() -> Iterator[Item]:
        for row in kept:
            path = files.get(row["upstream_id"])
            if path is None or hashlib.md5(path.read_bytes()).hexdigest() != row["md5"]:
                continue
            words = path.stem.rpartition("-")[0].replace("-", " ").strip()
            caption = None if row["silent"] == "1" or not words else words
            image = Image.open(path).convert("RGB").crop(_WATERMARK_FREE)
            picture = np.asarray(image.resize((SIDE, SIDE), Image.Resampling.LANCZOS))
            record = Record(id=row["upstream_id"], caption=caption, split=row["split"])
            yield Item(record=record, picture=picture, landmarks=look(picture).astype(np.float16))

    return items(), len(kept)


def from_folder(folder: Path, finder: FaceFinder, limit: int | None = None) -> tuple[Iterator[Item], int]:
    """Portraits of your own: every picture with a face, aligned; `name.txt` beside it is its caption.

    Every twelfth portrait is held out.

    Raises:
        TrainingError: not a folder, or no pictures in it.
    """
    if not folder.is_dir():
        raise TrainingError(f"{folder} is not a folder.")
    paths = sorted(p for p in folder.rglob("*") if p.suffix.lower() in _ENDINGS)[:limit]
    if not paths:
        raise TrainingError(f"{folder} holds no pictures ({', '.join(sorted(_ENDINGS))}).")

    def items() -> Iterator[Item]:
        for k, path in enumerate(paths):
            try:
                picture, _ = finder.align(read_picture(path.read_bytes(), path.name))
            except PictureError:
                continue  # no face, or not a picture: the count at the end tells
            text = path.with_suffix(".txt")
            caption = text.read_text("utf-8").strip() if text.exists() else None
            split = "val" if k % 12 == 0 else "train"
            record = Record(id=str(path.relative_to(folder)), caption=caption or None, split=split)
            points = finder.in_portrait(picture).astype(np.float16)
            yield Item(record=record, picture=picture, landmarks=points)

    return items(), len(paths)
