"""What an archive holds, read and checked before anything is believed of it.

Names in an archive are hashes of what they name, so that nothing that was altered, and no path that leads
elsewhere, gets past the checks.
"""

from __future__ import annotations

import hashlib
import json
import re
import zipfile
import zlib
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any

from limner.core.errors import InputError, LimnerError
from limner.studio.store.archive import FORMAT, HEAD, TABLES, damaged
from limner.studio.store.database import moment
from limner.studio.store.entry import Entry, entry_of, portrait_id
from limner.studio.store.pictures import path_of, sha256
from limner.studio.store.recipes import RecipeText
from limner.studio.store.values import Origin, Traits

_MAX_LINE = 16 << 20
_MAX_FILE = 1 << 30
_HASH = re.compile(r"[0-9a-f]{64}")
_OWN = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A portrait as an archive tells it."""

    entry: Entry
    curated: Mapping[str, Any]
    """rating, star, mark, note, trashed; and whether its picture should be there and is not."""
    tags: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Contents:
    """An open archive."""

    file: Path
    studio: str
    """Name or id of the studio that it comes from."""
    portraits: Sequence[Told]
    sitters: Sequence[Mapping[str, Any]]
    sets: Sequence[Mapping[str, Any]]
    grids: Sequence[Mapping[str, Any]]
    archive: zipfile.ZipFile

    def files_of(self, entry: Entry) -> dict[str, bytes]:
        """Picture of a portrait, and the label beside it if there is one, by path.

        Raises:
            InputError: it is not the picture that its name says, or not this portrait's.
        """
        path = path_of(entry.picture or "", entry.format)
        files = {path: self._read(path)}
        if sha256(files[path]) != entry.picture:
            raise damaged(self.file, f"the picture of {entry.id[:12]} is not the one that its name says")
        if f"pictures/{path}.json" in self.archive.NameToInfo:
            files[f"{path}.json"] = self._read(f"{path}.json")
        try:
            said = entry_of(files[path], entry.picture or "", files.get(f"{path}.json"), entry.made)
        except LimnerError as exc:
            raise damaged(self.file, f"the picture of {entry.id[:12]}: {exc}") from exc
        if said.id != entry.id:
            raise damaged(self.file, f"the picture of {entry.id[:12]} says that it is {said.id[:12]}")
        return files

    def _read(self, path: str) -> bytes:
        size = self.archive.getinfo(f"pictures/{path}").file_size
        if size > _MAX_FILE:
            raise damaged(self.file, f"{path} has {size:,} bytes")
        return self.archive.read(f"pictures/{path}")


@contextmanager
def opened(file: Path) -> Generator[Contents]:
    """Open an archive and read all but its pictures.

    Raises:
        InputError: not an archive, damaged, or written by a newer Limner.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            yield _contents(archive, file)
    except FileNotFoundError as exc:
        raise InputError(f"There is no file {file}.") from exc
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as exc:
        raise damaged(file, str(exc)) from exc


def _contents(archive: zipfile.ZipFile, file: Path) -> Contents:
    head = _head(archive, file)
    rows = {name: _read_rows(archive, name, head, file) for name in TABLES}
    try:
        recipes = {row["id"]: RecipeText.read(row["text"]) for row in rows["recipes"]}
        told = [_told(row, recipes, archive) for row in rows["portraits"]]
        found = Contents(
            file=file,
            studio=head["studio"]["name"] or head["studio"]["id"][:8],
            portraits=told,
            sitters=[_sitter(row) for row in rows["sitters"]],
            sets=[_set(row) for row in rows["sets"]],
            grids=[_grid(row) for row in rows["grids"]],
            archive=archive,
        )
    except (KeyError, TypeError, ValueError, AttributeError, LimnerError) as exc:
        raise damaged(file, f"a row is not as it should be ({exc!r})") from exc
    if wrong := [id for id, recipe in recipes.items() if recipe.id != id]:
        raise damaged(file, f"the recipe {wrong[0][:12]} is not the one that its id names")
    _check_names(found)
    return found


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


