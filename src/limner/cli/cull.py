"""`limner cull`: keep or kill, hundreds in minutes."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from limner.cli.memory import (
    PORTRAIT,
    SET,
    as_json,
    echo_json,
    finder,
    line_of,
    open_memory,
    portraits_named,
    report,
)

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from limner.studio.store.store import Store


@click.command(
    epilog="""\b
Examples:
  limner cull --query "made:2026-11-21"           # keys: k keep, x kill, s skip, u back, q quit
  limner cull --set candidates --into best --finish
  printf 'k\\nx\\nk\\n' | limner cull 3f2a 91c0 77de --json
"""
)
@click.argument("portraits", nargs=-1, type=PORTRAIT)
@click.option("--set", "name", type=SET, help="Judge the portraits of this set.")
@click.option("--query", help="Judge what this query finds.")
@click.option("--into", type=SET, help="When finishing: put the kept ones into this set.")
@click.option("--finish", is_flag=True, help="Afterwards throw away what was killed, and take the marks off.")
@click.option("--again", is_flag=True, help="Judge those that were judged before, too.")
@as_json
def cull(
    portraits: tuple[str, ...],
    name: str | None,
    query: str | None,
    into: str | None,
    finish: bool,
    again: bool,
    as_json: bool,
) -> None:
    """Judge portraits one after the other: keep or kill.

    On a terminal one key judges one portrait; else every line of stdin is a verdict (k, x, s, u, q). Every
    verdict is on disk at once, so a cull can be broken off and gone on with. Without --finish nothing is
    thrown away.
    """
    from limner.studio.curation.cull import cull as judge
    from limner.studio.curation.cull import finish as carry_out
    from limner.studio.curation.cull import undecided
    from limner.studio.curation.sets import find_set
    from limner.studio.store.portraits import fetch

    with open_memory() as store:
        with store.read() as c:
            ids = _chosen(store, c, portraits, name, query)
            waiting = ids if again else undecided(c, ids)
            target = find_set(c, into) if into else None
            kept = {k.id: k for k in fetch(c, waiting)}
        if sys.stdin.isatty() and waiting:
            click.echo(line_of(kept[waiting[0]]), err=True)
        for done in judge(store, waiting, _verdicts()):
            if as_json:
                echo_json({"id": done.id, "verdict": done.verdict, "left": done.left})
            else:
                click.echo(f"{done.verdict:<5} {line_of(kept[done.id])}")
            if sys.stdin.isatty() and done.left:
                click.echo(line_of(kept[waiting[len(waiting) - done.left]]), err=True)
        if finish:
            with store.write() as w:
                report(w, carry_out(w, ids, set=target), as_json=as_json)


def _chosen(store: Store, c: Connection, portraits: tuple[str, ...], name: str | None, query: str | None) -> list[str]:
    """The portraits to be judged, in order."""
    from limner.core.errors import InputError
    from limner.studio.curation.conditions import kinds_of, portraits_in
    from limner.studio.curation.query import parse_query
    from limner.studio.curation.search import search
    from limner.studio.curation.sets import find_set

    if sum(map(bool, (portraits, name, query))) != 1:
        raise InputError("Say what is judged: portraits, --set or --query; one of them.")
    if portraits:
        return portraits_named(c, portraits)
    if name:
        return portraits_in(c, finder(store, words=False).index, find_set(c, name))
    wanted = parse_query(query or "", kinds_of(c))
    found = search(c, finder(store, words=bool(wanted.words)), wanted, order="oldest", limit=100_000)
    return [one.kept.id for one in found.page]


def _verdicts() -> Iterator[str]:
    """Keys on a terminal, else lines of stdin."""
    if sys.stdin.isatty():
        while True:  # until the cull ends or the key says so
            yield click.getchar()
    yield from sys.stdin
