"""`limner tag`: tags on portraits."""

from __future__ import annotations

import click

from limner.cli.memory import PORTRAIT, TAG, as_json, echo_json, open_memory, portraits_named, report


@click.command(
    epilog="""\b
Examples:
  limner tag                               # all tags
  limner tag 3f2a 91c0 --add blue --add "north wall"
  limner tag 3f2a --remove blue
  limner tag 3f2a                          # the tags of a portrait
"""
)
@click.argument("portraits", nargs=-1, type=PORTRAIT)
@click.option("--add", multiple=True, type=TAG, metavar="TAG", help="Give this tag. Repeatable.")
@click.option("--remove", multiple=True, type=TAG, metavar="TAG", help="Take this tag away. Repeatable.")
@as_json
def tag(portraits: tuple[str, ...], add: tuple[str, ...], remove: tuple[str, ...], as_json: bool) -> None:
    """Give tags to PORTRAITS and take tags away; without options it lists tags."""
    from limner.core.errors import InputError
    from limner.studio.curation.marks import all_tags
    from limner.studio.curation.marks import tag as change
    from limner.studio.store.portraits import tags_of

    if add or remove:
        if not portraits:
            raise InputError("Name the portraits that get or lose the tag.")
        with open_memory() as store, store.write() as w:
            report(w, change(w, portraits_named(w.c, portraits), add=add, remove=remove), as_json=as_json)
        return
    with open_memory() as store, store.read() as c:
        if not portraits:
            for name, count in all_tags(c).items():
                if as_json:
                    echo_json({"tag": name, "portraits": count})
                else:
                    click.echo(f"{count:>6}  {name}")
            return
        for id, names in tags_of(c, portraits_named(c, portraits)).items():
            if as_json:
                echo_json({"id": id, "tags": names})
            else:
                click.echo(f"{id[:12]}  {', '.join(names)}")
