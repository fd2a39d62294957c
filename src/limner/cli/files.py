"""Reading what people name on the command line."""

from __future__ import annotations

import re
from pathlib import Path

from limner.core.errors import PictureError, RecipeError, StorageError
from limner.core.recipe import Recipe
from limner.provenance.disclosure import read_recipe

_MAX_BYTES = 256 << 20
_ID = re.compile(r"[0-9a-fA-F]{4,64}")


def read_bytes(path: Path) -> bytes:
    """The contents of a file, or of a portrait's file if there is none of that name and it begins an id.

    Raises:
        PictureError: missing, a folder, not readable, or unreasonably large.
        InputError: an id that may be any of several portraits.
    """
    try:
        size = path.stat().st_size
        if size > _MAX_BYTES:
            raise PictureError(f"{path} has {size / 1e6:.0f} MB; that is no portrait.")
        return path.read_bytes()
    except FileNotFoundError as exc:
        if (kept := _portrait(str(path))) is not None:
            return kept[0]
        raise PictureError(f"There is no file {path}.") from exc
    except IsADirectoryError as exc:
        raise PictureError(f"{path} is a folder.", "Name a file.") from exc
    except OSError as exc:
        raise PictureError(f"{path} cannot be read ({exc.strerror}).") from exc


def file_named(path: Path) -> Path:
    """The file that a path or the beginning of a portrait's id names, where it lies on this machine; else the path."""
    found = None if path.exists() else _portrait(str(path))
    return (found[1] if found else None) or path


def _portrait(prefix: str) -> tuple[bytes, Path | None] | None:
    """Picture and file of a portrait of the studio; None if there is no studio, or no such portrait."""
    from limner.studio.store.portraits import begins, fetch, find
    from limner.studio.store.schema import portraits
    from limner.studio.store.store import open_store

    if _ID.fullmatch(prefix) is None:
        return None
    try:
        store = open_store(read_only=True)
    except StorageError:
        return None
    with store, store.read() as c:
        if not begins(c, portraits, prefix, 1):
            return None
        kept = fetch(c, [find(c, prefix)])[0]
        return store.picture_of(kept), store.file_of(kept)


def recipe_of(path: Path) -> Recipe:
    """The recipe in a picture or in a JSON file.

    Raises:
        PictureError: the picture holds no recipe.
        RecipeError: the JSON is not a recipe.
    """
    data = read_bytes(path)
    if data.lstrip()[:1] == b"{":
        return Recipe.parse(data)
    if path.suffix.lower() == ".json":
        raise RecipeError(f"{path} is not a recipe in JSON.")
    return read_recipe(data, path.name)
