"""`limner sitters`: the people who do not exist."""

from __future__ import annotations

import click

from limner.cli.memory import SITTER, as_json, echo_json, open_memory, report


@click.group(
    invoke_without_command=True,
    epilog="""\b
Examples:
  limner sitters
  limner sitters name 3f2a "Griselda"
  limner search 'sitter:griselda'
""",
)
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True)
@as_json
@click.pass_context
def sitters(ctx: click.Context, limit: int, as_json: bool) -> None:
    """List sitters and their portraits, or name one."""
    if ctx.invoked_subcommand is not None:
        return
    from limner.studio.curation.shelves import shelves

    with open_memory() as store, store.read() as c:
        for shelf in shelves(c, "sitter", limit=limit):
            if as_json:
                echo_json(shelf.to_json())
            else:
                click.echo(f"{shelf.query.removeprefix('sitter:')[:12]}  {shelf.size:>5}  {shelf.name}")


@sitters.command()
@click.argument("sitter", type=SITTER)
@click.argument("text", metavar="NAME")
@as_json
def name(sitter: str, text: str, as_json: bool) -> None:
    """Give a SITTER a NAME; an empty one takes it away.

    \b
    Example:
      limner sitters name 3f2a "Griselda"
    """
    from limner.studio.curation.marks import name_sitter

    with open_memory() as store, store.write() as w:
        report(w, name_sitter(w, sitter, text), as_json=as_json)
