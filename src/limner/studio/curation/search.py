"""Finding portraits: by words, by what was said of them, by their look, by likeness to others.

Words are compared in two ways: the angle between text vectors, which finds what means the same, and the
words and terms that both hold, weighed by their rarity (Sparck Jones 1972).  Tags, notes and the names of
sitters count as words.  "More like these, not like those" moves towards the mean of the wanted looks and
away from the mean of the unwanted ones (Rocchio 1971).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
from sqlalchemy import Connection, func, or_, select, text

from limner.core.errors import InputError
from limner.language.lexicon import stem
from limner.language.tokens import tokenise
from limner.studio.curation.conditions import by_number, ids_of, mask_of, matching
from limner.studio.curation.index import Index
from limner.studio.curation.matrices import GONE
from limner.studio.curation.query import Query
from limner.studio.store.portraits import fetch
from limner.studio.store.rows import chunks
from limner.studio.store.schema import portraits, sitters, tags
from limner.studio.store.values import Kept

Floats = npt.NDArray[np.float32]

Encode = Callable[[str], Floats]
"""Words to a vector, as the readings' own (`limner.language.encoder.TextEncoder.encode`)."""

Meaning = Callable[[str], Sequence[str]]
"""Words to the terms that they are taken to mean."""

Order = Literal["best", "newest", "oldest", "rating"]

_WORDS, _MEANING = 0.5, 0.5  # weights of shared words and of the angle
_AWAY = 0.75  # how strongly unwanted looks push away
_LEAST = 0.18  # scores below this are no find


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One find."""

    kept: Kept
    score: float
    """How well it fits, at most about 1; 0 where nothing was compared."""

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        return self.kept.to_json() | {"score": round(self.score, 4)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finds:
    """What a search found."""

    page: tuple[Found, ...]
    total: int
    """All finds, not only those on this page."""


@dataclass(frozen=True, kw_only=True)
class Finder:
    """What a search needs beside the database."""

    index: Index
    encode: Encode | None = None
    """None leaves out the comparison by meaning."""
    meaning: Meaning | None = None
    """None leaves out what the words mean."""


def search(
    c: Connection,
    finder: Finder,
    query: Query,
    *,
    like: Sequence[str] = (),
    unlike: Sequence[str] = (),
    order: Order | None = None,
    limit: int = 50,
    offset: int = 0,
) -> Finds:
    """Search the portraits outside the trash.

    Args:
        c: a connection.
        finder: index and encoders.
        query: words and conditions.
        like: ids of portraits that the finds should resemble.
        unlike: ids of portraits that they should not resemble.
        order: None puts the best first where there is something to compare, else the newest.
        limit: finds on a page.
        offset: finds to pass over.

    Raises:
        InputError: an unknown set, sitter or portrait, or one whose look was not measured.
    """
    finder.index.refresh(c)
    mask = matching(c, finder.index, query.conditions)
    score: Floats | None = None
    if query.words or query.avoid:
        score = _by_words(c, finder, query)
        mask &= score >= (_LEAST if query.words else -np.inf)
    if like or unlike:
        looks = _by_look(c, finder.index, like, unlike)
        mask &= np.isfinite(looks)
        score = looks if score is None else np.asarray((score + looks) / 2, np.float32)
    rows = np.flatnonzero(mask)
    page = _ordered(c, finder.index, rows, score, order, offset + limit)[offset : offset + limit]
    kept = _fetch_rows(c, finder.index, page)
    found = tuple(
        Found(kept=k, score=float(score[row]) if score is not None else 0.0) for k, row in zip(kept, page, strict=True)
    )
    return Finds(page=found, total=len(rows))


# words ------------------------------------------------------------------------------------------


def _by_words(c: Connection, finder: Finder, query: Query) -> Floats:
    """Score of every portrait for the words, less that of the words to avoid."""
    score = _score(c, finder, query.words) if query.words else np.zeros(len(finder.index), np.float32)
    return score - _score(c, finder, query.avoid) if query.avoid else score


def _score(c: Connection, finder: Finder, words: str) -> Floats:
    index = finder.index
    plain = [stem(token) for token in tokenise(words)]
    meant = [stem(token) for term in (finder.meaning(words) if finder.meaning else ()) for token in tokenise(term)]
    shared = _shared(c, index, plain, meant)
    if finder.encode is None or not len(index.texts):
        return shared
    vector = finder.encode(words)
    length = float(np.linalg.norm(vector))
    if length == 0 or len(vector) != index.texts.shape[1]:
        return shared
    angle = np.zeros(len(index.texts) - GONE, np.float32)  # the last three are for portraits without a reading
    np.dot(index.texts, (vector / length).astype(np.float32), out=angle[:GONE])
    near = np.maximum(angle, 0)[index.text_of]
    return np.asarray(np.float32(_MEANING) * near + np.float32(_WORDS) * shared, np.float32)


def _shared(c: Connection, index: Index, plain: Sequence[str], meant: Sequence[str]) -> Floats:
    """Rarity of the words that a portrait shares with the query, as a part of all that were asked for."""
    score = np.zeros(len(index), np.float32)
    said = _Said(c)
    total = 0.0
    for word in dict.fromkeys([*plain, *meant]):
        hit = index.with_tokens(index.tokens([word]))
        hit |= mask_of(c, index, said.portraits(word))
        # a term that is only implied counts half of a word that was written
        weight = (1.0 if word in plain else 0.5) * float(np.log1p(len(index) / (1 + np.count_nonzero(hit))))
        score[hit] += np.float32(weight)
        total += weight if word in plain else 0.0
    return np.minimum(score / np.float32(total or 1), 1)


class _Said:
    """Words in tags, notes and sitters' names."""

    def __init__(self, c: Connection) -> None:
        self._c = c
        self._tags = [row.tag for row in c.execute(select(tags.c.tag).distinct())]
        named = c.execute(select(sitters.c.id, sitters.c.name).where(sitters.c.name > ""))
        self._names = [(row.id, row.name.casefold()) for row in named]

    def portraits(self, word: str) -> Any:
        """Portraits of which the word was said."""
        near = f"%{word.replace('%', '').replace('_', '')}%"
        # written out, so that the small index over portraits with a note is used
        noted = select(portraits.c.number).where(text("note <> ''"), func.lower(portraits.c.note).like(near))
        tagged = [tag for tag in self._tags if word in tag]
        named = [id for id, name in self._names if word in name]
        found = [noted]
        for part in chunks(tagged):
            joined = portraits.join(tags, tags.c.portrait == portraits.c.id)
            found.append(select(portraits.c.number).select_from(joined).where(tags.c.tag.in_(part)))
        found += [by_number(portraits.c.sitter.in_(part)) for part in chunks(named)]
        return found[0].union_all(*found[1:]) if len(found) > 1 else found[0]


