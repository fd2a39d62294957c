"""`limner layers`: portraits as layers for painting programs, and layers as one picture again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Mapping

    from limner.studio.layers.layered import Layered
    from limner.studio.layers.manifest import Print


@click.command(
    epilog="""\b
Examples:
  limner layers poet.png --out poet.ora            # background, sitter, and an empty layer for you
  limner layers poet.png --out poet.psd            # needs pip install 'limner[psd]'
  limner layers poet.ora                           # what is in it, and who made it
  limner repaint poet.ora --medium ink-wash --out poet2.ora   # your layers stay as they are
  limner layers poet.ora --flatten --out final.png

Krita, GIMP, MyPaint and others read .ora files; Photoshop and most others read .psd files.
"""
)
@click.argument("source", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--flatten", is_flag=True, help="Put all layers of SOURCE together into one picture.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="The file; its ending is the format.")
@click.option("--threads", type=int, help="Processor threads; 0 = all cores.")
def layers(source: Path, flatten: bool, out: Path | None, threads: int | None) -> None:
    """Take the portrait SOURCE apart into layers, or put the layered file SOURCE together.

    A picture becomes a layered file: the background, filled in behind the sitter; the sitter, cut out hair by hair;
    and an empty layer on top to paint on. A layered file is listed, converted to the other kind, or flattened. The
    flat picture says that it is a composite if anything made by hand shows in it.
    """
    import limner
    from limner.cli.files import read_bytes
    from limner.cli.progress import stoppable
    from limner.core.errors import PictureError
    from limner.studio.files import format_of, write_file
    from limner.studio.layers.bench import flat_bytes
    from limner.studio.layers.layered import encoded, flattened, is_layered, kind_of, read_layered

    data = read_bytes(source)
    if not data:
        raise PictureError(f"{source} is empty.")
    note = ""
    if is_layered(data) or flatten:
        file = read_layered(data, source.name)
        if flatten:
            target = out or source.with_name(f"{source.stem}-flat.png")
            format = format_of(target)
            flat = flattened(file)
            content, note = flat_bytes(flat, format), flat.note
        elif out is None:
            click.echo(_table(file))
            return
        else:
            target = out
            content, note = encoded(file, kind_of(target))
    else:
        target = out or source.with_name(f"{source.stem}.ora")
        kind = kind_of(target)
        with limner.open(threads=threads) as studio, stoppable() as (_, cancel):
            content, note = encoded(studio.bench.apart(data, source.name, cancel=cancel), kind)
    not_itself(target, source)
    write_file(target, content)
    if note:
        click.echo(f"limner: {note}", err=True)
    click.echo(str(target))


def not_itself(target: Path, source: Path) -> None:
    """Raise `InputError` if a file would be written over the one that was read."""
    from limner.core.errors import InputError

    if target.exists() and source.exists() and target.samefile(source):
        raise InputError(f"{target} is the file itself.", "Name another file with --out.")


def _table(file: Layered) -> str:
    """What is in a layered file, from the top."""
    from limner.studio.layers.manifest import TILE, is_machine, print_of
    from limner.studio.layers.page import OVER, Foreign, Layer

    made: Mapping[str, Print] = file.manifest.layers if file.manifest else {}
    lines = [f"{file.name}: {file.page.width} x {file.page.height} px"]
    for node, shown, x, y in file.page.nodes():
        said = [] if shown else ["hidden"]
        if isinstance(node, Layer):
            if node.name == TILE:
                said.append("the recipe")
            elif node.name in made and print_of(node, x, y).sha256 == made[node.name].sha256:
                said.append("by machine")
            elif is_machine(node.name):
                said.append("by machine, painted on by hand" if made else "by machine, by its name")
            else:
                said.append("by hand" if node.pixels[..., 3].any() else "empty")
        else:
            said.append(f"{node.kind} (kept, not composited)" if isinstance(node, Foreign) else "group")
        if not isinstance(node, Foreign):
            said += [node.mode] * (node.mode != OVER) + [f"opacity {node.opacity:.2f}"] * (node.opacity < 1)
        lines.append(f"  {node.name or '(no name)'}: {', '.join(said)}")
    return "\n".join(lines)
