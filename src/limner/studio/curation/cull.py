"""Culling: hundreds of portraits judged one after the other, keep or kill."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from limner.core.errors import InputError
from limner.studio.curation.marks import many, mark
from limner.studio.curation.sets import additions
from limner.studio.store.acts import Act, Change, perform
from limner.studio.store.database import Writing
from limner.studio.store.portraits import fetch
from limner.studio.store.rows import chunks
from limner.studio.store.schema import portraits
from limner.studio.store.store import Store
from limner.studio.store.values import Kept

VERDICTS = {
    "k": "keep", "keep": "keep", "y": "keep",
    "x": "kill", "kill": "kill", "n": "kill",
    "s": "skip", "skip": "skip", "": "skip",
    "u": "back", "back": "back", "undo": "back",
    "q": "quit", "quit": "quit",
}  # fmt: skip
"""What can be typed, and what it means."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One step of a cull."""

    id: str
    verdict: str
    """ "keep", "kill", "skip" or "back" (the verdict on this portrait was taken back)."""
    left: int
    """Portraits that are still to be judged, this one not among them."""


def undecided(c: Connection, ids: Sequence[str]) -> list[str]:
    """Those of the portraits on which no cull has spoken, in their order."""
    query = select(portraits.c.id).where(portraits.c.mark == "", portraits.c.trashed.is_(None))
    found = {row.id for part in chunks(ids) for row in c.execute(query.where(portraits.c.id.in_(part)))}
    return [id for id in ids if id in found]


def cull(store: Store, ids: Sequence[str], verdicts: Iterable[str]) -> Iterator[Judged]:
    """Judge portraits in order, one verdict each; every verdict is on disk before the next is asked for.

    Args:
        store: the open store.
        ids: the portraits.
        verdicts: words of `VERDICTS`; "u" takes the last verdict back and goes one portrait back, "q" ends.

    Raises:
        InputError: another word; what was judged before stays.
    """
    at = 0
    for word in verdicts:
        verdict = VERDICTS.get(word.strip().lower())
        if verdict is None:
            raise InputError(
                f"{word.strip()!r} is no verdict.", "Type k (keep), x (kill), s (skip), u (back), q (quit)."
            )
        if verdict == "quit" or (at >= len(ids) and verdict != "back"):
            return
        if verdict == "back":
            if at == 0:
                continue
            at -= 1
            with store.write() as w:
                mark(w, [ids[at]], "")
        else:
            if verdict != "skip":
                with store.write() as w:
                    mark(w, [ids[at]], verdict)
            at += 1
        yield Judged(id=ids[at if verdict == "back" else at - 1], verdict=verdict, left=len(ids) - at)


def finish(w: Writing, ids: Sequence[str], *, set: str | None = None) -> Act | None:
    """Carry out what the cull said: the killed go into the trash, the kept into a set, all marks come off.

    Args:
        w: the transaction.
        ids: the portraits of the cull.
        set: id of a set for the kept ones, or None.

    Raises:
        InputError: an unknown portrait or set.
    """
    judged = [kept for kept in fetch(w.c, list(dict.fromkeys(ids))) if kept.mark]
    good = [kept.id for kept in judged if kept.mark == "keep"]
    changes = additions(w.c, set, good) if set is not None else []
    dead = [kept for kept in judged if kept.mark == "kill"]
    summary = f"culled {len(judged)}: kept {len(good)}, threw away {many(dead)}"
    return perform(w, "cull", summary, [*changes, *(_done(kept, w.at) for kept in judged)])


def _done(kept: Kept, at: str) -> Change:
    trashed = at if kept.mark == "kill" and kept.trashed is None else kept.trashed
    return Change(
        table="portraits",
        key={"id": kept.id},
        before={"mark": kept.mark, "trashed": kept.trashed},
        after={"mark": "", "trashed": trashed},
    )
