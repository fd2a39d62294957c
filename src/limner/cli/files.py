"""Reading what people name on the command line."""

from __future__ import annotations

from pathlib import Path

from limner.core.errors import PictureError, RecipeError
from limner.core.recipe import Recipe
from limner.provenance.disclosure import read_recipe

_MAX_BYTES = 256 << 20


def read_bytes(path: Path) -> bytes:
    """The contents of a file.

    Raises:
        PictureError: missing, a folder, not readable, or unreasonably large.
    """
    try:
        size = path.stat().st_size
        if size > _MAX_BYTES:
            raise PictureError(f"{path} has {size / 1e6:.0f} MB; that is no portrait.")
        return path.read_bytes()
    except FileNotFoundError as exc:
        raise PictureError(f"There is no file {path}.") from exc
    except IsADirectoryError as exc:
        raise PictureError(f"{path} is a folder.", "Name a file.") from exc
    except OSError as exc:
        raise PictureError(f"{path} cannot be read ({exc.strerror}).") from exc


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
