"""Reading an archive: what is missing is added, and nothing that is here is changed."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from limner.core.progress import Cancel, Listener, Progress, silent
from limner.studio.store.acts import Change, apply, record
from limner.studio.store.contents import Contents, Told, opened
from limner.studio.store.keep import keep_entries
from limner.studio.store.portraits import fetch, tags_of
from limner.studio.store.rows import chunks
from limner.studio.store.schema import grids, members, portraits, sets, sitters
from limner.studio.store.store import Store

_BATCH = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What came out of an archive."""

    studio: str
    """Name or id of the studio that it comes from."""
    portraits: int
    """New portraits."""
    present: int
    """Portraits that were here already."""
    slots: int
    """New empty slots."""
    sets: tuple[str, ...]
    """Names of new sets."""
    conflicts: tuple[str, ...]
    """Where this studio and the archive say different things; this studio's word stands."""
    engines: tuple[str, ...]
    """Engines that the new portraits were painted with."""

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


def import_archive(store: Store, file: Path, *, listen: Listener = silent, cancel: Cancel | None = None) -> Imported:
    """Add what an archive holds; nothing that is here is changed, and a second reading changes nothing.

    Args:
        store: the open store.
        file: the archive.
        listen: told the progress.
        cancel: asked at every step.

    Raises:
        InputError: not an archive, damaged, or written by a newer Limner; nothing was changed.
        StorageError: no space, no permission; what was read before is kept, and reading again goes on.
        Cancelled: likewise.
    """
    cancel = cancel or Cancel()
    with opened(file) as contents:
        told = contents.portraits
        before = _known(store, [t.entry.id for t in told])
        changes = _add_portraits(store, contents, listen, cancel)
    with store.write() as w:
        conflicts: list[str] = [
            f"the picture of {t.entry.id[:12]} is missing from the archive" for t in told if t.curated["lacks_picture"]
        ]
        changes += _add_curation(w.c, contents.sitters, told, before, conflicts)
        made, names = _add_sets(w.c, contents.sets, conflicts)
        changes += made
        changes += _add_grids(w.c, contents.grids)
        record(w, "import", f"imported {file.name}", tuple(changes))
    new = [t.entry for t in told if before.get(t.entry.id) is None]
    return Imported(
        studio=contents.studio,
        portraits=sum(e.picture is not None for e in new),
        present=sum(before.get(t.entry.id) is not None for t in told),
        slots=sum(e.picture is None and e.id not in before for e in new),
        sets=tuple(names),
        conflicts=tuple(conflicts),
        engines=tuple(sorted({json.loads(e.recipe.text).get("engine", "") for e in new if e.recipe})),
    )


def _known(store: Store, ids: Sequence[str]) -> dict[str, str | None]:
    query = select(portraits.c.id, portraits.c.picture)
    with store.read() as c:
        return {r.id: r.picture for part in chunks(ids) for r in c.execute(query.where(portraits.c.id.in_(part)))}


def _add_portraits(store: Store, contents: Contents, listen: Listener, cancel: Cancel) -> list[Change]:
    """Pictures and rows, in several transactions; those that are here already are passed over."""
    changes: list[Change] = []
    done = 0
    for part in chunks([t.entry for t in contents.portraits], _BATCH):
        cancel.check()
        here = {id for id, picture in _known(store, [e.id for e in part]).items() if picture is not None}
        new = [e for e in part if e.id not in here]
        files: dict[str, bytes] = {}
        for entry in new:
            if entry.picture is not None:
                files |= contents.files_of(entry)
        with store.write() as w:
            changes += keep_entries(w, store.pictures, new, files)
        done += len(part)
        listen(Progress(stage="reading pictures", done=done, total=len(contents.portraits), unit="portraits"))
    return changes


