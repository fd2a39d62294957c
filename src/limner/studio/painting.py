"""Painting recipes: an engine and an atelier at work, portraits handed over as they are finished."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from limner.core.errors import CapabilityError, InputError
from limner.core.picture import Depth, Picture, Signal, to_deep, to_pictures, to_units
from limner.core.progress import Cancel, Listener, Progress, silent
from limner.core.recipe import Recipe
from limner.engines.engine import Engine, PaintsDeep
from limner.studio.atelier import PLAIN, Atelier
from limner.studio.portrait import Examined, Portrait

_BATCH = 32  # portraits handed over together


@dataclass(frozen=True, slots=True, kw_only=True)
class Painting:
    """Who paints: the engine its own pictures, the atelier what is painted in a medium."""

    engine: Engine
    atelier: Atelier
    examine: Callable[[Picture], Examined]
    """What portraits are measured by, when they are asked."""
    encode: Callable[..., bytes]
    """What makes files of portraits, see `Portrait.to_bytes`."""

    def check_depth(self, recipes: Sequence[Recipe], depth: int) -> None:
        """Fail before any work if the portraits cannot have so many bits a channel.

        Raises:
            InputError: neither 8 nor 16.
            CapabilityError: the engine hands over 8.
        """
        if depth not in (8, 16):
            raise InputError(f"depth = {depth!r} is neither 8 nor 16.")
        if depth == 16 and not isinstance(self.engine, PaintsDeep) and any(r.treatment is None for r in recipes):
            raise CapabilityError(
                f"{self.engine.id} hands over its pictures with 8 bits a channel, so there are no 16 to write.",
                "Paint them in a medium, or take 8 bits.",
            )

    def paint(
        self, recipes: Sequence[Recipe], listen: Listener, cancel: Cancel, depth: Depth = 8
    ) -> Iterator[Portrait]:
        """Portraits of recipes, each as it is finished.

        Args:
            recipes: what is painted.
            listen: told the progress.
            cancel: asked at every step.
            depth: bits a channel.
        """
        done = 0
        if any(recipe.treatment is not None for recipe in recipes):
            self.atelier.warm()
        for start in range(0, len(recipes), _BATCH):
            batch = self.batch(recipes[start : start + _BATCH], cancel, depth)
            for k, portrait in enumerate(batch, 1):
                done += 1
                yield self.finished(portrait, listen, cancel, depth)
                if portrait.recipe.treatment is not None or k == len(batch):  # paintings take their time
                    listen(Progress(stage="painting", done=done, total=len(recipes), unit="portraits"))

    def batch(self, recipes: Sequence[Recipe], cancel: Cancel, depth: Depth) -> list[Portrait]:
        """The engine's own pictures of recipes; what is to be painted in a medium is not yet `finished`."""
        began = time.perf_counter()
        native = self.engine.capabilities.native
        plain = [r if r.treatment is None else replace(r, treatment=None, size=native) for r in recipes]
        engine = self.engine
        unrounded = depth == 16 or any(r.treatment is not None and r.treatment.medium == PLAIN for r in recipes)
        signals: Sequence[Signal | None] = [None] * len(recipes)
        if unrounded and isinstance(engine, PaintsDeep):
            signals = found = engine.paint_deep(plain, silent, cancel)
            pictures = [to_pictures(signal[None])[0] for signal in found]
        else:
            pictures = engine.paint(plain, silent, cancel)
        each = (time.perf_counter() - began) * 1000 / len(recipes)
        return [self._portrait(r, p, s, each) for r, p, s in zip(recipes, pictures, signals, strict=True)]

    def _portrait(self, recipe: Recipe, picture: Picture, signal: Signal | None, milliseconds: float) -> Portrait:
        return Portrait(
            recipe=recipe,
            picture=picture,
            plain=picture,
            signal=signal,
            milliseconds=round(milliseconds, 2),
            _examine=self.examine,
            _encode=self.encode,
        )

    def finished(self, portrait: Portrait, listen: Listener, cancel: Cancel, depth: Depth) -> Portrait:
        """The portrait, painted in its medium if it has one."""
        recipe = portrait.recipe
        whole = None if portrait.signal is None else to_units(portrait.signal)
        portrait = replace(portrait, signal=None)
        if recipe.treatment is None:
            return portrait if depth == 8 or whole is None else replace(portrait, deep=to_deep(whole))
        # hands that interpret plan from the rounded picture; one that only enlarges shows what rounding lost
        source = whole if recipe.treatment.medium == PLAIN else None
        began = time.perf_counter()
        paint = self.atelier.paint if depth == 8 else self.atelier.paint_deep
        shown = paint(
            portrait.plain, recipe.treatment, seed=recipe.seed, size=recipe.size, source=source, listen=listen,
            cancel=cancel,
        )  # fmt: skip
        picture, deep = shown if isinstance(shown, tuple) else (shown, None)
        spent = portrait.milliseconds + (time.perf_counter() - began) * 1000
        return replace(portrait, picture=picture, deep=deep, milliseconds=round(spent, 2))
