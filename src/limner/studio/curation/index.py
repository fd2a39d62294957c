"""What search looks through: the studio's portraits as matrices, kept on disk beside the database.

Five files of plain rows grow at their ends and are mapped into memory, so that opening costs nothing and
only what is looked at is read.  `index.json` says how many rows count; rows behind it are left from an
interrupted write and are written over.  Everything can be computed again from the database: deleting the
folder is harmless.
"""

from __future__ import annotations

import json
import logging
import os
import shutil
import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import Connection, func, select

from limner.core.dials import dial_table
from limner.core.errors import LimnerError
from limner.core.palette import rgb_to_lab
from limner.core.reading import unpack_vector
from limner.language.lexicon import stem
from limner.language.tokens import tokenise
from limner.studio.curation.colours import COLOURS
from limner.studio.store.rows import chunks
from limner.studio.store.schema import links, portraits, readings, recipes, traits
from limner.studio.store.store import Store
from limner.studio.store.whole import write_whole

_log = logging.getLogger(__name__)

Floats = npt.NDArray[np.float32]
Longs = npt.NDArray[np.int64]
Ints = npt.NDArray[np.int32]

VERSION = 1
"""Form of the files; other forms are computed again."""

LIKENESS = 64
"""Length of the likeness part of a look."""

DIAL_WEIGHT = 0.35
"""How much the dials count beside the likeness in a look."""

_BATCH = 2000
_HOLLOW = -2
_STALE = 300  # seconds after which a lock belongs to a dead process


@dataclass(slots=True, kw_only=True)
class _Head:
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


