"""Reading an archive: what is missing is added, and nothing that is here is changed."""

from __future__ import annotations

import hashlib
import json
import secrets
import zipfile
import zlib
from collections.abc import Generator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from limner.core.errors import InputError
from limner.core.progress import Cancel, Listener, Progress, silent
from limner.studio.store.acts import Change, apply, record
from limner.studio.store.archive import FORMAT, HEAD, TABLES, damaged
from limner.studio.store.entry import Entry, pixels_of, portrait_id
from limner.studio.store.keep import keep_entries
from limner.studio.store.pictures import path_of, sha256
from limner.studio.store.portraits import fetch
from limner.studio.store.recipes import RecipeText
from limner.studio.store.rows import chunks
from limner.studio.store.schema import grids, members, portraits, sets, sitters, tags
from limner.studio.store.store import Store
from limner.studio.store.values import Origin, Traits

_MAX_LINE = 16 << 20
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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """A portrait as an archive tells it."""

    entry: Entry
    curated: dict[str, Any]
    tags: tuple[str, ...]


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
    with _opened(file) as archive:
        head = _head(archive, file)
        rows = {name: _read_rows(archive, name, head, file) for name in TABLES}
        try:
            recipes = {row["id"]: RecipeText.read(row["text"]) for row in rows["recipes"]}
            told = [_told(row, recipes, archive) for row in rows["portraits"]]
        except (KeyError, TypeError, ValueError, AttributeError) as exc:
            raise damaged(file, f"a row is not as it should be ({exc!r})") from exc
        if wrong := [id for id, recipe in recipes.items() if recipe.id != id]:
            raise damaged(file, f"the recipe {wrong[0][:12]} is not the one that its id names")
        _check_ids(file, told)
        before = _known(store, [t.entry.id for t in told])
        changes = _add_portraits(store, archive, file, told, listen, cancel)
    with store.write() as w:
        conflicts: list[str] = [
            f"the picture of {t.entry.id[:12]} is missing from the archive" for t in told if t.curated["lacks_picture"]
        ]
        changes += _add_curation(w.c, rows["sitters"], told, before, conflicts)
        made, names = _add_sets(w.c, rows["sets"], conflicts)
        changes += made
        changes += _add_grids(w.c, rows["grids"])
        name = head["studio"]["name"] or head["studio"]["id"][:8]
        record(w, "import", f"imported {file.name}", tuple(changes))
    new = [t.entry for t in told if before.get(t.entry.id) is None]
    return Imported(
        studio=name,
        portraits=sum(e.picture is not None for e in new),
        present=sum(before.get(t.entry.id) is not None for t in told),
        slots=sum(e.picture is None and e.id not in before for e in new),
        sets=tuple(names),
        conflicts=tuple(conflicts),
        engines=tuple(sorted({json.loads(e.recipe.text).get("engine", "") for e in new if e.recipe})),
    )


@contextmanager
def _opened(file: Path) -> Generator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(file) as archive:
            yield archive
    except FileNotFoundError as exc:
        raise InputError(f"There is no file {file}.") from exc
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as exc:
        raise damaged(file, str(exc)) from exc


def _head(archive: zipfile.ZipFile, file: Path) -> dict[str, Any]:
    if HEAD not in archive.namelist():
        raise InputError(f"{file} is no archive of Limner's.", "Make one with: limner studio export")
    try:
        head: dict[str, Any] = json.loads(archive.read(HEAD))
        format, _, _ = int(head["format"]), str(head["studio"]["id"]), head["rows"]["portraits"]
    except (ValueError, KeyError, TypeError) as exc:
        raise damaged(file, repr(exc)) from exc
    if format > FORMAT:
        raise InputError(
            f"{file} was written by Limner {head.get('limner', '?')}, in form {format}.", "Upgrade Limner to read it."
        )
    return head


def _read_rows(archive: zipfile.ZipFile, name: str, head: Mapping[str, Any], file: Path) -> list[dict[str, Any]]:
    digest = hashlib.sha256()
    rows: list[dict[str, Any]] = []
    try:
        with archive.open(f"rows/{name}.jsonl") as lines:
            while line := lines.readline(_MAX_LINE):
                digest.update(line)
                rows.append(json.loads(line))
    except (KeyError, ValueError) as exc:
        raise damaged(file, f"{name}: {exc}") from exc
    if digest.hexdigest() != head["rows"].get(name):
        raise damaged(file, f"{name}: the checksum differs")
    return rows


