"""The manifest: which layers of a file a machine made, how they looked, and the recipe to make them again.

It travels twice.  OpenRaster files hold it as a file in the archive (`ENTRY`), which painting programs drop when they
save.  So it also travels as pixels: a small hidden layer (`TILE`) whose colours are its bytes, which every program
that saves without loss keeps, in PSD files, too.  Where both are gone, the names of machine layers still tell them.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from limner.core.errors import RecipeError
from limner.core.recipe import Recipe
from limner.provenance.disclosure import COMPOSITE, TRAINED, Disclosure
from limner.studio.layers.page import Foreign, Layer, Page, Pixels

ENTRY = "limner/machine.json"
"""Name in the archive."""

PREFIX = "Limner: "
"""How names of machine layers begin."""

TILE = "Limner: recipe"
"""Name of the hidden layer."""

_FORM = 1
_MAGIC = b"LIMNER1\0"
_WIDE = 64  # px of the tile
_MAX_TEXT = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Print:
    """How a machine layer looked when it was made."""

    sha256: str
    """Of what shows: see `print_of`."""
    x: int
    """px: left edge of what shows, on the page."""
    y: int
    """px: upper edge."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a layered file says about its machine layers."""

    width: int
    """px of the machine layers."""
    height: int
    disclosure: Disclosure
    """What the picture said that was taken apart, recipe included."""
    layers: Mapping[str, Print] = field(default_factory=dict[str, Print])
    """Machine layers by name."""

    @property
    def recipe(self) -> Recipe | None:
        """The recipe that paints the machine layers; None if they do not come from one."""
        return self.disclosure.recipe

    def to_json(self) -> bytes:
        """UTF-8; `parse` is the inverse."""
        said = self.disclosure
        data = {
            "form": _FORM,
            "width": self.width,
            "height": self.height,
            "system": said.system,
            "version": said.version,
            "credit": said.credit,
            "creator": said.creator,
            "source_type": said.source_type,
            "said": said.said,
            "recipe": said.recipe.to_json() if said.recipe else None,
            "layers": {name: {"sha256": p.sha256, "x": p.x, "y": p.y} for name, p in self.layers.items()},
        }
        return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()

    @classmethod
    def parse(cls, text: bytes) -> Manifest:
        """Read `to_json`'s form.

        Raises:
            RecipeError: damaged, or of a newer form.
        """
        try:
            data: dict[str, Any] = json.loads(text)
            if data["form"] != _FORM:
                raise RecipeError(f"The machine layers are described in form {data['form']!r}.", "Upgrade Limner.")
            texts = {k: str(data[k]) for k in ("system", "version", "credit", "creator", "source_type", "said")}
            recipe = Recipe.from_json(data["recipe"]) if data["recipe"] is not None else None
            return cls(
                width=int(data["width"]),
                height=int(data["height"]),
                disclosure=Disclosure(recipe=recipe, **texts),
                layers={
                    str(k): Print(sha256=str(v["sha256"]), x=int(v["x"]), y=int(v["y"]))
                    for k, v in data["layers"].items()
                },
            )
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as exc:
            raise RecipeError(f"The description of the machine layers is damaged ({exc!r}).") from exc


def print_of(layer: Layer, x: int, y: int) -> Print:
    """How a layer looks: what painting programs may change without a trace, they may.

    Cropping to what shows, and colours under full transparency, do not count.

    Args:
        layer: whose pixels count; not its opacity, mode or name.
        x: px of its corner on the page.
        y: likewise.
    """
    shows = layer.pixels[..., 3] > 0
    rows, columns = np.flatnonzero(shows.any(1)), np.flatnonzero(shows.any(0))
    if not len(rows):
        return Print(sha256=hashlib.sha256(b"").hexdigest(), x=0, y=0)
    y0, y1, x0, x1 = int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1
    part = layer.pixels[y0:y1, x0:x1] * shows[y0:y1, x0:x1, None]
    digest = hashlib.sha256(f"{x1 - x0} {y1 - y0}\n".encode() + np.ascontiguousarray(part).tobytes())
    return Print(sha256=digest.hexdigest(), x=x + x0, y=y + y0)


def manifest_of(page: Page) -> Manifest | None:
    """The manifest of a page, from its archive or from its hidden layer; None if it has none that can be read.

    Raises:
        RecipeError: there is one, but it is of a newer form or holds a recipe that is not valid.
    """
    if ENTRY in page.entries:
        return Manifest.parse(page.entries[ENTRY])
    for layer, *_ in page.layers():
        if layer.name.startswith(TILE) and (text := read_tile(layer.pixels)) is not None:
            return Manifest.parse(text)
    return None


def is_machine(name: str) -> bool:
    """Whether a layer is a machine's by its name."""
    return name.startswith(PREFIX)


def tile(text: bytes) -> Pixels:
    """Bytes as opaque pixels, [h, 64, 4]."""
    packed = zlib.compress(text, 9)
    data = _MAGIC + len(packed).to_bytes(4, "big") + zlib.crc32(packed).to_bytes(4, "big") + packed
    high = -(-len(data) // (3 * _WIDE))
    colours = np.frombuffer(data.ljust(high * _WIDE * 3, b"\0"), np.uint8).reshape(high, _WIDE, 3)
    return np.dstack([colours, np.full((high, _WIDE), 255, np.uint8)])


def read_tile(pixels: Pixels) -> bytes | None:
    """The inverse of `tile`, wherever it lies in a larger layer; None if it is not whole."""
    rows, columns = np.flatnonzero((pixels[..., 3] == 255).any(1)), np.flatnonzero((pixels[..., 3] == 255).any(0))
    if not len(rows) or columns[-1] + 1 - columns[0] != _WIDE:
        return None
    part = pixels[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1, :3]
    data = np.ascontiguousarray(part).tobytes()
    start = len(_MAGIC) + 8
    length = int.from_bytes(data[len(_MAGIC) : len(_MAGIC) + 4], "big")
    packed = data[start : start + length]
    if not data.startswith(_MAGIC) or zlib.crc32(packed) != int.from_bytes(data[start - 4 : start], "big"):
        return None
    try:
        unpacking = zlib.decompressobj()
        text = unpacking.decompress(packed, _MAX_TEXT)
    except zlib.error:
        return None
    return text if unpacking.eof else None


def disclosed(page: Page, manifest: Manifest | None, version: str) -> Disclosure | None:
    """What one picture of a page must say; None for a person's own work.

    A page that shows nothing but what a machine made says what the machine's picture said.  Once anything else shows,
    it is a composite, and no recipe paints it again.
    """
    names = [node.name for node, *_ in page.nodes() if is_machine(node.name)]
    if manifest is None and not names:
        return None
    made = {p.sha256 for p in manifest.layers.values()} if manifest else set[str]()
    own = False
    for layer, shown, x, y in page.layers():
        if shown and layer.pixels[..., 3].any():
            own = own or print_of(layer, x, y).sha256 not in made
    own = own or any(shown for node, shown, *_ in page.nodes() if isinstance(node, Foreign))
    if manifest is None:
        return Disclosure(
            recipe=None, system="Limner", version=version, credit="", source_type=COMPOSITE, said=_TOGETHER
        )
    said = manifest.disclosure
    if not own:
        return said
    return Disclosure(
        recipe=None,
        system=said.system,
        version=said.version,
        credit=said.credit,
        creator=said.creator,
        source_type=COMPOSITE if said.source_type in (TRAINED, COMPOSITE) else said.source_type,
        said=_TOGETHER,
    )


_TOGETHER = "A picture put together from layers by a machine and layers by hand."
