"""From painting to the memory: for the worker of the queue, and for a person who waits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import Protocol

from limner.core.progress import Cancel, Listener
from limner.core.recipe import Recipe
from limner.studio.curation.measuring import measured
from limner.studio.jobs.worker import Paint
from limner.studio.portrait import Portrait
from limner.studio.store.acts import last_act
from limner.studio.store.keep import keep
from limner.studio.store.store import Store
from limner.studio.store.values import Kept, Origin, Work


class PaintRecipes(Protocol):
    """Paints recipes one after the other (`Studio.paint_recipes`)."""

    def __call__(self, recipes: Sequence[Recipe], *, listen: Listener, cancel: Cancel) -> Iterable[Portrait]:
        """Portraits in the order of the recipes, each handed over when it is finished."""
        ...


def painter(paint_recipes: PaintRecipes, *, format: str = "png", measure: bool = True) -> Paint:
    """What a worker paints with.

    Args:
        paint_recipes: `Studio.paint_recipes`.
        format: "png", "jpeg" or "webp".
        measure: measure dials and likeness at once, so that the portraits are found by their look.
    """

    def paint(recipes: Sequence[Recipe], listen: Listener, cancel: Cancel) -> list[Work]:
        works: list[Work] = []
        for portrait in paint_recipes(recipes, listen=listen, cancel=cancel):
            cancel.check()
            works.append(work_of(portrait, format, measure=measure))
        return works

    return paint


def work_of(portrait: Portrait, format: str, *, measure: bool, dpi: float | None = None) -> Work:
    """A painted portrait as it goes into the memory."""
    traits = measured(portrait) if measure else None
    return Work(data=portrait.to_bytes(format, dpi=dpi), recipe=portrait.recipe, traits=traits)


def keep_painted(
    store: Store,
    portraits: Iterable[Portrait],
    *,
    format: str = "png",
    measure: bool = True,
    origins: tuple[Origin, ...] = (),
    reason: str = "",
    dpi: float | None = None,
    batch: int = 16,
) -> Iterator[tuple[Portrait, Kept]]:
    """Keep portraits while they are painted; each is handed on once it is safe on disk.

    All of them are one act: one undo throws them all away.

    Args:
        store: the open store.
        portraits: as they are painted (`Studio.paint_recipes`).
        format: "png", "jpeg" or "webp".
        measure: measure them at once, so that they are found by their look; else `limner studio measure` does it.
        origins: parents of all of them.
        reason: why they are painted.
        dpi: px to an inch of a print, for their files.
        batch: so many are written together; the first is handed on when they are.

    Raises:
        StorageError: no space, no permission; what was handed on stays.
        Cancelled: painting was stopped; as with every error of painting, what was finished before is kept and
            handed on first.
    """
    count, act = 0, None
    source = iter(portraits)
    stopped: Exception | None = None
    while stopped is None:
        some: list[Portrait] = []
        try:
            for portrait in islice(source, batch):
                some.append(portrait)  # noqa: PERF402  # what was painted before an error is kept
        except Exception as exc:  # noqa: BLE001
            stopped = exc
        if not some:
            break
        works = [replace(work_of(p, format, measure=measure, dpi=dpi), origins=origins, reason=reason) for p in some]
        count += len(works)
        summary = "kept 1 portrait" if count == 1 else f"kept {count:,} portraits"
        with store.write() as w:
            before = last_act(w)
            kept = keep(w, store.pictures, works, summary=summary, extend=act)
            if (last := last_act(w)) != before:  # else nothing was new, and the last act is another one
                act = last
        yield from zip(some, kept, strict=True)
    if stopped is not None:
        raise stopped
