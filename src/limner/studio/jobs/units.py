"""Taking portraits up from the queue, and writing down what became of them."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from sqlalchemy import ColumnElement, Connection, delete, exists, select, update

from limner.core.errors import InputError, LimnerError
from limner.studio.curation.sets import additions
from limner.studio.jobs.events import JobListener, tell
from limner.studio.jobs.queue import Destination, is_paused, read_job, settle
from limner.studio.store.acts import Change, perform
from limner.studio.store.database import Writing, moment
from limner.studio.store.entry import portrait_id
from limner.studio.store.keep import keep
from limner.studio.store.pictures import Pictures
from limner.studio.store.rows import chunks, insert_all
from limner.studio.store.schema import jobs, portraits, sets, tags, units, workers
from limner.studio.store.values import Kept, Origin, Work

LEASE = timedelta(seconds=120)
"""A worker that was not heard of for so long is taken for dead."""

TRIES = 3
"""So often is a portrait begun whose worker dies over it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """One portrait of a job, taken up by a worker."""

    job: str
    place: int
    recipe: str
    """Id of the recipe."""
    origins: tuple[Origin, ...]
    urgency: int

    @property
    def portrait(self) -> str:
        """Name of the portrait that it will be."""
        return portrait_id(self.recipe, "", self.origins)


# workers ----------------------------------------------------------------------------------------


def own_name(token: str) -> str:
    """Name of a worker of this process."""
    return f"{socket.gethostname()[:40]}:{os.getpid()}:{token[:8]}"


def enlist(w: Writing, device: str, owner: str) -> None:
    """Take over a device; what a dead worker left goes back into the queue.

    Raises:
        InputError: another worker is at work there.
    """
    row = w.c.execute(select(workers).where(workers.c.device == device)).first()
    if row is not None and row.owner != owner and _alive(row.owner, row.beat, w.at):
        raise InputError(
            f"A worker ({row.owner}) is at work on {device!r} already.", "One worker a device: leave it to that one."
        )
    w.c.execute(delete(workers).where(workers.c.device == device))
    insert_all(w.c, workers, [{"device": device, "owner": owner, "beat": w.at}])


def beat(w: Writing, device: str, owner: str) -> bool:
    """Say that a worker lives; False if another one has taken its device."""
    mine = (workers.c.device == device) & (workers.c.owner == owner)
    return bool(w.c.execute(update(workers).where(mine).values(beat=w.at)).rowcount)


def leave(w: Writing, device: str, owner: str) -> None:
    """Give a device back; what was in work goes back into the queue, and so do jobs on which nobody works."""
    w.c.execute(delete(workers).where(workers.c.device == device, workers.c.owner == owner))
    mine = (units.c.worker == owner) & (units.c.state == "working")
    w.c.execute(update(units).where(mine).values(state="waiting", worker=""))
    at_work = exists().where(units.c.job == jobs.c.id, units.c.state == "working")
    w.c.execute(update(jobs).where(jobs.c.state == "running", ~at_work).values(state="queued"))


def _alive(owner: str, beat: str, now: str) -> bool:
    host, _, rest = owner.partition(":")
    process = rest.partition(":")[0]
    if host == socket.gethostname()[:40] and process.isdigit() and not _running(int(process)):
        return False
    return moment(now) - moment(beat) < LEASE


def _running(process: int) -> bool:
    if os.name == "nt":
        return True  # asking would need the system's own interface; the lease decides
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def collect_orphans(w: Writing, listen: JobListener | None = None) -> int:
    """Portraits whose worker died go back into the queue, or fail if that happened too often."""
    there = {row.owner for row in w.c.execute(select(workers)) if _alive(row.owner, row.beat, w.at)}
    rows = [row for row in w.c.execute(select(units).where(units.c.state == "working")) if row.worker not in there]
    for row in rows:
        tries = row.tries + 1
        this = (units.c.job == row.job) & (units.c.place == row.place)
        if tries < TRIES:
            w.c.execute(update(units).where(this).values(state="waiting", worker="", tries=tries))
        else:
            error = f"the worker ended {tries} times while it painted this portrait"
            w.c.execute(update(units).where(this).values(state="failed", worker="", tries=tries, error=error))
            tell(w, row.job, "failed", {"error": error, "place": row.place}, listen)
    for job in {row.job for row in rows}:
        settle(w, job, listen)
    return len(rows)