def _add_curation(
    c: Connection,
    sitter_rows: Sequence[Mapping[str, Any]],
    told: Sequence[Told],
    before: Mapping[str, str | None],
    conflicts: list[str],
) -> list[Change]:
    """What the archive says of sitters and portraits, where this studio says nothing."""
    changes: list[Change] = []
    query = select(sitters)
    named = {
        row.id: row
        for part in chunks([row["id"] for row in sitter_rows])
        for row in c.execute(query.where(sitters.c.id.in_(part)))
    }
    for row in sitter_rows:
        if row["id"] in named:
            here = {name: getattr(named[row["id"]], name) for name in ("name", "note")}
            changes += _filled("sitters", row["id"], here, row, conflicts)
        elif row["name"] or row["note"]:  # one whose portraits are all gone
            after = {name: row[name] for name in ("name", "note", "made")}
            changes.append(Change(table="sitters", key={"id": row["id"]}, before=None, after=after))
    kept = {k.id: k for k in fetch(c, [t.entry.id for t in told])}
    for t in told:
        here = {name: getattr(kept[t.entry.id], name) for name in ("rating", "star", "mark", "note")}
        changes += _filled("portraits", t.entry.id, here, t.curated, conflicts)
        new = t.entry.id not in before or (before[t.entry.id] is None and t.entry.picture)
        if new and t.curated["trashed"]:
            gone = {"trashed": t.curated["trashed"]}
            changes.append(Change(table="portraits", key={"id": t.entry.id}, before={"trashed": None}, after=gone))
    said = tags_of(c, [t.entry.id for t in told])
    changes += [
        Change(table="tags", key={"portrait": t.entry.id, "tag": tag}, before=None, after={})
        for t in told
        for tag in t.tags
        if tag not in said[t.entry.id]
    ]
    apply(c, changes)
    return changes


def _filled(
    table: str, id: str, here: Mapping[str, Any], there: Mapping[str, Any], conflicts: list[str]
) -> list[Change]:
    new = {name: there[name] for name, value in here.items() if not value and there[name]}
    for name, value in here.items():
        if value and there[name] and value != there[name]:
            conflicts.append(f"{name} of {table[:-1]} {id[:12]}: {value!r} stays, the archive says {there[name]!r}")
    old = {name: here[name] for name in new}
    return [Change(table=table, key={"id": id}, before=old, after=new)] if new else []


def _add_sets(c: Connection, rows: Sequence[Mapping[str, Any]], conflicts: list[str]) -> tuple[list[Change], list[str]]:
    """New sets; one that is here under the same id with other members comes as a set of its own."""
    changes: list[Change] = []
    names: list[str] = []
    taken = {row.name for row in c.execute(select(sets.c.name).where(sets.c.trashed.is_(None)))}
    for row in rows:
        here = c.execute(select(sets).where(sets.c.id == row["id"])).mappings().first()
        id, name = row["id"], str(row["name"])
        if here is not None:
            inside = c.execute(select(members.c.portrait).where(members.c.set == id).order_by(members.c.place))
            same = [m.portrait for m in inside] == row["members"] and here["rule"] == row["rule"]
            if same:
                continue
            id = secrets.token_hex(16)
            conflicts.append(f"the set {name!r} is here with other members: the archive's came as a set of its own")
        if row["trashed"] is None:
            name = _free(name, taken)
            taken.add(name)
        after = {"name": name, "rule": row["rule"], "note": row["note"], "made": row["made"], "trashed": row["trashed"]}
        changes.append(Change(table="sets", key={"id": id}, before=None, after=after))
        changes += [
            Change(table="members", key={"set": id, "portrait": portrait}, before=None, after={"place": k})
            for k, portrait in enumerate(row["members"])
        ]
        names.append(name)
    apply(c, changes)
    return changes, names


def _add_grids(c: Connection, rows: Sequence[Mapping[str, Any]]) -> list[Change]:
    here = {row.id for row in c.execute(select(grids.c.id))}
    columns = [column.name for column in grids.c if column.name != "id"]
    changes = [
        Change(table="grids", key={"id": row["id"]}, before=None, after={name: row[name] for name in columns})
        for row in rows
        if row["id"] not in here
    ]
    apply(c, changes)
    return changes


def _free(name: str, taken: AbstractSet[str]) -> str:
    """The name, or the name with the first free number."""
    if name not in taken:
        return name
    return next(f"{name} {k}" for k in range(2, len(taken) + 3) if f"{name} {k}" not in taken)
