"""Writing a studio, or a set of it, as one file.

Ancestors of a set travel as empty slots, with recipe and without picture, so that its lineage stays whole.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from limner._version import __version__
from limner.core.progress import Cancel, Listener, Progress, silent
from limner.studio.store.archive import FORMAT, HEAD, TABLES
from limner.studio.store.database import stamp
from limner.studio.store.pictures import path_of
from limner.studio.store.portraits import fetch, origins_of, tags_of, traits_of
from limner.studio.store.recipes import recipe_texts
from limner.studio.store.recovery import sidecar_of
from limner.studio.store.rows import chunks
from limner.studio.store.schema import grids, links, members, portraits, sets, sitters
from limner.studio.store.store import Store
from limner.studio.store.values import Kept, dumps
from limner.studio.store.whole import writing


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """What went into an archive."""

    file: Path
    portraits: int
    slots: int
    """Ancestors that travel without picture."""
    sets: int
    bytes: int

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__} | {"file": str(self.file)}


def export(
    store: Store,
    file: Path,
    *,
    set: str | None = None,
    ids: Sequence[str] | None = None,
    listen: Listener = silent,
    cancel: Cancel | None = None,
) -> Exported:
    """Write a studio, or one set with its ancestors, as one file.

    Args:
        store: the open store.
        file: the archive; what is there is replaced once the new one is whole.
        set: id of a set; None for everything.
        ids: its portraits in order, where they are not its members (a smart set).
        listen: told the progress.
        cancel: asked at every step.

    Raises:
        StorageError: a picture is missing, no space, no permission.
        Cancelled: `cancel` was requested; no file is left.
    """
    cancel = cancel or Cancel()
    with store.read() as c, writing(file) as out, zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        if set:
            whole = list(ids) if ids is not None else _members(c, set)
            slots = sorted(_ancestors(c, whole) - frozenset(whole))
        else:
            whole, slots = _everything(c, filled=True), _everything(c, filled=False)
        kept = [*fetch(c, whole), *(_emptied(k) for k in fetch(c, slots))]
        shared = [set] if set else [row.id for row in c.execute(select(sets.c.id))]
        rows: dict[str, Iterable[dict[str, Any]]] = {
            "sitters": _sitter_rows(c, kept, everyone=not set),
            "recipes": _recipe_rows(c, kept),
            "portraits": _portrait_rows(c, kept),
            "sets": _set_rows(c, shared, frozenset(whole)),
            "grids": [] if set else _grid_rows(c),
        }
        digests = {name: _write_rows(archive, name, rows[name]) for name in TABLES}
        size = _write_pictures(store, archive, kept, listen, cancel)
        head = {
            "format": FORMAT,
            "kind": "set" if set else "studio",
            "studio": {"id": store.identity.id, "name": store.identity.name},
            "limner": __version__,
            "made": stamp(store.clock()),
            "rows": digests,
            "portraits": len(whole),
            "slots": len(slots),
        }
        archive.writestr(HEAD, json.dumps(head, indent=1))
    return Exported(file=file, portraits=len(whole), slots=len(slots), sets=len(shared), bytes=size)


def _members(c: Connection, set: str) -> list[str]:
    joined = members.join(portraits, members.c.portrait == portraits.c.id)
    query = select(members.c.portrait).select_from(joined).where(members.c.set == set)
    query = query.where(portraits.c.picture.is_not(None), portraits.c.trashed.is_(None))
    return [row.portrait for row in c.execute(query.order_by(members.c.place))]


def _everything(c: Connection, *, filled: bool) -> list[str]:
    there = portraits.c.picture.is_not(None)
    query = select(portraits.c.id).where(there if filled else ~there).order_by(portraits.c.number)
    return [row.id for row in c.execute(query)]


def _ancestors(c: Connection, ids: Sequence[str]) -> frozenset[str]:
    found: frozenset[str] = frozenset()
    edge: Sequence[str] = ids
    while edge:
        query = select(links.c.parent).distinct()
        above = {row.parent for part in chunks(edge) for row in c.execute(query.where(links.c.child.in_(part)))}
        edge = sorted(above - found)
        found |= above
    return found


def _emptied(kept: Kept) -> Kept:
    return replace(kept, picture=None, format="", bytes=0, star=False, mark="", note="", rating=None)


def _sitter_rows(c: Connection, kept: Sequence[Kept], *, everyone: bool) -> Iterator[dict[str, Any]]:
    shown = {k.sitter for k in kept}
    for part in chunks(sorted(shown)):
        for row in c.execute(select(sitters).where(sitters.c.id.in_(part)).order_by(sitters.c.id)).mappings():
            yield dict(row)
    if everyone:  # those, too, whose portraits are all gone
        said = (sitters.c.name != "") | (sitters.c.note != "")
        for row in c.execute(select(sitters).where(said).order_by(sitters.c.id)).mappings():
            if row["id"] not in shown:
                yield dict(row)


def _recipe_rows(c: Connection, kept: Sequence[Kept]) -> Iterator[dict[str, Any]]:
    for part in chunks(sorted({k.recipe for k in kept if k.recipe})):
        for id, text in sorted(recipe_texts(c, part).items()):
            yield {"id": id, "text": text}


def _portrait_rows(c: Connection, kept: Sequence[Kept]) -> Iterator[dict[str, Any]]:
    for part in chunks(kept):
        ids = [k.id for k in part]
        origins, measured = origins_of(c, ids), traits_of(c, ids)
        said = tags_of(c, ids)
        for k in part:
            row = k.to_json() | {"tags": said[k.id] if k.picture else []}
            del row["number"], row["words"]
            row["origins"] = [[o.kind, o.parent, o.share] for o in origins[k.id]]
            row["traits"] = measured[k.id].to_json() if k.id in measured else None
            yield row


def _set_rows(c: Connection, ids: Sequence[str], there: frozenset[str]) -> Iterator[dict[str, Any]]:
    for id in ids:
        row = dict(c.execute(select(sets).where(sets.c.id == id)).mappings().one())
        inside = c.execute(select(members.c.portrait).where(members.c.set == id).order_by(members.c.place))
        yield row | {"members": [m.portrait for m in inside if m.portrait in there]}


def _grid_rows(c: Connection) -> Iterator[dict[str, Any]]:
    for row in c.execute(select(grids).order_by(grids.c.made, grids.c.id)).mappings():
        yield dict(row) | {"job": ""}


def _write_rows(archive: zipfile.ZipFile, name: str, rows: Iterable[Mapping[str, Any]]) -> str:
    digest = hashlib.sha256()
    info = zipfile.ZipInfo(f"rows/{name}.jsonl", date_time=(1980, 1, 1, 0, 0, 0))
    info.compress_type = zipfile.ZIP_DEFLATED
    with archive.open(info, "w", force_zip64=True) as out:
        for row in rows:
            line = dumps(row).encode() + b"\n"
            digest.update(line)
            out.write(line)
    return digest.hexdigest()


def _write_pictures(
    store: Store, archive: zipfile.ZipFile, kept: Sequence[Kept], listen: Listener, cancel: Cancel
) -> int:
    paths = list(dict.fromkeys(path_of(k.picture, k.format) for k in kept if k.picture))
    size = 0
    for done, path in enumerate(paths, 1):
        cancel.check()
        data = store.pictures.read(path)
        size += len(data)
        archive.writestr(f"pictures/{path}", data)
        if (sidecar := sidecar_of(store.pictures, path)) is not None:
            archive.writestr(f"pictures/{path}.json", sidecar)
        if done % 100 == 0 or done == len(paths):
            listen(Progress(stage="writing pictures", done=done, total=len(paths), unit="pictures"))
    return size
