"""Pictures in other colour spaces, against LittleCMS."""

import io
import struct
import zlib

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms

from limner.core.errors import PictureError
from limner.core.picture import read_deep, to_shallow
from limner.provenance import srgb
from limner.provenance.png import deep_png
from limner.provenance.profiles import read_managed
from limner.provenance.srgb import srgb_profile

EVERY = np.random.default_rng(0).integers(0, 256, (64, 64, 3)).astype(np.uint8)
PRIMARIES = {
    "srgb": ((0.64, 0.33), (0.30, 0.60), (0.15, 0.06)),
    "display p3": ((0.68, 0.32), (0.265, 0.69), (0.15, 0.06)),
    "adobe": ((0.64, 0.33), (0.21, 0.71), (0.15, 0.06)),
}


def _para(kind: int, *numbers: float) -> bytes:
    return b"para\0\0\0\0" + struct.pack(f">HH{len(numbers)}i", kind, 0, *[round(n * 65536) for n in numbers])


CURVES = {
    "gamma": b"curv\0\0\0\0" + struct.pack(">IH", 1, round(2.19921875 * 256)),
    "linear": b"curv\0\0\0\0" + struct.pack(">I", 0),
    "table": b"curv\0\0\0\0" + struct.pack(">I64H", 64, *np.rint(np.linspace(0, 1, 64) ** 1.8 * 65535).astype(int)),
    "power": _para(0, 1.8),
    "offset": _para(1, 2.0, 0.95, 0.05),
    "raised": _para(2, 2.0, 0.9, 0.05, 0.02),
    "as in sRGB": _para(3, 2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045),
    "full": _para(4, 2.2, 0.95, 0.04, 0.2, 0.1, 0.01, 0.0),
}


def _profile(monkeypatch, primaries: str, curve: str) -> bytes:
    with monkeypatch.context() as patch:
        patch.setattr(srgb, "_PRIMARIES", PRIMARIES[primaries])
        corners = srgb.colorants()
    tags = {b"desc": srgb._description(b"test"), b"wtpt": srgb._xyz(srgb._D50)}
    tags |= dict(zip((b"rXYZ", b"gXYZ", b"bXYZ"), map(srgb._xyz, corners), strict=True))
    return srgb._assembled(tags | dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), CURVES[curve]))


def _theirs(image: Image.Image, profile: bytes) -> np.ndarray:
    one, other = (ImageCms.ImageCmsProfile(io.BytesIO(p)) for p in (profile, srgb_profile()))
    seen = ImageCms.profileToProfile(image, one, other, renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC)
    assert seen is not None
    return np.asarray(seen).astype(int)


def _file(image: Image.Image, profile: bytes, format: str = "PNG") -> bytes:
    out = io.BytesIO()
    image.save(out, format, icc_profile=profile)
    return out.getvalue()


@pytest.mark.parametrize("curve", CURVES)
@pytest.mark.parametrize("primaries", PRIMARIES)
def test_colours_come_out_as_littlecms_has_them(monkeypatch, primaries, curve):
    profile = _profile(monkeypatch, primaries, curve)
    seen = to_shallow(read_managed(_file(Image.fromarray(EVERY), profile))).astype(int)
    wanted = _theirs(Image.fromarray(EVERY), profile)
    off = np.abs(seen - wanted)
    assert off.max() <= 3  # LittleCMS counts in 16 bits, which is coarse in the dark of a linear space
    assert (off > 1).mean() < 0.01


def test_srgb_under_another_name_is_left_alone(monkeypatch):
    for profile in (srgb_profile(), _profile(monkeypatch, "srgb", "as in sRGB")):
        seen = read_managed(_file(Image.fromarray(EVERY), profile))
        assert seen.dtype == np.uint8
        assert np.array_equal(seen, EVERY)


def test_a_deep_picture_stays_deep(monkeypatch):
    profile = _profile(monkeypatch, "display p3", "as in sRGB")
    ramp = np.linspace(20_000, 22_000, 300)[:, None, None] + np.array([0, 500, 900])
    deep = np.rint(ramp.repeat(3, 1)).astype(np.uint16)
    plain = deep_png(deep, b"", None)
    chunk = b"iCCPp\0\0" + zlib.compress(profile)
    chunk = struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk))
    seen = read_managed(plain[:33] + chunk + plain[33 + 13 :])  # in place of the sRGB chunk
    assert seen.dtype == np.uint16
    assert len(np.unique(seen[..., 0])) > 250
    assert np.abs(to_shallow(seen).astype(int) - _theirs(Image.fromarray(to_shallow(deep)), profile)).max() <= 2


def test_a_profile_that_does_not_fit_is_named():
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    with pytest.raises(PictureError, match=r"mine\.png"):
        read_managed(_file(Image.fromarray(EVERY), lab), "mine.png")  # a profile for another kind of picture


def test_without_a_profile_nothing_happens():
    data = cv2.imencode(".png", EVERY)[1].tobytes()
    assert np.array_equal(read_managed(data), read_deep(data))


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_damaged_profile_is_one_kind_of_error(data):
    broken = bytearray(srgb_profile())
    for _ in range(data.draw(st.integers(1, 4))):
        broken[data.draw(st.integers(0, len(broken) - 1))] = data.draw(st.integers(0, 255))
    file = _file(Image.fromarray(EVERY[:4, :4]), bytes(broken[: data.draw(st.integers(1, len(broken)))]))
    try:
        seen = read_managed(file, "mine.png")
    except PictureError as exc:
        assert "mine.png" in exc.message  # noqa: PT017 - damage may also go unnoticed
    else:
        assert seen.shape == (4, 4, 3)
