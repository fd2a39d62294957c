"""`limner rate`, `star` and `note`: what the artist thinks of portraits."""

from __future__ import annotations

import click

from limner.cli.memory import PORTRAIT, as_json, echo_json, open_memory, portrait_named, portraits_named, report


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
@as_json
def rate(rating: int, portraits: tuple[str, ...], as_json: bool) -> None:
    """Rate PORTRAITS 1 to 5; 0 takes the rating away."""
    from limner.studio.curation.marks import rate as give

    with open_memory() as store, store.write() as w:
        report(w, give(w, portraits_named(w.c, portraits), rating or None), as_json=as_json)


@click.command(
    epilog="""\b
Examples:
  limner star 3f2a
  limner star 3f2a --off
"""
)
@click.argument("portraits", nargs=-1, required=True, type=PORTRAIT)
@click.option("--off", is_flag=True, help="Take the star away.")
@as_json
def star(portraits: tuple[str, ...], off: bool, as_json: bool) -> None:
    """Star PORTRAITS, or take the star away."""
    from limner.studio.curation.marks import star as give

    with open_memory() as store, store.write() as w:
        report(w, give(w, portraits_named(w.c, portraits), not off), as_json=as_json)


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
@as_json
def note(portrait: str, text: str | None, as_json: bool) -> None:
    """Write the note TEXT on a PORTRAIT, or print its note."""
    from limner.studio.curation.marks import note as write
    from limner.studio.store.portraits import fetch

    if text is None:
        with open_memory() as store, store.read() as c:
            kept = fetch(c, [portrait_named(c, portrait)])[0]
        if as_json:
            echo_json({"id": kept.id, "note": kept.note})
        else:
            click.echo(kept.note)
        return
    with open_memory() as store, store.write() as w:
        report(w, write(w, portrait_named(w.c, portrait), text), as_json=as_json)
