"""`limner layers`, `limner cutout`, and `limner repaint` of layered files."""

import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from limner.provenance.disclosure import read_disclosure


@pytest.fixture
def poet(run, here):
    assert run("paint", "a poet", "--seed", "3", "--out", "poets").code == 0
    return next(Path("poets").glob("a-poet-3-*.png"))


def test_from_a_portrait_to_layers_and_back(run, here, poet):
    result = run("layers", str(poet), "--out", "poet.ora")
    assert result.code == 0, result.err
    assert result.lines == ["poet.ora"]
    listed = run("layers", "poet.ora").lines
    assert listed[0] == "poet.ora: 256 x 256 px"
    assert "  Limner: sitter: by machine" in listed
    assert "  Paint over: empty" in listed
    assert run("repaint", "poet.ora", "--medium", "gouache", "--out", "again.ora").lines == ["again.ora"]
    assert run("layers", "again.ora", "--flatten", "--out", "final.png").lines == ["final.png"]
    assert "gouache" in read_disclosure(Path("final.png").read_bytes())["limner:recipe"]
    assert run("layers", "again.ora", "--flatten", "--out", "final.jpg").code == 0
    assert run("render", "again.ora", "--medium", "charcoal", "--size", "128", "--out", "drawn.png").code == 0
    assert "trainedAlgorithmicMedia" in read_disclosure(Path("drawn.png").read_bytes())["Iptc4xmpExt:DigitalSourceType"]


def test_psd_both_ways(run, here, poet):
    pytest.importorskip("psd_tools")
    assert run("layers", str(poet), "--out", "poet.psd").code == 0
    assert run("layers", "poet.psd", "--out", "poet.ora").code == 0
    assert run("layers", "poet.ora").lines[1:] == run("layers", "poet.psd").lines[1:]
    assert run("repaint", "poet.psd", "--medium", "oil").lines == ["poet-repainted.psd"]


def test_cutout(run, here, poet):
    assert run("cutout", str(poet), "--out", "cut.webp").lines == ["cut.webp"]
    cut = np.asarray(Image.open("cut.webp").convert("RGBA"))
    assert cut.shape == (256, 256, 4)
    assert cut[..., 3].min() == 0
    assert cut[128, 128, 3] == 255
    assert "limner:recipe" in read_disclosure(Path("cut.webp").read_bytes())


@pytest.mark.parametrize(
    ("command", "says"),
    [
        (("layers", "POET", "--out", "poet.xcf"), "poet.xcf does not end like a layered file"),
        (("layers", "POET", "--flatten"), "has no layers"),
        (("layers", "empty.ora"), "is empty"),
        (("layers", "none.ora"), "There is no file"),
        (("layers", "zip.ora"), "no OpenRaster file"),
        (("layers", "text.png", "--out", "t.ora"), "not a picture"),
        (("layers", "poet.ora", "--flatten", "--out", "poet.gif"), "does not end like a picture"),
        (("layers", "poet.ora", "--out", "poet.ora"), "is the file itself"),
        (("repaint", "poet.ora", "--size", "512"), "keep their size"),
        (("repaint", "poet.ora", "--out", "poet.png"), "does not end like a layered file"),
        (("repaint", "zip.ora"), "no OpenRaster file"),
        (("cutout", "POET", "--out", "cut.jpg"), "not written as jpeg"),
    ],
)
def test_errors_say_what_is_wrong(run, here, poet, command, says):
    Path("empty.ora").touch()
    Path("text.png").write_text("text")
    with zipfile.ZipFile("zip.ora", "w") as z:
        z.writestr("a", "b")
    if "poet.ora" in command:
        run("layers", str(poet), "--out", "poet.ora")
    result = run(*[str(poet) if word == "POET" else word for word in command])
    assert result.code == 2
    assert says in result.err
