"""The journal: every act as the row changes that it made, so that it can be taken back and made again.

A change names a table, a row by its key, and some columns' values before and after; no `before` means
that the row was added, no `after` that it was removed.  Undoing an act applies its changes backwards,
after making sure that each row still is as the act left it; so undo is exactly the inverse, or an error
that changes nothing.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, RowMapping, Table, and_, bindparam, delete, func, select, tuple_, update

from limner.core.errors import InputError
from limner.studio.store.database import Writing
from limner.studio.store.rows import chunks, insert_all
from limner.studio.store.schema import acts, tables
from limner.studio.store.values import dumps

KEPT_ACTS = 10_000
"""Older acts than this many can no longer be undone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What happened to one row."""

    table: str
    key: Mapping[str, Any]
    before: Mapping[str, Any] | None
    """Values before, by column; None if there was no such row."""
    after: Mapping[str, Any] | None
    """Values after, by column; None if there is no such row any more."""

    @property
    def inverse(self) -> Change:
        """What takes it back."""
        return Change(table=self.table, key=self.key, before=self.after, after=self.before)

    @property
    def empty(self) -> bool:
        """True if nothing happened."""
        return self.before == self.after


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One entry of the journal."""

    number: int
    at: str
    actor: str
    kind: str
    summary: str
    """What was done, in words."""
    state: str
    """ "done", "undone", or "dropped": undone, and other acts came after it."""
    changes: tuple[Change, ...]
    passed_over: int = 0
    """When undone or made again: rows that no longer exist, because the trash was emptied."""

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values, without the changes."""
        names = ("number", "at", "actor", "kind", "summary", "state", "passed_over")
        return {name: getattr(self, name) for name in names}


def perform(w: Writing, kind: str, summary: str, changes: Iterable[Change]) -> Act | None:
    """Make changes and write them into the journal; None if there was nothing to change."""
    made = tuple(change for change in changes if not change.empty)
    apply(w.c, made)
    return record(w, kind, summary, made)


def record(w: Writing, kind: str, summary: str, made: tuple[Change, ...], *, extend: int | None = None) -> Act | None:
    """Write changes that were made already into the journal.

    Args:
        w: the transaction.
        kind: kind of the act.
        summary: what was done, in words.
        made: the changes.
        extend: number of an act that this one continues (portraits of one command, kept batch by batch); it
            grows if it still is the actor's last and was not undone.
    """
    made = tuple(change for change in _merged(made) if not change.empty)
    if not made:
        return None
    if extend is not None and (grown := _extended(w, extend, summary, made)) is not None:
        return grown
    undone = and_(acts.c.state == "undone", acts.c.actor == w.actor)
    w.c.execute(update(acts).where(undone).values(state="dropped"))
    row = {
        "at": w.at,
        "actor": w.actor,
        "kind": kind,
        "summary": summary,
        "changes": dumps([_to_json(change) for change in made]),
        "state": "done",
    }
    number = w.c.execute(acts.insert().returning(acts.c.number), row).scalar_one()
    if number % 100 == 0:
        w.c.execute(delete(acts).where(acts.c.number <= number - KEPT_ACTS))
    return Act(number=number, at=w.at, actor=w.actor, kind=kind, summary=summary, state="done", changes=made)


def _extended(w: Writing, number: int, summary: str, made: tuple[Change, ...]) -> Act | None:
    last = _latest(w, "done")
    if last is None or last.number != number:
        return None
    whole = tuple(_merged([*last.changes, *made]))
    values = {"summary": summary, "changes": dumps([_to_json(change) for change in whole])}
    w.c.execute(update(acts).where(acts.c.number == number).values(values))
    return replace(last, summary=summary, changes=whole)


def undo(w: Writing, number: int | None = None) -> Act:
    """Take back the actor's last act, or a certain one.

    Raises:
        InputError: there is none, it is not done, or a later act built on it.
    """
    act = _latest(w, "done") if number is None else _act(w.c, number)
    if act is None:
        raise InputError("There is nothing to undo.")
    if act.state != "done":
        raise InputError(f"Act {act.number} ({act.summary}) is undone already.", "Make it again: limner undo --redo")
    return _turn(w, act, [change.inverse for change in reversed(act.changes)], "undone")


def redo(w: Writing) -> Act:
    """Make the act again that the actor undid last.

    Raises:
        InputError: there is none, or a later act built on what it changed.
    """
    act = _latest(w, "undone")
    if act is None:
        raise InputError(
            "There is nothing to do again.", "Acts that were undone can be made again until another follows."
        )
    return _turn(w, act, list(act.changes), "done")


def last_act(w: Writing) -> int | None:
    """Number of the actor's last act that was not undone."""
    act = _latest(w, "done")
    return None if act is None else act.number