class Index:
    """The matrices of one studio.

    Args:
        store: the open store.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._folder = store.place.index
        self._writing = False
        self._clear()
        self._load()

    # what is there ----------------------------------------------------------------------------

    numbers: Longs
    """Numbers of the portraits, ascending, [n]."""
    looks: Floats
    """Likeness and dials, weighted and scaled to length 1, [n, 64 + dials]; zeros where nothing was measured."""
    dials: Floats
    """Settings in the order of the dial table, [n, dials]; NaN where nothing was measured."""
    palettes: Floats
    """L, a, b and share of up to five colours, [n, 5, 4]; NaN where there is none."""
    text_of: Ints
    """Row of the reading in `texts`, [n]; -1 if there is none, -2 for an empty slot of which nothing is known."""
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

    def __len__(self) -> int:
        return len(self.numbers)

    def rows_of(self, numbers: Longs) -> npt.NDArray[np.intp]:
        """Rows of portraits by their numbers; those that are not here are left out."""
        at = np.searchsorted(self.numbers, numbers)
        at = at[at < len(self.numbers)]
        return at[np.isin(self.numbers[at], numbers)]

    def tokens(self, words: Sequence[str]) -> list[int]:
        """Numbers of words that some reading holds."""
        return [self._vocabulary[word] for word in dict.fromkeys(words) if word in self._vocabulary]

    def terms(self, term: str, kind: str = "") -> list[int]:
        """Numbers of a term, of one kind or of any."""
        if kind:
            return self.tokens([f"{kind}={term}"])
        return [number for word, number in self._vocabulary.items() if word.partition("=")[2] == term]

    def with_tokens(self, tokens: Sequence[int]) -> npt.NDArray[np.bool_]:
        """Portraits whose reading holds any of the tokens, [n]."""
        has = np.zeros(len(self.texts) + 2, np.bool_)  # the last two are for portraits without a reading
        for token in tokens:
            has[self.token_text[self.token_of == token]] = True
        return has[self.text_of]

    # keeping up -------------------------------------------------------------------------------

    def refresh(self, c: Connection) -> None:
        """Take in what was kept and measured since; quick if there is nothing."""
        if self._current(c):
            return
        with nullcontext() if self._store.read_only else self._alone():
            self._catch_up(c)

    def _current(self, c: Connection) -> bool:
        newest = c.execute(select(func.max(portraits.c.number))).scalar() or 0
        measured = c.execute(select(func.max(traits.c.number))).scalar() or 0
        up_to_date = self._head.last >= newest and self._head.measured >= measured
        return self._belongs(c) and up_to_date and not self._filled(c)

    def _filled(self, c: Connection) -> list[int]:
        """Numbers of slots of which more is known now."""
        hollow: list[int] = self.numbers[self.text_of == _HOLLOW].tolist()
        known = portraits.c.picture.is_not(None) | portraits.c.recipe.is_not(None)
        query = select(portraits.c.number).where(known)
        return [row.number for part in chunks(hollow) for row in c.execute(query.where(portraits.c.number.in_(part)))]

    def _catch_up(self, c: Connection) -> None:
        if not self._belongs(c):
            self._reset()
        newest = c.execute(select(func.max(portraits.c.number))).scalar() or 0
        while self._head.last < newest:
            self._append(c)
        if filled := self._filled(c):
            self._read_again(c, filled)
        measured = c.execute(select(func.max(traits.c.number))).scalar() or 0
        if measured > self._head.measured:
            self._measure_again(c)

    def _belongs(self, c: Connection) -> bool:
        """Is the index of this studio, in its present state?"""
        head = self._head
        if not head.last:
            return True
        found = c.execute(select(portraits.c.id).where(portraits.c.number == head.last)).scalar()
        if found is None:  # purged; then nothing before it was replaced either, if numbers only grow
            newest = c.execute(select(func.max(portraits.c.number))).scalar() or 0
            return newest > head.last
        return found == head.last_id

    def _append(self, c: Connection) -> None:
        query = _query().where(portraits.c.number > self._head.last).order_by(portraits.c.number).limit(_BATCH)
        rows = c.execute(query).all()
        if not rows:
            return
        head = self._head
        for name, new in self._rows(c, rows).items():
            self._grow(name, new)
        head.rows += len(rows)
        head.last, head.last_id = int(rows[-1].number), str(rows[-1].id)
        head.measured = max([head.measured, *(row.measured for row in rows if row.measured)])
        self._save()

    def _read_again(self, c: Connection, numbers: Sequence[int]) -> None:
        """Slots that were filled."""
        for part in chunks(sorted(numbers)):
            rows = c.execute(_query().where(portraits.c.number.in_(part)).order_by(portraits.c.number)).all()
            at = np.searchsorted(self.numbers, np.array([row.number for row in rows], np.int64))
            for name, new in self._rows(c, rows).items():
                self._put(name, at, new)
        self._save()

    def _rows(self, c: Connection, rows: Sequence[Any]) -> dict[str, npt.NDArray[Any]]:
        """What the files hold of portraits."""
        self._read_texts(c, [row.reading for row in rows if row.reading])
        looks, dials, palettes = self._traits(rows)
        texts = self._known_readings()
        hollow = [row.picture is None and row.engine is None for row in rows]
        text_of = [_HOLLOW if h else texts.get(row.reading, -1) for h, row in zip(hollow, rows, strict=True)]
        return {
            "numbers": np.array([row.number for row in rows], np.int64),
            "looks": looks,
            "dials": dials,
            "palettes": palettes,
            "text_of": np.array(text_of, np.int32),
            "made": np.array([microseconds(row.made) for row in rows], np.int64),
            "recipe_of": np.array([self._recipe(row) for row in rows], np.int32),
        }

    def _measure_again(self, c: Connection) -> None:
        """Portraits that were measured after they had come in."""
        joined = traits.join(portraits, traits.c.portrait == portraits.c.id)
        query = select(
            traits.c.number, portraits.c.number.label("portrait"), traits.c.dials, traits.c.palette, traits.c.likeness
        ).select_from(joined)
        rows = c.execute(query.where(traits.c.number > self._head.measured).order_by(traits.c.number)).all()
        known = set(self.numbers.tolist())
        rows = [row for row in rows if row.portrait in known]
        if rows:
            at = np.searchsorted(self.numbers, np.array([row.portrait for row in rows], np.int64))
            for name, new in zip(("looks", "dials", "palettes"), self._traits(rows), strict=True):
                self._put(name, at, new)
            self._head.measured = int(rows[-1].number)
            self._save()

    def _read_texts(self, c: Connection, ids: Sequence[str]) -> None:
        known = self._known_readings()
        ids = [id for id in dict.fromkeys(ids) if id not in known]
        rows = {r.id: r for r in c.execute(select(readings.c.id, readings.c.json).where(readings.c.id.in_(ids)))}
        vectors: list[Floats] = []
        tokens: list[int] = []
        owners: list[int] = []
        for id in ids:
            data = json.loads(rows[id].json)
            number = len(known)
            known[id] = number
            vectors.append(self._vector(str(data.get("text", ""))))
            found = self._words(data)
            tokens += [self._vocabulary.setdefault(word, len(self._vocabulary)) for word in found]
            owners += [number] * len(found)
        if ids:
            self._grow("texts", self._padded(vectors))
            self._grow("token_of", np.array(tokens, np.int32))
            self._grow("token_text", np.array(owners, np.int32))
            self._head.texts += len(ids)
            self._head.tokens += len(tokens)

    def _words(self, data: dict[str, Any]) -> list[str]:
        """Stems of a reading's words, and what they were taken to mean."""
        words = [stem(token) for token in tokenise(str(data.get("words", "")))]
        meant = [stem(t) for item in data.get("understood", ()) for t in tokenise(str(item.get("term", "")))]
        terms = [
            f"{item.get('kind', '')}={str(item['term']).casefold()}"
            for item in data.get("understood", ())
            if item.get("term")
        ]
        return list(dict.fromkeys([*words, *meant, *terms]))

    def _recipe(self, row: Any) -> list[int]:
        said = {"engine": row.engine, "medium": row.medium, "style": row.style}
        return [
            self._vocabulary.setdefault(f"{name}={value}", len(self._vocabulary)) if value else -1
            for name, value in said.items()
        ] + [row.parents]

    def _vector(self, text: str) -> Floats:
        try:
            vector = unpack_vector(text)
        except LimnerError:
            vector = np.zeros(0, np.float32)
        if len(vector) and not self._head.text:
            self._head.text = len(vector)
        length = float(np.linalg.norm(vector))
        return vector / length if length > 0 and len(vector) == self._head.text else np.zeros(0, np.float32)

    def _padded(self, vectors: Sequence[Floats]) -> Floats:
        out = np.zeros((len(vectors), self._head.text), np.float32)
        for k, vector in enumerate(vectors):
            out[k, : len(vector)] = vector
        return out

    def _traits(self, rows: Sequence[Any]) -> tuple[Floats, Floats, Floats]:
        names = dial_table().names
        likeness = np.zeros((len(rows), LIKENESS), np.float32)
        dials = np.full((len(rows), len(names)), np.nan, np.float32)
        palettes = np.full((len(rows), COLOURS, 4), np.nan, np.float32)
        rgb = np.zeros((len(rows), COLOURS, 3), np.uint8)
        for k, row in enumerate(rows):
            if row.dials is None:
                continue
            found: dict[str, float] = json.loads(row.dials)
            dials[k] = [found.get(name, np.nan) for name in names]
            for j, (colour, share) in enumerate(json.loads(row.palette)[:COLOURS]):
                palettes[k, j, 3] = share
                rgb[k, j] = int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
            if len(row.likeness) == 2 * LIKENESS:
                likeness[k] = np.frombuffer(row.likeness, "<f2")
        there = ~np.isnan(palettes[:, :, 3])
        palettes[there, :3] = rgb_to_lab(rgb[there])
        return look_vectors(likeness, dials), dials, palettes

    # files ------------------------------------------------------------------------------------

    def _clear(self) -> None:
        width = len(dial_table().names)
        self._head = _Head(studio=self._store.identity.id, dials=list(dial_table().names))
        self._vocabulary: dict[str, int] = {}
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

    def _reset(self) -> None:
        """Begin anew: the database is not the one that was indexed."""
        self._clear()
        if self._writing:
            shutil.rmtree(self._folder, ignore_errors=True)

    def _load(self) -> None:
        try:
            head = _Head(**json.loads((self._folder / "index.json").read_text("utf-8")))
        except (OSError, ValueError, TypeError):
            return
        if (head.version, head.studio, head.dials) != (VERSION, self._store.identity.id, list(dial_table().names)):
            return
        self._head = head
        try:
            for name in _FILES:
                setattr(self, name, self._mapped(name))
            self._vocabulary = {word: k for k, word in enumerate(self._lines("vocabulary", head.words))}
        except (OSError, ValueError) as exc:
            _log.info("the search index is not whole (%s); it is made again", exc)
            self._clear()
            return
        self._readings = None  # read when a new portrait comes

    def _known_readings(self) -> dict[str, int]:
        if self._readings is None:
            self._readings = {id: k for k, id in enumerate(self._lines("readings", self._head.texts))}
        return self._readings

    def _lines(self, name: str, count: int) -> list[str]:
        if not count:
            return []
        lines = (self._folder / f"{name}.txt").read_text("utf-8").split("\n")[:count]
        if len(lines) < count:
            raise ValueError(f"{name}.txt is too short")
        return lines

    def _count(self, name: str) -> int:
        return {"texts": self._head.texts, "token_of": self._head.tokens, "token_text": self._head.tokens}.get(
            name, self._head.rows
        )

    def _mapped(self, name: str) -> npt.NDArray[Any]:
        like: npt.NDArray[Any] = getattr(self, name)
        count = self._count(name)
        width = (self._head.text,) if name == "texts" else like.shape[1:]
        if not count or 0 in width:
            return np.zeros((count, *width), like.dtype)
        return np.memmap(self._folder / f"{name}.rows", like.dtype, "r", shape=(count, *width))

    def _grow(self, name: str, new: npt.NDArray[Any]) -> None:
        """Put rows at the end."""
        old: npt.NDArray[Any] = getattr(self, name)
        if old.shape[1:] != new.shape[1:]:  # texts, when the first vector is met
            old = np.zeros((len(old), *new.shape[1:]), new.dtype)
            self._write(name, 0, old)
        if self._write(name, len(old), new):
            shape = (len(old) + len(new), *new.shape[1:])
            setattr(self, name, np.memmap(self._folder / f"{name}.rows", new.dtype, "r", shape=shape))
        else:
            setattr(self, name, np.concatenate([old, new]))

    def _put(self, name: str, at: npt.NDArray[np.intp], new: npt.NDArray[Any]) -> None:
        """Replace rows."""
        old: npt.NDArray[Any] = getattr(self, name)
        if self._writing and (self._folder / f"{name}.rows").exists():
            rows = np.memmap(self._folder / f"{name}.rows", old.dtype, "r+", shape=old.shape)
            rows[at] = new
            rows.flush()
        else:
            copy = np.array(old)
            copy[at] = new
            setattr(self, name, copy)

    def _write(self, name: str, row: int, new: npt.NDArray[Any]) -> bool:
        """Write rows into their file; False if nothing can be written there."""
        if not self._writing or not new.size:
            return False
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._folder / f"{name}.rows"
        with path.open("r+b" if path.exists() else "w+b") as file:
            file.seek(row * new.dtype.itemsize * int(np.prod(new.shape[1:])))
            file.write(np.ascontiguousarray(new).data)
            file.flush()
            os.fsync(file.fileno())
        return True

    def _save(self) -> None:
        head = self._head
        head.words = len(self._vocabulary)
        if self._writing:
            write_whole(self._folder / "vocabulary.txt", "\n".join(self._vocabulary).encode())
            write_whole(self._folder / "readings.txt", "\n".join(self._known_readings()).encode())
            write_whole(self._folder / "index.json", json.dumps(asdict(head)).encode())

    @contextmanager
    def _alone(self) -> Generator[None]:
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
        self._writing = True
        self._clear()  # what others have written since
        self._load()
        try:
            yield
        except OSError as exc:
            _log.warning("the search index cannot be written: %s", exc)
            self._clear()
        finally:
            self._writing = False
            lock.unlink(missing_ok=True)