# look -------------------------------------------------------------------------------------------


def _by_look(c: Connection, index: Index, like: Sequence[str], unlike: Sequence[str]) -> Floats:
    """Score of every portrait for its look; minus infinity for those named, and for what was not measured."""
    good, bad = _looks_of(c, index, like), _looks_of(c, index, unlike)
    wanted = np.zeros(index.looks.shape[1], np.float32)
    if len(good):
        wanted += index.looks[good].mean(0)
    if len(bad):
        wanted -= np.float32(_AWAY) * index.looks[bad].mean(0)
    length = float(np.linalg.norm(wanted))
    score = index.looks @ (wanted / np.float32(length or 1))
    score[~np.any(index.looks[:, :8] != 0, axis=1)] = -np.inf
    score[good] = score[bad] = -np.inf
    return np.asarray(score, np.float32)


def _looks_of(c: Connection, index: Index, ids: Sequence[str]) -> npt.NDArray[np.intp]:
    kept = fetch(c, ids) if ids else []
    rows = index.rows_of(np.sort(np.array([k.number for k in kept], np.int64)))
    for k in kept:
        row = index.rows_of(np.array([k.number], np.int64))
        if not len(row) or not np.any(index.looks[row]):
            raise InputError(f"The look of {k.id[:12]} was not measured.", "Measure it first: limner studio measure")
    return rows


# order ------------------------------------------------------------------------------------------


def _ordered(
    c: Connection, index: Index, rows: npt.NDArray[np.intp], score: Floats | None, order: Order | None, most: int
) -> npt.NDArray[np.intp]:
    """The first rows of an order, at least so many as are asked for."""
    order = order or ("best" if score is not None else "newest")
    if order == "best" and score is not None:
        found = score[rows]
        if 0 < most < len(rows):
            least = np.partition(found, len(found) - most)[len(found) - most]
            rows, found = rows[found >= least], found[found >= least]
        return rows[np.lexsort((-rows, -found))]
    if order == "oldest":
        return rows
    rows = rows[::-1]
    if order != "rating":
        return rows
    rating = np.zeros(len(index), np.int8)
    star = portraits.c.star.is_(True)
    query = select(portraits.c.number, portraits.c.rating, portraits.c.star)
    found = c.execute(query.where(or_(portraits.c.rating.is_not(None), star)).order_by(portraits.c.number)).all()
    at = index.rows_of(np.array([row.number for row in found], np.int64))
    rating[at] = [2 * (row.rating or 0) + row.star for row in found]
    return rows[np.argsort(-rating[rows], kind="stable")]


def _fetch_rows(c: Connection, index: Index, rows: npt.NDArray[np.intp]) -> list[Kept]:
    numbers: list[int] = index.numbers[rows].tolist()
    ids = ids_of(c, numbers)
    return fetch(c, [ids[number] for number in numbers])
