"""The queue: submitting jobs, moving them, pausing, cancelling, retrying, pruning."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from sqlalchemy import Connection, delete, func, select, update

from limner.core.errors import InputError
from limner.core.recipe import Recipe
from limner.studio.curation.sets import read_set
from limner.studio.curation.text import tag_of
from limner.studio.jobs.events import JobListener, tell
from limner.studio.store.database import Writing
from limner.studio.store.portraits import find_id
from limner.studio.store.recipes import RecipeText, insert_recipes
from limner.studio.store.rows import chunks, insert_all
from limner.studio.store.schema import jobs, switches, units
from limner.studio.store.values import Origin, dumps

JobState = Literal["queued", "running", "paused", "done", "failed", "cancelled"]

LIVE: tuple[JobState, ...] = ("queued", "running", "paused")
ENDED: tuple[JobState, ...] = ("done", "failed", "cancelled")

SCREEN, BATCH = 0, 1
"""Urgency of work for the person at the screen, and of everything else."""

MAX_UNITS = 10_000
"""Most portraits of one job."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """Where the portraits of a job go, fixed when it is submitted."""

    set: str = ""
    """Id of a set; empty for none."""
    tags: tuple[str, ...] = ()
    reason: str = ""
    """Why they are painted; stands in the lineage."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One portrait to be painted."""

    recipe: Recipe
    origins: tuple[Origin, ...] = ()
    note: str = ""
    """For whoever submits the job (a grid's cell)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A job as it stands."""

    number: int
    id: str
    kind: str
    title: str
    state: JobState
    urgency: int
    place: int
    device: str
    """Device that must paint it; empty for any."""
    destination: Destination
    request: Mapping[str, Any]
    """What was asked for, for people and for doing it again."""
    seconds: float
    """Time that painting has taken so far."""
    made: str
    started: str | None
    ended: str | None
    error: str
    """Why it is paused or failed, if not by a person."""
    counts: Mapping[str, int] = field(default_factory=dict[str, int])
    """Portraits by state: waiting, working, done, failed, skipped."""

    @property
    def total(self) -> int:
        """All portraits."""
        return sum(self.counts.values())

    @property
    def done(self) -> int:
        """Portraits that are safe on disk."""
        return self.counts.get("done", 0)

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        data = {name: getattr(self, name) for name in self.__dataclass_fields__}
        data["destination"] = asdict(self.destination)
        return data | {"request": dict(self.request), "counts": dict(self.counts), "total": self.total}


# submitting -------------------------------------------------------------------------------------


def submit(
    w: Writing,
    tasks: Sequence[Task],
    *,
    title: str,
    kind: str = "paint",
    destination: Destination | None = None,
    request: Mapping[str, Any] | None = None,
    urgency: int = BATCH,
    front: bool = False,
    device: str = "",
    listen: JobListener | None = None,
) -> str:
    """Put a job into the queue; returns its id.

    Args:
        w: the transaction.
        tasks: what is to be painted; parents before their children.
        title: a line for people.
        kind: "paint", "replay" or "grid".
        destination: where the portraits go, whatever is changed later.
        request: what was asked for, as JSON.
        urgency: `SCREEN` for the person who waits, `BATCH` for all else.
        front: before all others of its urgency; else behind them.
        device: device that must paint it; empty for any.
        listen: hears that it is queued.

    Raises:
        InputError: nothing to paint, too much, or a destination that cannot be filled.
    """
    if not 1 <= len(tasks) <= MAX_UNITS:
        raise InputError(f"A job holds 1 to {MAX_UNITS:,} portraits, not {len(tasks):,}.")
    destination = _checked(w.c, destination or Destination())
    id = secrets.token_hex(16)
    row = {
        "id": id,
        "kind": kind,
        "title": title[:500],
        "state": "queued",
        "urgency": urgency,
        "place": _free_place(w.c, front=front),
        "device": device,
        "destination": dumps(asdict(destination)),
        "request": dumps(dict(request or {})),
        "seconds": 0.0,
        "made": w.at,
        "started": None,
        "ended": None,
        "error": "",
    }
    insert_all(w.c, jobs, [row])
    texts = [RecipeText.of(task.recipe) for task in tasks]
    insert_recipes(w.c, texts)
    insert_all(
        w.c, units, [_unit_row(id, k, task, text) for k, (task, text) in enumerate(zip(tasks, texts, strict=True))]
    )
    tell(w, id, "queued", {"done": 0, "total": len(tasks)}, listen)
    return id


