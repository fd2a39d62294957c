"""Pictures with 16 bits a channel, read whole."""

import io

import cv2
import numpy as np
import pytest
import tifffile
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageOps

from limner.core.errors import PictureError
from limner.core.picture import read_deep, read_picture, to_deep, to_pictures, to_shallow, to_units

DEEP = np.random.default_rng(0).integers(0, 65536, (23, 31, 3)).astype(np.uint16)


def _png(array: np.ndarray, **exif) -> bytes:
    order = {1: slice(None), 3: [2, 1, 0], 4: [2, 1, 0, 3]}[1 if array.ndim == 2 else array.shape[2]]
    return cv2.imencode(".png", array if array.ndim == 2 else np.ascontiguousarray(array[..., order]))[1].tobytes()


def _tiff(array: np.ndarray, **options) -> bytes:
    out = io.BytesIO()
    tifffile.imwrite(out, array, **{"photometric": "rgb", "metadata": None, **options})
    return out.getvalue()


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("packed", [{}, {"compression": "zlib"}, {"compression": "zlib", "predictor": True}])
def test_tiff_keeps_all_sixteen_bits(order, packed):
    assert np.array_equal(read_deep(_tiff(DEEP, byteorder=order, rowsperstrip=7, **packed)), DEEP)


def test_png_keeps_all_sixteen_bits():
    found = read_deep(_png(DEEP))
    assert found.dtype == np.uint16
    assert np.array_equal(found, DEEP)


@pytest.mark.parametrize("write", [_png, lambda g: _tiff(g, photometric="minisblack")])
def test_deep_greys_are_not_clipped(write):
    grey = DEEP[..., 0]
    assert np.array_equal(read_deep(write(grey)), np.repeat(grey[..., None], 3, 2))
    assert np.array_equal(read_picture(write(grey))[..., 1], np.rint(grey / 257))


def test_deep_transparency_is_laid_over_white():
    rgba = np.dstack([DEEP, DEEP[..., :1]])
    alpha = rgba[..., 3:] / 65535
    wanted = rgba[..., :3] * alpha + 65535 * (1 - alpha)
    assert np.abs(read_deep(_png(rgba)).astype(float) - wanted).max() <= 0.51


@pytest.mark.parametrize("turned", range(1, 9))
def test_a_deep_picture_is_turned_like_any_other(turned):
    data = _tiff(DEEP, extratags=[(0x0112, 3, 1, turned, True)])
    shallow = Image.fromarray(to_shallow(DEEP))
    shallow.getexif()[0x0112] = turned
    assert np.array_equal(read_picture(data), np.asarray(ImageOps.exif_transpose(shallow)))


def test_eight_bits_stay_eight():
    shallow = to_shallow(DEEP)
    assert read_deep(_png(shallow)).dtype == np.uint8
    assert np.array_equal(read_deep(_tiff(shallow)), shallow)


def test_sixteen_become_eight_to_the_nearest():
    every = np.arange(65536, dtype=np.uint16)
    assert np.array_equal(to_shallow(every), np.rint(every / 257))
    assert to_shallow(to_shallow(DEEP)).tobytes() == to_shallow(DEEP).tobytes()


def test_what_was_never_rounded_is_rounded_once():
    signal = np.random.default_rng(1).uniform(-1.2, 1.2, (3, 8, 9)).astype(np.float32)
    deep = to_deep(to_units(signal))
    assert deep.shape == (8, 9, 3)
    exact = (np.clip(signal.astype(np.float64), -1, 1).transpose(1, 2, 0) + 1) / 2 * 65535
    assert np.abs(deep - exact).max() < 0.51
    assert np.abs(to_shallow(deep).astype(int) - to_pictures(signal[None])[0]).max() <= 1


def test_a_huge_tiff_is_refused_before_it_is_decoded():
    data = bytearray(_tiff(np.zeros((4, 4, 3), np.uint8)))
    with Image.open(io.BytesIO(bytes(data))) as image:
        assert image.size == (4, 4)
    for tag in (256, 257):  # width and height
        at = data.index(tag.to_bytes(2, "little"))
        data[at + 2 : at + 12] = (4).to_bytes(2, "little") + (1).to_bytes(4, "little") + (60_000).to_bytes(4, "little")
    with pytest.raises(PictureError, match="scan\\.tif"):
        read_deep(bytes(data), "scan.tif")


@pytest.mark.filterwarnings("ignore::UserWarning")
@settings(max_examples=300, deadline=None)
@given(st.data())
def test_damage_is_one_kind_of_error(data):
    whole = data.draw(st.sampled_from(WHOLE))
    broken = bytearray(whole)
    for _ in range(data.draw(st.integers(1, 4))):
        broken[data.draw(st.integers(0, min(len(whole), 400) - 1))] = data.draw(st.integers(0, 255))
    kept = bytes(broken[: data.draw(st.integers(0, len(whole)))] if data.draw(st.booleans()) else broken)
    try:
        picture = read_deep(kept, "scan.tif")
    except PictureError as exc:
        assert "scan.tif" in exc.message  # noqa: PT017 - damage may also go unnoticed
    else:
        assert picture.ndim == 3
        assert picture.shape[2] == 3


WHOLE = [_png(DEEP), _tiff(DEEP), _tiff(DEEP, compression="zlib", predictor=True), _tiff(to_shallow(DEEP))]
