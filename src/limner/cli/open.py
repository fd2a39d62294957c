"""`limner open`: looking at a portrait."""

from __future__ import annotations

from pathlib import Path

import click

from limner.cli.memory import PORTRAIT, as_json, echo_json, open_memory, portrait_json, portrait_named, rows


@click.command(
    "open",
    epilog="""\b
Examples:
  limner open 3f2a                         # in the program that shows pictures
  limner open 3f2a --print                 # what is known of it
  limner open 3f2a --out poet.png          # a copy of the file
""",
)
@click.argument("portrait", type=PORTRAIT)
@click.option("--print", "show", is_flag=True, help="Print what is known instead of showing the picture.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Copy the file there instead.")
@as_json
def open_(portrait: str, show: bool, out: Path | None, as_json: bool) -> None:
    """Show a PORTRAIT, print what is known of it, or copy its file."""
    from limner.core.errors import StorageError
    from limner.studio.curation.sets import sets_of
    from limner.studio.store.portraits import fetch, origins_of, tags_of
    from limner.studio.store.values import KINDS

    with open_memory() as store, store.read() as c:
        kept = fetch(c, [portrait_named(c, portrait)])[0]
        if out is not None:
            from limner.studio.files import write_file

            click.echo(str(write_file(out, store.picture_of(kept))))
            return
        origins = origins_of(c, [kept.id])[kept.id]
        tags, sets = tags_of(c, [kept.id])[kept.id], sets_of(c, kept.id)
        told = portrait_json(store, kept)
        if as_json:
            parents = [{"kind": o.kind, "parent": o.parent, "share": o.share} for o in origins]
            echo_json(told | {"tags": tags, "sets": sets, "origins": parents})
            return
        if not show:
            file = store.file_of(kept)
            if file is None:
                raise StorageError(f"The picture lies in {store.place.pictures}.", "Copy it: limner open ID --out FILE")
            click.launch(str(file))
            click.echo(str(file))
            return
    gloss = [f"{KINDS[o.kind].gloss if o.kind in KINDS else o.kind} {o.parent[:12]}" for o in origins]
    told |= {"tags": ", ".join(tags), "sets": ", ".join(sets), "origins": "; ".join(gloss)}
    rows([(name, str(value)) for name, value in told.items() if value not in (None, "", False)])
