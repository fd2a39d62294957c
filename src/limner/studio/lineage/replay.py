"""Walking a branch again with one thing changed: "this line, but at dusk, in ink".

Every portrait of the branch is planned anew: its recipe with the change, its parents replaced by their
own replays, and a link of the kind "replayed" to the portrait that it repeats.  Names follow from
recipes and parents, so the whole new branch is known before anything is painted.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from sqlalchemy import Connection

from limner.core.errors import InputError
from limner.core.reading import Reading
from limner.core.recipe import Recipe
from limner.core.rng import MAX_SEED
from limner.studio.lineage.family import descendants, family_among
from limner.studio.store.entry import portrait_id
from limner.studio.store.portraits import fetch, origins_of
from limner.studio.store.recipes import recipe_texts
from limner.studio.store.values import Origin


class Read(Protocol):
    """Turns words into a reading, as `limner.language.reader.Reader.read` does."""

    def __call__(
        self, words: str, *, avoid: str = "", dials: Mapping[str, float] | None = None, palette: tuple[str, ...] = ()
    ) -> Reading: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Alteration:
    """The one thing that is changed."""

    add: str = ""
    """Words to put behind every brief ("at dusk, in ink")."""
    avoid: str | None = None
    """Words to stay away from, instead of those before."""
    dials: Mapping[str, float] = field(default_factory=dict[str, float])
    """Settings that replace those before."""
    palette: tuple[str, ...] | None = None
    """Colours instead of those before."""
    seed_step: int = 0
    """Added to every seed: the same branch with other sitters."""
    fields: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """Other fields of the recipe ("size", "guidance", "medium")."""

    @property
    def empty(self) -> bool:
        """True if it changes nothing."""
        return self == Alteration()


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """One portrait of the new branch."""

    id: str
    """Its name, known before it is painted."""
    recipe: Recipe
    origins: tuple[Origin, ...]
    repeats: str
    """The portrait that it repeats."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """A planned branch."""

    planned: tuple[Planned, ...]
    """Parents before children."""
    left_out: tuple[str, ...]
    """Portraits that cannot be replayed: made by hand, or recipes that are unknown."""


def plan_replay(
    c: Connection,
    root: str,
    change: Alteration,
    read: Read,
    *,
    only: Sequence[str] | None = None,
    repair: Callable[[dict[str, Any]], dict[str, Any]] = lambda recipe: recipe,
) -> Replay:
    """Plan a branch anew.

    Args:
        c: a connection.
        root: where the branch begins; it is replayed, too.
        change: the one thing that changes.
        read: turns words into readings.
        only: descendants that belong to the branch; None for all outside the trash.
        repair: last hand on every recipe as JSON, for instance the weights that are installed.

    Raises:
        InputError: nothing would change, or nothing can be replayed.
        DialError, RecipeError, RefusedError: a change that is not allowed.
    """
    if change.empty:
        raise InputError("A replay without a change would be the same branch.", "Say what changes: --add, --dial ...")
    below = [id for id in descendants(c, root) if only is None or id in only]
    kept = {k.id: k for k in fetch(c, [root, *below])}
    branch = family_among(c, [id for id, k in kept.items() if k.trashed is None or id == root or only is not None])
    texts = recipe_texts(c, [k.recipe for k in kept.values() if k.recipe])
    origins = origins_of(c, branch.members)
    names: dict[str, str] = {}
    cited: dict[str, str] = {}
    planned: list[Planned] = []
    left_out: list[str] = []
    for id in branch.members:
        text = texts.get(kept[id].recipe or "")
        if text is None:
            left_out.append(id)
            continue
        recipe = _changed(json.loads(text), change, read, cited, repair)
        parents = [replace(o, parent=names.get(o.parent, o.parent)) for o in origins[id] if o.kind != "replayed"]
        parents.append(Origin(parent=id, kind="replayed"))
        name = portrait_id(recipe.id, "", parents)
        names[id], cited[kept[id].recipe or ""], cited[id] = name, recipe.id, name
        planned.append(Planned(id=name, recipe=recipe, origins=tuple(parents), repeats=id))
    if not planned:
        raise InputError(f"The branch of {root[:12]} holds no portrait with a recipe.", "It was made by hand.")
    return Replay(planned=tuple(planned), left_out=tuple(left_out))


def _changed(
    data: dict[str, Any],
    change: Alteration,
    read: Read,
    cited: Mapping[str, str],
    repair: Callable[[dict[str, Any]], dict[str, Any]],
) -> Recipe:
    old = Reading.from_json(data["reading"])
    data = {name: _recited(value, cited) for name, value in data.items()}
    if change.add or change.avoid is not None or change.dials or change.palette is not None:
        data["reading"] = _reread(old, change, read).to_json()
    data["seed"] = (int(data["seed"]) + change.seed_step) % MAX_SEED
    return Recipe.from_json(repair(data | dict(change.fields)))


def _reread(old: Reading, change: Alteration, read: Read) -> Reading:
    """The reading of the changed brief; dials and colours that were set by hand stay set."""
    plain = read(old.words, avoid=old.avoid) if old.words or old.avoid else Reading()
    by_hand = {name: value for name, value in old.dials.items() if plain.dials.get(name) != value}
    colours = old.palette if plain.palette != old.palette else ()
    words = ", ".join(part for part in (old.words.rstrip(" ,."), change.add.strip()) if part)
    return read(
        words,
        avoid=old.avoid if change.avoid is None else change.avoid,
        dials={**by_hand, **change.dials},
        palette=colours if change.palette is None else change.palette,
    )


def _recited(value: Any, cited: Mapping[str, str]) -> Any:
    """The same JSON with every cited recipe and portrait replaced by its replay."""
    if isinstance(value, str):
        return cited.get(value, value)
    if isinstance(value, list):
        return [_recited(item, cited) for item in value]  # pyright: ignore[reportUnknownVariableType]
    if isinstance(value, dict):
        return {name: _recited(item, cited) for name, item in value.items()}  # pyright: ignore[reportUnknownVariableType]
    return value
