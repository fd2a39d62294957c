"""`limner terms`: the words that the lexicon knows."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click


@click.command()
@click.argument("kind", required=False)
@click.option("--search", default="", metavar="TEXT", help="Only terms in whose words, synonyms or gloss TEXT stands.")
@click.option(
    "--docs", type=click.Path(path_type=Path, file_okay=False), metavar="FOLDER",
    help="Write the pages of all terms there, in Markdown.",
)  # fmt: skip
@click.option("--pictures", is_flag=True, help="With --docs: paint every mood, light and palette first (minutes).")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per term and line.")
def terms(kind: str | None, search: str, docs: Path | None, pictures: bool, as_json: bool) -> None:
    """List the lexicon: all kinds, or the terms of one KIND.

    \b
    Examples:
      limner terms
      limner terms mood
      limner terms --search candle
      limner terms --docs terms --pictures
    """
    from limner.core.errors import InputError
    from limner.studio.studio import Studio

    if pictures and docs is None:
        raise InputError("--pictures needs a folder.", "Name one with --docs FOLDER.")
    if docs is not None:
        _write_pages(docs, kind, pictures=pictures)
        return
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


def _write_pages(folder: Path, kind: str | None, *, pictures: bool) -> None:
    """The pages of all terms; pictures of one kind, or of all that have some."""
    from limner.cli.progress import stoppable
    from limner.core.errors import InputError
    from limner.language.writing.glossary import PICTURED, PICTURES, glossary
    from limner.studio.files import write_file
    from limner.studio.glossary import sample_page
    from limner.studio.studio import Studio

    if kind is not None and kind not in PICTURED:
        raise InputError(f"Pages show no portraits of the kind {kind!r}.", f"They do of: {', '.join(PICTURED)}.")
    images = folder / PICTURES
    with Studio() as studio, stoppable() as (bar, cancel):
        for name in PICTURED if pictures else ():
            if kind in (None, name):
                page = sample_page(studio, name, listen=bar, cancel=cancel)
                click.echo(str(write_file(images / f"{name}.jpg", page)))
        shown = [name for name in PICTURED if (images / f"{name}.jpg").is_file()]
        for file, text in glossary(studio.lexicon, shown).items():
            click.echo(str(write_file(folder / file, text.encode())))
