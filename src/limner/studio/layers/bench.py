"""The bench: where portraits are taken apart into layers, and painted anew under an artist's own work."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from limner._version import __version__
from limner.core.errors import InputError, PictureError
from limner.core.picture import Picture, read_picture
from limner.core.progress import Cancel
from limner.core.recipe import MAX_SIZE, MIN_SIZE, Recipe
from limner.media.cutout import Cutout, cut_out
from limner.media.hands import Hands
from limner.provenance.disclosure import Disclosure, encode_file, of_rendering, read_disclosure
from limner.studio.atelier import Atelier
from limner.studio.layers.flattening import check_flat, flatten, over
from limner.studio.layers.layered import Flat, Layered, encoded, flattened, is_layered, read_layered
from limner.studio.layers.manifest import PREFIX, TILE, Manifest, is_machine, print_of, tile
from limner.studio.layers.page import Group, Layer, Page, Pixels
from limner.studio.layers.photoshop import repainted_photoshop

SITTER = f"{PREFIX}sitter"
BACKGROUND = f"{PREFIX}background"
GROUP = "Limner"
PAINT_OVER = "Paint over"
"""The empty layer on top, for the artist."""


class Bench:
    """Layers of portraits.

    Args:
        atelier: finds faces.
        threads: processor threads; 0 = all cores.
    """

    def __init__(self, atelier: Atelier, threads: int) -> None:
        self._atelier = atelier
        self._threads = threads

    # taking apart -----------------------------------------------------------------------------

    def apart(self, data: bytes, name: str = "picture", *, cancel: Cancel | None = None) -> Layered:
        """A picture as layers: background, sitter, and an empty layer to paint on.

        Args:
            data: the picture's file.
            name: what to call it in an error.
            cancel: asked at every step.

        Raises:
            PictureError: not a picture that can be read, or one that has layers already.
            Cancelled: `cancel` was requested.
        """
        if is_layered(data):
            raise PictureError(f"{name} has layers already.")
        picture = read_picture(data, name)
        said = source_of(data, name)
        parts = self._cut(picture, aligned=_aligned(picture, said), cancel=cancel)
        high, wide = picture.shape[:2]
        made = _machine_layers(parts)
        manifest = Manifest(
            width=wide, height=high, disclosure=said, layers={layer.name: print_of(layer, 0, 0) for layer in made}
        )
        hidden = Layer(name=TILE, pixels=tile(manifest.to_json()), visible=False, locked=True)
        empty = Layer(name=PAINT_OVER, pixels=np.zeros((high, wide, 4), np.uint8))
        page = Page(width=wide, height=high, children=(empty, Group(name=GROUP, children=(*made, hidden))))
        return Layered(page=page, manifest=manifest, kind=".ora", name=name)

    def cutout(self, data: bytes, name: str = "picture", format: str = "png", *, cancel: Cancel | None = None) -> bytes:
        """A file of a picture's sitter on nothing, which says what the picture said.

        Args:
            data: the picture's file, or a layered file.
            name: what to call it in an error.
            format: "png" or "webp".
            cancel: asked at every step.

        Raises:
            InputError: a format without transparency.
            PictureError: not a picture that can be read.
            Cancelled: `cancel` was requested.
        """
        if format not in ("png", "webp"):
            raise InputError(f"A {format} file holds no transparency.", "Use .png or .webp.")
        data = self.flat_file(data, name)
        picture = read_picture(data, name)
        said = source_of(data, name)
        parts = self._cut(picture, aligned=_aligned(picture, said), cancel=cancel)
        return encode_file(parts.sitter, said, format)

    def _cut(self, picture: Picture, *, aligned: bool, cancel: Cancel | None) -> Cutout:
        features = self._atelier.features(picture, aligned=aligned)
        return cut_out(picture, features, Hands(threads=self._threads, cancel=cancel or Cancel()))

    # putting together -------------------------------------------------------------------------

    def read(self, data: bytes, name: str = "picture") -> Layered:
        """A layered file; see `limner.studio.layers.layered.read_layered`."""
        return read_layered(data, name)

    def flat(self, data: bytes, name: str = "picture") -> Flat:
        """All layers of a file as one picture, and what it must say."""
        return flattened(read_layered(data, name))

    def flat_file(self, data: bytes, name: str = "picture") -> bytes:
        """A layered file as a flat PNG file; any other file as it is."""
        return flat_file(data, name)

    # painting anew ----------------------------------------------------------------------------

    def recipe(self, file: Layered) -> Recipe:
        """The recipe of a file's machine layers.

        Raises:
            PictureError: it has none, or its machine layers are not from a recipe.
        """
        manifest = file.manifest
        if manifest is None:
            known = any(is_machine(node.name) for node, *_ in file.page.nodes())
            if known:
                raise PictureError(
                    f"{file.name} has machine layers, but their recipe is gone: the hidden layer {TILE!r} was deleted "
                    "or changed.",
                    "Make new layers from the portrait's own file (limner layers) and move yours there.",
                )
            raise PictureError(f"{file.name} has no machine layers.", "limner layers FILE makes them from a portrait.")
        if manifest.recipe is None:
            raise PictureError(f"The machine layers of {file.name} were made from a picture that holds no recipe.")
        if manifest.width != manifest.height or not MIN_SIZE <= manifest.width <= MAX_SIZE:
            raise PictureError(
                f"The machine layers of {file.name} have {manifest.width} x {manifest.height} px; recipes paint "
                f"squares of {MIN_SIZE} to {MAX_SIZE} px."
            )
        self._untouched(file, manifest)
        return replace(manifest.recipe, size=manifest.width)

    def repainted(
        self, file: Layered, portrait: Picture, said: Disclosure, kind: str, *, cancel: Cancel | None = None
    ) -> tuple[bytes, str]:
        """A layered file whose machine layers are painted anew; everything else stays as it is, in its place.

        Args:
            file: with machine layers that nobody painted on.
            portrait: the new picture, uint8 RGB of the machine layers' size.
            said: what the new picture says about itself.
            kind: ".ora" or ".psd".
            cancel: asked at every step.

        Returns:
            The file, and a note for people (empty if there is none).

        Raises:
            InputError: another size, or a machine layer that was painted on by hand.
            PictureError: no machine layers.
        """
        manifest = file.manifest
        if manifest is None:
            raise PictureError(f"{file.name} has no machine layers.")
        if portrait.shape[:2] != (manifest.height, manifest.width):
            raise InputError(
                f"The new picture has {portrait.shape[1]} x {portrait.shape[0]} px; the machine layers have "
                f"{manifest.width} x {manifest.height}."
            )
        places = self._untouched(file, manifest)
        parts = self._cut(portrait, aligned=said.recipe is not None, cancel=cancel)
        made = {layer.name: layer for layer in _machine_layers(parts)}
        fresh = replace(
            manifest, disclosure=said, layers={name: print_of(made[name], 0, 0) for name in made if name in places}
        )
        changed: dict[str, Layer] = {}

        def change(layer: Layer) -> Layer:
            if layer.name in places and layer.name in made:
                x, y = places[layer.name]
                layer = layer.with_pixels(made[layer.name].pixels, x, y)
                changed[layer.name] = layer
            elif layer.name == TILE:
                layer = layer.with_pixels(tile(fresh.to_json()), layer.x, layer.y)
                changed[layer.name] = layer
            return layer

        page = file.page.mapped(change)
        done = replace(file, page=page, manifest=fresh)
        if file.kind == ".psd" and kind == ".psd":
            return _in_place(done, changed)
        return encoded(done, kind)

    def _untouched(self, file: Layered, manifest: Manifest) -> dict[str, tuple[int, int]]:
        """Machine layers in the file, by name: where each one's corner belongs, moved as the artist moved it.

        Raises:
            InputError: one was painted on.
            PictureError: there are none.
        """
        places: dict[str, tuple[int, int]] = {}
        for layer, _, x, y in file.page.layers():
            made = manifest.layers.get(layer.name)
            if made is None:
                continue
            now = print_of(layer, x, y)
            if now.sha256 != made.sha256:
                raise InputError(
                    f"The machine layer {layer.name!r} was painted on by hand, and that would be lost.",
                    "Rename it to keep it as a layer of yours, or undo what was painted on it.",
                )
            right, down = now.x - made.x, now.y - made.y
            # `x - layer.x` is the corner of the groups around it
            places[layer.name] = (right - (x - layer.x), down - (y - layer.y))
        if not places:
            raise PictureError(f"{file.name} has no machine layers any more; nothing in it can be painted anew.")
        return places


def _in_place(file: Layered, changed: Mapping[str, Layer]) -> tuple[bytes, str]:
    """A PSD file with changed layers, everything else kept."""
    from limner.core.errors import CapabilityError
    from limner.studio.layers.layered import said_by

    merged: Pixels | None = None
    note = ""
    try:
        check_flat(file.page)
        merged = flatten(file.page)
    except CapabilityError as exc:
        note = f"{exc.message} The preview in the file is the old one until your painting program saves it."
    return repainted_photoshop(file.data, file.name, changed, merged, said_by(file)), note


def flat_file(data: bytes, name: str = "picture") -> bytes:
    """A layered file as a flat PNG file; any other file as it is."""
    return flat_bytes(flattened(read_layered(data, name)), "png") if is_layered(data) else data


def flat_bytes(flat: Flat, format: str) -> bytes:
    """A flat picture as a file; what is transparent stays so in PNG and WebP, and is laid on white in others."""
    pixels = flat.pixels
    if format not in ("png", "webp") or bool((pixels[..., 3] == 255).all()):
        pixels = over(pixels)
    return encode_file(pixels, flat.disclosure, format)


def source_of(data: bytes, name: str) -> Disclosure:
    """What layers and cut-outs of a picture must say, from what its file says."""
    found = read_disclosure(data, name)
    kind = found.get("Iptc4xmpExt:DigitalSourceType", "")
    if "lgorithmicMedia" not in kind:
        return replace(of_rendering(found, __version__), said="Taken apart by an algorithm from another picture.")
    text = found.get("limner:recipe")
    return Disclosure(
        recipe=Recipe.parse(text) if text else None,
        system=found.get("Iptc4xmpExt:AISystemUsed", "unknown"),
        version=found.get("Iptc4xmpExt:AISystemVersionUsed", ""),
        credit=found.get("dc:rights", ""),
        creator=found.get("Iptc4xmpExt:AIPromptWriterName", ""),
        source_type=kind,
        said=found.get("dc:description", ""),
    )


def _aligned(picture: Picture, said: Disclosure) -> bool:
    return said.recipe is not None and picture.shape[0] == picture.shape[1]


def _machine_layers(parts: Cutout) -> tuple[Layer, Layer]:
    """Topmost first."""
    solid = np.full((*parts.background.shape[:2], 1), 255, np.uint8)
    return (
        Layer(name=SITTER, pixels=parts.sitter, locked=True),
        Layer(name=BACKGROUND, pixels=np.concatenate([parts.background, solid], 2), locked=True),
    )