_FILES = (
    "numbers", "looks", "dials", "palettes", "text_of", "made", "recipe_of", "texts", "token_of", "token_text",
)  # fmt: skip


def _query() -> Any:
    joined = portraits.outerjoin(traits, traits.c.portrait == portraits.c.id)
    joined = joined.outerjoin(recipes, recipes.c.id == portraits.c.recipe)
    parents = select(func.count()).where(links.c.child == portraits.c.id).scalar_subquery()
    return select(
        portraits.c.number, portraits.c.id, portraits.c.made, portraits.c.picture, recipes.c.reading, recipes.c.engine,
        recipes.c.medium, recipes.c.style, traits.c.dials, traits.c.palette, traits.c.likeness,
        traits.c.number.label("measured"), parents.label("parents"),
    ).select_from(joined)  # fmt: skip


def microseconds(stamp: str) -> int:
    """A time of the database, or the beginning of one, in microseconds since 1970."""
    return int(np.datetime64(stamp.rstrip("Z"), "us").astype(np.int64))


def look_vectors(likeness: Floats, dials: Floats) -> Floats:
    """Looks for comparing: likeness [n, 64] of length 1 beside weighted dials [n, d], scaled to length 1.

    Rows without likeness stay zero: what was not measured resembles nobody.
    """
    both = np.concatenate([likeness, DIAL_WEIGHT * np.nan_to_num(dials)], 1)
    length = np.linalg.norm(both, axis=1, keepdims=True)
    seen = np.any(likeness != 0, axis=1, keepdims=True)
    return np.where(seen & (length > 0), both / np.maximum(length, 1e-6), 0).astype(np.float32)
