"""Do colours stay with their part on painted pictures?  Pairs of briefs that swap two colours."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from limner.core.dials import COLOURED
from limner.core.errors import InputError
from limner.core.palette import Colour
from limner.core.progress import Cancel, Listener, Progress, silent
from limner.evaluation.judge import Judge
from limner.language.lexicon import Lexicon
from limner.language.tokens import tokenise
from limner.studio.studio import Studio


@dataclass(frozen=True, slots=True, kw_only=True)
class Swap:
    """Two briefs that differ only in which of two parts has which of two colours."""

    one: str
    other: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BindingReport:
    """How often colours follow the words."""

    by_pair: Mapping[str, float]
    """Share of the colours of every pair that lie nearer to what was asked for than to the swapped colour."""
    by_part: Mapping[str, float]
    """The same by part."""

    @property
    def overall(self) -> float:
        """Mean over the pairs."""
        return sum(self.by_pair.values()) / len(self.by_pair)


def asked_colours(studio: Studio, words: str) -> dict[str, Colour]:
    """The colour that a brief asks for of every part, in Lab as worn by the part.

    The colours come from the lexicon, not from the settings that the engine was given.
    """
    asked: dict[str, Colour] = {}
    for item in studio.reader.understand(words):
        for part in COLOURED:
            if item.kind == "colour" and item.term.endswith(f" {part}"):
                asked[part] = _colour(studio.lexicon, item.term.removesuffix(f" {part}"), part)
    return asked


def _colour(lexicon: Lexicon, name: str, part: str) -> Colour:
    if re.fullmatch("#[0-9a-f]{6}", name):
        return Colour.of_hex(name)
    colour = next((t.colour for t in lexicon.at(tuple(tokenise(name))) if t.colour is not None), None)
    if colour is None:
        raise InputError(f"{name!r} is no colour that the lexicon knows.")
    return lexicon.part(part).worn(colour)


def follows(values: Mapping[str, float], part: str, asked: Colour, swapped: Colour) -> bool:
    """True if a part's measured colour lies nearer to the colour asked for than to the swapped one."""
    seen = Colour(values[part], values[f"{part}_red"], values[f"{part}_yellow"])
    return seen.distance(asked) < seen.distance(swapped)


def evaluate_binding(
    studio: Studio,
    judge: Judge,
    swaps: Sequence[Swap],
    *,
    seeds: int = 4,
    first_seed: int = 3000,
    listen: Listener = silent,
    cancel: Cancel | None = None,
) -> BindingReport:
    """Paint both briefs of every pair with the same seeds, and measure the two parts.

    Raises:
        InputError: the two briefs of a pair do not colour the same two parts.
    """
    by_pair: dict[str, float] = {}
    parts: dict[str, list[bool]] = {}
    for k, swap in enumerate(swaps):
        asked = asked_colours(studio, swap.one), asked_colours(studio, swap.other)
        if set(asked[0]) != set(asked[1]) or len(asked[0]) != 2:
            raise InputError(f"{swap.one!r} and {swap.other!r} do not colour the same two parts.")
        right: list[bool] = []
        for words, own, theirs in ((swap.one, *asked), (swap.other, *asked[::-1])):
            for portrait in studio.paint(words, n=seeds, seed=first_seed, cancel=cancel):
                values = judge.values(portrait.picture)
                for part in own:
                    good = follows(values, part, own[part], theirs[part])
                    parts.setdefault(part, []).append(good)
                    right.append(good)
        by_pair[f"{swap.one} | {swap.other}"] = sum(right) / len(right)
        listen(Progress(stage="judging colours", done=k + 1, total=len(swaps), unit="pairs", note=swap.one))
    return BindingReport(by_pair=by_pair, by_part={part: sum(v) / len(v) for part, v in sorted(parts.items())})
