"""Files for prints: depth, resolution and colour space of every format."""

import io
import struct
import zlib

import numpy as np
import pytest
import tifffile
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from limner.core.errors import InputError, PictureError
from limner.core.picture import read_deep
from limner.core.reading import Reading
from limner.core.recipe import Recipe
from limner.provenance.disclosure import DEEP, FORMATS, Disclosure, encode_file, read_disclosure, read_recipe
from limner.provenance.srgb import srgb_profile

SOFT = (np.add.outer(np.arange(40), np.arange(56))[..., None] * [300, 250, 200] + 9).astype(np.uint16)
SHALLOW = (SOFT >> 8).astype(np.uint8)
RECIPE = Recipe(engine="eigen.portraits", weights="0" * 64, reading=Reading(words="ein König, größer"), seed=3)
SAID = Disclosure(recipe=RECIPE, system="Limner", version="1", credit="Zoë, CC BY 4.0")


@pytest.mark.parametrize("format", DEEP)
def test_sixteen_bits_come_back(format):
    data = encode_file(SOFT, SAID, format, dpi=300)
    assert np.array_equal(read_deep(data), SOFT)
    assert read_recipe(data) == RECIPE
    assert data == encode_file(SOFT, SAID, format, dpi=300)


@pytest.mark.parametrize("format", FORMATS)
def test_the_size_of_the_print_is_in_the_file(format):
    with Image.open(io.BytesIO(encode_file(SHALLOW, SAID, format, dpi=240))) as image:
        exif = image.getexif()
        dpi = image.info.get("dpi") or (exif[0x011A], exif[0x011B])
        assert np.allclose([float(d) for d in dpi], 240, atol=0.02)
        if format == "webp":
            assert exif[0x0128] == 2
    with Image.open(io.BytesIO(encode_file(SHALLOW, SAID, format))) as image:
        assert image.info.get("dpi", (1, 1)) == (1, 1)  # TIFF must have a ratio
        assert 0x011A not in image.getexif() or format == "tiff"


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("picture", [SHALLOW, SOFT])
def test_every_file_is_srgb_and_says_so_once(format, picture):
    if picture is SOFT and format not in DEEP:
        return
    data = encode_file(picture, None, format)
    with Image.open(io.BytesIO(data)) as image:
        if format == "png":
            assert image.info["srgb"] == 0
            assert "icc_profile" not in image.info
        else:
            assert image.info["icc_profile"] == srgb_profile()
    assert read_disclosure(data) == {}


@pytest.mark.parametrize("format", sorted(set(FORMATS) - set(DEEP)))
def test_sixteen_bits_in_a_format_of_eight_are_refused(format):
    with pytest.raises(PictureError, match="8 bits"):
        encode_file(SOFT, SAID, format)


@pytest.mark.parametrize("dpi", [0, -1, 0.5, 10_000, float("nan"), float("inf")])
def test_impossible_resolutions_are_refused(dpi):
    with pytest.raises(InputError, match="dpi"):
        encode_file(SHALLOW, None, "png", dpi=dpi)


def test_deep_png_is_well_formed():
    data = encode_file(SOFT, SAID, "png", dpi=300)
    at, kinds = 8, []
    while at < len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        body = data[at + 8 : at + 8 + length]
        assert struct.unpack_from(">I", data, at + 8 + length)[0] == zlib.crc32(kind + body)
        kinds.append(kind)
        at += 12 + length
    assert kinds[:4] == [b"IHDR", b"sRGB", b"pHYs", b"iTXt"]
    assert set(kinds[4:-1]) == {b"IDAT"}
    assert kinds[-1] == b"IEND"


def test_tiff_has_its_tags():
    with tifffile.TiffFile(io.BytesIO(encode_file(SOFT, SAID, "tiff", dpi=300))) as file:
        tags = file.pages.first.tags
        assert tags["BitsPerSample"].value == (16, 16, 16)
        assert tags["XResolution"].value == (300, 1)
        assert tags["ResolutionUnit"].value == 2
        assert tags["Predictor"].value == 2
        assert b"trainedAlgorithmicMedia" in bytes(tags["XMP"].value)
        assert "DateTime" not in tags
        assert len(file.pages) == 1


@given(st.integers(1, 40), st.integers(1, 40), st.sampled_from(DEEP), st.booleans(), st.integers(0, 2**32))
@settings(max_examples=40, deadline=None)
def test_any_picture_survives(high, wide, format, deep, seed):
    picture = np.random.default_rng(seed).integers(0, 65536, (high, wide, 3)).astype(np.uint16)
    picture = picture if deep else (picture >> 8).astype(np.uint8)
    found = read_deep(encode_file(picture, None, format))
    assert found.dtype == picture.dtype
    assert np.array_equal(found, picture)


@pytest.mark.filterwarnings("ignore::UserWarning")
@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_damaged_tiff_fails_clearly(data):
    whole = encode_file(SHALLOW[:6, :6], SAID, "tiff")
    broken = bytearray(whole)
    for _ in range(data.draw(st.integers(1, 3))):
        broken[data.draw(st.integers(0, 300))] = data.draw(st.integers(0, 255))
    try:
        said = read_disclosure(bytes(broken), "mine.tif")
    except PictureError as exc:
        assert "mine.tif" in exc.message  # noqa: PT017 - damage may also go unnoticed
    else:
        assert isinstance(said, dict)
