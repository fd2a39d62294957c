import io
import struct

import numpy as np
from PIL import Image, ImageCms

from limner.provenance.srgb import colorants, srgb_profile


def _profile() -> ImageCms.ImageCmsProfile:
    return ImageCms.ImageCmsProfile(io.BytesIO(srgb_profile()))


def test_littlecms_reads_it_as_srgb():
    every = np.random.default_rng(0).integers(0, 256, (128, 128, 3)).astype(np.uint8)
    every[0] = np.linspace(0, 255, 128)[:, None]
    image, own, theirs = Image.fromarray(every), _profile(), ImageCms.createProfile("sRGB")
    for intent in ImageCms.Intent:
        for one, other in ((own, theirs), (theirs, own)):
            seen = ImageCms.profileToProfile(image, one, other, renderingIntent=intent)
            assert seen is not None
            assert np.abs(np.asarray(seen).astype(int) - every).max() <= 1


def test_it_is_not_just_any_profile():
    """Lab of the primaries, from the standard, under D50."""
    lab = ImageCms.buildTransform(_profile(), ImageCms.createProfile("LAB"), "RGB", "LAB")
    image = Image.fromarray(np.array([[[255, 0, 0], [0, 255, 0], [0, 0, 255], [119, 119, 119]]], np.uint8))
    seen = ImageCms.applyTransform(image, lab)
    assert seen is not None
    values = np.asarray(seen).astype(int)[0]
    light = values[:, 0] * 100 / 255
    a, b = (values[:, k].astype(np.uint8).astype(np.int8) for k in (1, 2))
    assert np.abs(light - [54.29, 87.82, 29.57, 50.0]).max() < 0.6
    assert np.abs(a - np.array([80.8, -79.3, 68.3, 0])).max() < 1.5
    assert np.abs(b - np.array([69.9, 81.0, -112.0, 0])).max() < 1.5


def test_its_form_is_whole():
    data = srgb_profile()
    assert len(data) == struct.unpack_from(">I", data)[0]
    assert len(data) < 1024
    assert data[36:40] == b"acsp"
    assert np.allclose(colorants().sum(0), [0.9642, 1.0, 0.8249], atol=1e-9)
    (count,) = struct.unpack_from(">I", data, 128)
    for k in range(count):
        _, at, length = struct.unpack_from(">4sII", data, 132 + 12 * k)
        assert at % 4 == 0
        assert at + length <= len(data)
    assert srgb_profile() == data
