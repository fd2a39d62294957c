"""`limner terms`: the words that the lexicon knows."""

from __future__ import annotations

import json
from dataclasses import asdict

import click


@click.command()
@click.argument("kind", required=False)
@click.option("--search", default="", metavar="TEXT", help="Only terms in whose words, synonyms or gloss TEXT stands.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per term and line.")
def terms(kind: str | None, search: str, as_json: bool) -> None:
    """List the lexicon: all kinds, or the terms of one KIND.

    \b
    Examples:
      limner terms
      limner terms mood
      limner terms --search candle
    """
    from limner.core.errors import InputError
    from limner.studio.studio import Studio

    with Studio() as studio:
        words = studio.lexicon
    if kind is not None and kind not in words.kinds:
        raise InputError(f"There is no kind of term {kind!r}.", f"Kinds are: {', '.join(words.kinds)}.")
    found = [t for t in words.terms if kind in (None, t.kind)]
    if search:
        wanted = search.casefold()
        found = [t for t in found if wanted in " ".join((t.word, *t.synonyms, *t.implied_by, t.gloss)).casefold()]
    if as_json:
        for term in found:
            row = {k: v for k, v in asdict(term).items() if v not in (None, "", (), {})}
            click.echo(json.dumps(row, ensure_ascii=False))
        return
    if kind is None and not search:
        for name in words.kinds:
            of_kind = words.of_kind(name)
            click.echo(f"{name:<12} {len(of_kind):>4}  {', '.join(t.word for t in of_kind[:6])} ...")
        return
    for term in found:
        click.echo(f"{term.word}  [{term.kind}]  {term.gloss}".rstrip())
        if term.synonyms:
            click.echo(f"    also: {', '.join(term.synonyms)}")
        if term.dials:
            click.echo("    " + " ".join(f"{name}={value:g}" for name, value in term.dials.items()))
    if not found:
        click.echo("No term matches.", err=True)
