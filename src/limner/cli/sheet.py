"""`limner sheet`: a contact sheet of files."""

from __future__ import annotations

from pathlib import Path

import click


@click.command(
    epilog="""\b
Examples:
  limner sheet portraits/*/*.png
  limner sheet a.png b.webp --columns 2 --title "Two poets" --out poets.png
"""
)
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, dir_okay=False))
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), default=Path("sheet.png"), show_default=True)
@click.option("--columns", type=click.IntRange(1, 100), help="Pictures in a row.")
@click.option("--title", default="", help="A line at the head.")
def sheet(files: tuple[Path, ...], out: Path, columns: int | None, title: str) -> None:
    """Lay FILES out on one page, each with its name below."""
    from limner._version import __version__
    from limner.cli.files import read_bytes
    from limner.core.picture import read_picture
    from limner.provenance.disclosure import encode_file, of_page, read_disclosure
    from limner.studio.files import format_of, write_file
    from limner.studio.sheet import contact_sheet

    format = format_of(out)
    contents = [read_bytes(f) for f in files]
    pictures = [read_picture(data, f.name) for data, f in zip(contents, files, strict=True)]
    page = contact_sheet(pictures, [f.stem for f in files], title=title, columns=columns)
    said = of_page([read_disclosure(data, f.name) for data, f in zip(contents, files, strict=True)], __version__)
    click.echo(str(write_file(out, encode_file(page, said, format))))
