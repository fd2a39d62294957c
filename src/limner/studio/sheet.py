"""The contact sheet: many portraits on one page, with a line of text under each and one at the foot."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Sequence
from functools import cache

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from limner.core.errors import InputError
from limner.core.picture import Picture

_PAPER, _INK, _FAINT = (245, 242, 236), (40, 38, 36), (120, 116, 110)
_GAP, _LINE = 14, 22
MAX_PICTURES = 2000
"""Most pictures on one sheet."""


def contact_sheet(
    pictures: Sequence[Picture],
    labels: Sequence[str],
    *,
    title: str = "",
    foot: str = "",
    columns: int | None = None,
    cell: int | None = None,
) -> Picture:
    """Lay pictures out in rows.

    Args:
        pictures: uint8 RGB of any size; shown in squares, uncropped.
        labels: one short line for each.
        title: line at the head.
        foot: line at the foot.
        columns: pictures in a row; None chooses a near-square page.
        cell: side of a picture on the sheet in px; None chooses by their number.

    Raises:
        InputError: no pictures, or too many.
    """
    n = len(pictures)
    if not 1 <= n <= MAX_PICTURES:
        raise InputError(f"A sheet holds 1 to {MAX_PICTURES} pictures, not {n}.")
    columns = columns or min(n, math.ceil(math.sqrt(n * 1.5)))
    cell = cell or (256 if n <= 24 else 192 if n <= 60 else 128 if n <= 240 else 96)
    rows = math.ceil(n / columns)
    head = 2 * _LINE if title else 0
    tail = 2 * _LINE if foot else _GAP
    wide = _GAP + columns * (cell + _GAP)
    high = head + _GAP + rows * (cell + _LINE + _GAP) + tail - _GAP
    page = Image.new("RGB", (wide, high), _PAPER)
    draw = ImageDraw.Draw(page)
    if title:
        draw.text((_GAP, _GAP), _fit(title, wide - 2 * _GAP, 17), fill=_INK, font=_font(17))
    for k, (picture, label) in enumerate(zip(pictures, labels, strict=True)):
        x = _GAP + (k % columns) * (cell + _GAP)
        y = head + _GAP + (k // columns) * (cell + _LINE + _GAP)
        page.paste(_square(picture, cell), (x, y))
        draw.text((x, y + cell + 4), _fit(label, cell, 12), fill=_FAINT, font=_font(12))
    if foot:
        draw.text((_GAP, high - _LINE - 4), _fit(foot, wide - 2 * _GAP, 13), fill=_FAINT, font=_font(13))
    return np.asarray(page)


def _square(picture: Picture, cell: int) -> Image.Image:
    image = Image.fromarray(picture)
    scale = cell / max(image.size)
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    image = image.resize(size, Image.Resampling.LANCZOS)
    if image.size == (cell, cell):
        return image
    square = Image.new("RGB", (cell, cell), _PAPER)
    square.paste(image, ((cell - image.width) // 2, (cell - image.height) // 2))
    return square


@cache
def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)


def _drawable(character: str) -> str:
    """The character, or its base letter: Pillow's own font has no accented letters."""
    base = unicodedata.normalize("NFKD", character)[0]
    return base if base.isascii() else character


def _fit(text: str, width: int, size: int) -> str:
    """Shorten a line with an ellipsis until it fits `width` px."""
    font = _font(size)
    shown = "".join(_drawable(c) if c.isprintable() else " " for c in text)
    if font.getlength(shown) <= width:
        return shown
    while shown and font.getlength(shown + "\u2026") > width:
        shown = shown[:-1]
    return shown.rstrip() + "\u2026"
