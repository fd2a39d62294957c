"""One portrait as its file tells it: what a label holds, and what an archive carries."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from limner.core.errors import LimnerError, PictureError, RecipeError
from limner.core.picture import read_picture
from limner.core.recipe import Recipe
from limner.studio.store.label import PictureFile
from limner.studio.store.recipes import RecipeText
from limner.studio.store.values import Origin, Traits, dumps

_VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A portrait as it goes into the database."""

    id: str
    recipe: RecipeText | None = None
    picture: str | None = None
    format: str = ""
    bytes: int = 0
    width: int = 0
    height: int = 0
    sitter: str = ""
    origins: tuple[Origin, ...] = ()
    edit: str = ""
    reason: str = ""
    made: str = ""
    traits: Traits | None = None

    def label(self) -> str:
        """What the picture's file says of the portrait."""
        return dumps(
            {
                "v": _VERSION,
                "id": self.id,
                "recipe": self.recipe.id if self.recipe else None,
                "sitter": self.sitter,
                "origins": [[o.kind, o.parent, o.share] for o in self.origins],
                "edit": self.edit,
                "reason": self.reason,
                "made": self.made,
                "traits": self.traits.to_json() if self.traits else None,
            }
        )


def portrait_id(recipe: str | None, pixels: str, origins: Sequence[Origin]) -> str:
    """Name of a portrait: a tagged hash of what it was made from.

    Args:
        recipe: id of its recipe, or None.
        pixels: `pixels_of` where no recipe makes it, else empty.
        origins: its parents, in order.
    """
    core = {"recipe": recipe, "pixels": pixels, "origins": [[o.kind, o.parent] for o in origins]}
    return hashlib.sha256(b"limner.portrait\0" + dumps(core).encode()).hexdigest()


def pixels_of(data: bytes) -> str:
    """SHA-256 of a picture's pixels, whatever its file says beside them.

    Raises:
        PictureError: not a picture that can be read.
    """
    picture = read_picture(data)
    return hashlib.sha256(repr(picture.shape).encode() + picture.tobytes()).hexdigest()


def recipe_text(file: PictureFile, recipe: Recipe | None) -> RecipeText | None:
    """Canonical text of a recipe, from the file where it stands there already (making it takes time)."""
    if recipe is None:
        return None
    text = file.said.get("recipe", "")
    found = RecipeText.read(text) if text and file.said.get("recipeId") == recipe.id else None
    return found if found is not None and found.id == recipe.id else RecipeText.of(recipe)


def labelled(file: PictureFile, entry: Entry) -> tuple[bytes, bytes | None]:
    """The file with its label in it; if it cannot take one, the file as it is and the label as a file beside it.

    Raises:
        PictureError: the file's XMP is damaged.
    """
    values = {"portrait": entry.label()}
    if entry.recipe is not None and file.said.get("recipeId") != entry.recipe.id:
        values |= {"recipe": _ascii(entry.recipe.text), "recipeId": entry.recipe.id}
    done = file.with_label(values)
    return (done, None) if done is not None else (file.data, dumps(values).encode())


def entry_of(data: bytes, picture: str, sidecar: bytes | None, at: str) -> Entry:
    """What a file says of its portrait.

    A file without label is a portrait without parents; one without recipe, too, is known by its pixels.

    Args:
        data: the file.
        picture: its SHA-256.
        sidecar: the label that lies beside it, if any.
        at: when it came, if the file does not say.

    Raises:
        PictureError: not a picture, or its label is damaged or does not belong to it.
    """
    file = PictureFile(data)
    said = dict(file.said)
    if sidecar is not None:
        said |= {str(k): str(v) for k, v in _object(sidecar).items()}
    recipe = _recipe_of(said)
    width, height = file.size
    here = Entry(
        id="", picture=picture, format=file.format, bytes=len(data), width=width, height=height, recipe=recipe, made=at
    )
    if "portrait" not in said:
        id = portrait_id(recipe.id, "", ()) if recipe else portrait_id(None, pixels_of(data), ())
        return replace(here, id=id, sitter=id)
    return _from_label(_object(said["portrait"]), here, data)


def _from_label(label: Mapping[str, Any], here: Entry, data: bytes) -> Entry:
    try:
        if label["v"] > _VERSION:
            raise PictureError(f"The label of this picture has form {label['v']}.", "Upgrade Limner.")
        origins = tuple(Origin(kind=str(k), parent=str(p), share=s) for k, p, s in label["origins"])
        if label["recipe"] is None:
            here = replace(here, recipe=None)
        elif here.recipe is None or here.recipe.id != label["recipe"]:
            raise PictureError(f"The label cites the recipe {label['recipe'][:12]}, which the file does not hold.")
        pixels = "" if here.recipe else pixels_of(data)
        if portrait_id(label["recipe"], pixels, origins) != label["id"]:
            raise PictureError(f"The label of the portrait {label['id'][:12]} does not belong to this picture.")
        return replace(
            here,
            id=str(label["id"]),
            sitter=str(label["sitter"]),
            origins=origins,
            edit=str(label["edit"]),
            reason=str(label["reason"]),
            made=str(label["made"]),
            traits=Traits.from_json(label["traits"]) if label["traits"] else None,
        )
    except (KeyError, TypeError, ValueError, AttributeError) as exc:
        raise PictureError(f"The label of this picture is damaged ({exc!r}).") from exc


def _recipe_of(said: Mapping[str, str]) -> RecipeText | None:
    text = said.get("recipe", "").strip()
    if not text:
        return None
    recipe = RecipeText.read(text)
    if said.get("recipeId") in (None, recipe.id):
        return recipe
    # XML cannot hold every character that a brief can: such a recipe stands there with escapes
    import rfc8785

    try:
        recipe = RecipeText.read(rfc8785.dumps(json.loads(text)).decode())
    except (LimnerError, ValueError) as exc:
        raise PictureError(f"The recipe in this picture is damaged ({exc}).") from exc
    if recipe.id != said["recipeId"]:
        raise PictureError("The recipe in this picture is not the one that its id names.")
    return recipe


def _ascii(canonical: str) -> str:
    """Canonical JSON with escapes for all that XML might change."""
    try:
        return json.dumps(json.loads(canonical), ensure_ascii=True)
    except ValueError as exc:
        raise RecipeError(f"This is not a recipe in JSON ({exc}).") from exc


def _object(text: str | bytes) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except ValueError as exc:
        raise PictureError(f"The label of this picture is damaged ({exc}).") from exc
    if not isinstance(found, dict):
        raise PictureError("The label of this picture is damaged (no JSON object).")
    return found  # pyright: ignore[reportUnknownVariableType]
