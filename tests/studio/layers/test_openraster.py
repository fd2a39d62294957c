"""OpenRaster: round trips, files by other programs, and hostile archives."""

import contextlib
import io
import zipfile

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from limner.core.errors import CapabilityError, InputError, PictureError
from limner.studio.layers.archive import read_archive
from limner.studio.layers.flattening import flatten
from limner.studio.layers.openraster import read_openraster, write_openraster
from limner.studio.layers.page import Foreign, Group, Layer, Page

ENTRY = ("limner/machine.json", b"")


def written(page):
    return write_openraster(page, flatten(page, strict=False), None, entry=ENTRY)


def pixels(seed, high=5, wide=7):
    return np.random.default_rng(seed).integers(0, 256, (high, wide, 4)).astype(np.uint8)


def archive(files, **how):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as z:
        for name, content in files.items():
            z.writestr(name, content, **how)
    return out.getvalue()


def png(array, mode=None):
    out = io.BytesIO()
    Image.fromarray(array, mode).save(out, "PNG")
    return out.getvalue()


def by_others(stack, **files):
    """A file as another program writes it."""
    return archive({"mimetype": b"image/openraster", "stack.xml": stack, **files})


names = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=12).filter(
    lambda t: "\ufffe" not in t and "\uffff" not in t
)
place = st.integers(-30, 30)
common = {
    "name": names,
    "x": place,
    "y": place,
    "opacity": st.floats(0, 1),
    "visible": st.booleans(),
    "mode": st.sampled_from(["svg:src-over", "svg:multiply", "svg:screen", "svg:overlay", "krita:dodge"]),
    "locked": st.booleans(),
    "extra": st.dictionaries(st.sampled_from(["selected", "colour-label", "alpha-preserve"]), names, max_size=2),
}
layers = st.builds(Layer, pixels=st.builds(pixels, st.integers(0, 99), st.integers(1, 6), st.integers(1, 6)), **common)
nodes = st.recursive(
    layers,
    lambda inner: st.builds(Group, children=st.lists(inner, max_size=3).map(tuple), isolate=st.booleans(), **common),
    max_leaves=6,
)


@given(
    st.builds(
        Page, width=st.integers(1, 20), height=st.integers(1, 20), children=st.lists(nodes, max_size=4).map(tuple)
    )
)
@settings(max_examples=60, deadline=None)
def test_any_page_comes_back_as_it_was(page):
    again = read_openraster(written(page), "p.ora")
    assert again == page
    assert written(again) == written(read_openraster(written(again), "p.ora"))


def test_the_file_is_laid_out_as_the_standard_says():
    page = Page(width=600, height=300, children=(Layer(pixels=pixels(1, 300, 600)),))
    data = written(page)
    assert data[30:38] == b"mimetype"
    assert data[38:54] == b"image/openraster"  # stored, and first: programs look for it at this place
    with zipfile.ZipFile(io.BytesIO(data)) as z:
        assert z.infolist()[0].compress_type == zipfile.ZIP_STORED
        thumbnail = Image.open(io.BytesIO(z.read("Thumbnails/thumbnail.png")))
        assert max(thumbnail.size) <= 256
        merged = Image.open(io.BytesIO(z.read("mergedimage.png")))
        assert merged.size == (600, 300)
        assert np.array_equal(np.asarray(merged.convert("RGBA"))[..., 3], page.children[0].pixels[..., 3])
        assert b'version="0.0.5"' in z.read("stack.xml")


def test_what_other_programs_wrote_is_kept():
    deep = np.random.default_rng(0).integers(0, 65535, (4, 4)).astype(np.uint16)  # 16 bits: more than we hold
    first = png(deep)
    stack = b"""<?xml version='1.0'?><image version="0.0.3" w="4" h="4" xres="300" mypaint:frame="1"
      xmlns:mypaint="http://mypaint.org/ns/openraster"><stack name="root"><layer name="text" src="data/a.svg"/>
      <stack isolation="isolate" selected="true"><layer src="data/a.png" edit-locked="true"
      composite-op="krita:grain_merge" mypaint:strokemap="data/s.dat"><annotation href="data/s.dat"/></layer>
      <filter type="krita:blur"><params>5</params></filter></stack></stack></image>"""
    files = {"data/a.png": first, "data/a.svg": b"<svg/>", "data/s.dat": b"\0\1\2"}
    page = read_openraster(by_others(stack, **files), "theirs.ora")
    text, group = page.children
    layer, filter = group.children
    assert isinstance(text, Foreign)
    assert isinstance(filter, Foreign)
    assert (filter.kind, text.kind) == ("filter", "svg")
    assert layer.locked
    assert layer.mode == "krita:grain_merge"
    data = written(page)
    again = read_openraster(data, "ours.ora")
    assert again == page
    assert dict(again.extra)["xres"] == "300"
    with zipfile.ZipFile(io.BytesIO(data)) as z:
        assert z.read("data/a.png") == first  # byte for byte, with its 16 bits
        assert z.read("data/a.svg") == b"<svg/>"
        assert z.read("data/s.dat") == b"\0\1\2"
        xml = z.read("stack.xml").decode()
    assert "annotation" in xml
    assert "http://mypaint.org/ns/openraster" in xml
    assert "<params>5</params>" in xml