def history(c: Connection, *, limit: int = 20) -> list[Act]:
    """The latest acts, newest first; their changes are left out."""
    columns = [column for column in acts.c if column.name not in ("changes", "turned")]
    found = c.execute(select(*columns).order_by(acts.c.number.desc()).limit(limit))
    return [Act(**row, changes=()) for row in found.mappings()]


# helpers ----------------------------------------------------------------------------------------


def _merged(changes: Iterable[Change]) -> Iterable[Change]:
    """One change a row: what it was before the first and after the last of several."""
    found: dict[tuple[Any, ...], Change] = {}
    for change in changes:
        row = (change.table, *sorted(change.key.items()))
        first = found.get(row)
        if first is None:
            found[row] = change
        else:
            before = None if first.before is None else {**(change.before or {}), **first.before}
            after = None if change.after is None else {**(first.after or {}), **change.after}
            found[row] = Change(table=change.table, key=first.key, before=before, after=after)
    return found.values()


def _turn(w: Writing, act: Act, changes: list[Change], state: str) -> Act:
    present, gone = _split(w.c, act, changes)
    apply(w.c, tuple(present))
    turn = w.c.execute(select(func.coalesce(func.max(acts.c.turned), 0) + 1)).scalar_one()
    w.c.execute(update(acts).where(acts.c.number == act.number).values(state=state, turned=turn))
    return replace(act, state=state, passed_over=gone)


def _split(c: Connection, act: Act, changes: list[Change]) -> tuple[list[Change], int]:
    """The changes that can be made, and how many rows are gone for good.

    Raises:
        InputError: a row is not as the act left it.
    """
    gone = _gone(c, changes)
    present = [change for change in changes if not gone.intersection(_cites(change))]
    now = _current(c, present)
    for change in present:
        row = now.get((change.table, *change.key.values()))
        if not _matches(row, change.before) or _holds_more(c, change, present):
            raise InputError(
                f"Act {act.number} ({act.summary}) cannot be turned back: something was changed since.",
                "Undo what came after it first; see: limner undo --list",
            )
    return present, len(changes) - len(present)


def _matches(row: Mapping[str, Any] | None, expected: Mapping[str, Any] | None) -> bool:
    if row is None or expected is None:
        return row is None and expected is None
    return all(row[name] == value for name, value in expected.items())


def _holds_more(c: Connection, change: Change, changes: Sequence[Change]) -> bool:
    """Would a set vanish with members that the act knows nothing of?"""
    if change.table != "sets" or change.after is not None:
        return False
    known = {one.key["portrait"] for one in changes if one.table == "members" and one.key["set"] == change.key["id"]}
    inside = tables.tables["members"].c
    return any(
        row.portrait not in known for row in c.execute(select(inside.portrait).where(inside.set == change.key["id"]))
    )


def _cites(change: Change) -> set[tuple[str, str]]:
    """What must be there for a change to make sense: tables and ids."""
    cited = {(table, str(change.key[name])) for name, table in _KEYS.items() if name in change.key}
    if change.before is not None and "id" in change.key:
        cited.add((change.table, str(change.key["id"])))
    return cited


_KEYS = {"portrait": "portraits", "set": "sets"}


