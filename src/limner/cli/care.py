"""`limner care`: where a painter takes care, as a picture that can be edited."""

from __future__ import annotations

from pathlib import Path

import click


@click.command(
    epilog="""\b
Examples:
  limner care poet.png --out care.png                     # lighten and darken it in any paint program
  limner repaint poet.png --medium oil --care care.png    # paint by it
  limner care photo.jpg --out care.png
"""
)
@click.argument("source", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="The map (.png).")
def care(source: Path, out: Path | None) -> None:
    """Write the care map of SOURCE: white where a medium paints with care, black where it is free.

    SOURCE is a picture of Limner's, a recipe in JSON, or any other picture. The map has the picture's size, so it can
    lie over it as a layer; it is kept in sixteen steps at 128 px, so paint it softly.
    """
    import io

    import cv2
    import numpy as np
    from PIL import Image

    import limner
    from limner.cli.files import read_bytes, recipe_of
    from limner.core.errors import InputError, PictureError
    from limner.core.picture import read_picture
    from limner.studio.files import format_of, write_file

    target = out or Path(f"{source.stem}-care.png")
    if format_of(target) != "png":
        raise InputError(f"{target} does not end in .png.", "Care maps are PNG files.")
    if target.exists() and source.exists() and target.samefile(source):
        raise InputError(f"{target} is the picture itself.", "Name another file with --out.")
    data = read_bytes(source)
    is_recipe = data.lstrip()[:1] == b"{"
    picture = None if is_recipe else read_picture(data, source.name)
    try:
        of = recipe_of(source)
    except PictureError:  # another picture
        of = picture
    with limner.open() as studio:
        assert of is not None
        found = studio.care_map(of)
    high, wide = picture.shape[:2] if picture is not None else found.shape
    large = cv2.resize(found, (wide, high), interpolation=cv2.INTER_LINEAR)
    file = io.BytesIO()
    Image.fromarray(np.rint(np.clip(large, 0, 1) * 255).astype(np.uint8)).save(file, "PNG")
    click.echo(str(write_file(target, file.getvalue())))
