"""Depth, resolution and size of the print, from the command line."""

import json
from pathlib import Path

import numpy as np
import pytest
import tifffile
from PIL import Image

from limner.core.picture import read_deep, read_picture
from limner.provenance.disclosure import read_disclosure, read_recipe

KING = ("paint", "a king", "--seed", "1")


def test_a_print_in_every_step(run, here):
    result = run(
        *KING, "--medium", "none", "--print", "2.2in", "--dpi", "150", "--format", "tiff", "--depth", "16", "--out", "p"
    )
    assert result.code == 0, result.err
    (file,) = (here / "p").iterdir()
    assert file.name.endswith("-16bit.tif")
    data = file.read_bytes()
    assert read_deep(data).shape == (330, 330, 3)
    assert read_deep(data).dtype == np.uint16
    with tifffile.TiffFile(file) as tiff:
        assert tiff.pages.first.tags["XResolution"].value == (150, 1)

    assert json.loads(run("recipe", str(file)).out)["size"] == 330
    assert run("repaint", str(file), "--out", "again.tif", "--depth", "16", "--dpi", "150").code == 0
    assert Path("again.tif").read_bytes() == data
    assert run("repaint", str(file), "--out", "view.png").code == 0
    assert np.abs(read_picture(Path("view.png").read_bytes()).astype(int) - read_picture(data)).max() <= 1

    painted = run("render", str(file), "--medium", "none", "--size", "330", "--depth", "16", "--format", "png")
    assert painted.code == 0, painted.err
    rendered = read_deep(Path(painted.lines[0]).read_bytes())
    assert np.abs(rendered.astype(int) - read_deep(data)).max() <= 1  # nothing was lost to eight bits
    assert read_disclosure(Path(painted.lines[0]).read_bytes())["Iptc4xmpExt:DigitalSourceType"].endswith("Media")


def test_eight_and_sixteen_bits_lie_side_by_side(run, here):
    for depth in ("8", "16"):
        assert run(*KING, "--depth", depth, "--out", "p").code == 0
    files = sorted((here / "p").iterdir())
    assert [read_deep(f.read_bytes()).dtype.name for f in files] == ["uint16", "uint8"]
    assert read_recipe(files[0].read_bytes()) == read_recipe(files[1].read_bytes())


def test_the_studio_keeps_eight_bits_and_takes_a_resolution(run, here):
    painted = run(*KING, "--dpi", "200")
    assert painted.code == 0, painted.err
    id, file = painted.lines[0].split(maxsplit=1)
    with Image.open(file) as image:
        assert round(image.info["dpi"][0]) == 200
    deep = run("repaint", id, "--out", "king.tif", "--depth", "16")
    assert deep.code == 0, deep.err
    assert run("rate", "5", "king.tif").code == 0  # the file names its portrait
    assert run("search", "rating:5").lines


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (("--depth", "16"), "--out"),
        (("--format", "tiff"), "--out"),
        (("--depth", "16", "--format", "jpeg", "--out", "p"), "8 bits"),
        (("--depth", "16", "--format", "webp", "--out", "p"), "PNG or TIFF"),
        (("--print", "50cm", "--out", "p"), "--dpi 208 would do"),
        (("--print", "30cm", "--size", "512", "--out", "p"), "--size and --print"),
        (("--print", "large", "--out", "p"), "30cm"),
        (("--dpi", "0", "--out", "p"), "dpi"),
    ],
)
def test_what_cannot_be_is_said_before_painting(run, here, more, said):
    result = run(*KING, *more)
    assert result.code == 2
    assert said in result.err
    assert not (here / "p").exists()


def test_format_and_ending_must_agree(run, here):
    assert run(*KING, "--out", "p").code == 0
    (file,) = Path("p").iterdir()
    result = run("repaint", str(file), "--format", "png", "--out", "king.tif")
    assert result.code == 2
    assert "different things" in result.err
    assert run("render", str(file), "--medium", "charcoal", "--out", "x.jpg", "--depth", "16").code == 2


def test_a_rendered_print_fills_the_paper(run, here):
    Image.new("RGB", (90, 60), "#406080").save("wide.png")
    result = run("render", "wide.png", "--medium", "none", "--print", "3x4in", "--dpi", "50", "--out", "wide.webp")
    assert result.code == 0, result.err
    with Image.open("wide.webp") as image:
        assert image.size == (150, 100)


def test_a_damaged_tiff_is_named(run, here):
    Path("torn.tif").write_bytes(b"II*\0" + bytes(60))
    for command in (("recipe", "torn.tif"), ("repaint", "torn.tif"), ("render", "torn.tif", "--medium", "oil")):
        result = run(*command)
        assert result.code == 2
        assert "torn.tif" in result.err
        assert "Traceback" not in result.err
