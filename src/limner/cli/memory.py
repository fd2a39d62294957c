"""What the commands on the studio's memory share: opening it, naming things, showing them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem
    from sqlalchemy import Connection

    from limner.core.progress import Progress
    from limner.studio.curation.search import Finder
    from limner.studio.store.acts import Act
    from limner.studio.store.database import Writing
    from limner.studio.store.store import Store
    from limner.studio.store.values import Kept

as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON, one object a line.")


def open_memory(*, read_only: bool = False) -> Store:
    """The store of the studio that settings and variables name."""
    from limner.studio.store.store import open_store

    return open_store(read_only=read_only)


# naming -----------------------------------------------------------------------------------------


class Named(click.ParamType[str]):
    """Something in the studio that is named by the beginning of its id, or by a name; it completes itself.

    Args:
        name: what it is.
        known: everything that begins with a text.
    """

    def __init__(self, name: str, known: Callable[[Connection, str], Iterable[str]]) -> None:
        self.name = name
        self._known = known

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        from click.shell_completion import CompletionItem

        from limner.core.errors import LimnerError

        try:
            with open_memory(read_only=True) as store, store.read() as c:
                return [CompletionItem(text) for text in self._known(c, incomplete)]
        except LimnerError:  # no studio yet: nothing to complete
            return []


def _ids(table: str) -> Callable[[Connection, str], list[str]]:
    def known(c: Connection, text: str) -> list[str]:
        from limner.studio.store.portraits import begins
        from limner.studio.store.schema import tables

        return [id[:12] for id in begins(c, tables.tables[table], text)]

    return known


def _set_names(c: Connection, text: str) -> list[str]:
    from limner.studio.curation.sets import list_sets

    return [shelf.name for shelf in list_sets(c) if shelf.name.startswith(text)]


def _tag_names(c: Connection, text: str) -> list[str]:
    from limner.studio.curation.marks import all_tags

    return [tag for tag in all_tags(c) if tag.startswith(text)]


PORTRAIT = Named("portrait", _ids("portraits"))
SITTER = Named("sitter", _ids("sitters"))
JOB = Named("job", _ids("jobs"))
GRID = Named("grid", _ids("grids"))
SET = Named("set", _set_names)
TAG = Named("tag", _tag_names)


def portraits_named(c: Connection, names: Sequence[str]) -> list[str]:
    """Ids of portraits that people name: by the beginning of an id, or by a file that carries one.

    Raises:
        InputError: none, several, or a file of another studio.
    """
    return list(dict.fromkeys(portrait_named(c, name) for name in names))


def portrait_named(c: Connection, name: str) -> str:
    """The id of one portrait; see `portraits_named`."""
    from pathlib import Path

    from limner.studio.store.portraits import fetch, find

    if ("/" in name or "." in name) and Path(name).is_file():
        from limner.cli.files import read_bytes
        from limner.studio.store.entry import entry_of

        id = entry_of(read_bytes(Path(name)), "", None, "").id
        return fetch(c, [id])[0].id
    return find(c, name)


# showing ----------------------------------------------------------------------------------------


def show_portraits(store: Store, kept: Iterable[Kept], *, as_json: bool) -> None:
    """One line a portrait, for people or for programs."""
    for one in kept:
        if as_json:
            echo_json(portrait_json(store, one))
        else:
            click.echo(line_of(one))


def line_of(kept: Kept) -> str:
    """Id, rating, date and brief on one line."""
    stars = "\u2605" * (kept.rating or 0)
    marks = ("*" if kept.star else " ") + {"keep": "k", "kill": "x"}.get(kept.mark, " ")
    words = " ".join(kept.words.split()) or "(no words)"
    words = words if len(words) <= 60 else f"{words[:59]}\u2026"
    slot = "  (empty slot)" if kept.picture is None else ""
    return f"{kept.id[:12]}  {stars:<5} {marks} {kept.made[:10]}  {words}{slot}"


def portrait_json(store: Store, kept: Kept) -> dict[str, Any]:
    """A portrait with its file as plain JSON."""
    return kept.to_json() | {"file": file_of(store, kept)}


def file_of(store: Store, kept: Kept) -> str | None:
    """Path or address of a portrait's file; None for an empty slot."""
    from limner.studio.store.pictures import path_of

    if kept.picture is None:
        return None
    path = path_of(kept.picture, kept.format)
    return str(store.pictures.local(path) or f"{store.place.pictures}/{path}")


def echo_json(value: Mapping[str, Any]) -> None:
    """One JSON object on one line."""
    click.echo(json.dumps(value, ensure_ascii=False))


def report(w: Writing, act: Act | None, *, as_json: bool = False) -> None:
    """Say what an act did, once it is on disk."""

    def say() -> None:
        if as_json:
            echo_json({"changed": act is not None} | (act.to_json() if act else {}))
        else:
            click.echo(f"{act.summary[0].upper()}{act.summary[1:]}." if act else "Nothing changed.", err=True)

    w.afterwards.append(say)


def rows(lines: Sequence[tuple[str, str]]) -> None:
    """Two columns."""
    wide = max((len(left) for left, _ in lines), default=0)
    for left, right in lines:
        click.echo(f"{left:<{wide}}  {right}")


# searching --------------------------------------------------------------------------------------


def finder(store: Store, *, words: bool) -> Finder:
    """What searches need; the reader of words is only loaded if there are some."""
    from limner.studio.curation.index import Index
    from limner.studio.curation.search import Finder

    index = Index(store)
    return reading_finder(index) if words else Finder(index=index)


def reading_finder(index: Any) -> Finder:
    """A finder that reads words as `limner paint` does."""
    from functools import lru_cache

    import numpy as np

    from limner.core.errors import LimnerError
    from limner.core.reading import Reading, unpack_vector
    from limner.studio.curation.search import Finder
    from limner.studio.studio import Studio

    reader = Studio().reader

    @lru_cache(maxsize=8)
    def read(words: str) -> Reading:
        try:
            return reader.read(words)
        except LimnerError:  # what cannot be painted can still be searched for, word by word
            return Reading()

    return Finder(
        index=index,
        encode=lambda words: unpack_vector(read(words).text) if read(words).text else np.zeros(0, np.float32),
        meaning=lambda words: [item.term for item in read(words).understood if item.term],
    )


def listener() -> Callable[[Progress], None]:
    """A progress bar on stderr."""
    from limner.cli.progress import Bar

    return Bar()
