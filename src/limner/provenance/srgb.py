"""The colour space of all our pictures, as an ICC profile: sRGB (IEC 61966-2-1).

It is built here from the standard's numbers, so every file carries the same bytes: no clock, no library's
version.  Form: ICC.1:2001-04 (version 2), which every viewer and every print shop reads.
"""

from __future__ import annotations

import struct
from functools import cache

import numpy as np
import numpy.typing as npt

_PRIMARIES = ((0.64, 0.33), (0.30, 0.60), (0.15, 0.06))  # x, y of red, green and blue
_D65 = (0.3127, 0.3290)
_D50 = np.array([0.9642, 1.0, 0.8249])  # of the profile connection space
_BRADFORD = np.array([[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]])
_NAME = b"sRGB IEC61966-2.1"
_STEPS = 256  # of the curve: linear between them, the error is below one step of 16 bits
_DESIGNED = (2026, 11, 21, 0, 0, 0)  # when this profile was designed; files made later say the same


@cache
def srgb_profile() -> bytes:
    """The profile, 976 bytes."""
    red, green, blue = colorants()
    curve = b"curv\0\0\0\0" + struct.pack(f">I{_STEPS}H", _STEPS, *np.rint(_decoded() * 65535).astype(int))
    tags = {
        b"desc": _description(_NAME),
        b"cprt": b"text\0\0\0\0Public domain\0",
        b"wtpt": _xyz(_D50),
        b"rXYZ": _xyz(red),
        b"gXYZ": _xyz(green),
        b"bXYZ": _xyz(blue),
        b"rTRC": curve,
        b"gTRC": curve,
        b"bTRC": curve,
    }
    return _assembled(tags)


def colorants() -> npt.NDArray[np.float64]:
    """XYZ of red, green and blue under D50, one a row: adapted from D65 after Bradford."""
    corners = np.array([_tristimulus(x, y) for x, y in _PRIMARIES]).T
    white = _tristimulus(*_D65)
    corners = corners * np.linalg.solve(corners, white)
    cones = (_BRADFORD @ _D50) / (_BRADFORD @ white)
    adapted = np.linalg.inv(_BRADFORD) @ np.diag(cones) @ _BRADFORD
    return (adapted @ corners).T


def _tristimulus(x: float, y: float) -> npt.NDArray[np.float64]:
    return np.array([x / y, 1.0, (1 - x - y) / y])


def _decoded() -> npt.NDArray[np.float64]:
    """Linear light 0..1 of the encoded values 0..1 in even steps."""
    v = np.linspace(0, 1, _STEPS)
    return np.where(v <= 0.04045, v / 12.92, ((v + 0.055) / 1.055) ** 2.4)


def _fixed(values: npt.NDArray[np.float64]) -> bytes:
    """s15Fixed16Number."""
    return struct.pack(f">{len(values)}i", *np.rint(values * 65536).astype(int))


def _xyz(values: npt.NDArray[np.float64]) -> bytes:
    return b"XYZ \0\0\0\0" + _fixed(values)


def _description(name: bytes) -> bytes:
    """textDescriptionType: in ASCII; nothing in Unicode and for the Macintosh."""
    return b"desc\0\0\0\0" + struct.pack(">I", len(name) + 1) + name + b"\0" + bytes(4 + 4 + 2 + 1 + 67)


def _assembled(tags: dict[bytes, bytes]) -> bytes:
    """Header, table and contents, which tags with the same contents share."""
    at = 128 + 4 + 12 * len(tags)
    table, body, places = b"", b"", dict[bytes, int]()
    for name, content in tags.items():
        if content not in places:
            body += bytes(-len(body) % 4)
            places[content] = at + len(body)
            body += content
        table += name + struct.pack(">II", places[content], len(content))
    body += bytes(-len(body) % 4)
    size = at + len(body)
    head = struct.pack(">I4sI4s4s4s6H4s", size, bytes(4), 0x02400000, b"mntr", b"RGB ", b"XYZ ", *_DESIGNED, b"acsp")
    head += bytes(28) + _fixed(_D50)  # no platform, no device; perceptual
    return head.ljust(128, b"\0") + struct.pack(">I", len(tags)) + table + body
