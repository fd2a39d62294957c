"""Pictures from elsewhere that bring a colour profile (ICC.1:2022), as sRGB.

Profiles of a matrix and curves (Display P3, Adobe RGB, ProPhoto ...) are followed in floats, so 16 bits stay
16; those that work by tables, and CMYK, are left to LittleCMS, which does 8.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageCms, ImageOps

from limner.core.errors import PictureError
from limner.core.picture import Deep, Picture, check_pixels, guarded, read_deep, to_deep
from limner.provenance.srgb import colorants, srgb_profile

Floats = npt.NDArray[np.float64]

_ENOUGH = 0.6 / 255  # a profile that changes colours by less is sRGB under another name
_TABLES = (b"A2B0", b"A2B1", b"D2B0", b"D2B1")
_PARAMETERS = (1, 3, 4, 5, 7)  # of the kinds of parametric curves


def read_managed(data: bytes, name: str = "picture") -> Picture | Deep:
    """Decode a picture to sRGB, with all its bits, whatever colour space it says that it is in.

    Args:
        data: the whole file.
        name: what to call it in an error.

    Returns:
        As `read_deep`; what had to be converted by matrix and curves is uint16.

    Raises:
        PictureError: what `read_picture` raises, or a profile that is damaged, does not fit, or works by tables on
            16 bits.
    """
    profile = guarded(lambda: _profile_of(data, name), name)
    if profile is None or profile == srgb_profile():
        return read_deep(data, name)
    shaper = _Shaper.of(profile)
    if shaper is None:
        return _by_tables(data, profile, name)
    probe = np.indices((9, 9, 9)).reshape(3, -1).T / 8.0
    picture = read_deep(data, name)
    if np.abs(shaper.to_srgb(probe) - probe).max() < _ENOUGH:
        return picture
    out = np.empty(picture.shape, np.uint16)
    for top in range(0, len(picture), _BAND):  # large scans must fit in memory
        band = picture[top : top + _BAND]
        out[top : top + _BAND] = to_deep(shaper.to_srgb(band / np.float64(np.iinfo(band.dtype).max)))
    return out


_BAND = 256  # rows


def _profile_of(data: bytes, name: str) -> bytes | None:
    with Image.open(io.BytesIO(data)) as image:
        check_pixels(image, name)
        return image.info.get("icc_profile") or None


class _Shaper:
    """A profile of three curves and a matrix.

    Args:
        curves: linear light of red, green and blue at `_Shaper.STEPS` even steps, [3, n].
        matrix: to XYZ under D50, one colour a row.
    """

    STEPS = 4096  # linear between them: half a step of 16 bits for the steepest curves in use

    def __init__(self, curves: Floats, matrix: Floats) -> None:
        self._curves = curves
        self._matrix = matrix @ np.linalg.inv(colorants())

    @classmethod
    def of(cls, profile: bytes) -> _Shaper | None:
        """The profile as matrix and curves; None if it is of another kind, or damaged."""
        try:
            tags = _tags(profile)
            if profile[16:20] != b"RGB " or profile[20:24] != b"XYZ " or any(t in tags for t in _TABLES):
                return None
            steps = np.linspace(0, 1, cls.STEPS)
            curves = np.stack([_curve(tags[kind], steps) for kind in (b"rTRC", b"gTRC", b"bTRC")])
            matrix = np.array([struct.unpack_from(">3i", tags[kind], 8) for kind in (b"rXYZ", b"gXYZ", b"bXYZ")])
        except (KeyError, struct.error, ValueError, IndexError):
            return None
        if not np.isfinite(curves).all():
            return None
        return cls(curves, matrix / 65536)

    def to_srgb(self, values: Floats) -> Floats:
        """Encoded values 0..1 [..., 3] in sRGB; colours that it does not hold are clipped."""
        steps = np.linspace(0, 1, self.STEPS)
        light = np.empty(values.shape, np.float64)
        for k in range(3):
            light[..., k] = np.interp(values[..., k], steps, self._curves[k])
        light = np.clip(light @ self._matrix, 0, 1)
        return np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)


def _tags(profile: bytes) -> Mapping[bytes, bytes]:
    (count,) = struct.unpack_from(">I", profile, 128)
    found: dict[bytes, bytes] = {}
    for k in range(min(count, 100)):
        kind, at, length = struct.unpack_from(">4sII", profile, 132 + 12 * k)
        found[kind] = profile[at : at + length]
    return found


def _curve(tag: bytes, x: Floats) -> Floats:
    """Linear light at encoded values `x` (ICC.1:2022, sections 10.6 and 10.18)."""
    if tag[:4] == b"curv":
        (count,) = struct.unpack_from(">I", tag, 8)
        if count == 0:
            return x
        table = np.frombuffer(tag, ">u2", count, 12).astype(np.float64)
        if count == 1:
            return x ** float(table[0] / 256)
        return np.interp(x, np.linspace(0, 1, count), table / 65535)
    if tag[:4] != b"para":
        raise ValueError(tag[:4])
    (kind,) = struct.unpack_from(">H", tag, 8)
    numbers = [n / 65536 for n in struct.unpack_from(f">{_PARAMETERS[kind]}i", tag, 12)]
    g, a, b, c, d, e, f = [*numbers, *[0.0] * (7 - len(numbers))]
    if kind == 0:
        return x**g
    with np.errstate(invalid="ignore", divide="ignore"):
        power = np.maximum(a * x + b, 0) ** g
        if kind in (1, 2):  # its third number is what lies below and is added above
            return np.where(x >= -b / a, power + c, c) if a else np.full_like(x, c)
        return np.where(x >= d, power + e, c * x + f)


def _by_tables(data: bytes, profile: bytes, name: str) -> Picture:
    def converted() -> Picture | None:
        with Image.open(io.BytesIO(data)) as image:
            upright: Image.Image = ImageOps.exif_transpose(image)
            if upright.mode.startswith("I") or read_deep(data, name).dtype != np.uint8:
                return None
            if profile[16:20] == b"RGB " and upright.mode != "RGB":
                upright = upright.convert("RGBA") if upright.mode in ("RGBA", "LA", "PA", "P") else upright
                white = Image.new("RGBA", upright.size, "white")
                upright = Image.alpha_composite(white, upright.convert("RGBA")).convert("RGB")
            own: Any = ImageCms.ImageCmsProfile(io.BytesIO(srgb_profile()))
            theirs: Any = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            seen = ImageCms.profileToProfile(upright, theirs, own, outputMode="RGB")
            return np.asarray(seen)

    try:
        found = guarded(converted, name)
    except ImageCms.PyCMSError as exc:
        raise PictureError(f"The colour profile of {name} cannot be followed ({exc}).", "Save it as sRGB.") from exc
    if found is None:
        raise PictureError(f"The colour profile of {name} works by tables, which 16 bits do not.", "Save it as sRGB.")
    return found
