"""All media at hand: ours and those of other packages, found by entry points.

A package offers media by an entry point of the group `limner.media`, which names a function without
arguments that returns `Medium` records.  Ours take the same path.
"""

from __future__ import annotations

import difflib
import logging
from collections.abc import Iterable, Iterator
from importlib.metadata import entry_points

from limner.core.errors import InputError
from limner.media.medium import Medium

_log = logging.getLogger(__name__)

GROUP = "limner.media"
"""The group of entry points."""


class Registry:
    """Media by id, in the order in which they were added."""

    def __init__(self, media: Iterable[Medium] = ()) -> None:
        self._media: dict[str, Medium] = {}
        self.add(media)

    def add(self, media: Iterable[Medium]) -> None:
        """Add media, all or none.

        Raises:
            InputError: two media of one id.
        """
        known = dict(self._media)
        for medium in media:
            if medium.id in known:
                raise InputError(f"There are two media named {medium.id!r}.", "Uninstall one of their packages.")
            known[medium.id] = medium
        self._media = known

    def __getitem__(self, id: str) -> Medium:
        """The medium of this id.

        Raises:
            InputError: there is none; the message names those that resemble it.
        """
        if id not in self._media:
            near = difflib.get_close_matches(id, self._media, 3, 0.5)
            hint = f"Did you mean {' or '.join(near)}?" if near else f"Known are: {', '.join(self._media)}."
            raise InputError(f"There is no medium {id!r}.", hint)
        return self._media[id]

    def __contains__(self, id: object) -> bool:
        return id in self._media

    def __iter__(self) -> Iterator[Medium]:
        return iter(self._media.values())

    def __len__(self) -> int:
        return len(self._media)


def registry() -> Registry:
    """The media of all installed packages.  A package whose media cannot be loaded is left out, with a warning."""
    found = Registry()
    for point in sorted(entry_points(group=GROUP), key=lambda p: (p.name != "limner", p.name)):
        try:
            found.add(point.load()())
        except Exception as exc:  # noqa: BLE001 - somebody else's package
            _log.warning("the media of %s cannot be used: %s", point.value, exc)
    return found
