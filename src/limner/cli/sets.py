"""`limner sets`: collections of portraits."""

from __future__ import annotations

import click

from limner.cli.memory import (
    PORTRAIT,
    SET,
    as_json,
    echo_json,
    finder,
    open_memory,
    portraits_named,
    report,
    show_portraits,
)


@click.group(
    invoke_without_command=True,
    epilog="""\b
Examples:
  limner sets
  limner sets new "north wall" 3f2a 91c0
  limner sets new best --rule "rating>=4 -tag:sold"
  limner sets show "north wall"
  limner sets shelves mood
""",
)
@as_json
@click.pass_context
def sets(ctx: click.Context, as_json: bool) -> None:
    """Sets, smart sets and derived shelves; alone it lists all sets."""
    if ctx.invoked_subcommand is not None:
        return
    from limner.studio.curation.conditions import portraits_in
    from limner.studio.curation.sets import list_sets

    with open_memory() as store, store.read() as c:
        index = None
        for shelf in list_sets(c):
            size = shelf.size
            if size is None:
                index = index or finder(store, words=False).index
                size = len(portraits_in(c, index, shelf.id))
            if as_json:
                echo_json(shelf.to_json() | {"size": size})
            else:
                rule = f"  = {shelf.rule}" if shelf.rule else ""
                click.echo(f"{shelf.id[:8]}  {size:>6}  {shelf.name}{rule}")


@sets.command()
@click.argument("name", type=SET)
@as_json
def show(name: str, as_json: bool) -> None:
    """List the portraits of the set NAME in their order.

    \b
    Example:
      limner sets show "north wall"
    """
    from limner.studio.curation.conditions import portraits_in
    from limner.studio.curation.sets import find_set
    from limner.studio.store.portraits import fetch

    with open_memory() as store, store.read() as c:
        ids = portraits_in(c, finder(store, words=False).index, find_set(c, name))
        show_portraits(store, fetch(c, ids), as_json=as_json)


@sets.command()
@click.argument("name")
@click.argument("portraits", nargs=-1, type=PORTRAIT)
@click.option("--rule", default="", metavar="QUERY", help="Make it smart: it holds what the query finds.")
@click.option("--note", default="", help="What it is for.")
@as_json
def new(name: str, portraits: tuple[str, ...], rule: str, note: str, as_json: bool) -> None:
    """Make the set NAME, with PORTRAITS or with a rule.

    \b
    Examples:
      limner sets new "north wall" 3f2a 91c0
      limner sets new sad --rule "mood:melancholic rating>=3"
    """
    from limner.studio.curation.conditions import rule_of
    from limner.studio.curation.sets import make_set

    with open_memory() as store, store.write() as w:
        if rule:
            rule_of(w.c, rule)
        id = make_set(w, name, rule=rule, note=note, ids=portraits_named(w.c, portraits))
    if as_json:
        echo_json({"id": id})
    else:
        click.echo(id)


@sets.command()
@click.argument("name", type=SET)
@click.argument("portraits", nargs=-1, required=True, type=PORTRAIT)
@as_json
def add(name: str, portraits: tuple[str, ...], as_json: bool) -> None:
    """Put PORTRAITS at the end of the set NAME.

    \b
    Example:
      limner sets add "north wall" 3f2a
    """
    from limner.studio.curation.sets import add_to_set, find_set

    with open_memory() as store, store.write() as w:
        report(w, add_to_set(w, find_set(w.c, name), portraits_named(w.c, portraits)), as_json=as_json)


@sets.command()
@click.argument("name", type=SET)
@click.argument("portraits", nargs=-1, required=True, type=PORTRAIT)
@as_json
def remove(name: str, portraits: tuple[str, ...], as_json: bool) -> None:
    """Take PORTRAITS out of the set NAME; they stay in the studio.

    \b
    Example:
      limner sets remove "north wall" 3f2a
    """
    from limner.studio.curation.sets import find_set, remove_from_set

    with open_memory() as store, store.write() as w:
        report(w, remove_from_set(w, find_set(w.c, name), portraits_named(w.c, portraits)), as_json=as_json)


@sets.command()
@click.argument("name", type=SET)
@click.argument("portraits", nargs=-1, required=True, type=PORTRAIT)
@click.option("--at", type=click.IntRange(1), help="Place of the first of them, counted from 1; else the front.")
@as_json
def arrange(name: str, portraits: tuple[str, ...], at: int | None, as_json: bool) -> None:
    """Put PORTRAITS of the set NAME into this order.

    \b
    Example:
      limner sets arrange "north wall" 91c0 3f2a --at 3
    """
    from limner.studio.curation.sets import arrange_set, find_set

    with open_memory() as store, store.write() as w:
        place = None if at is None else at - 1
        report(w, arrange_set(w, find_set(w.c, name), portraits_named(w.c, portraits), at=place), as_json=as_json)


@sets.command()
@click.argument("name", type=SET)
@click.option("--name", "other", help="Another name.")
@click.option("--note", help="What it is for.")
@click.option("--rule", metavar="QUERY", help="Another rule, for a smart set.")
@as_json
def edit(name: str, other: str | None, note: str | None, rule: str | None, as_json: bool) -> None:
    """Change name, note or rule of the set NAME.

    \b
    Example:
      limner sets edit "north wall" --name "south wall" --note "for the opening"
    """
    from limner.studio.curation.conditions import rule_of
    from limner.studio.curation.sets import change_rule, describe_set, find_set, rename_set

    with open_memory() as store, store.write() as w:
        id = find_set(w.c, name)
        if rule is not None:
            rule_of(w.c, rule)
            report(w, change_rule(w, id, rule), as_json=as_json)
        if note is not None:
            report(w, describe_set(w, id, note), as_json=as_json)
        if other is not None:
            report(w, rename_set(w, id, other), as_json=as_json)


@sets.command()
@click.argument("name", type=SET)
@as_json
def drop(name: str, as_json: bool) -> None:
    """Put the set NAME into the trash; its portraits stay.

    \b
    Example:
      limner sets drop "north wall"
    """
    from limner.studio.curation.sets import drop_set, find_set

    with open_memory() as store, store.write() as w:
        report(w, drop_set(w, find_set(w.c, name)), as_json=as_json)


@sets.command()
@click.argument("name")
@as_json
def back(name: str, as_json: bool) -> None:
    """Take the set NAME out of the trash.

    \b
    Example:
      limner sets back "north wall"
    """
    from limner.studio.curation.sets import find_set, take_back_set

    with open_memory() as store, store.write() as w:
        report(w, take_back_set(w, find_set(w.c, name, trashed=True)), as_json=as_json)


@sets.command()
@click.argument("by")
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True)
@as_json
def shelves(by: str, limit: int, as_json: bool) -> None:
    """Sort the studio onto shelves BY date, month, sitter, rating, medium, style, tag, parent, or a kind of term.

    \b
    Examples:
      limner sets shelves month
      limner sets shelves mood
    """
    from limner.studio.curation.shelves import shelves as sort

    with open_memory() as store, store.read() as c:
        for shelf in sort(c, by, limit=limit):
            if as_json:
                echo_json(shelf.to_json())
            else:
                click.echo(f"{shelf.size:>6}  {shelf.name:<24}  limner search '{shelf.query}'")
