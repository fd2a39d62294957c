"""The family tree as a picture: one scene, drawn as SVG or as PNG."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from html import escape

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from limner._version import __version__
from limner.core.errors import InputError
from limner.core.picture import MAX_PIXELS, Picture
from limner.provenance.disclosure import COMPOSITE, Disclosure, encode_file
from limner.studio.lineage.family import Family
from limner.studio.lineage.layout import Layout, Point, lay_out
from limner.studio.store.values import KINDS, Kept

PAPER, INK, FAINT = "#f5f2ec", "#282624", "#78746e"
COLOURS: Mapping[str, str] = {
    "painted": "#6b6660",
    "varied": "#2f6f8f",
    "edited": "#4b7f3a",
    "aged": "#8a6d1f",
    "bred": "#a23b4a",
    "repainted": "#6a4fa0",
    "altered": "#b3561e",
    "replayed": "#2a8079",
}
"""Colour of a link by kind; each has a contrast of at least 3 to the paper (WCAG 1.4.11)."""

MANY = 400
"""From so many portraits on they are drawn as dots, without their pictures."""

Thumbnail = Callable[[str], Picture | None]
"""A portrait's small picture; None if there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """Sizes on the page, in px."""

    cell: int
    """Side of a portrait."""
    step: int
    """Between the middles of neighbours."""
    layer: int
    """Between layers."""
    label: bool
    """Is there room for a line of text?"""


PICTURES = Scale(cell=96, step=124, layer=170, label=True)
DOTS = Scale(cell=10, step=16, layer=60, label=False)
_MARGIN = 40


@dataclass(frozen=True, kw_only=True)
class Tree:
    """A family on its page."""

    family: Family
    kept: Mapping[str, Kept]
    layout: Layout
    scale: Scale
    title: str

    @cached_property
    def size(self) -> tuple[int, int]:
        """Width and height in px."""
        wide, head = self._wide, self._head
        high = self.layout.height * self.scale.layer + self.scale.cell + 2 * _MARGIN + head + 24
        return round(wide), round(high)

    def at(self, point: Point) -> tuple[float, float]:
        """Middle of a place, in px."""
        half = self.scale.cell / 2
        return _MARGIN + half + point.x * self.scale.step, _MARGIN + self._head + half + point.y * self.scale.layer

    @cached_property
    def legend(self) -> list[tuple[float, float, str, str]]:
        """x, y, kind and gloss of every entry, in as many lines as they need."""
        entries: list[tuple[float, float, str, str]] = []
        x, y = float(_MARGIN), _MARGIN + 12.0
        for kind in self.kinds():
            gloss = KINDS[kind].gloss if kind in KINDS else kind
            long = 46 + _font(12).getlength(gloss)
            if x > _MARGIN and x + long > self._wide - _MARGIN:
                x, y = float(_MARGIN), y + 20
            entries.append((x, y, kind, gloss))
            x += long
        return entries

    @property
    def _wide(self) -> float:
        return max(self.layout.width * self.scale.step + self.scale.cell + 2 * _MARGIN, 480)

    @property
    def _head(self) -> float:
        """From the margin down to the first portraits."""
        return (self.legend[-1][1] if self.legend else _MARGIN) - _MARGIN + 36

    def kinds(self) -> list[str]:
        """Kinds of links that occur."""
        there = {edge.kind for edge in self.family.edges}
        return [*(k for k in COLOURS if k in there), *sorted(there - COLOURS.keys())]


def tree_of(family: Family, kept: Mapping[str, Kept], *, title: str = "", dots: bool | None = None) -> Tree:
    """Lay a family out for drawing.

    Args:
        family: the portraits and links.
        kept: what is known of each portrait.
        title: a line at the head.
        dots: draw dots instead of pictures; None decides by their number.

    Raises:
        InputError: nobody to draw.
    """
    if not family.members:
        raise InputError("There is nobody to draw.", "Portraits get relatives by variation, breeding, edits.")
    many = len(family.members) > MANY if dots is None else dots
    return Tree(family=family, kept=kept, layout=lay_out(family), scale=DOTS if many else PICTURES, title=title)


# SVG --------------------------------------------------------------------------------------------


