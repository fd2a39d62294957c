"""What the artist says of portraits: ratings, stars, tags, notes, and names of sitters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, func, select

from limner.core.errors import InputError
from limner.studio.curation.text import name_of, note_of, tag_of
from limner.studio.store.acts import Act, Change, perform
from limner.studio.store.database import Writing
from limner.studio.store.portraits import fetch, find_id, tags_of
from limner.studio.store.schema import portraits, sitters, tags

RATINGS = range(1, 6)
"""Ratings that can be given."""

MARKS = ("keep", "kill", "")
"""What a cull says: keep it, throw it away, nothing yet."""


def rate(w: Writing, ids: Sequence[str], rating: int | None) -> Act | None:
    """Rate portraits 1..5; None takes the rating away.

    Raises:
        InputError: another rating, or an unknown portrait.
    """
    if rating is not None and rating not in RATINGS:
        raise InputError(f"{rating!r} is no rating.", "Give 1 to 5, or 0 for none.")
    said = f"rated {many(ids)} {rating}" if rating else f"took the rating from {many(ids)}"
    return _set(w, ids, "rate", said, {"rating": rating})


def star(w: Writing, ids: Sequence[str], on: bool = True) -> Act | None:
    """Star portraits, or take the star away.

    Raises:
        InputError: an unknown portrait.
    """
    return _set(w, ids, "star", f"{'starred' if on else 'took the star from'} {many(ids)}", {"star": on})


def mark(w: Writing, ids: Sequence[str], verdict: str) -> Act | None:
    """Say what a cull says of portraits: "keep", "kill" or "" for nothing.

    Raises:
        InputError: another verdict, or an unknown portrait.
    """
    if verdict not in MARKS:
        raise InputError(f"{verdict!r} is no verdict.", "Say keep or kill.")
    return _set(w, ids, "mark", f"marked {many(ids)} {verdict or 'undecided'}", {"mark": verdict})


def note(w: Writing, id: str, text: str) -> Act | None:
    """Write a note on a portrait; an empty one removes it.

    Raises:
        InputError: too long, odd characters, or an unknown portrait.
    """
    return _set(w, [id], "note", "wrote a note on a portrait", {"note": note_of(text)})


def tag(w: Writing, ids: Sequence[str], *, add: Sequence[str] = (), remove: Sequence[str] = ()) -> Act | None:
    """Give tags to portraits and take tags away.

    Raises:
        InputError: not a tag, a tag that is both given and taken, or an unknown portrait.
    """
    new, old = [tag_of(t) for t in add], [tag_of(t) for t in remove]
    if both := set(new) & set(old):
        raise InputError(f"The tag {min(both)!r} is both given and taken away.")
    ids = list(dict.fromkeys(ids))
    fetch(w.c, ids)
    there = tags_of(w.c, ids)
    changes = [
        Change(table="tags", key={"portrait": id, "tag": t}, before=None, after={})
        for id in ids
        for t in dict.fromkeys(new)
        if t not in there[id]
    ]
    changes += [
        Change(table="tags", key={"portrait": id, "tag": t}, before={}, after=None)
        for id in ids
        for t in dict.fromkeys(old)
        if t in there[id]
    ]
    said = " ".join([*(f"+{t}" for t in new), *(f"-{t}" for t in old)])
    return perform(w, "tag", f"tagged {many(ids)} {said}", changes)


def name_sitter(w: Writing, sitter: str, name: str) -> Act | None:
    """Give a sitter a name; an empty one takes it away.

    Args:
        w: the transaction.
        sitter: beginning of the sitter's id.
        name: the name.

    Raises:
        InputError: unknown, or not a name.
    """
    id = find_id(w.c, sitters, sitter, "sitter")
    before = w.c.execute(select(sitters.c.name).where(sitters.c.id == id)).scalar_one()
    after = name_of(name) if name.strip() else ""
    change = Change(table="sitters", key={"id": id}, before={"name": before}, after={"name": after})
    return perform(w, "name", f"named a sitter {after!r}", [change])


# reading ----------------------------------------------------------------------------------------


def all_tags(c: Connection) -> dict[str, int]:
    """Every tag and how many portraits outside the trash have it, the most frequent first."""
    joined = tags.join(portraits, tags.c.portrait == portraits.c.id)
    number = func.count().label("number")
    query = select(tags.c.tag, number).select_from(joined).where(portraits.c.trashed.is_(None))
    return {r.tag: r.number for r in c.execute(query.group_by(tags.c.tag).order_by(number.desc(), tags.c.tag))}


def many(ids: Sequence[object]) -> str:
    """ "1 portrait", "12 portraits"."""
    return "1 portrait" if len(ids) == 1 else f"{len(ids):,} portraits"


def _set(w: Writing, ids: Sequence[str], kind: str, summary: str, after: Mapping[str, Any]) -> Act | None:
    changes = [
        Change(
            table="portraits",
            key={"id": kept.id},
            before={name: getattr(kept, name) for name in after},
            after=dict(after),
        )
        for kept in fetch(w.c, list(dict.fromkeys(ids)))
    ]
    return perform(w, kind, summary, changes)
