"""TIFF for print shops: 8 or 16 bits a channel, deflated, with profile, XMP and size of the print."""

from __future__ import annotations

import io
from typing import Any

from limner.core.picture import Deep, Picture
from limner.provenance.srgb import srgb_profile

_XMP = 700
_BYTE = 1  # TIFF's type of the packet
_LEVEL = 4  # of deflating: more saves 1 % and takes twice the time


def tiff(picture: Picture | Deep, xmp: bytes, dpi: float | None, *, said: str = "", credit: str = "") -> bytes:
    """A whole file.

    Args:
        picture: uint8 or uint16 RGB [h, w, 3].
        xmp: the packet, UTF-8; empty for none.
        dpi: px to an inch of the print; None leaves it open.
        said: one sentence for people, ASCII.
        credit: licence and attribution; as UTF-8, which readers of this century take.
    """
    import tifffile

    more: list[Any] = [(_XMP, _BYTE, len(xmp), xmp, True)] if xmp else []
    if credit:
        more.append((33432, 2, 0, credit.encode(), True))  # Copyright
    size: dict[str, Any] = {"resolution": (dpi, dpi), "resolutionunit": "INCH"} if dpi is not None else {}
    out = io.BytesIO()
    tifffile.imwrite(
        out,
        picture,
        byteorder="<",
        photometric="rgb",
        compression="zlib",
        compressionargs={"level": _LEVEL},
        predictor=True,
        iccprofile=srgb_profile(),
        description=said.encode("ascii", "replace").decode() or None,
        software="Limner",
        metadata=None,  # no date, no description of its own
        extratags=more,
        maxworkers=1,
        **size,
    )
    return out.getvalue()
