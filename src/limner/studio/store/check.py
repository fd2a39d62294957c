"""Is everything where it should be?  What is wrong is named, and what mends it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from limner.core.errors import LimnerError, StorageError
from limner.core.progress import Cancel, Listener, Progress, silent
from limner.studio.store.entry import entry_of, portrait_id
from limner.studio.store.pictures import path_of, sha256
from limner.studio.store.portraits import origins_of
from limner.studio.store.recipes import RecipeText, recipe_texts
from limner.studio.store.recovery import sidecar_of
from limner.studio.store.rows import chunks
from limner.studio.store.schema import links, portraits
from limner.studio.store.store import Store

_REINDEX = "limner studio reindex"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Something that is not as it should be."""

    kind: str
    """ "database", "missing", "altered", "unknown", "recipe", "portrait", "lineage" or "label"."""
    about: str
    """Id of a portrait, path of a picture, or name of a table."""
    message: str
    mend: str
    """The command that mends it."""

    def to_json(self) -> dict[str, str]:
        """Plain JSON values."""
        return {"kind": self.kind, "about": self.about, "message": self.message, "mend": self.mend}


def check(store: Store, *, quick: bool = False, listen: Listener = silent, cancel: Cancel | None = None) -> list[Fault]:
    """Look for faults; none means clean.

    Args:
        store: the open store.
        quick: compare only the sizes of pictures, do not read them.
        listen: told the progress.
        cancel: asked at every step.
    """
    with store.read() as c:
        faults = [*_database(store, c), *_recipes(c), *_lineage(c)]
        faults += _pictures(store, c, quick, listen, cancel or Cancel())
        faults += _unknown(store, c)
    return faults


def _database(store: Store, c: Connection) -> Iterator[Fault]:
    if not store.place.sqlite:
        return
    for (said,) in c.exec_driver_sql("PRAGMA integrity_check(20)"):
        if said != "ok":
            yield Fault(kind="database", about="database", message=str(said), mend=_REINDEX)
    for row in c.exec_driver_sql("PRAGMA foreign_key_check"):
        message = f"a row of {row[0]} cites a row of {row[2]} that does not exist"
        yield Fault(kind="database", about=str(row[0]), message=message, mend=_REINDEX)


def _recipes(c: Connection) -> Iterator[Fault]:
    """Names are hashes of what they name."""
    rows = c.execute(select(portraits.c.id, portraits.c.recipe, portraits.c.picture)).all()
    for part in chunks(rows):
        texts = recipe_texts(c, [row.recipe for row in part if row.recipe])
        origins = origins_of(c, [row.id for row in part])
        for row in part:
            if row.recipe is None:
                continue
            if RecipeText.read(texts.get(row.recipe, "")).id != row.recipe:
                message = f"the recipe of {row.id[:12]} is not the one that its id names"
                yield Fault(kind="recipe", about=row.id, message=message, mend=_REINDEX)
            elif row.picture and portrait_id(row.recipe, "", origins[row.id]) != row.id:
                message = f"the parents of {row.id[:12]} are not those that its id names"
                yield Fault(kind="portrait", about=row.id, message=message, mend=_REINDEX)


def _lineage(c: Connection) -> Iterator[Fault]:
    """Take away portraits without parents again and again (Kahn 1962): what remains is a cycle."""
    waiting: dict[str, int] = {}
    children: dict[str, list[str]] = {}
    for row in c.execute(select(links.c.child, links.c.parent)):
        waiting[row.child] = waiting.get(row.child, 0) + 1
        children.setdefault(row.parent, []).append(row.child)
    free = [parent for parent in children if parent not in waiting]
    while free:
        for child in children.get(free.pop(), ()):
            waiting[child] -= 1
            if not waiting[child]:
                free.append(child)
    for id in (id for id, left in waiting.items() if left):
        message = f"{id[:12]} is among its own ancestors"
        yield Fault(kind="lineage", about=id, message=message, mend=_REINDEX)


def _pictures(store: Store, c: Connection, quick: bool, listen: Listener, cancel: Cancel) -> Iterator[Fault]:
    query = select(portraits.c.id, portraits.c.picture, portraits.c.format, portraits.c.bytes)
    rows = c.execute(query.where(portraits.c.picture.is_not(None))).all()
    for done, row in enumerate(rows, 1):
        cancel.check()
        path = path_of(row.picture, row.format)
        size = store.pictures.size(path)
        if size is None:
            message = f"the picture {path} of {row.id[:12]} is missing"
            yield Fault(kind="missing", about=row.id, message=message, mend=f"put it back, or: {_REINDEX}")
        elif size != row.bytes:
            yield _altered(row.id, path)
        elif not quick:
            yield from _read(store, row.id, row.picture, path)
        if done % 100 == 0 or done == len(rows):
            listen(Progress(stage="reading pictures", done=done, total=len(rows), unit="pictures"))


def _read(store: Store, id: str, picture: str, path: str) -> Iterator[Fault]:
    try:
        data = store.pictures.read(path)
    except StorageError as exc:
        yield Fault(kind="missing", about=id, message=str(exc), mend="see that it can be read")
        return
    if sha256(data) != picture:
        yield _altered(id, path)
        return
    try:
        said = entry_of(data, picture, sidecar_of(store.pictures, path), "").id
    except LimnerError as exc:
        yield Fault(kind="label", about=id, message=f"the label of {path}: {exc}", mend=_REINDEX)
        return
    if said != id:
        message = f"{path} says that it is {said[:12]}, the database that it is {id[:12]}"
        yield Fault(kind="label", about=id, message=message, mend=_REINDEX)


def _altered(id: str, path: str) -> Fault:
    message = f"the picture {path} of {id[:12]} was altered outside the studio"
    return Fault(kind="altered", about=id, message=message, mend=f"put the old one back, or: {_REINDEX}")


def _unknown(store: Store, c: Connection) -> Iterator[Fault]:
    known = {row.picture for row in c.execute(select(portraits.c.picture).where(portraits.c.picture.is_not(None)))}
    for picture, format in store.pictures.listing():
        if picture not in known:
            path = path_of(picture, format)
            yield Fault(kind="unknown", about=path, message=f"the database does not know {path}", mend=_REINDEX)


def count_of(c: Connection) -> dict[str, int]:
    """How much there is: portraits, those in the trash, empty slots, bytes of pictures."""
    filled = portraits.c.picture.is_not(None)
    live = portraits.c.trashed.is_(None)
    numbers = {
        "portraits": filled & live,
        "in the trash": filled & ~live,
        "empty slots": ~filled,
    }
    counts = {name: int(c.execute(select(func.count()).where(what)).scalar_one()) for name, what in numbers.items()}
    counts["bytes"] = int(c.execute(select(func.coalesce(func.sum(portraits.c.bytes), 0))).scalar_one())
    return counts