def _checked(c: Connection, destination: Destination) -> Destination:
    if destination.set and read_set(c, destination.set).rule:
        raise InputError("A smart set fills itself; portraits cannot be sent there.", "Choose a plain set.")
    return Destination(set=destination.set, tags=tuple(tag_of(t) for t in destination.tags), reason=destination.reason)


def _unit_row(job: str, place: int, task: Task, text: RecipeText) -> dict[str, Any]:
    return {
        "job": job,
        "place": place,
        "recipe": text.id,
        "origins": dumps([[o.kind, o.parent, o.share] for o in task.origins]),
        "note": task.note,
        "state": "waiting",
        "portrait": None,
        "tries": 0,
        "worker": "",
        "error": "",
    }


def _free_place(c: Connection, *, front: bool) -> int:
    first, last = c.execute(select(func.min(jobs.c.place), func.max(jobs.c.place))).one()
    if first is None:
        return 0
    return first - 1 if front else last + 1


# changing ---------------------------------------------------------------------------------------


def move(w: Writing, id: str, *, front: bool, listen: JobListener | None = None) -> Job:
    """Put a job before all others, or behind them."""
    job = _live(w.c, id)
    w.c.execute(update(jobs).where(jobs.c.id == id).values(place=_free_place(w.c, front=front)))
    tell(w, id, "moved", {"front": front, "done": job.done, "total": job.total}, listen)
    return read_job(w.c, id)


def pause(w: Writing, id: str, *, error: str = "", listen: JobListener | None = None) -> Job:
    """Take up no more portraits of a job; those in work are finished."""
    job = _live(w.c, id)
    if job.state != "paused":
        w.c.execute(update(jobs).where(jobs.c.id == id).values(state="paused", error=error))
        tell(w, id, "paused", {"error": error, "done": job.done, "total": job.total}, listen)
    return read_job(w.c, id)


def resume(w: Writing, id: str, *, listen: JobListener | None = None) -> Job:
    """Go on with a paused job.

    Raises:
        InputError: it is not paused.
    """
    job = read_job(w.c, id)
    if job.state != "paused":
        raise InputError(f"The job {id[:8]} is {job.state}, not paused.")
    state = "running" if job.started else "queued"
    w.c.execute(update(jobs).where(jobs.c.id == id).values(state=state, error=""))
    tell(w, id, "resumed", {"done": job.done, "total": job.total}, listen)
    settle(w, id, listen)
    return read_job(w.c, id)


def cancel(w: Writing, id: str, *, listen: JobListener | None = None) -> Job:
    """End a job; what is finished stays, what is in work is dropped at its next step."""
    job = _live(w.c, id)
    open_units = (units.c.job == id) & units.c.state.in_(("waiting", "working"))
    w.c.execute(update(units).where(open_units).values(state="skipped", worker=""))
    w.c.execute(update(jobs).where(jobs.c.id == id).values(state="cancelled", ended=w.at))
    tell(w, id, "cancelled", {"done": job.done, "total": job.total}, listen)
    return read_job(w.c, id)


def retry(w: Writing, id: str, *, listen: JobListener | None = None) -> Job:
    """Try the failed and skipped portraits of an ended job again.

    Raises:
        InputError: it has not ended, or nothing failed.
    """
    job = read_job(w.c, id)
    again = job.counts.get("failed", 0) + job.counts.get("skipped", 0)
    if job.state not in ENDED or not again:
        raise InputError(f"The job {id[:8]} is {job.state}; there is nothing to try again.")
    stopped = (units.c.job == id) & units.c.state.in_(("failed", "skipped"))
    w.c.execute(update(units).where(stopped).values(state="waiting", tries=0, error="", worker=""))
    values = {"state": "queued", "ended": None, "error": "", "place": _free_place(w.c, front=False)}
    w.c.execute(update(jobs).where(jobs.c.id == id).values(values))
    tell(w, id, "retried", {"again": again, "done": job.done, "total": job.total}, listen)
    return read_job(w.c, id)


def prune(w: Writing) -> int:
    """Forget the jobs that have ended; their portraits stay.  Returns their number."""
    return int(w.c.execute(delete(jobs).where(jobs.c.state.in_(ENDED))).rowcount)


def set_paused(w: Writing, paused: bool) -> None:
    """Stop all workers from taking up anything, or let them go on."""
    w.c.execute(delete(switches).where(switches.c.name == "paused"))
    insert_all(w.c, switches, [{"name": "paused", "is_on": paused}])