def _told(row: dict[str, Any], recipes: Mapping[str, RecipeText], archive: zipfile.ZipFile) -> Told:
    path = path_of(_hash(row["picture"]), row["format"]) if row["picture"] else ""
    there = bool(path) and f"pictures/{path}" in archive.NameToInfo
    entry = Entry(
        id=_hash(row["id"]),
        recipe=recipes[row["recipe"]] if row["recipe"] else None,
        picture=row["picture"] if there else None,
        format=str(row["format"]) if there else "",
        bytes=int(row["bytes"]) if there else 0,
        width=int(row["width"]),
        height=int(row["height"]),
        sitter=_hash(row["sitter"]),
        origins=tuple(Origin(kind=str(k), parent=_hash(p), share=s) for k, p, s in row["origins"]),
        edit=str(row["edit"]),
        reason=str(row["reason"]),
        made=_time(row["made"]),
        traits=Traits.from_json(row["traits"]) if row["traits"] else None,
    )
    curated = {name: row[name] for name in ("rating", "star", "mark", "note", "trashed")}
    if curated["rating"] not in (None, 1, 2, 3, 4, 5) or curated["mark"] not in ("", "keep", "kill"):
        raise ValueError(f"rating {curated['rating']!r}, mark {curated['mark']!r}")
    if curated["trashed"] is not None:
        _time(curated["trashed"])
    curated |= {"star": bool(row["star"]), "note": str(row["note"])}
    return Told(
        entry=entry,
        curated=curated | {"lacks_picture": bool(path) and not there},
        tags=tuple(str(tag) for tag in row["tags"]),
    )


def _sitter(row: Mapping[str, Any]) -> dict[str, Any]:
    return {"id": _hash(row["id"]), "name": str(row["name"]), "note": str(row["note"]), "made": _time(row["made"])}


def _set(row: Mapping[str, Any]) -> dict[str, Any]:
    found = {name: str(row[name]) for name in ("name", "rule", "note")}
    members = [_hash(portrait) for portrait in row["members"]]
    return found | {"id": _own(row["id"]), "made": _time(row["made"]), "trashed": _gone(row), "members": members}


def _grid(row: Mapping[str, Any]) -> dict[str, Any]:
    found = {name: str(row[name]) for name in ("name", "request", "axes", "cells")}
    return found | {"id": _own(row["id"]), "made": _time(row["made"]), "trashed": _gone(row), "job": ""}


def _hash(text: str) -> str:
    if _HASH.fullmatch(text) is None:
        raise ValueError(f"{text!r} is not the id of a portrait, a sitter or a picture")
    return text


def _own(text: str) -> str:
    if _OWN.fullmatch(text) is None:
        raise ValueError(f"{text!r} is not the id of a set or grid")
    return text


def _time(text: str) -> str:
    moment(text)
    return text


def _gone(row: Mapping[str, Any]) -> str | None:
    return None if row["trashed"] is None else _time(row["trashed"])


def _check_names(found: Contents) -> None:
    """Portraits are those that their ids name, and nobody is among their own ancestors."""
    entries = [t.entry for t in found.portraits]
    inside = {portrait for row in found.sets for portrait in row["members"]}
    if outside := inside - {entry.id for entry in entries}:
        raise damaged(found.file, f"a set holds the portrait {min(outside)[:12]}, which is not in the archive")
    for entry in entries:
        if entry.recipe and portrait_id(entry.recipe.id, "", entry.origins) != entry.id:
            raise damaged(found.file, f"the portrait {entry.id[:12]} is not the one that its id names")
    try:
        TopologicalSorter({entry.id: [o.parent for o in entry.origins] for entry in entries}).prepare()
    except CycleError as exc:
        raise damaged(found.file, f"the portrait {exc.args[1][0][:12]} is among its own ancestors") from exc
