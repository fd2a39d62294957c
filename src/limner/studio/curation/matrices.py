"""The search index on disk: matrices that grow at their ends.

Files of plain rows are mapped into memory, so that opening costs nothing and only what is looked at is
read.  `index.json` says how many rows count; rows behind it are left from an interrupted write and are
written over.  Everything can be computed again from the database: deleting the folder is harmless.
"""

from __future__ import annotations

import json
import logging
import os
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from limner.core.dials import dial_table
from limner.studio.curation.colours import COLOURS
from limner.studio.curation.features import LIKENESS
from limner.studio.store.place import Place
from limner.studio.store.whole import write_whole

_log = logging.getLogger(__name__)

Floats = npt.NDArray[np.float32]
Longs = npt.NDArray[np.int64]
Ints = npt.NDArray[np.int32]

VERSION = 2
"""Form of the files; other forms are computed again."""

NO_TEXT, HOLLOW, GONE = -1, -2, -3
"""In `text_of`: a portrait without reading, an empty slot of which nothing is known, a row purged since."""

_STALE = 300  # seconds after which a lock that nobody touched belongs to a dead process


@dataclass(slots=True, kw_only=True)
class Head:
    """Contents of `index.json`."""

    version: int = VERSION
    studio: str = ""
    dials: list[str] = field(default_factory=list[str])
    text: int = 0
    """Length of text vectors; 0 until one was met."""
    rows: int = 0
    """Portraits."""
    texts: int = 0
    """Readings."""
    tokens: int = 0
    """Words of all readings together."""
    words: int = 0
    """Different words."""
    last: int = 0
    """Number of the newest portrait."""
    last_id: str = ""
    measured: int = 0
    """Number of the newest traits."""


