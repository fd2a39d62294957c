"""`limner search`: finding portraits."""

from __future__ import annotations

import click

from limner.cli.memory import PORTRAIT, as_json, echo_json, finder, line_of, open_memory, portrait_json, portraits_named


@click.command(
    epilog="""\b
Examples:
  limner search melancholic poet
  limner search 'tag:blue rating>=4 -set:"north wall"'
  limner search 'mood:wistful smile<0 colour:#1b2a41 made:2026-11'
  limner search --like 3f2a --like 91c0 --unlike 77de
  limner search --order rating --limit 10 --json

Conditions: tag:, set:, sitter:, parent:, from: (descendants), term:, kinds of terms (mood:, hour: ...),
colour:#rrggbb, rating>=4, rating:none, made:2026-11, medium:, style:, engine:, id:,
is:starred|rated|keep|kill|undecided|handmade|measured|root, and dials (smile>0.3). A minus sign turns one round.
"""
)
@click.argument("query", nargs=-1)
@click.option("--like", multiple=True, type=PORTRAIT, help="More like this portrait. Repeatable.")
@click.option("--unlike", multiple=True, type=PORTRAIT, help="Not like this portrait. Repeatable.")
@click.option("--order", type=click.Choice(["best", "newest", "oldest", "rating"]), help="What comes first.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, show_default=True, help="Finds on a page.")
@click.option("--page", type=click.IntRange(1), default=1, show_default=True)
@click.option("--ids", is_flag=True, help="Print whole ids only, to pass on.")
@as_json
def search(
    query: tuple[str, ...],
    like: tuple[str, ...],
    unlike: tuple[str, ...],
    order: str | None,
    limit: int,
    page: int,
    ids: bool,
    as_json: bool,
) -> None:
    """Find portraits by words, by what was said of them, by their look; without QUERY it lists the newest."""
    from limner.studio.curation.conditions import kinds_of
    from limner.studio.curation.query import parse_query
    from limner.studio.curation.search import search as look

    with open_memory() as store, store.read() as c:
        wanted = parse_query(" ".join(query), kinds_of(c))
        found = look(
            c,
            finder(store, words=bool(wanted.words or wanted.avoid)),
            wanted,
            like=portraits_named(c, like),
            unlike=portraits_named(c, unlike),
            order=order,  # pyright: ignore[reportArgumentType]
            limit=limit,
            offset=(page - 1) * limit,
        )
        for one in found.page:
            if ids:
                click.echo(one.kept.id)
            elif as_json:
                echo_json(portrait_json(store, one.kept) | {"score": round(one.score, 4)})
            else:
                click.echo(line_of(one.kept))
    if found.total > len(found.page) and not as_json and not ids:
        click.echo(f"{len(found.page)} of {found.total:,}; more with --page {page + 1}", err=True)
