"""`limner rate`, `star` and `note`: what the artist thinks of portraits."""

from __future__ import annotations

import click

from limner.cli.memory import PORTRAIT, open_memory, portrait_named, portraits_named, report


@click.command(
    epilog="""\b
Examples:
  limner rate 4 3f2a 91c0
  limner rate 0 3f2a                       # take the rating away
  limner search tag:blue --ids | xargs limner rate 3
"""
)
@click.argument("rating", type=click.IntRange(0, 5))
@click.argument("portraits", nargs=-1, required=True, type=PORTRAIT)
def rate(rating: int, portraits: tuple[str, ...]) -> None:
    """Rate PORTRAITS 1 to 5; 0 takes the rating away."""
    from limner.studio.curation.marks import rate as give

    with open_memory() as store, store.write() as w:
        report(give(w, portraits_named(w.c, portraits), rating or None))


@click.command(
    epilog="""\b
Examples:
  limner star 3f2a
  limner star 3f2a --off
"""
)
@click.argument("portraits", nargs=-1, required=True, type=PORTRAIT)
@click.option("--off", is_flag=True, help="Take the star away.")
def star(portraits: tuple[str, ...], off: bool) -> None:
    """Star PORTRAITS, or take the star away."""
    from limner.studio.curation.marks import star as give

    with open_memory() as store, store.write() as w:
        report(give(w, portraits_named(w.c, portraits), not off))


@click.command(
    epilog="""\b
Examples:
  limner note 3f2a "her best side; hang her near the window"
  limner note 3f2a ""                      # remove the note
  limner note 3f2a                         # print it
"""
)
@click.argument("portrait", type=PORTRAIT)
@click.argument("text", required=False)
def note(portrait: str, text: str | None) -> None:
    """Write the note TEXT on a PORTRAIT, or print its note."""
    from limner.studio.curation.marks import note as write
    from limner.studio.store.portraits import fetch

    if text is None:
        with open_memory() as store, store.read() as c:
            click.echo(fetch(c, [portrait_named(c, portrait)])[0].note)
        return
    with open_memory() as store, store.write() as w:
        report(write(w, portrait_named(w.c, portrait), text))