def draw_svg(tree: Tree, thumbnail: Thumbnail) -> bytes:
    """The tree as one self-contained SVG file."""
    wide, high = tree.size
    said = _disclosure().to_xmp().decode()
    packet = said[
        said.index("<x:xmpmeta") if "<x:xmpmeta" in said else said.index("?>\n") + 3 : said.rindex("<?xpacket")
    ]
    name = escape(tree.title or "Lineage")
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" width="{wide}" height="{high}" '
        f'role="img" aria-label="{name}" font-family="sans-serif">',
        f"<title>{name}</title><metadata>{packet.strip()}</metadata>",
        f'<rect width="100%" height="100%" fill="{PAPER}"/>',
        f'<text x="{_MARGIN}" y="{_MARGIN - 8}" font-size="17" fill="{INK}">{name}</text>',
        *_svg_legend(tree),
    ]
    for k, way in tree.layout.ways:
        edge = tree.family.edges[k]
        colour = COLOURS.get(edge.kind, FAINT)
        parts.append(
            f'<path d="{_svg_path([tree.at(p) for p in way])}" fill="none" stroke="{colour}" '
            f'stroke-width="{1.6 if tree.scale.label else 0.8}"/>'
        )
    parts += [_svg_portrait(tree, id, thumbnail) for id in tree.family.members]
    return ("\n".join(parts) + "\n</svg>\n").encode()


def _svg_legend(tree: Tree) -> list[str]:
    parts: list[str] = []
    for x, y, kind, gloss in tree.legend:
        parts.append(f'<path d="M{x:.0f} {y:.0f}h22" stroke="{COLOURS.get(kind, FAINT)}" stroke-width="3"/>')
        parts.append(f'<text x="{x + 28:.0f}" y="{y + 4:.0f}" font-size="12" fill="{INK}">{escape(gloss)}</text>')
    return parts


def _svg_portrait(tree: Tree, id: str, thumbnail: Thumbnail) -> str:
    kept, scale = tree.kept[id], tree.scale
    x, y = tree.at(tree.layout.places[id])
    half = scale.cell / 2
    faded = ' opacity="0.4"' if kept.trashed else ""
    told = escape(_told(kept))
    inside = f"<title>{told}</title>"
    picture = thumbnail(id) if scale.label and kept.picture else None
    if picture is not None:
        href = base64.b64encode(_webp(picture, scale.cell * 2)).decode()
        inside += (
            f'<image x="{x - half:.1f}" y="{y - half:.1f}" width="{scale.cell}" height="{scale.cell}" '
            f'href="data:image/webp;base64,{href}"/>'
        )
    elif scale.label:
        inside += (
            f'<rect x="{x - half:.1f}" y="{y - half:.1f}" width="{scale.cell}" height="{scale.cell}" rx="4" '
            f'fill="{PAPER}" stroke="{FAINT}" stroke-dasharray="4 3"/>'
        )
    else:
        fill = _dot_colour(kept)
        inside += f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{half:.1f}" fill="{fill}" stroke="{INK}" stroke-width="0.6"/>'
    if scale.label:
        text = escape(_label(kept))
        inside += (
            f'<rect x="{x - half:.1f}" y="{y + half:.1f}" width="{scale.cell}" height="20" fill="{PAPER}"/>'
            f'<text x="{x:.1f}" y="{y + half + 15:.1f}" font-size="12" fill="{INK}" text-anchor="middle">{text}</text>'
        )
    return f'<g id="p{id[:16]}"{faded}>{inside}</g>'


def _svg_path(points: list[tuple[float, float]]) -> str:
    """Down from point to point in smooth curves."""
    (x, y), *rest = points
    path = f"M{x:.1f} {y:.1f}"
    for a, b in rest:
        middle = (y + b) / 2
        path += f"C{x:.1f} {middle:.1f} {a:.1f} {middle:.1f} {a:.1f} {b:.1f}"
        x, y = a, b
    return path


# PNG --------------------------------------------------------------------------------------------


