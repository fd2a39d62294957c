"""`limner trash`: throwing away, taking back, emptying."""

from __future__ import annotations

import click

from limner.cli.memory import PORTRAIT, as_json, echo_json, line_of, open_memory, portrait_json, portraits_named, report


@click.group(
    invoke_without_command=True,
    epilog="""\b
Examples:
  limner trash                             # what is in it
  limner trash put 3f2a 91c0
  limner trash back 3f2a
  limner trash empty --older-than 7
""",
)
@as_json
@click.pass_context
def trash(ctx: click.Context, as_json: bool) -> None:
    """The trash; things stay in it for 30 days. Alone it lists what is in it."""
    if ctx.invoked_subcommand is not None:
        return
    from limner.studio.curation.sets import list_sets
    from limner.studio.store.trash import in_trash

    with open_memory() as store, store.read() as c:
        for one in in_trash(c):
            if as_json:
                echo_json(portrait_json(store, one))
            else:
                click.echo(f"{line_of(one)}  (since {(one.trashed or '')[:10]})")
        for shelf in list_sets(c, trashed=True):
            if as_json:
                echo_json(shelf.to_json() | {"kind": "set"})
            else:
                click.echo(f"set {shelf.name!r}  (since {(shelf.trashed or '')[:10]}; limner sets back)")


@trash.command()
@click.argument("portraits", nargs=-1, required=True, type=PORTRAIT)
@as_json
def put(portraits: tuple[str, ...], as_json: bool) -> None:
    """Throw PORTRAITS away.

    \b
    Example:
      limner trash put 3f2a
    """
    from limner.studio.store.trash import throw_away

    with open_memory() as store, store.write() as w:
        report(w, throw_away(w, portraits_named(w.c, portraits)), as_json=as_json)


@trash.command()
@click.argument("portraits", nargs=-1, required=True, type=PORTRAIT)
@as_json
def back(portraits: tuple[str, ...], as_json: bool) -> None:
    """Take PORTRAITS out of the trash.

    \b
    Example:
      limner trash back 3f2a
    """
    from limner.studio.store.trash import take_back

    with open_memory() as store, store.write() as w:
        report(w, take_back(w, portraits_named(w.c, portraits)), as_json=as_json)


@trash.command()
@click.option("--older-than", "days", type=click.FloatRange(0), default=30, show_default=True, metavar="DAYS")
@click.option("--yes", is_flag=True, help="Do not ask.")
@as_json
def empty(days: float, yes: bool, as_json: bool) -> None:
    """Remove for good what has been in the trash for longer than DAYS; this cannot be undone.

    \b
    Example:
      limner trash empty --older-than 7 --yes
    """
    from datetime import timedelta

    if not yes:
        click.confirm("This cannot be undone. Go on?", abort=True, err=True)
    with open_memory() as store:
        gone = store.empty_trash(older_than=timedelta(days=days))
    if as_json:
        echo_json({"portraits": gone.portraits, "sets": gone.sets, "bytes": gone.bytes})
    else:
        click.echo(f"{gone.portraits} portraits and {gone.sets} sets are gone, {gone.bytes / 1e6:.1f} MB.", err=True)
