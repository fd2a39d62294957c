"""What search looks through: the studio's portraits as matrices, kept up to date with the database."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import nullcontext
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import Connection, func, select

from limner.core.errors import LimnerError
from limner.core.reading import unpack_vector
from limner.studio.curation.features import looks_of, microseconds, portrait_rows, words_of
from limner.studio.curation.looks import looks
from limner.studio.curation.matrices import GONE, HOLLOW, NO_TEXT, Floats, Longs, Matrices
from limner.studio.store.rows import chunks
from limner.studio.store.schema import portraits, readings, traits
from limner.studio.store.store import Store

_BATCH = 2000


class Index(Matrices):
    """The matrices of one studio.

    Args:
        store: the open store.
    """

    def __init__(self, store: Store) -> None:
        super().__init__(store.place, store.identity.id)
        self._read_only = store.read_only

    def __len__(self) -> int:
        return len(self.numbers)

    def rows_of(self, numbers: Longs) -> npt.NDArray[np.intp]:
        """Rows of portraits by their numbers; those that are not here are left out."""
        at = np.searchsorted(self.numbers, numbers)
        at = at[at < len(self.numbers)]
        return at[np.isin(self.numbers[at], numbers)]

    def tokens(self, words: Sequence[str]) -> list[int]:
        """Numbers of words that some reading holds."""
        return [self.vocabulary[word] for word in dict.fromkeys(words) if word in self.vocabulary]

    def terms(self, term: str, kind: str = "") -> list[int]:
        """Numbers of a term, of one kind or of any."""
        if kind:
            return self.tokens([f"{kind}={term}", *([f"look={term}"] if term in looks().get(kind, ()) else [])])
        return [number for word, number in self.vocabulary.items() if word.partition("=")[2] == term]

    def with_tokens(self, tokens: Sequence[int]) -> npt.NDArray[np.bool_]:
        """Portraits whose reading holds any of the tokens, [n]."""
        has = np.zeros(len(self.texts) - GONE, np.bool_)  # the last three are for portraits without a reading
        for token in tokens:
            has[self.token_text[np.flatnonzero(self.token_of == token)]] = True
        return has[self.text_of]

    def there(self) -> npt.NDArray[np.bool_]:
        """Portraits that were not purged, [n]."""
        return self.text_of != GONE

    # keeping up -------------------------------------------------------------------------------

    def refresh(self, c: Connection) -> None:
        """Take in what was kept and measured since, and leave out what was purged; quick if there is nothing."""
        if self._current(c):
            return
        with nullcontext() if self._read_only else self.alone():
            self._catch_up(c)

    def _current(self, c: Connection) -> bool:
        same = self.head.last == _newest(c) and self.head.measured == _measured(c)
        return same and self._belongs(c) and not self._purged(c) and not self._filled(c)

    def _catch_up(self, c: Connection) -> None:
        if not self._belongs(c):
            self.reset()
        self._forget_purged(c)
        if _measured(c) > self.head.measured:
            self._measure_again(c)  # before new portraits come with newer measures
        newest = _newest(c)
        while self.head.last < newest:
            self._append(c)
        if filled := self._filled(c):
            self._read_again(c, filled)
        self.head.measured = _measured(c)
        self.save()

    def _belongs(self, c: Connection) -> bool:
        """Is the index of this studio, in its present state or an earlier one?"""
        if not self.head.last:
            return True
        row = self._last_known(c)
        if row is None:
            return False
        if row.number == self.head.last:
            return bool(row.id == self.head.last_id)
        at = self.rows_of(np.array([row.number], np.int64))
        return len(at) == 1 and int(self.made[at[0]]) == microseconds(row.made)

    def _last_known(self, c: Connection) -> Any:
        """The newest portrait of the database that the index may know."""
        query = select(portraits.c.number, portraits.c.id, portraits.c.made).where(portraits.c.number <= self.head.last)
        return c.execute(query.order_by(portraits.c.number.desc()).limit(1)).first()

    def _purged(self, c: Connection) -> bool:
        """Are there rows whose portrait was removed for good?"""
        there = c.execute(select(func.count()).select_from(portraits)).scalar_one()
        return there != np.count_nonzero(self.there())

    def _forget_purged(self, c: Connection) -> None:
        row = self._last_known(c)
        if row is None:
            return
        if row.number < self.head.last:  # the numbers behind it may be given again, after a backup was restored
            self.cut(int(np.searchsorted(self.numbers, int(row.number), "right")))
            self.head.last, self.head.last_id = int(row.number), str(row.id)
        query = select(portraits.c.number).where(portraits.c.number <= self.head.last)
        numbers: list[int] = list(c.execute(query).scalars())
        there = np.isin(self.numbers, np.array(numbers, np.int64))
        gone = np.flatnonzero(~there & self.there())
        if len(gone):
            self.put("text_of", gone, np.full(len(gone), GONE, np.int32))
        self.save()

    def _filled(self, c: Connection) -> list[int]:
        """Numbers of slots of which more is known now."""
        hollow: list[int] = self.numbers[self.text_of == HOLLOW].tolist()
        known = portraits.c.picture.is_not(None) | portraits.c.recipe.is_not(None)
        query = select(portraits.c.number).where(known)
        return [row.number for part in chunks(hollow) for row in c.execute(query.where(portraits.c.number.in_(part)))]

    # rows -------------------------------------------------------------------------------------

    def _append(self, c: Connection) -> None:
        query = portrait_rows().where(portraits.c.number > self.head.last).order_by(portraits.c.number).limit(_BATCH)
        rows = c.execute(query).all()
        if not rows:
            return
        head = self.head
        for name, new in self._rows(c, rows).items():
            self.grow(name, new)
        head.rows += len(rows)
        head.last, head.last_id = int(rows[-1].number), str(rows[-1].id)
        self.save()

    def _read_again(self, c: Connection, numbers: Sequence[int]) -> None:
        """Slots that were filled."""
        for part in chunks(sorted(numbers)):
            rows = c.execute(portrait_rows().where(portraits.c.number.in_(part)).order_by(portraits.c.number)).all()
            at = np.searchsorted(self.numbers, np.array([row.number for row in rows], np.int64))
            for name, new in self._rows(c, rows).items():
                self.put(name, at, new)
        self.save()

    def _rows(self, c: Connection, rows: Sequence[Any]) -> dict[str, npt.NDArray[Any]]:
        """What the files hold of portraits."""
        self._read_texts(c, [row.reading for row in rows if row.reading])
        looks, dials, palettes = looks_of(rows)
        texts = self.readings()
        hollow = [row.picture is None and row.engine is None for row in rows]
        text_of = [HOLLOW if h else texts.get(row.reading, NO_TEXT) for h, row in zip(hollow, rows, strict=True)]
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
        query = select(portraits.c.number, traits.c.dials, traits.c.palette, traits.c.likeness).select_from(joined)
        query = query.where(traits.c.number > self.head.measured, portraits.c.number <= self.head.last)
        rows = c.execute(query.order_by(portraits.c.number)).all()
        if rows:
            at = np.searchsorted(self.numbers, np.array([row.number for row in rows], np.int64))
            for name, new in zip(("looks", "dials", "palettes"), looks_of(rows), strict=True):
                self.put(name, at, new)

    def _read_texts(self, c: Connection, ids: Sequence[str]) -> None:
        known = self.readings()
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
            found = words_of(data)
            tokens += [self.vocabulary.setdefault(word, len(self.vocabulary)) for word in found]
            owners += [number] * len(found)
        if ids:
            self.grow("texts", self._padded(vectors))
            self.grow("token_of", np.array(tokens, np.int32))
            self.grow("token_text", np.array(owners, np.int32))
            self.head.texts += len(ids)
            self.head.tokens += len(tokens)

    def _recipe(self, row: Any) -> list[int]:
        said = {"engine": row.engine, "medium": row.medium, "style": row.style}
        return [
            self.vocabulary.setdefault(f"{name}={value}", len(self.vocabulary)) if value else -1
            for name, value in said.items()
        ] + [row.parents]

    def _vector(self, text: str) -> Floats:
        try:
            vector = unpack_vector(text)
        except LimnerError:
            vector = np.zeros(0, np.float32)
        if len(vector) and not self.head.text:
            self.head.text = len(vector)
        length = float(np.linalg.norm(vector))
        return vector / length if length > 0 and len(vector) == self.head.text else np.zeros(0, np.float32)

    def _padded(self, vectors: Sequence[Floats]) -> Floats:
        out = np.zeros((len(vectors), self.head.text), np.float32)
        for k, vector in enumerate(vectors):
            out[k, : len(vector)] = vector
        return out


def _newest(c: Connection) -> int:
    """Number of the newest portrait."""
    return c.execute(select(func.max(portraits.c.number))).scalar() or 0


def _measured(c: Connection) -> int:
    """Number of the newest traits."""
    return c.execute(select(func.max(traits.c.number))).scalar() or 0
