"""`limner read`: what a brief is taken to mean."""

from __future__ import annotations

import json
from pathlib import Path

import click


@click.command()
@click.argument("words", required=False, default="")
@click.option("--avoid", default="", metavar="WORDS", help="Words to stay away from.")
@click.option(
    "--of", "source", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
    help="Show the reading of a picture or of a recipe in JSON instead.",
)  # fmt: skip
@click.option("--otherwise", is_flag=True, help="Say it in other words that are read the same.")
@click.option(
    "--seed", type=int, default=0, show_default=True, help="With --otherwise: another seed finds other words."
)
@click.option("--json", "as_json", is_flag=True, help="Print the reading as one JSON object.")
def read(words: str, avoid: str, source: Path | None, otherwise: bool, seed: int, as_json: bool) -> None:
    """Show, word by word, how a brief is read.

    What was understood and how much it weighs, what was mixed, and what could not be placed.  The JSON can
    be edited and given to `limner paint --reading FILE`.  A refused brief ends with exit code 3.

    \b
    Examples:
      limner read "melancholic glamour, a woman of seventy with silver braids"
      limner read "very old king, (red hair:1.3), no beard" --json > king.json
      limner read "a melancholic poet at twilight" --otherwise
      limner read --of poet.png
    """
    from limner.cli.files import recipe_of
    from limner.cli.jsonlines import reading_json
    from limner.core.errors import InputError
    from limner.language.reading import explain
    from limner.studio.studio import Studio

    if bool(source) == bool(words):
        raise InputError("Give either WORDS or --of FILE.")
    with Studio() as studio:
        reading = recipe_of(source).reading if source else studio.reader.read(words, avoid=avoid)
        if otherwise:
            from limner.language.writing import rephrase

            said = rephrase(reading, studio.lexicon, studio.reader, seed)
            reading = studio.reader.read(said, avoid=reading.avoid)
            if not as_json:
                click.echo(said)
                return
        if as_json:
            click.echo(json.dumps(reading_json(reading), ensure_ascii=False))
            return
        for line in explain(reading, studio.lexicon):
            click.echo(line)
        settings = " ".join(f"{name}={value:g}" for name, value in reading.dials.items())
        click.echo(f"dials  {settings or '(none)'}")