def test_new_pixels_are_encoded_anew_and_others_are_not():
    page = read_openraster(
        written(Page(width=7, height=5, children=(Layer(pixels=pixels(1)), Layer(pixels=pixels(2))))), "p"
    )
    before = [layer.encoded for layer, *_ in page.layers()]
    changed = page.mapped(
        lambda layer: layer.with_pixels(pixels(9)) if layer.pixels[0, 0, 0] == pixels(1)[0, 0, 0] else layer
    )
    after = [layer for layer, *_ in read_openraster(written(changed), "p").layers()]
    assert np.array_equal(after[0].pixels, pixels(9))
    assert after[1].encoded == before[1]


GOOD = b'<image w="4" h="4"><stack><layer src="data/a.png"/></stack></image>'


@pytest.mark.parametrize(
    ("stack", "says"),
    [
        (b"<image w='4' h='4'><stack>", "damaged"),
        (b"<!DOCTYPE a [<!ENTITY b 'c'>]><image w='4' h='4'><stack name='&b;'/></image>", "damaged"),
        (b"<picture/>", "no stack"),
        (b"<image w='4' h='4'/>", "no stack"),
        (b"<image w='0' h='4'><stack/></image>", "w = '0'"),
        (b"<image w='x' h='4'><stack/></image>", "w = 'x'"),
        (b"<image w='99999' h='99999'><stack/></image>", "million"),
        (b"<image w='4' h='4'><stack><layer src='data/none.png'/></stack></image>", "lacks the file"),
        (b"<image w='4' h='4'><stack><layer src='data/a.png' opacity='nan'/></stack></image>", "opacity"),
        (b"<image w='4' h='4'><stack><layer src='data/a.png' opacity='2'/></stack></image>", "opacity"),
        (b"<image w='4' h='4'><stack><layer src='data/a.png' x='99999999'/></stack></image>", "x = "),
        (b"<image w='4' h='4'>" + b"<stack>" * 80 + b"</stack>" * 80 + b"</image>", "nested"),
        (b"<image w='4' h='4'><stack>" + b"<stack/>" * 5000 + b"</stack></image>", "more than"),
    ],
)
def test_hostile_lists_of_layers(stack, says):
    with pytest.raises(PictureError, match=says):
        read_openraster(by_others(stack, **{"data/a.png": png(pixels(1, 4, 4))}), "bad.ora")


@pytest.mark.parametrize("name", ["../evil.png", "/etc/passwd", "a/../../b", "C:\\x.png", "data\\a.png", "c:/x"])
def test_names_that_point_out_of_the_archive(name):
    with pytest.raises(PictureError, match="points out"):
        read_openraster(by_others(GOOD, **{name: b"x"}), "bad.ora")


def test_bombs(monkeypatch):
    bomb = archive({"mimetype": b"image/openraster", "stack.xml": b" " * 3_000_000}, compress_type=zipfile.ZIP_DEFLATED)
    assert len(bomb) < 10_000
    monkeypatch.setattr("limner.studio.layers.archive.MAX_BYTES", 1 << 20)
    with pytest.raises(PictureError, match="unpacks to more"):
        read_archive(bomb, "bomb.ora")
    many = archive({f"{k}": b"" for k in range(5000)})
    with pytest.raises(PictureError, match="5000 files"):
        read_archive(many, "many.ora")


def test_a_bomb_that_lies_about_its_size(monkeypatch):
    data = bytearray(archive({"mimetype": b" " * 3_000_000}, compress_type=zipfile.ZIP_DEFLATED))
    monkeypatch.setattr("limner.studio.layers.archive.MAX_BYTES", 1 << 20)
    at = data.rindex(b"PK\1\2")
    data[at + 24 : at + 28] = (10).to_bytes(4, "little")  # the directory's word for the size
    with pytest.raises(PictureError):
        read_archive(bytes(data), "liar.ora")


def test_a_layer_that_is_no_picture():
    with pytest.raises(PictureError, match=r"data/a\.png"):
        read_openraster(by_others(GOOD, **{"data/a.png": b"no picture"}), "bad.ora")


@given(st.integers(0, 10**6), st.binary(min_size=1, max_size=8))
@settings(max_examples=80, deadline=None)
def test_damage_anywhere_is_our_error_or_no_matter(at, noise):
    data = bytearray(written(Page(width=7, height=5, children=(Layer(pixels=pixels(1)),))))
    at %= len(data)
    data[at : at + len(noise)] = noise
    with contextlib.suppress(PictureError):  # any other error fails
        read_openraster(bytes(data), "damaged.ora")


@pytest.mark.parametrize("data", [b"", b"PK", b"PK\3\4" + b"\0" * 60, archive({"mimetype": b"application/zip"})])
def test_what_is_no_openraster_file(data):
    with pytest.raises(PictureError):
        read_openraster(data, "no.ora")


def test_what_cannot_be_written():
    page = Page(width=3, height=3, children=(Foreign(xml="", kind="clipping", name="shade"),))
    with pytest.raises(CapabilityError, match="clipping"):
        written(page)
    with pytest.raises(InputError, match="shape"):
        write_openraster(page, np.zeros((2, 2, 4), np.uint8), None, entry=ENTRY)