def draw_png(tree: Tree, thumbnail: Thumbnail) -> bytes:
    """The tree as a PNG file that says it is synthetic; very large trees are drawn smaller."""
    wide, high = tree.size
    zoom = min(1.0, (MAX_PIXELS / 2 / (wide * high)) ** 0.5, 32_000 / max(wide, high))
    page = Image.new("RGB", (max(1, round(wide * zoom)), max(1, round(high * zoom))), PAPER)
    draw = ImageDraw.Draw(page)
    draw.text((_MARGIN * zoom, (_MARGIN - 26) * zoom), tree.title or "Lineage", fill=INK, font=_font(round(17 * zoom)))
    _png_legend(tree, draw, zoom)
    for k, way in tree.layout.ways:
        line = [(x * zoom, y * zoom) for x, y in _curve([tree.at(p) for p in way])]
        draw.line(line, fill=COLOURS.get(tree.family.edges[k].kind, FAINT), width=max(1, round(1.6 * zoom)))
    for id in tree.family.members:
        _png_portrait(tree, id, thumbnail, page, draw, zoom)
    return encode_file(np.asarray(page), _disclosure(), "png")


def _png_legend(tree: Tree, draw: ImageDraw.ImageDraw, zoom: float) -> None:
    for x, y, kind, gloss in tree.legend:
        x, y = x * zoom, y * zoom
        draw.line([(x, y), (x + 22 * zoom, y)], fill=COLOURS.get(kind, FAINT), width=max(1, round(3 * zoom)))
        draw.text((x + 28 * zoom, y - 7 * zoom), gloss, fill=INK, font=_font(round(12 * zoom)))


def _png_portrait(
    tree: Tree, id: str, thumbnail: Thumbnail, page: Image.Image, draw: ImageDraw.ImageDraw, zoom: float
) -> None:
    kept, scale = tree.kept[id], tree.scale
    x, y = (value * zoom for value in tree.at(tree.layout.places[id]))
    half = scale.cell * zoom / 2
    box = (x - half, y - half, x + half, y + half)
    picture = thumbnail(id) if scale.label and kept.picture else None
    if picture is not None:
        side = max(1, round(2 * half))
        small = Image.fromarray(picture).resize((side, side), Image.Resampling.LANCZOS)
        if kept.trashed:
            small = Image.blend(small, Image.new("RGB", small.size, PAPER), 0.6)
        page.paste(small, (round(x - half), round(y - half)))
    elif scale.label:
        draw.rectangle(box, fill=PAPER, outline=FAINT)
    else:
        draw.ellipse(box, fill=_dot_colour(kept), outline=INK)
    if scale.label and zoom > 0.5:
        draw.rectangle((x - half, y + half + 1, x + half, y + half + 20 * zoom), fill=PAPER)
        draw.text((x, y + half + 10 * zoom), _label(kept), fill=INK, font=_font(round(12 * zoom)), anchor="mm")


def _curve(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """The curves of `_svg_path` as short lines (cubic Bezier, 12 steps each)."""
    (x, y), *rest = points
    line = [(x, y)]
    for a, b in rest:
        for step in range(1, 13):
            t = step / 12
            across = t * t * (3 - 2 * t)  # x of the curve whose handles are vertical
            middle = (y + b) / 2
            u = 1 - t
            line.append((x + (a - x) * across, u**3 * y + 3 * u * t * middle + t**3 * b))
        x, y = a, b
    return line


# both -------------------------------------------------------------------------------------------


def _told(kept: Kept) -> str:
    lines = [kept.words or "portrait", kept.edit, kept.reason and f"because {kept.reason}", kept.id[:12]]
    if kept.picture is None:
        lines.append("empty slot")
    return "\n".join(line for line in lines if line)


def _label(kept: Kept) -> str:
    # not stars: the font that Pillow brings has none
    return f"{kept.id[:8]} {kept.rating}/5" if kept.rating else kept.id[:8]


def _dot_colour(kept: Kept) -> str:
    if kept.picture is None:
        return PAPER
    return "#c9a227" if kept.star or (kept.rating or 0) >= 4 else "#8d8880"


def _webp(picture: Picture, side: int) -> bytes:
    image = Image.fromarray(picture)
    image.thumbnail((side, side), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    image.save(out, "WEBP", quality=80, method=2)
    return out.getvalue()


def _disclosure() -> Disclosure:
    return Disclosure(recipe=None, system="Limner, family tree", version=__version__, credit="", source_type=COMPOSITE)


@cache
def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(max(6, size))