def _told(row: dict[str, Any], recipes: Mapping[str, RecipeText], archive: zipfile.ZipFile) -> _Told:
    path = path_of(row["picture"], row["format"]) if row["picture"] else ""
    there = bool(path) and f"pictures/{path}" in archive.NameToInfo
    entry = Entry(
        id=str(row["id"]),
        recipe=recipes[row["recipe"]] if row["recipe"] else None,
        picture=row["picture"] if there else None,
        format=str(row["format"]) if there else "",
        bytes=int(row["bytes"]) if there else 0,
        width=int(row["width"]),
        height=int(row["height"]),
        sitter=str(row["sitter"]),
        origins=tuple(Origin(kind=str(k), parent=str(p), share=s) for k, p, s in row["origins"]),
        edit=str(row["edit"]),
        reason=str(row["reason"]),
        made=str(row["made"]),
        traits=Traits.from_json(row["traits"]) if row["traits"] else None,
    )
    curated = {name: row[name] for name in ("rating", "star", "mark", "note", "trashed")}
    if curated["rating"] not in (None, 1, 2, 3, 4, 5) or curated["mark"] not in ("", "keep", "kill"):
        raise ValueError(f"rating {curated['rating']!r}, mark {curated['mark']!r}")
    return _Told(
        entry=entry,
        curated=curated | {"lacks_picture": bool(path) and not there},
        tags=tuple(str(tag) for tag in row["tags"]),
    )


def _check_ids(file: Path, told: Sequence[_Told]) -> None:
    for entry in (t.entry for t in told):
        if entry.recipe and portrait_id(entry.recipe.id, "", entry.origins) != entry.id:
            raise damaged(file, f"the portrait {entry.id[:12]} is not the one that its id names")


def _known(store: Store, ids: Sequence[str]) -> dict[str, str | None]:
    query = select(portraits.c.id, portraits.c.picture)
    with store.read() as c:
        return {r.id: r.picture for part in chunks(ids) for r in c.execute(query.where(portraits.c.id.in_(part)))}


def _add_portraits(
    store: Store, archive: zipfile.ZipFile, file: Path, told: Sequence[_Told], listen: Listener, cancel: Cancel
) -> list[Change]:
    """Pictures and rows, in several transactions; those that are here already are passed over."""
    changes: list[Change] = []
    done = 0
    for part in chunks([t.entry for t in told], _BATCH):
        cancel.check()
        here = {id for id, picture in _known(store, [e.id for e in part]).items() if picture is not None}
        new = [e for e in part if e.id not in here]
        files: dict[str, bytes] = {}
        for entry in new:
            if entry.picture is not None:
                files |= _picture_files(archive, file, entry)
        with store.write() as w:
            changes += keep_entries(w, store.pictures, new, files)
        done += len(part)
        listen(Progress(stage="reading pictures", done=done, total=len(told), unit="portraits"))
    return changes


def _picture_files(archive: zipfile.ZipFile, file: Path, entry: Entry) -> dict[str, bytes]:
    path = path_of(entry.picture or "", entry.format)
    data = archive.read(f"pictures/{path}")
    if sha256(data) != entry.picture:
        raise damaged(file, f"the picture of {entry.id[:12]} is not the one that its name says")
    if entry.recipe is None and portrait_id(None, pixels_of(data), entry.origins) != entry.id:
        raise damaged(file, f"the portrait {entry.id[:12]} is not the one that its id names")
    files = {path: data}
    if f"pictures/{path}.json" in archive.NameToInfo:
        files[f"{path}.json"] = archive.read(f"pictures/{path}.json")
    return files


def _add_curation(
    c: Connection,
    sitter_rows: Sequence[Mapping[str, Any]],
    told: Sequence[_Told],
    before: Mapping[str, str | None],
    conflicts: list[str],
) -> list[Change]:
    """What the archive says of sitters and portraits, where this studio says nothing."""
    changes: list[Change] = []
    named = {row.id: row for row in c.execute(select(sitters))}
    for row in sitter_rows:
        if row["id"] in named:
            here = {name: getattr(named[row["id"]], name) for name in ("name", "note")}
            changes += _filled("sitters", row["id"], here, row, conflicts)
    kept = {k.id: k for k in fetch(c, [t.entry.id for t in told])}
    for t in told:
        here = {name: getattr(kept[t.entry.id], name) for name in ("rating", "star", "mark", "note")}
        changes += _filled("portraits", t.entry.id, here, t.curated, conflicts)
        if before.get(t.entry.id) is None and t.curated["trashed"] and t.entry.picture:
            gone = {"trashed": t.curated["trashed"]}
            changes.append(Change(table="portraits", key={"id": t.entry.id}, before={"trashed": None}, after=gone))
    said = {(row.portrait, row.tag) for row in c.execute(select(tags))}
    wanted = [(t.entry.id, tag) for t in told for tag in t.tags]
    changes += [
        Change(table="tags", key={"portrait": id, "tag": tag}, before=None, after={})
        for id, tag in wanted
        if (id, tag) not in said
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