def is_paused(c: Connection) -> bool:
    """Is the whole queue paused?"""
    return bool(c.execute(select(switches.c.is_on).where(switches.c.name == "paused")).scalar())


def settle(w: Writing, id: str, listen: JobListener | None = None) -> None:
    """End a running job of which nothing is left to paint."""
    job = read_job(w.c, id)
    left = job.counts.get("waiting", 0) + job.counts.get("working", 0)
    if job.state != "running" or left:
        return
    failed = job.counts.get("failed", 0)
    state = "failed" if failed else "done"
    error = f"{failed} of {job.total} portraits could not be painted" if failed else ""
    w.c.execute(update(jobs).where(jobs.c.id == id).values(state=state, ended=w.at, error=error))
    tell(w, id, "done", {"state": state, "error": error, "done": job.done, "total": job.total}, listen)


# reading ----------------------------------------------------------------------------------------


def read_job(c: Connection, id: str) -> Job:
    """A job by its id.

    Raises:
        InputError: there is none.
    """
    found = _read(c, [id])
    if not found:
        raise InputError(f"There is no job {id[:12]!r}.", "See: limner jobs")
    return found[0]


def find_job(c: Connection, prefix: str) -> str:
    """The job that the beginning of an id names.

    Raises:
        InputError: none, several, too short.
    """
    return find_id(c, jobs, prefix, "job")


def list_jobs(c: Connection, *, ended: bool = True, limit: int = 100) -> list[Job]:
    """Jobs: those that wait in the order of the queue, then those that have ended, the newest first."""
    query = select(jobs.c.id).where(jobs.c.state.in_(LIVE)).order_by(jobs.c.urgency, jobs.c.place)
    ids = [row.id for row in c.execute(query)]
    if ended:
        past = select(jobs.c.id).where(jobs.c.state.in_(ENDED)).order_by(jobs.c.ended.desc(), jobs.c.number.desc())
        ids += [row.id for row in c.execute(past.limit(limit))]
    return _read(c, ids)


def portraits_of_job(c: Connection, id: str) -> list[tuple[int, str, str | None, str]]:
    """Place, state, portrait and error of every portrait of a job, in order."""
    query = select(units.c.place, units.c.state, units.c.portrait, units.c.error).where(units.c.job == id)
    return [(r.place, r.state, r.portrait, r.error) for r in c.execute(query.order_by(units.c.place))]


def seconds_each(c: Connection) -> float | None:
    """Time that a portrait has taken lately; None if nothing was painted yet."""
    query = select(jobs.c.id, jobs.c.seconds).where(jobs.c.seconds > 0).order_by(jobs.c.number.desc()).limit(10)
    spent = {row.id: row.seconds for row in c.execute(query)}
    done = func.count().label("n")
    painted = (
        select(units.c.job, done).where(units.c.job.in_(list(spent)), units.c.state == "done").group_by(units.c.job)
    )
    counts = {row.job: row.n for row in c.execute(painted)}
    total = sum(counts.values())
    return sum(spent[id] for id in counts) / total if total else None


def _read(c: Connection, ids: Sequence[str]) -> list[Job]:
    rows: dict[str, Any] = {}
    counts: dict[str, dict[str, int]] = {}
    for part in chunks(ids):
        rows |= {row["id"]: row for row in c.execute(select(jobs).where(jobs.c.id.in_(part))).mappings()}
        number = func.count().label("n")
        query = select(units.c.job, units.c.state, number).where(units.c.job.in_(part))
        for row in c.execute(query.group_by(units.c.job, units.c.state)):
            counts.setdefault(row.job, {})[row.state] = row.n
    return [_of_row(rows[id], counts.get(id, {})) for id in ids if id in rows]


def _of_row(row: Mapping[Any, Any], counts: dict[str, int]) -> Job:
    values = {str(name): value for name, value in row.items()}
    goal = json.loads(values["destination"])
    values["destination"] = Destination(set=goal["set"], tags=tuple(goal["tags"]), reason=goal["reason"])
    values["request"] = json.loads(values["request"])
    return Job(**values, counts=counts)


def _live(c: Connection, id: str) -> Job:
    job = read_job(c, id)
    if job.state not in LIVE:
        raise InputError(f"The job {id[:8]} has ended ({job.state}).", "Try it again: limner jobs retry")
    return job
