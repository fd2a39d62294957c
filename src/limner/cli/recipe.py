"""`limner recipe`: what a picture was painted from."""

from __future__ import annotations

import json
from pathlib import Path

import click


@click.command(
    epilog="""\b
Examples:
  limner recipe poet.png
  limner recipe poet.png --id
  limner recipe poet.png > poet.json && limner repaint poet.json
"""
)
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--id", "only_id", is_flag=True, help="Print only the recipe's id.")
def recipe(file: Path, only_id: bool) -> None:
    """Print the recipe that a picture carries, as JSON."""
    from limner.cli.files import read_bytes
    from limner.provenance.disclosure import read_recipe

    found = read_recipe(read_bytes(file), file.name)
    click.echo(found.id if only_id else json.dumps(found.to_json(), indent=2, ensure_ascii=False))