class Matrices:
    """The matrices of one studio, as files and in memory.

    Args:
        place: where the studio is.
        studio: its id.
    """

    numbers: Longs
    """Numbers of the portraits, ascending, [n]."""
    looks: Floats
    """Likeness and dials, weighted and scaled to length 1, [n, 64 + dials]; zeros where nothing was measured."""
    dials: Floats
    """Settings in the order of the dial table, [n, dials]; NaN where nothing was measured."""
    palettes: Floats
    """L, a, b and share of up to five colours, [n, 5, 4]; NaN where there is none."""
    text_of: Ints
    """Row of the reading in `texts`, [n]; `NO_TEXT`, `HOLLOW` or `GONE` where there is none."""
    texts: Floats
    """Text vectors of length 1, [m, width]."""
    token_of: Ints
    """Words and terms ("mood=wistful") of all readings one behind the other, by number, [t]."""
    token_text: Ints
    """Which reading each of them belongs to, [t]."""

    made: Longs
    """When, in microseconds since 1970, [n]."""
    recipe_of: Ints
    """Engine, medium and style by number ("medium=oil"; -1 if there is none), and how many parents, [n, 4]."""

    def __init__(self, place: Place, studio: str) -> None:
        self._folder = place.index
        self._studio = studio
        self.writing = False
        """May files be written just now?  Else all that is new lives in memory."""
        self.clear()
        self._load()

    def clear(self) -> None:
        """Forget everything; the files stay as they are."""
        width = len(dial_table().names)
        self.head = Head(studio=self._studio, dials=list(dial_table().names))
        self.vocabulary: dict[str, int] = {}
        self._readings: dict[str, int] | None = {}
        self.numbers = np.zeros(0, np.int64)
        self.looks = np.zeros((0, LIKENESS + width), np.float32)
        self.dials = np.zeros((0, width), np.float32)
        self.palettes = np.zeros((0, COLOURS, 4), np.float32)
        self.text_of = np.zeros(0, np.int32)
        self.made = np.zeros(0, np.int64)
        self.recipe_of = np.zeros((0, 4), np.int32)
        self.texts = np.zeros((0, 0), np.float32)
        self.token_of = np.zeros(0, np.int32)
        self.token_text = np.zeros(0, np.int32)

    def reset(self) -> None:
        """Begin anew: the database is not the one that was indexed."""
        self.clear()
        if self.writing:
            for file in (*(f"{name}.rows" for name in _FILES), "index.json", "vocabulary.txt", "readings.txt"):
                (self._folder / file).unlink(missing_ok=True)

    def cut(self, rows: int) -> None:
        """Keep only the first rows."""
        for name in _BY_PORTRAIT:
            setattr(self, name, getattr(self, name)[:rows])
        self.head.rows = rows

    def readings(self) -> dict[str, int]:
        """Rows of `texts` by the ids of readings."""
        if self._readings is None:
            self._readings = {id: k for k, id in enumerate(self._lines("readings", self.head.texts))}
        return self._readings

    def grow(self, name: str, new: npt.NDArray[Any]) -> None:
        """Put rows at the end."""
        old: npt.NDArray[Any] = getattr(self, name)
        if old.shape[1:] != new.shape[1:]:  # texts, when the first vector is met
            old = np.zeros((len(old), *new.shape[1:]), new.dtype)
            self._write(name, 0, old)
        if self._write(name, len(old), new):
            shape = (len(old) + len(new), *new.shape[1:])
            setattr(self, name, self._mapped_as(name, new.dtype, shape))
        else:
            setattr(self, name, np.concatenate([old, new]))

    def put(self, name: str, at: npt.NDArray[np.intp], new: npt.NDArray[Any]) -> None:
        """Replace rows."""
        old: npt.NDArray[Any] = getattr(self, name)
        if self.writing and (self._folder / f"{name}.rows").exists():
            rows = np.memmap(self._folder / f"{name}.rows", old.dtype, "r+", shape=old.shape)
            rows[at] = new
            rows.flush()
        else:
            copy = np.array(old)
            copy[at] = new
            setattr(self, name, copy)

    def save(self) -> None:
        """Make what was written count."""
        head = self.head
        head.words = len(self.vocabulary)
        if self.writing:
            write_whole(self._folder / "vocabulary.txt", "\n".join(self.vocabulary).encode())
            write_whole(self._folder / "readings.txt", "\n".join(self.readings()).encode())
            write_whole(self._folder / "index.json", json.dumps(asdict(head)).encode())
            (self._folder / "lock").touch()

    @contextmanager
    def alone(self) -> Generator[None]:
        """Write to disk if nobody else does so now; else only into memory."""
        lock = self._folder / "lock"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            if lock.exists() and time.time() - lock.stat().st_mtime > _STALE:
                lock.unlink(missing_ok=True)
            os.close(os.open(lock, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
        except OSError:
            yield
            return
        self.writing = True
        self.clear()  # what others have written since
        self._load()
        try:
            yield
        except OSError as exc:
            _log.warning("the search index cannot be written: %s", exc)
            self.clear()
        finally:
            self.writing = False
            lock.unlink(missing_ok=True)

    # files ------------------------------------------------------------------------------------

    def _load(self) -> None:
        try:
            head = Head(**json.loads((self._folder / "index.json").read_text("utf-8")))
        except (OSError, ValueError, TypeError):
            return
        if (head.version, head.studio, head.dials) != (VERSION, self._studio, list(dial_table().names)):
            return
        self.head = head
        try:
            for name in _FILES:
                setattr(self, name, self._mapped(name))
            self.vocabulary = {word: k for k, word in enumerate(self._lines("vocabulary", head.words))}
        except (OSError, ValueError) as exc:
            _log.info("the search index is not whole (%s); it is made again", exc)
            self.clear()
            return
        self._readings = None  # read when a new portrait comes

    def _lines(self, name: str, count: int) -> list[str]:
        if not count:
            return []
        lines = (self._folder / f"{name}.txt").read_text("utf-8").split("\n")[:count]
        if len(lines) < count:
            raise ValueError(f"{name}.txt is too short")
        return lines

    def _count(self, name: str) -> int:
        return {"texts": self.head.texts, "token_of": self.head.tokens, "token_text": self.head.tokens}.get(
            name, self.head.rows
        )

    def _mapped(self, name: str) -> npt.NDArray[Any]:
        like: npt.NDArray[Any] = getattr(self, name)
        count = self._count(name)
        width = (self.head.text,) if name == "texts" else like.shape[1:]
        if not count or 0 in width:
            return np.zeros((count, *width), like.dtype)
        return self._mapped_as(name, like.dtype, (count, *width))

    def _mapped_as(self, name: str, kind: npt.DTypeLike, shape: tuple[int, ...]) -> npt.NDArray[Any]:
        # a plain array on top: memmap's own indexing is slow
        return np.memmap(self._folder / f"{name}.rows", kind, "r", shape=shape).view(np.ndarray)

    def _write(self, name: str, row: int, new: npt.NDArray[Any]) -> bool:
        """Write rows into their file; False if nothing can be written there."""
        if not self.writing or not new.size:
            return False
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._folder / f"{name}.rows"
        with path.open("r+b" if path.exists() else "w+b") as file:
            file.seek(row * new.dtype.itemsize * int(np.prod(new.shape[1:])))
            file.write(np.ascontiguousarray(new).data)
            file.flush()
            os.fsync(file.fileno())
        return True


_BY_PORTRAIT = ("numbers", "looks", "dials", "palettes", "text_of", "made", "recipe_of")
_FILES = (*_BY_PORTRAIT, "texts", "token_of", "token_text")
