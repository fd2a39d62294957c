"""`limner render`: any picture, painted in a medium."""

from __future__ import annotations

from pathlib import Path

import click

from limner.cli.hand import hand_options, settings_of
from limner.cli.output import output_of, output_options, size_of


@click.command(
    epilog="""\b
Examples:
  limner render photo.jpg --medium charcoal
  limner render photo.jpg --style impressionism --size 2048 --out garden.png
  limner render photo.jpg --composition "carved stone=marble"
  limner render scan.tif --medium none --print 12in --dpi 240 --depth 16 --out large.tif
  limner render sketch.ora --medium gouache          # layers, by hand or not, painted as one picture
  limner render poet.png --medium oil --set-param brush=1.6 --canvas panel --light 0.7,0.3

A picture of Limner's keeps its sitter with `limner repaint FILE --medium NAME`.
"""
)
@click.argument("source", type=click.Path(path_type=Path, dir_okay=False))
@hand_options
@click.option("--seed", type=int, default=0, show_default=True, help="For what chance decides.")
@click.option("--size", type=int, help="Longer side in px, 16..8192 (1024 if left out).")
@output_options
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="The file; its ending is the format.")
@click.option("--threads", type=int, help="Processor threads; 0 = all cores.")
def render(
    source: Path,
    medium: str | None,
    style: str,
    compositions: tuple[str, ...],
    surface: str | None,
    light: str | None,
    care: Path | None,
    params: tuple[str, ...],
    seed: int,
    size: int | None,
    format: str | None,
    depth: str,
    dpi: float | None,
    paper: str | None,
    out: Path | None,
    threads: int | None,
) -> None:
    """Paint the picture SOURCE in a medium. A face in it is found and painted with care.

    The file says what it was painted from: a synthetic picture stays marked as synthetic, and anything else is
    marked as changed by an algorithm.
    """
    import limner
    from limner.cli.files import read_bytes
    from limner.cli.progress import stoppable
    from limner.core.errors import InputError
    from limner.media.medium import MAX_SIZE
    from limner.provenance.disclosure import FORMATS
    from limner.provenance.profiles import read_managed
    from limner.studio.atelier import VIEW
    from limner.studio.files import write_file
    from limner.studio.layers.bench import flat_file

    settings = settings_of(surface, light, params, care)
    output = output_of(format, depth, dpi, paper, out)
    data = flat_file(read_bytes(source), source.name)
    picture = read_managed(data, source.name)
    aspect = picture.shape[1] / picture.shape[0]
    side = size_of(size, paper, dpi, aspect=aspect, largest=MAX_SIZE)
    name = f"{source.stem}-{'-'.join((medium or style or (compositions or ('painted',))[0]).split())}"
    target = out or Path(f"{name}{FORMATS[output.format][1]}")
    if target.exists() and target.samefile(source):
        raise InputError(f"{target} is the picture itself.", "Name another file with --out.")
    with limner.open(threads=threads) as studio, stoppable() as (bar, cancel):
        painted = studio.render(
            picture, medium=medium or "", style=style, settings=settings, compositions=compositions or None,
            seed=seed, size=side if side is not None else VIEW, depth=output.depth, listen=bar, cancel=cancel,
        )  # fmt: skip
        write_file(target, studio.rendered_file(painted, data, source.name, output.format, dpi=output.dpi))
    click.echo(str(target))