def _gone(c: Connection, changes: list[Change]) -> set[tuple[str, str]]:
    """What the changes need and the trash no longer has."""
    wanted: dict[str, set[str]] = defaultdict(set)
    for change in changes:
        for table, id in _cites(change):
            wanted[table].add(id)
    for change in changes:
        if change.before is None and "id" in change.key:  # comes with the act itself
            wanted[change.table].discard(str(change.key["id"]))
    return {(table, id) for table, ids in wanted.items() for id in ids - _there(c, tables.tables[table], sorted(ids))}


def _there(c: Connection, table: Table, ids: list[str]) -> set[str]:
    query = select(table.c.id)
    if "picture" in table.c:
        query = query.where(table.c.picture.is_not(None))
    return {row.id for part in chunks(ids) for row in c.execute(query.where(table.c.id.in_(part)))}


def apply(c: Connection, changes: Sequence[Change]) -> None:
    """Make changes without a word in the journal."""
    # runs of the same kind go to the database together; their order is kept, since rows may build on rows
    run: list[Change] = []
    for change in changes:
        if run and _shape(run[-1]) != _shape(change):
            _make(c, run)
            run = []
        run.append(change)
    if run:
        _make(c, run)


def _shape(change: Change) -> tuple[Any, ...]:
    return (change.table, change.before is None, change.after is None, *sorted(change.after or ()))


def _make(c: Connection, run: list[Change]) -> None:
    table = tables.tables[run[0].table]
    if run[0].before is None:
        insert_all(c, table, [{**change.key, **(change.after or {})} for change in run])
        return
    matches = and_(*(table.c[name] == bindparam(f"key_{name}") for name in run[0].key))
    keys = [{f"key_{name}": value for name, value in change.key.items()} for change in run]
    if run[0].after is None:
        c.execute(delete(table).where(matches), keys)
        return
    values: dict[str, Any] = {name: bindparam(f"new_{name}") for name in run[0].after}
    new = [{f"new_{name}": value for name, value in (change.after or {}).items()} for change in run]
    c.execute(update(table).where(matches).values(values), [a | b for a, b in zip(keys, new, strict=True)])


def _current(c: Connection, changes: list[Change]) -> dict[tuple[Any, ...], Mapping[str, Any]]:
    """The rows that changes speak of, as they are now, by table and key."""
    groups: dict[tuple[str, ...], list[tuple[Any, ...]]] = defaultdict(list)
    for change in changes:
        groups[change.table, *change.key].append(tuple(change.key.values()))
    found: dict[tuple[Any, ...], Mapping[str, Any]] = {}
    for (name, *columns), keys in groups.items():
        table = tables.tables[name]
        key = tuple_(*(table.c[column] for column in columns))
        for part in chunks(keys, 400):
            for row in c.execute(select(table).where(key.in_(part))).mappings():
                found[name, *(row[column] for column in columns)] = {str(k): v for k, v in row.items()}
    return found


def _latest(w: Writing, state: str) -> Act | None:
    wanted = select(acts).where(acts.c.state == state, acts.c.actor == w.actor)
    order = acts.c.number if state == "done" else acts.c.turned
    row = w.c.execute(wanted.order_by(order.desc()).limit(1)).mappings().first()
    return None if row is None else _of_row(row)


def _act(c: Connection, number: int) -> Act:
    row = c.execute(select(acts).where(acts.c.number == number)).mappings().first()
    if row is None:
        raise InputError(f"There is no act {number}.", "See: limner undo --list")
    return _of_row(row)


def _of_row(row: RowMapping) -> Act:
    values: dict[str, Any] = {str(k): v for k, v in row.items()}
    del values["turned"]
    values["changes"] = tuple(_from_json(item) for item in json.loads(values["changes"]))
    return Act(**values)


def _to_json(change: Change) -> list[Any]:
    return [change.table, dict(change.key), change.before, change.after]


def _from_json(item: list[Any]) -> Change:
    return Change(table=item[0], key=item[1], before=item[2], after=item[3])
