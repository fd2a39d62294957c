import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from limner.core.errors import PictureError
from limner.core.picture import box_resize, read_picture, to_pictures, to_signal


@given(st.integers(0, 2**32 - 1))
def test_bytes_survive_the_networks_form(seed):
    pictures = np.random.default_rng(seed).integers(0, 256, (2, 8, 8, 3)).astype(np.uint8)
    assert (to_pictures(to_signal(pictures)) == pictures).all()


def test_values_outside_are_clipped():
    signal = np.array([-5.0, 5.0, 0.0], np.float32).reshape(1, 3, 1, 1)
    assert to_pictures(signal).ravel().tolist() == [0, 255, 128]


def _file(image: Image.Image, format: str = "PNG", **options) -> bytes:
    out = io.BytesIO()
    image.save(out, format, **options)
    return out.getvalue()


def test_transparency_is_laid_over_white():
    assert read_picture(_file(Image.new("RGBA", (2, 2), (255, 0, 0, 0)))).tolist() == [[[255, 255, 255]] * 2] * 2


@pytest.mark.parametrize("mode", ["L", "1", "P", "CMYK", "I;16"])
def test_other_modes_become_rgb(mode):
    format = "TIFF" if mode == "CMYK" else "PNG"
    assert read_picture(_file(Image.new(mode, (3, 4)), format)).shape == (4, 3, 3)


def test_exif_orientation_is_applied():
    exif = Image.Exif()
    exif[0x0112] = 6
    assert read_picture(_file(Image.new("RGB", (4, 2)), "JPEG", exif=exif)).shape == (4, 2, 3)


@pytest.mark.parametrize("data", [b"", b"hello", b"\x89PNG\r\n\x1a\n" + b"\x00" * 50])
def test_what_is_no_picture_is_named(data):
    with pytest.raises(PictureError, match=r"x\.png"):
        read_picture(data, "x.png")


def test_a_truncated_picture_is_refused():
    whole = _file(Image.fromarray(np.random.default_rng(0).integers(0, 255, (64, 64, 3)).astype(np.uint8)))
    with pytest.raises(PictureError):
        read_picture(whole[: len(whole) // 2])


def test_a_huge_picture_is_refused():
    with pytest.raises(PictureError, match="million"):
        read_picture(_file(Image.new("1", (9000, 9000))))


def test_box_resize_averages():
    picture = np.zeros((4, 4, 3), np.uint8)
    picture[:2, :2] = 200
    assert box_resize(picture, 2)[0, 0].tolist() == [200, 200, 200]
    assert box_resize(picture, 4) is picture


def test_what_is_no_picture_is_named_in_words_for_people():
    with pytest.raises(PictureError) as told:
        read_picture(b"hello", "hello.ora")
    assert "hello.ora" in str(told.value)
    assert "BytesIO" not in str(told.value)
