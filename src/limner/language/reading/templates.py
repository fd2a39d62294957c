"""Templates: one brief that stands for many.

`{oil|ink} portrait of a {20..80:20}-year-old {@profession}` holds a choice, a range (from, to, step) and a
wildcard.  Choices may be weighted (`{3::oil|ink}`) and nested.  A wildcard names a kind of the lexicon or
a list of one's own: `NAME.txt` in the folder `wildcards` of the home directory, one entry a line.  Which
one is drawn depends on the portrait's seed alone.
"""

from __future__ import annotations

import bisect
import itertools
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from limner.core.errors import BriefError
from limner.core.rng import uniform
from limner.language.lexicon import Lexicon

MAX_BRIEFS = 100_000
"""Larger expansions are refused."""

_RANGE = re.compile(r"\s*(-?\d+)\s*\.\.\s*(-?\d+)\s*(?::\s*(\d+)\s*)?")
_WEIGHT = re.compile(r"\s*(\d+(?:\.\d+)?)::")

Wildcard = Callable[[str], Sequence[str]]
"""The entries of a wildcard by its name; raises BriefError for an unknown one."""


@dataclass(frozen=True, slots=True)
class _Text:
    text: str


@dataclass(frozen=True, slots=True)
class _Choice:
    options: tuple[tuple[_Part, ...], ...]
    weights: tuple[float, ...]


_Part = _Text | _Choice


class Template:
    """A parsed template.

    Args:
        words: the template as written; without braces it stands for itself.
        wildcard: looks wildcards up.

    Raises:
        BriefError: a brace without its partner, an empty choice, a range that does not rise, an unknown
            wildcard.
    """

    def __init__(self, words: str, wildcard: Wildcard) -> None:
        self.words = words
        self._wildcard = wildcard
        self._parts, rest = self._parse(words, 0, inside=False)
        assert rest == len(words)

    @property
    def varies(self) -> bool:
        """True if it stands for more than itself."""
        return any(isinstance(p, _Choice) for p in self._parts)

    def count(self) -> int:
        """How many briefs it stands for."""
        return _count(self._parts)

    def draw(self, seed: int) -> str:
        """The brief of one seed."""
        numbers = iter(uniform(seed, "template", 256).tolist())
        return _tidy(_draw(self._parts, numbers))

    def every(self) -> Iterator[str]:
        """All briefs, in order.

        Raises:
            BriefError: more than `MAX_BRIEFS`.
        """
        if (count := self.count()) > MAX_BRIEFS:
            raise BriefError(
                f"This template stands for {count:,} briefs.", f"At most {MAX_BRIEFS:,} are expanded; shorten a list."
            )
        return map(_tidy, _every(self._parts))

    # parsing ----------------------------------------------------------------------------------

    def _parse(self, words: str, at: int, *, inside: bool) -> tuple[tuple[_Part, ...], int]:
        parts: list[_Part] = []
        start = at
        while at < len(words) and not (inside and words[at] in "|}"):
            if words[at] == "}":
                raise self._wrong("a } without its {")
            if words[at] == "{":
                parts.append(_Text(words[start:at]))
                choice, at = self._choice(words, at + 1)
                parts.append(choice)
                start = at
            else:
                at += 1
        parts.append(_Text(words[start:at]))
        return tuple(p for p in parts if p != _Text("")), at

    def _choice(self, words: str, at: int) -> tuple[_Choice, int]:
        options: list[tuple[_Part, ...]] = []
        weights: list[float] = []
        while True:
            weight = _WEIGHT.match(words, at)
            weights.append(float(weight.group(1)) if weight else 1.0)
            parts, end = self._parse(words, weight.end() if weight else at, inside=True)
            if end >= len(words):
                raise self._wrong("a { without its }")
            options.append(parts)
            at = end + 1
            if words[end] == "}":
                break
        if len(options) == 1:
            return self._single(options[0]), at
        if sum(weights) <= 0:
            raise self._wrong("weights that are all 0")
        return _Choice(tuple(options), tuple(weights)), at

    def _single(self, option: tuple[_Part, ...]) -> _Choice:
        """`{@name}` or `{20..80:20}`."""
        text = option[0].text.strip() if len(option) == 1 and isinstance(option[0], _Text) else ""
        if text.startswith("@"):
            entries = list(self._wildcard(text[1:].strip()))
        elif match := _RANGE.fullmatch(text):
            low, high, step = int(match.group(1)), int(match.group(2)), int(match.group(3) or 1)
            if high < low or step < 1:
                raise self._wrong(f"the range {{{text}}}, which does not rise")
            entries = [str(v) for v in range(low, high + 1, step)]
        else:
            raise self._wrong(f"the empty choice {{{text}}}")
        return _Choice(tuple((_Text(e),) for e in entries), (1.0,) * len(entries))

    def _wrong(self, what: str) -> BriefError:
        return BriefError(
            f"The template {self.words!r} has {what}.", "Write {this|that}, {20..80:20} or {@profession}."
        )


def wildcards(lexicon: Lexicon, folder: Path) -> Wildcard:
    """Looks wildcards up: first a person's own lists in `folder`, then the kinds of the lexicon."""

    def entries(name: str) -> Sequence[str]:
        path = folder / f"{name}.txt"
        if re.fullmatch(r"[\w-]+", name) and path.is_file():
            lines = path.read_text("utf-8").splitlines()
            if found := [line.strip() for line in lines if line.strip() and not line.startswith("#")]:
                return found
            raise BriefError(f"The list {path} is empty.", "Write one entry a line.")
        if found := [t.word for t in lexicon.of_kind(name)]:
            return found
        own = sorted(p.stem for p in folder.glob("*.txt"))
        raise BriefError(f"There is no wildcard {name!r}.", f"There are: {', '.join([*own, *lexicon.kinds])}.")

    return entries


def _count(parts: tuple[_Part, ...]) -> int:
    total = 1
    for part in parts:
        if isinstance(part, _Choice):
            total *= sum(_count(option) for option in part.options)
    return total


def _draw(parts: tuple[_Part, ...], numbers: Iterator[float]) -> str:
    said: list[str] = []
    for part in parts:
        if isinstance(part, _Text):
            said.append(part.text)
            continue
        ends = list(itertools.accumulate(part.weights))
        at = bisect.bisect_right(ends, next(numbers) * ends[-1])
        said.append(_draw(part.options[at], numbers))
    return "".join(said)


def _every(parts: tuple[_Part, ...]) -> Iterator[str]:
    columns = [
        [part.text] if isinstance(part, _Text) else [text for option in part.options for text in _every(option)]
        for part in parts
    ]
    return ("".join(row) for row in itertools.product(*columns))


def _tidy(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip(" ,")
