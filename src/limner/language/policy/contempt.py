"""Contempt: a group's name beside what demeans it, though neither word is refused by itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from limner.language.policy.rules import Contempt

_LIKE = frozenset({"as", "like", "is", "are", "loks", "being", "into"})  # folded: single letters
_ARTICLES = frozenset(
    {"a", "an", "the", "al", "these", "those", "some", "old", "young", "fat", "big", "litle", "dirty", "ugly"}
)
_STOPS = frozenset(
    {"and", "with", "in", "on", "at", "by", "of", "to", "who", "for", "from", "is", "are", "or", "as", "like"}
)


class ContemptRule:
    """Finds contempt for a group in folded words.

    Args:
        words: the lists, folded.
    """

    def __init__(self, words: Contempt) -> None:
        self._reach = words.reach
        self._groups = _by_first(words.groups)
        self._anywhere = _by_first(words.anywhere)
        self._before = frozenset(words.before)
        self._after = frozenset(words.after)
        self._likened = frozenset(words.likened)
        self._deadly = _by_first(words.deadly)
        self._persons = frozenset(words.persons)
        self._unless = _by_first(words.unless)

    def find(self, tokens: Sequence[str]) -> str | None:
        """The words that together demean a group, or None."""
        groups = list(_spans(tokens, self._groups))
        if not groups:
            return None
        safe = {k for start, stop in _spans(tokens, self._unless) for k in range(start, stop)}
        harms = [(a, b) for a, b in _spans(tokens, self._anywhere) if a not in safe]
        wishes = [(a, b) for a, b in _spans(tokens, self._deadly) if a not in safe]
        for start, stop in groups:
            if start in safe:
                continue
            hit = (
                self._near(start, stop, harms)
                or self._insulted(tokens, start, stop, safe)
                or self._likened_to(tokens, stop)
                or next(((a, stop) for a, b in wishes if 0 <= start - b <= 1), None)
            )
            if hit is not None:
                return " ".join(tokens[hit[0] : hit[1]])
        return None

    def _near(self, start: int, stop: int, harms: Iterable[tuple[int, int]]) -> tuple[int, int] | None:
        for a, b in harms:
            if a - stop <= self._reach and start - b <= self._reach and not (a >= start and b <= stop):
                return min(a, start), max(b, stop)
        return None

    def _insulted(self, tokens: Sequence[str], start: int, stop: int, safe: set[int]) -> tuple[int, int] | None:
        """ "filthy jew", "stupid old gypsy woman"; not "dirty irish linen"; and "muslim scum"."""
        following = tokens[stop] if stop < len(tokens) else ""
        last = stop + (following in self._persons)
        if last < len(tokens) and tokens[last] in self._after and last not in safe:
            return start, last + 1
        many = tokens[stop - 1].endswith("s")
        if following and not many and following not in self._persons and following not in _STOPS:
            return None
        for k in range(max(0, start - 2), start):
            if tokens[k] in self._before and k not in safe and not _STOPS & set(tokens[k + 1 : start]):
                return k, stop
        return None

    def _likened_to(self, tokens: Sequence[str], stop: int) -> tuple[int, int] | None:
        """ "as a rat", "are animals", also after "man"."""
        k = stop + (tokens[stop : stop + 1] != () and stop < len(tokens) and tokens[stop] in self._persons)
        if k >= len(tokens) or tokens[k] not in _LIKE:
            return None
        k += 1
        while k < len(tokens) and tokens[k] in _ARTICLES:
            k += 1
        return (stop - 1, k + 1) if k < len(tokens) and tokens[k] in self._likened else None


def _by_first(phrases: Iterable[str]) -> dict[str, list[tuple[str, ...]]]:
    """Phrases by their first word, the longest first."""
    table: dict[str, list[tuple[str, ...]]] = {}
    for phrase in phrases:
        words = tuple(phrase.split(" "))
        table.setdefault(words[0], []).append(words)
    for found in table.values():
        found.sort(key=len, reverse=True)
    return table


def _spans(tokens: Sequence[str], table: dict[str, list[tuple[str, ...]]]) -> Iterator[tuple[int, int]]:
    """Where phrases stand, plurals included."""
    for k, token in enumerate(tokens):
        for first in dict.fromkeys((token, token.removesuffix("s"))):
            for words in table.get(first, ()):
                stretch = tuple(tokens[k : k + len(words)])
                last = stretch[-1].removesuffix("s") if len(stretch) == len(words) else ""
                if stretch == words or (last and (*stretch[:-1], last) == words):
                    yield k, k + len(words)
                    break