# taking up --------------------------------------------------------------------------------------


def open_work(c: Connection) -> bool:
    """Is there anything to take up, or left by a worker?"""
    live = units.join(jobs, units.c.job == jobs.c.id)
    query = select(units.c.job).select_from(live).where(units.c.state.in_(("waiting", "working")))
    return c.execute(query.where(jobs.c.state.in_(("queued", "running", "paused"))).limit(1)).first() is not None


def take_up(
    w: Writing, device: str, owner: str, *, most: int, most_urgent: int, listen: JobListener | None = None
) -> list[Unit]:
    """Take the next portraits from the queue.

    Work for the person at the screen comes before everything else, and in small batches, so that the
    first picture comes soon.  A batch may hold portraits of several jobs of one urgency.

    Args:
        w: the transaction.
        device: the worker's device.
        owner: the worker's name.
        most: portraits in a batch.
        most_urgent: portraits in a batch for the person at the screen.
        listen: hears which jobs are started.
    """
    if is_paused(w.c):
        return []
    joined = units.join(jobs, units.c.job == jobs.c.id)
    query = select(units.c.job, units.c.place, units.c.recipe, units.c.origins, jobs.c.urgency, jobs.c.started)
    query = query.select_from(joined).where(
        units.c.state == "waiting", jobs.c.state.in_(("queued", "running")), jobs.c.device.in_(("", device))
    )
    order = (jobs.c.urgency, jobs.c.place, jobs.c.number, units.c.place)
    rows = w.c.execute(query.order_by(*order).limit(most)).all()
    rows = [row for row in rows if row.urgency == rows[0].urgency]
    if rows and rows[0].urgency == 0:
        rows = rows[:most_urgent]
    for row in rows:
        this = (units.c.job == row.job) & (units.c.place == row.place)
        w.c.execute(update(units).where(this).values(state="working", worker=owner))
    for job in dict.fromkeys(row.job for row in rows if row.started is None):
        w.c.execute(update(jobs).where(jobs.c.id == job).values(started=w.at))
        tell(w, job, "started", {"device": device}, listen)
    for job in dict.fromkeys(row.job for row in rows):
        w.c.execute(update(jobs).where(jobs.c.id == job).values(state="running"))
    return [
        Unit(job=r.job, place=r.place, recipe=r.recipe, origins=_origins(r.origins), urgency=r.urgency) for r in rows
    ]


# what became of them -----------------------------------------------------------------------------


def put_down(w: Writing, taken: Sequence[Unit]) -> None:
    """Back into the queue, as if they had not been taken up."""
    for unit in taken:
        w.c.execute(update(units).where(_this(unit), units.c.state == "working").values(state="waiting", worker=""))


def known_already(c: Connection, taken: Sequence[Unit]) -> list[Unit]:
    """Those whose portrait the studio has already: nothing unchanged is painted again."""
    names = {unit: unit.portrait for unit in taken}
    query = select(portraits.c.id).where(portraits.c.picture.is_not(None))
    there = {r.id for part in chunks(list(names.values())) for r in c.execute(query.where(portraits.c.id.in_(part)))}
    return [unit for unit in taken if names[unit] in there]


