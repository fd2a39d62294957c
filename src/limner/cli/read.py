"""`limner read`: what a brief is taken to mean."""

from __future__ import annotations

import json

import click


@click.command()
@click.argument("words")
@click.option("--avoid", default="", metavar="WORDS", help="Words to stay away from.")
@click.option("--json", "as_json", is_flag=True, help="Print the reading as one JSON object.")
def read(words: str, avoid: str, as_json: bool) -> None:
    """Show, word by word, how a brief is read.

    What was understood and how much it weighs, what was mixed, and what could not be placed.  The JSON can
    be edited and given to `limner paint --reading FILE`.  A refused brief ends with exit code 3.

    \b
    Examples:
      limner read "melancholic glamour, a woman of seventy with silver braids"
      limner read "very old king, (red hair:1.3), no beard" --json > king.json
    """
    from limner.cli.jsonlines import reading_json
    from limner.language.explain import explain
    from limner.studio.studio import Studio

    with Studio() as studio:
        reading = studio.reader.read(words, avoid=avoid)
        if as_json:
            click.echo(json.dumps(reading_json(reading), ensure_ascii=False))
            return
        for line in explain(reading, studio.lexicon):
            click.echo(line)
        settings = " ".join(f"{name}={value:g}" for name, value in reading.dials.items())
        click.echo(f"dials  {settings or '(none)'}")
