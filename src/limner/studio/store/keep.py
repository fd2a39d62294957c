"""Keeping portraits: the picture safe on disk first, then the rows, then the announcement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import Connection, select

from limner.core.errors import InputError
from limner.studio.store.acts import Change, apply, record
from limner.studio.store.database import Writing, moment, stamp
from limner.studio.store.entries import insert_entries
from limner.studio.store.entry import Entry, labelled, pixels_of, portrait_id, recipe_text
from limner.studio.store.label import PictureFile
from limner.studio.store.pictures import Pictures, path_of, sha256
from limner.studio.store.portraits import fetch
from limner.studio.store.rows import chunks
from limner.studio.store.schema import portraits
from limner.studio.store.values import KINDS, Kept, Origin, Work

MAX_ORIGINS = 64
"""Most parents of one portrait."""


def keep(
    w: Writing,
    pictures: Pictures,
    works: Sequence[Work],
    *,
    summary: str = "",
    strict: bool = True,
    extend: int | None = None,
) -> list[Kept]:
    """Keep pictures; when the transaction ends, they are safe on disk.

    The same recipe with the same parents is the same portrait: what is there already stays as it is (and
    leaves the trash).

    Args:
        w: the transaction.
        pictures: where files go.
        works: finished pictures; parents come before their children.
        summary: what the journal says; empty for "kept N portraits".
        strict: refuse unknown parents; else they become empty slots (for work whose parent was removed
            while it was painted).
        extend: number of an act that this one continues; see `limner.studio.store.acts.record`.

    Returns:
        The portraits in the order of `works`.

    Raises:
        InputError: an unknown parent.
        PictureError: not a PNG, JPEG or WebP file.
        StorageError: no space, no permission.
    """
    ids, entries, files = _prepare(w, works, strict)
    changes = [*keep_entries(w, pictures, entries, files), *_out_of_trash(w.c, ids)]
    noun = "portrait" if len(works) == 1 else "portraits"
    record(w, "keep", summary or f"kept {len(works)} {noun}", tuple(changes), extend=extend)
    return fetch(w.c, ids)


def keep_entries(w: Writing, pictures: Pictures, entries: Sequence[Entry], files: Mapping[str, bytes]) -> list[Change]:
    """Write files and then the rows that speak of them; the journal is left to the caller.

    Raises:
        StorageError: no space, no permission; the files that were new are gone again.
    """
    if files:
        intent = pictures.intend("keep", list(files))
        w.otherwise.append(lambda: pictures.forget(intent))
        new = pictures.write(files)
        w.otherwise.insert(0, lambda: pictures.remove(new))
        w.afterwards.append(lambda: pictures.forget(intent))
    return insert_entries(w.c, entries, w.at)


def _prepare(w: Writing, works: Sequence[Work], strict: bool) -> tuple[list[str], list[Entry], dict[str, bytes]]:
    """Id of every work; entries and files of those that are new."""
    sitters = _sitters_of(w.c, {o.parent for work in works for o in work.origins})
    drafts = [_draft(work) for work in works]
    known = _with_picture(w.c, [entry.id for _, entry in drafts])
    entries: dict[str, Entry] = {}
    files: dict[str, bytes] = {}
    for work, (file, draft) in zip(works, drafts, strict=True):
        missing = [o.parent for o in draft.origins if o.parent not in sitters]
        if missing and strict:
            raise InputError(
                f"The parent {missing[0][:16]!r} is not in this studio.", "Keep or import the parent first."
            )
        sitter = work.sitter or _inherited(draft.origins, sitters) or draft.id
        sitters.setdefault(draft.id, sitter)
        if draft.id in known or draft.id in entries:
            continue
        # a microsecond apart: the order of a batch can be read from its times
        made = work.made or stamp(moment(w.at) + timedelta(microseconds=len(entries)))
        entry = replace(draft, sitter=sitter, made=made)
        data, sidecar = labelled(file, entry)
        picture = sha256(data)
        entries[entry.id] = replace(entry, picture=picture, bytes=len(data))
        files[path_of(picture, entry.format)] = data
        if sidecar is not None:
            files[f"{path_of(picture, entry.format)}.json"] = sidecar
    return [entry.id for _, entry in drafts], list(entries.values()), files


def _draft(work: Work) -> tuple[PictureFile, Entry]:
    """What can be said of a work without looking into the database."""
    if len(work.origins) > MAX_ORIGINS:
        raise InputError(f"A portrait has at most {MAX_ORIGINS} parents, not {len(work.origins)}.")
    file = PictureFile(work.data)
    recipe = recipe_text(file, work.recipe)
    width, height = file.size
    pixels = "" if recipe else pixels_of(work.data)
    return file, Entry(
        id=portrait_id(recipe.id if recipe else None, pixels, work.origins),
        recipe=recipe,
        format=file.format,
        width=width,
        height=height,
        origins=work.origins,
        edit=work.edit,
        reason=work.reason,
        traits=work.traits,
    )


def _inherited(origins: Sequence[Origin], sitters: dict[str, str]) -> str:
    """The sitter of the first parent whose sitter the child shows."""
    for origin in origins:
        if origin.kind in KINDS and KINDS[origin.kind].same_sitter:
            return sitters.get(origin.parent, "")
    return ""


def _sitters_of(c: Connection, ids: set[str]) -> dict[str, str]:
    query = select(portraits.c.id, portraits.c.sitter)
    return {r.id: r.sitter for part in chunks(sorted(ids)) for r in c.execute(query.where(portraits.c.id.in_(part)))}


def _with_picture(c: Connection, ids: list[str]) -> set[str]:
    query = select(portraits.c.id).where(portraits.c.picture.is_not(None))
    return {r.id for part in chunks(ids) for r in c.execute(query.where(portraits.c.id.in_(part)))}


def _out_of_trash(c: Connection, ids: list[str]) -> list[Change]:
    """What is painted again leaves the trash."""
    query = select(portraits.c.id, portraits.c.trashed).where(portraits.c.trashed.is_not(None))
    changes = [
        Change(table="portraits", key={"id": r.id}, before={"trashed": r.trashed}, after={"trashed": None})
        for part in chunks(ids)
        for r in c.execute(query.where(portraits.c.id.in_(part)))
    ]
    apply(c, changes)
    return changes