def finish(
    w: Writing,
    pictures: Pictures,
    taken: Sequence[Unit],
    works: Sequence[Work],
    seconds: float,
    listen: JobListener | None = None,
) -> list[Kept]:
    """Keep finished portraits and send them to their destinations, all in one transaction.

    Portraits of jobs that were cancelled meanwhile are dropped.

    Args:
        w: the transaction.
        pictures: where files go.
        taken: what was taken up.
        works: what came of it, in the same order.
        seconds: how long the batch took.
        listen: hears what is kept, once it is on disk.
    """
    still = _still_wanted(w.c, taken)
    pairs = [(unit, work) for unit, work in zip(taken, works, strict=True) if unit in still]
    goals = {job: read_job(w.c, job).destination for job in dict.fromkeys(unit.job for unit, _ in pairs)}
    full = [replace(work, origins=u.origins, reason=work.reason or goals[u.job].reason) for u, work in pairs]
    kept = keep(w, pictures, full, strict=False) if full else []
    for (unit, _), portrait in zip(pairs, kept, strict=True):
        w.c.execute(update(units).where(_this(unit)).values(state="done", worker="", portrait=portrait.id, error=""))
    for job, goal in goals.items():
        ids = [portrait.id for (unit, _), portrait in zip(pairs, kept, strict=True) if unit.job == job]
        _send(w, goal, ids)
        share = seconds * len(ids) / len(taken)
        w.c.execute(update(jobs).where(jobs.c.id == job).values(seconds=jobs.c.seconds + share))
        now = read_job(w.c, job)
        tell(w, job, "kept", {"portraits": ids, "done": now.done, "total": now.total}, listen)
        settle(w, job, listen)
    return kept


def finish_known(w: Writing, taken: Sequence[Unit], listen: JobListener | None = None) -> None:
    """Write down that portraits were in the studio already, and send them to their destinations."""
    still = _still_wanted(w.c, taken)
    for job in dict.fromkeys(unit.job for unit in taken):
        mine = [unit for unit in taken if unit.job == job and unit in still]
        if not mine:
            continue
        ids = [unit.portrait for unit in mine]
        for unit in mine:
            w.c.execute(update(units).where(_this(unit)).values(state="done", worker="", portrait=unit.portrait))
        trashed = select(portraits.c.id, portraits.c.trashed).where(portraits.c.id.in_(ids))
        out = [
            Change(table="portraits", key={"id": r.id}, before={"trashed": r.trashed}, after={"trashed": None})
            for r in w.c.execute(trashed)
        ]
        perform(w, "restore", "took back what was painted again", out)
        _send(w, read_job(w.c, job).destination, ids)
        now = read_job(w.c, job)
        tell(w, job, "kept", {"portraits": ids, "known": True, "done": now.done, "total": now.total}, listen)
        settle(w, job, listen)


def fail(w: Writing, unit: Unit, error: Exception, listen: JobListener | None = None) -> None:
    """Write down that a portrait cannot be painted."""
    message = str(error) or type(error).__name__
    told = {"code": error.code if isinstance(error, LimnerError) else "error", "error": message, "place": unit.place}
    values = {"state": "failed", "worker": "", "error": message}
    w.c.execute(update(units).where(_this(unit), units.c.state == "working").values(values))
    now = read_job(w.c, unit.job)
    tell(w, unit.job, "failed", told | {"done": now.done, "total": now.total}, listen)
    settle(w, unit.job, listen)


def _send(w: Writing, goal: Destination, ids: Sequence[str]) -> None:
    """Put portraits where the job said when it was submitted; a set that is gone since is passed over."""
    changes: list[Change] = []
    there = w.c.execute(select(sets.c.id).where(sets.c.id == goal.set)).first() is not None
    if goal.set and there:
        changes += additions(w.c, goal.set, ids)
    have = {(row.portrait, row.tag) for row in w.c.execute(select(tags).where(tags.c.portrait.in_(ids)))}
    changes += [
        Change(table="tags", key={"portrait": id, "tag": tag}, before=None, after={})
        for id in dict.fromkeys(ids)
        for tag in dict.fromkeys(goal.tags)
        if (id, tag) not in have
    ]
    perform(w, "send", "sent portraits of a job to their destination", changes)


def _still_wanted(c: Connection, taken: Sequence[Unit]) -> set[Unit]:
    found: set[Unit] = set()
    for unit in taken:
        if c.execute(select(units.c.state).where(_this(unit))).scalar() == "working":
            found.add(unit)
    return found


def _this(unit: Unit) -> ColumnElement[bool]:
    return (units.c.job == unit.job) & (units.c.place == unit.place)


def _origins(text: str) -> tuple[Origin, ...]:
    return tuple(Origin(kind=k, parent=p, share=s) for k, p, s in json.loads(text))
