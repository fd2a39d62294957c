"""PSD files through psd-tools."""

import io
import sys

import numpy as np
import pytest
from PIL import Image

from limner.core.errors import CapabilityError, MissingExtraError, PictureError
from limner.provenance.disclosure import TRAINED, Disclosure
from limner.studio.layers.flattening import flatten
from limner.studio.layers.layered import flattened, read_layered
from limner.studio.layers.page import Foreign, Group, Layer, Page
from limner.studio.layers.photoshop import read_photoshop, repainted_photoshop, write_photoshop, xmp_of

psd_tools = pytest.importorskip("psd_tools")

SAID = Disclosure(recipe=None, system="Limner", version="1", credit="CC BY", source_type=TRAINED)


def pixels(seed, high=12, wide=9):
    return np.random.default_rng(seed).integers(0, 256, (high, wide, 4)).astype(np.uint8)


def written(page, said=None):
    return write_photoshop(page, flatten(page, strict=False), said)


def page():
    deep = Group(name="in", children=(Layer(name="α layer", pixels=pixels(1), x=-2, y=3, mode="svg:overlay"),))
    group = Group(name="Gruppe", children=(deep, Layer(name="b", pixels=pixels(2), opacity=0.4)), isolate=True)
    solid = np.full((20, 30, 4), 200, np.uint8)
    solid[..., 3] = 255
    below = Layer(name="ground", pixels=solid, locked=True)
    hidden = Layer(name="off", pixels=pixels(3), visible=False, mode="svg:multiply")
    return Page(width=30, height=20, children=(group, hidden, below))


def test_round_trip():
    before = page()
    after = read_photoshop(written(before), "p.psd")
    assert (after.width, after.height) == (30, 20)
    for (a, seen_a, *at_a), (b, seen_b, *at_b) in zip(before.nodes(), after.nodes(), strict=True):
        assert type(a) is type(b)
        assert (a.name, a.visible, a.mode, a.locked, seen_a, at_a) == (
            b.name,
            b.visible,
            b.mode,
            b.locked,
            seen_b,
            at_b,
        )
        assert abs(a.opacity - b.opacity) <= 0.5 / 255
        if isinstance(a, Layer):
            assert np.array_equal(a.pixels, b.pixels)
        else:
            assert a.isolated == b.isolated
    assert np.abs(flatten(before).astype(int) - flatten(after)).max() <= 1


def test_the_merged_picture_and_the_disclosure_are_in_the_file():
    data = written(page(), SAID)
    merged = np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))
    assert np.array_equal(merged, flatten(page())[..., :3])
    assert b"trainedAlgorithmicMedia" in xmp_of(data, "p.psd")
    flat = flattened(read_layered(data, "p.psd"))
    assert flat.disclosure is not None  # another program's word counts, too
    assert "compositeWith" in flat.disclosure.source_type


def masked():
    psd = psd_tools.PSDImage.new("RGB", (30, 20), color=255)
    psd.create_pixel_layer_from_array(pixels(4), name="Limner: sitter")
    kept = psd.create_pixel_layer_from_array(pixels(5), name="mine", top=2, left=3)
    kept.create_mask(Image.new("L", (9, 12), 77))
    out = io.BytesIO()
    psd.save(out)
    return out.getvalue()


def test_what_is_more_than_pixels_is_flattened_as_its_program_merged_it():
    file = read_layered(masked(), "m.psd")
    assert [n.kind for n in file.page.children if isinstance(n, Foreign)] == ["mask"]
    flat = flattened(file)
    assert "mask" in flat.note
    assert flat.pixels.shape == (20, 30, 4)
    with pytest.raises(CapabilityError, match="mine"):
        written(file.page)


def test_painting_anew_in_place_keeps_masks_and_everything_else():
    fresh = Layer(name="Limner: sitter", pixels=pixels(6, 20, 30), x=1, y=2)
    data = repainted_photoshop(masked(), "m.psd", {"Limner: sitter": fresh}, None, SAID)
    psd = psd_tools.PSDImage.open(io.BytesIO(data))
    below, mine = list(psd)
    assert (below.name, mine.name) == ("Limner: sitter", "mine")
    assert (below.left, below.top) == (1, 2)
    assert np.array_equal(np.rint(below.numpy() * 255), fresh.pixels)
    assert np.array_equal(np.rint(mine.numpy() * 255), pixels(5))
    assert set(np.asarray(mine.mask.topil()).ravel()) == {77}


@pytest.mark.parametrize("cut", [10, 26, 60, 400])
def test_damaged_files(cut):
    with pytest.raises(PictureError, match=r"bad\.psd"):
        read_photoshop(written(page())[:cut], "bad.psd")


def test_sizes_and_colour_modes_that_are_not_read():
    data = bytearray(written(page()))
    data[14:22] = (60000).to_bytes(4, "big") * 2
    with pytest.raises(PictureError, match="million"):
        read_photoshop(bytes(data), "huge.psd")
    out = io.BytesIO()
    psd_tools.PSDImage.new("CMYK", (4, 4)).save(out)
    with pytest.raises(PictureError, match="CMYK"):
        read_photoshop(out.getvalue(), "print.psd")


def test_modes_that_psd_files_lack():
    odd = Page(width=1, height=1, children=(Layer(name="x", pixels=pixels(1, 1, 1), mode="svg:dst-in"),))
    with pytest.raises(CapabilityError, match="dst-in"):
        written(odd)


def test_without_psd_tools_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "psd_tools", None)
    with pytest.raises(MissingExtraError, match=r"limner\[psd\]"):
        write_photoshop(page(), flatten(page()), None)
    with pytest.raises(MissingExtraError, match=r"limner\[psd\]"):
        read_photoshop(b"8BPS" + b"\0" * 40, "p.psd")
