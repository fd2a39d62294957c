"""`limner label`: what hangs beside a portrait."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from limner.core.recipe import Recipe
    from limner.language.writing import Label, Work
    from limner.studio.scribe import Scribe
    from limner.studio.studio import Studio


@click.command(
    epilog="""\b
Examples:
  limner label poet.png
  limner label faces/*.png --json > labels.jsonl
  limner label poet.png --no-biography --year 2026
  limner label poet.png --scribe      # a language model writes; see docs/settings.md
"""
)
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, dir_okay=False))
@click.option("--seed", type=int, default=0, show_default=True, help="Another seed writes other labels.")
@click.option("--year", type=int, help="Year of making; the file's own if left out.")
@click.option("--no-biography", is_flag=True, help="Leave the imagined life out.")
@click.option(
    "--scribe", "asks", is_flag=True, help="Let the language model of the settings write; only words are sent."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per file and line.")
def label(files: tuple[Path, ...], seed: int, year: int | None, no_biography: bool, asks: bool, as_json: bool) -> None:
    """Write wall labels for FILES (pictures of Limner's, or recipes in JSON), as one set.

    A label has a title, the year, the medium, what was asked and how it was made, and an imagined life of
    the sitter, marked as fiction. No two labels of a set begin alike.
    """
    from limner.cli.files import file_named, recipe_of
    from limner.language.writing import Writer
    from limner.studio.scribe import Scribe
    from limner.studio.studio import Studio

    with Studio() as studio:
        scribe = Scribe.of_settings(studio.settings) if asks else None
        files = tuple(file_named(path) for path in files)
        recipes = [recipe_of(path) for path in files]
        writer = Writer(studio.lexicon, seed)
        for path, recipe in zip(files, recipes, strict=True):
            work = _work(studio, path, recipe, year)
            written = writer.write(work, with_biography=not no_biography)
            if scribe is not None:
                written = _by_scribe(scribe, work, written)
                writer.remember(written)
            if as_json:
                click.echo(
                    json.dumps({"file": str(path), "recipe": recipe.id, **written.to_json()}, ensure_ascii=False)
                )
            else:
                click.echo("\n".join(written.lines()) + "\n")


def _work(studio: Studio, path: Path, recipe: Recipe, year: int | None) -> Work:
    """The portrait as the writer sees it."""
    from limner.language.writing import Work

    # a portrait of the studio may lie in a bucket
    made = (datetime.fromtimestamp(path.stat().st_mtime, tz=UTC) if path.exists() else datetime.now(UTC)).year
    return Work(
        name=recipe.id,
        reading=recipe.reading,
        seed=recipe.seed,
        engine=recipe.engine,
        size=recipe.size,
        medium=recipe.treatment.medium.replace("-", " ") if recipe.treatment else "",
        year=year if year is not None else made,
        measured=_measured(studio, path),
    )


def _measured(studio: Studio, path: Path) -> dict[str, float]:
    """What a picture shows of age and sex; nothing for a recipe, or where no face is found."""
    from limner.cli.files import read_bytes
    from limner.core.errors import LimnerError
    from limner.core.picture import read_picture

    if path.suffix.lower() == ".json":
        return {}
    try:
        aligned, _ = studio.finder.align(read_picture(read_bytes(path), path.name))
        return studio.measure(aligned)
    except LimnerError:
        return {}  # a label needs no face


def _by_scribe(scribe: Scribe, work: Work, written: Label) -> Label:
    """The label by the language model; the grammar's if that fails."""
    from limner.core.errors import ServiceError

    try:
        return scribe.write(work.reading.words, written)
    except ServiceError as exc:
        click.echo(f"limner: {exc} The grammar writes this label instead.", err=True)
        return written
