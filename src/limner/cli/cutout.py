"""`limner cutout`: the sitter of a picture on nothing."""

from __future__ import annotations

from pathlib import Path

import click


@click.command(
    epilog="""\b
Examples:
  limner cutout poet.png --out cut.png
  limner cutout photo.jpg --out cut.webp
"""
)
@click.argument("source", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="A .png or .webp file.")
@click.option("--threads", type=int, help="Processor threads; 0 = all cores.")
def cutout(source: Path, out: Path | None, threads: int | None) -> None:
    """Cut out the sitter of the picture SOURCE, hair by hair, onto transparency.

    Edges carry the sitter's own colours, so the cut-out fits any background. The file says what SOURCE said about
    itself.
    """
    import limner
    from limner.cli.files import read_bytes
    from limner.cli.layers import not_itself
    from limner.cli.progress import stoppable
    from limner.core.errors import InputError
    from limner.studio.files import format_of, write_file

    target = out or source.with_name(f"{source.stem}-cutout.png")
    format = format_of(target)
    if format not in ("png", "webp"):
        raise InputError(f"{target.name}: cut-outs are not written as {format}.", "Use .png or .webp.")
    not_itself(target, source)
    data = read_bytes(source)
    with limner.open(threads=threads) as studio, stoppable() as (_, cancel):
        write_file(target, studio.bench.cutout(data, source.name, format, cancel=cancel))
    click.echo(str(target))
