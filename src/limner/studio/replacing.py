"""Painting a distinct set: near-duplicates give way to other seeds; see `limner.studio.distinct`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from limner.core.errors import InputError
from limner.core.progress import Listener, Progress
from limner.core.recipe import Recipe
from limner.studio.distinct import THRESHOLD, Look, Scatter, distances
from limner.studio.portrait import Portrait

_BATCH = 32  # portraits painted together


def distinct_portraits(
    recipes: Sequence[Recipe],
    paint: Callable[[Sequence[Recipe]], Sequence[Portrait]],
    look: Callable[[Sequence[Portrait]], Sequence[Look]],
    listen: Listener,
) -> Iterator[Portrait]:
    """Portraits none of which comes nearer to another than the threshold, each handed over when it is accepted.

    Args:
        recipes: one for every portrait that is wanted.
        paint: paints several recipes.
        look: what is compared of several portraits.
        listen: told the progress.

    Yields:
        Portraits that say how many near-duplicates gave way to them.

    Raises:
        InputError: the brief does not hold so many distinct portraits.
    """
    accepted: list[Look] = []
    scatter = Scatter({name: value for r in recipes for name, value in r.reading.dials.items()})
    waiting = [(recipe, 0) for recipe in recipes]
    spare = recipes[-1].seed + 1
    turned_down, budget = 0, 40 * len(recipes) + 400
    while waiting:
        batch, waiting = waiting[:_BATCH], waiting[_BATCH:]
        portraits = paint([_with_dials(recipe, scatter.propose(recipe.seed)) for recipe, _ in batch])
        known = len(accepted)
        for (recipe, replaced), portrait, seen in zip(batch, portraits, look(portraits), strict=True):
            apart = distances(seen, accepted)
            if len(apart) == 0 or float(apart.min()) >= THRESHOLD:
                accepted.append(seen)
                yield replace(portrait, replaced=replaced)
                continue
            turned_down += 1
            if turned_down > budget:
                raise InputError(
                    f"Only {len(accepted)} of {len(recipes)} portraits of this brief are distinct enough.",
                    "Ask for fewer, say less in the brief, or raise --variety.",
                )
            waiting.append((recipe.with_seed(spare), replaced + 1))
            spare += 1
        scatter.settle(accepted[known:])
        note = f"{turned_down} near-duplicates replaced" if turned_down else ""
        listen(Progress(stage="painting", done=len(accepted), total=len(recipes), unit="portraits", note=note))


def _with_dials(recipe: Recipe, settings: Mapping[str, float]) -> Recipe:
    """The recipe with further settings."""
    dials = dict(sorted({**recipe.reading.dials, **settings}.items()))
    return replace(recipe, reading=replace(recipe.reading, dials=dials))
