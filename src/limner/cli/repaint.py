"""`limner repaint`: the same picture again."""

from __future__ import annotations

from pathlib import Path

import click


@click.command(
    epilog="""\b
Examples:
  limner repaint poet.png --out again.png
  limner repaint poet.json --out poet.webp
"""
)
@click.argument("source", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="The file; its ending is the format.")
@click.option("--threads", type=int, help="Processor threads; 0 = all cores.")
def repaint(source: Path, out: Path | None, threads: int | None) -> None:
    """Paint the recipe in SOURCE (a picture of Limner's, or a recipe in JSON) again.

    The same recipe with the same weights on the same machine gives the same pixels.
    """
    import limner
    from limner.cli.files import recipe_of
    from limner.core.errors import InputError
    from limner.studio.files import file_name, format_of

    recipe = recipe_of(source)
    target = out or Path(file_name(recipe, "png"))
    format = format_of(target)
    if target.exists() and source.exists() and target.samefile(source):
        raise InputError(f"{target} is the picture itself.", "Name another file with --out.")
    with limner.open(threads=threads) as studio:
        path = studio.repaint(recipe).save(target, format)
    click.echo(str(path))
