"""What happens to jobs, told to whoever listens.

Events are written with what they tell of, in one transaction, and handed to listeners once it is on disk.
A listener in another process asks for what came behind the last number that it has seen.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from sqlalchemy import Connection, delete, func, select

from limner.studio.store.database import Writing
from limner.studio.store.schema import events
from limner.studio.store.values import dumps

EventKind = Literal[
    "queued", "moved", "started", "kept", "failed", "paused", "resumed", "cancelled", "retried", "done"
]  # fmt: skip
"""queued, moved: its place; started; kept: portraits are safe on disk; failed: some portrait cannot be painted;
paused, resumed, cancelled, retried: by a person, or paused because the disk is full; done: nothing is left."""

KINDS: tuple[EventKind, ...] = get_args(EventKind)

KEPT_EVENTS = 20_000
"""Older events than this many are forgotten."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JobEvent:
    """One thing that happened."""

    number: int
    """Grows with every event of the studio."""
    job: str
    at: str
    kind: EventKind
    data: Mapping[str, Any]
    """done and total of the job; portraits (ids) for "kept"; error for "failed" and "paused"."""

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "number": self.number,
            "job": self.job,
            "at": self.at,
            "kind": self.kind,
            "data": dict(self.data),
        }


JobListener = Callable[[JobEvent], None]
"""Receives events; must return quickly and never raise."""


def tell(w: Writing, job: str, kind: EventKind, data: Mapping[str, Any], listen: JobListener | None = None) -> JobEvent:
    """Write an event; a listener hears it once it is on disk."""
    row = {"job": job, "at": w.at, "kind": kind, "data": dumps(dict(data))}
    number = w.c.execute(events.insert().returning(events.c.number), row).scalar_one()
    event = JobEvent(number=number, job=job, at=w.at, kind=kind, data=dict(data))
    if number % 100 == 0:
        w.c.execute(delete(events).where(events.c.number <= number - KEPT_EVENTS))
    if listen is not None:
        w.afterwards.append(lambda: listen(event))
    return event


def events_after(c: Connection, number: int, *, job: str | None = None, limit: int = 1000) -> list[JobEvent]:
    """Events behind a number, the oldest first."""
    query = select(events).where(events.c.number > number)
    if job is not None:
        query = query.where(events.c.job == job)
    rows = c.execute(query.order_by(events.c.number).limit(limit))
    return [JobEvent(number=r.number, job=r.job, at=r.at, kind=r.kind, data=json.loads(r.data)) for r in rows]


def last_event(c: Connection) -> int:
    """Number of the newest event; 0 if there is none."""
    return int(c.execute(select(func.coalesce(func.max(events.c.number), 0))).scalar_one())
