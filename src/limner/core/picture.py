"""Pictures as arrays, and the one place where their forms are converted.

At every border a picture is uint8 RGB, height x width x 3.  Networks see float32 in -1..1, batch
first and channels second.
"""

from __future__ import annotations

import io
from typing import NewType

import numpy as np
import numpy.typing as npt
from PIL import Image, UnidentifiedImageError

from limner.core.errors import PictureError

Picture = npt.NDArray[np.uint8]
"""uint8 RGB [height, width, 3]."""

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


def read_picture(data: bytes, name: str = "picture") -> Picture:
    """Decode a picture to RGB; transparency is laid over white, EXIF orientation is applied.

    Args:
        data: the whole file.
        name: what to call it in an error.

    Raises:
        PictureError: not a picture that Pillow reads, damaged, or larger than `MAX_PIXELS`.
    """
    from PIL import ImageOps

    try:
        with Image.open(io.BytesIO(data)) as image:
            width, height = image.size
            if width * height > MAX_PIXELS:
                raise PictureError(
                    f"{name} has {width} x {height} pixels.",
                    f"At most {MAX_PIXELS // 1_000_000} million are read; reduce it first.",
                )
            image = ImageOps.exif_transpose(image)
            if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
                white = Image.new("RGBA", image.size, "white")
                image = Image.alpha_composite(white, image.convert("RGBA"))
            return np.asarray(image.convert("RGB"))
    except PictureError:
        raise
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as exc:
        raise PictureError(
            f"{name} is not a picture that can be read ({exc}).", "Use a PNG, JPEG or WebP file."
        ) from exc
