"""`limner repaint`: the same picture again, or the same sitter by another hand."""

from __future__ import annotations

from pathlib import Path

import click

from limner.cli.hand import hand_options, settings_of
from limner.cli.output import output_of, output_options, size_of


@click.command(
    epilog="""\b
Examples:
  limner repaint poet.png --out again.png
  limner repaint poet.json --out poet.webp
  limner repaint poet.png --medium ink-wash               # the same sitter, another hand
  limner repaint poet.png --composition carved            # the same sitter, in alabaster
  limner repaint poet.png --print 30cm --out poet.tif --depth 16   # the same painting, as a print
  limner repaint poet.ora --medium gouache --out new.ora  # layers by hand stay as they are
"""
)
@click.argument("source", type=click.Path(path_type=Path, dir_okay=False))
@hand_options
@click.option("--size", type=int, help="Side in px, 64..4096 (the recipe's own if left out).")
@output_options
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="The file; its ending is the format.")
@click.option("--threads", type=int, help="Processor threads; 0 = all cores.")
def repaint(
    source: Path,
    medium: str | None,
    style: str,
    compositions: tuple[str, ...],
    surface: str | None,
    light: str | None,
    care: Path | None,
    params: tuple[str, ...],
    size: int | None,
    format: str | None,
    depth: str,
    dpi: float | None,
    paper: str | None,
    out: Path | None,
    threads: int | None,
) -> None:
    """Paint the recipe in SOURCE (a picture of Limner's, or a recipe in JSON) again, or by another hand.

    Of a layered file (see `limner layers`), only the machine layers are painted anew.

    The same recipe with the same weights on the same machine gives the same pixels.
    """
    import limner
    from limner.cli.files import recipe_of
    from limner.cli.progress import stoppable
    from limner.core.errors import InputError
    from limner.studio.files import file_name

    settings = settings_of(surface, light, params, care)
    if source.suffix.lower() in (".ora", ".psd"):
        if depth == "16" or any(value is not None for value in (size, paper, dpi, format)):
            raise InputError(
                "Layers keep their size and have 8 bits.", "Leave out --size, --print, --depth, --dpi and --format."
            )
        click.echo(str(_layers(source, medium, style, compositions, settings, out, threads)))
        return
    output = output_of(format, depth, dpi, paper, out)
    size = size_of(size, paper, dpi)
    recipe = recipe_of(source)
    with limner.open(threads=threads) as studio, stoppable() as (bar, cancel):
        recipe = studio.otherwise(
            recipe, medium=medium, style=style, settings=settings, compositions=compositions or None, size=size
        )
        target = out or Path(file_name(recipe, output.format, output.depth))
        if target.exists() and source.exists() and target.samefile(source):
            raise InputError(f"{target} is the picture itself.", "Name another file with --out.")
        portrait = studio.repaint(recipe, depth=output.depth, listen=bar, cancel=cancel)
        path = portrait.save(target, output.format, depth=output.depth, dpi=output.dpi)
    click.echo(str(path))


def _layers(
    source: Path,
    medium: str | None,
    style: str,
    compositions: tuple[str, ...],
    settings: dict[str, object],
    out: Path | None,
    threads: int | None,
) -> Path:
    """Paint the machine layers of a layered file anew."""
    import limner
    from limner.cli.files import read_bytes
    from limner.cli.layers import not_itself
    from limner.cli.progress import stoppable
    from limner.studio.files import write_file
    from limner.studio.layers.layered import kind_of, read_layered

    target = out or source.with_name(f"{source.stem}-repainted{source.suffix.lower()}")
    kind = kind_of(target)
    not_itself(target, source)
    file = read_layered(read_bytes(source), source.name)
    with limner.open(threads=threads) as studio, stoppable() as (bar, cancel):
        content, note = studio.repaint_layers(
            file, kind=kind, medium=medium, style=style, settings=settings, compositions=compositions or None,
            listen=bar, cancel=cancel,
        )  # fmt: skip
    write_file(target, content)
    if note:
        click.echo(f"limner: {note}", err=True)
    return target
