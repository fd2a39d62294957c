"""Pictures as arrays, and the one place where their forms are converted.

At every border a picture is uint8 RGB, height x width x 3; for prints and for going on elsewhere, it is
uint16.  Networks see float32 in -1..1, batch first and channels second.
"""

from __future__ import annotations

import io
import struct
import sys
from collections.abc import Callable
from typing import Any, Literal, NewType, TypeVar

import numpy as np
import numpy.typing as npt
from PIL import Image, UnidentifiedImageError

from limner.core.errors import PictureError

Picture = npt.NDArray[np.uint8]
"""uint8 RGB [height, width, 3]."""

Deep = npt.NDArray[np.uint16]
"""uint16 RGB [height, width, 3]: a picture with 16 bits a channel."""

Depth = Literal[8, 16]
"""Bits a channel."""

Signal = npt.NDArray[np.float32]
"""float32 [batch, 3, height, width] in -1..1."""

Sha256 = NewType("Sha256", str)
"""A SHA-256 digest as 64 lower-case hexadecimal digits."""

MAX_PIXELS = 64_000_000
"""Larger pictures are refused on reading (a guard against decompression bombs)."""


def to_signal(pictures: npt.NDArray[np.uint8]) -> Signal:
    """uint8 [n, h, w, 3] to float32 [n, 3, h, w] in -1..1."""
    return np.ascontiguousarray(pictures.transpose(0, 3, 1, 2), np.float32) / np.float32(127.5) - 1


def to_pictures(signal: Signal) -> npt.NDArray[np.uint8]:
    """float32 [n, 3, h, w] in -1..1 to uint8 [n, h, w, 3]; values outside are clipped."""
    scaled = np.clip(signal, -1, 1)
    scaled += 1
    scaled *= np.float32(127.5)
    scaled = np.rint(scaled, out=scaled).astype(np.uint8)
    return np.ascontiguousarray(scaled.transpose(0, 2, 3, 1))


def box_resize(picture: Picture, side: int) -> Picture:
    """Average a picture down (or enlarge it) to `side` x `side` with a box filter."""
    if picture.shape[:2] == (side, side):
        return picture
    return np.asarray(Image.fromarray(picture).resize((side, side), Image.Resampling.BOX))


def to_units(signal: Signal) -> npt.NDArray[np.float32]:
    """float32 [3, h, w] in -1..1 to sRGB 0..1, float32 [h, w, 3]; values outside are clipped."""
    return np.ascontiguousarray((np.clip(signal, -1, 1).transpose(1, 2, 0) + 1) * np.float32(0.5), np.float32)


def to_deep(units: npt.NDArray[np.floating[Any]]) -> Deep:
    """sRGB 0..1 [h, w, 3] to uint16, rounded once."""
    return np.rint(np.clip(units, 0, 1) * np.float64(65535)).astype(np.uint16)


def to_shallow(picture: Picture | Deep) -> Picture:
    """uint16 to uint8, each value to the nearest; a picture of uint8 as it is."""
    if picture.dtype == np.uint8:
        return picture.astype(np.uint8, copy=False)
    return ((picture.astype(np.uint32) * 255 + 32895) >> 16).astype(np.uint8)


def read_picture(data: bytes, name: str = "picture") -> Picture:
    """Decode a picture to 8 bits of RGB; transparency is laid over white, EXIF orientation is applied.

    Args:
        data: the whole file.
        name: what to call it in an error.

    Raises:
        PictureError: not a picture that Pillow reads, damaged, or larger than `MAX_PIXELS`.
    """
    return to_shallow(read_deep(data, name))


def read_deep(data: bytes, name: str = "picture") -> Picture | Deep:
    """Decode a picture to RGB with all the bits that it has: uint16 for 16-bit PNG and TIFF, otherwise uint8.

    The arguments and errors are those of `read_picture`.
    """
    return guarded(lambda: _decoded(data, name), name)


# reading ------------------------------------------------------------------------------------------

T = TypeVar("T")

_DAMAGE = (
    UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError, struct.error, KeyError,
    IndexError, TypeError, AttributeError, OverflowError, ArithmeticError, MemoryError, RuntimeError, Warning,
)  # fmt: skip
# what Pillow's readers raise for files that are damaged on purpose or by accident

_OTHER_BYTE = {"B": "L", "L": "B", "N": "B" if sys.byteorder == "little" else "L"}


def guarded(read: Callable[[], T], name: str) -> T:
    """What `read` makes of a file with Pillow; whatever it fails with is a `PictureError` that names the file."""
    try:
        return read()
    except PictureError:
        raise
    except _DAMAGE as exc:
        why = "of no known kind" if isinstance(exc, UnidentifiedImageError) else str(exc) or type(exc).__name__
        raise PictureError(
            f"{name} is not a picture that can be read ({why}).",
            "Use a PNG, JPEG, WebP or TIFF file.",
        ) from exc


def check_pixels(image: Image.Image, name: str) -> None:
    """Raise `PictureError` for a picture of more than `MAX_PIXELS`, before it is decoded."""
    width, height = image.size
    if width * height > MAX_PIXELS:
        raise PictureError(
            f"{name} has {width} x {height} pixels.",
            f"At most {MAX_PIXELS // 1_000_000} million are read; reduce it first.",
        )


def _decoded(data: bytes, name: str) -> Picture | Deep:
    from PIL import ImageOps

    with Image.open(io.BytesIO(data)) as image:
        check_pixels(image, name)
        if (deep := _deep_planes(image, data)) is not None:
            return _over_white(_upright(deep, image))
        image = ImageOps.exif_transpose(image)
        if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
            white = Image.new("RGBA", image.size, "white")
            image = Image.alpha_composite(white, image.convert("RGBA"))
        return np.asarray(image.convert("RGB"))


def _deep_planes(image: Image.Image, data: bytes) -> npt.NDArray[np.uint16] | None:
    """uint16 [h, w, 1, 3 or 4] of a picture with 16 bits a channel; None for any other.

    Pillow keeps one byte of each colour channel, the high one, so the picture is decoded twice: the second time
    it is told that the bytes lie the other way round, which keeps the low one.
    """
    if image.mode.startswith("I;16"):
        return np.asarray(image).astype(np.uint16)[..., None]
    tiles = list(getattr(image, "tile", ()))
    if image.mode not in ("RGB", "RGBA") or not tiles or not all(";16" in _layout(t) for t in tiles):
        return None
    high = np.asarray(image).astype(np.uint16)
    with Image.open(io.BytesIO(data)) as again:
        again.tile = [_other_byte(t) for t in again.tile]
        return (high * 256 + np.asarray(again)).astype(np.uint16, copy=False)


def _layout(tile: Any) -> str:
    """How a tile's bytes lie, as Pillow writes it ("RGB;16B")."""
    return tile.args if isinstance(tile.args, str) else str(tile.args[0])


def _other_byte(tile: Any) -> Any:
    layout = _layout(tile)
    other = layout[:-1] + _OTHER_BYTE[layout[-1]]
    return tile._replace(args=other if isinstance(tile.args, str) else (other, *tile.args[1:]))


def _upright(planes: npt.NDArray[np.uint16], image: Image.Image) -> npt.NDArray[np.uint16]:
    """Turned as EXIF or TIFF say that it is to be seen (EXIF 2.32, table 6)."""
    turned = int(image.getexif().get(0x0112, 1))
    if turned in (5, 6, 7, 8):
        planes = planes.transpose(1, 0, 2)
    down, right = turned in (3, 4, 7, 8), turned in (2, 3, 6, 7)
    return planes[:: -1 if down else 1, :: -1 if right else 1]


def _over_white(planes: npt.NDArray[np.uint16]) -> Deep:
    if planes.shape[2] == 1:
        planes = np.repeat(planes, 3, axis=2)
    if planes.shape[2] == 4:
        alpha = planes[..., 3:].astype(np.uint64)
        planes = ((planes[..., :3] * alpha + 65535 * (65535 - alpha) + 32767) // 65535).astype(np.uint16)
    return np.ascontiguousarray(planes)
