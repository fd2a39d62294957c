"""Progress as events, and a polite way to stop.

Long work calls a listener with `Progress` values and asks a `Cancel` at every step.  A progress bar
and a web page are both just listeners.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from limner.core.errors import Cancelled


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a piece of work has come."""

    stage: str
    """What is being done, as a short phrase without figures ("painting")."""
    done: int
    """Finished units, 0..total."""
    total: int
    """All units; at least 1."""
    unit: str = ""
    """What is counted ("portraits", "steps")."""
    note: str = ""
    """A short remark for people (a loss, a file name); never parsed."""


Listener = Callable[[Progress], None]
"""Receives progress events; must return quickly and never raise."""


def silent(_: Progress) -> None:
    """A listener that ignores everything."""


class Cancel:
    """A flag that a person raises to stop long work at its next step."""

    def __init__(self) -> None:
        self._raised = False

    def request(self) -> None:
        """Ask the work to stop."""
        self._raised = True

    @property
    def requested(self) -> bool:
        """True after `request`."""
        return self._raised

    def check(self) -> None:
        """Raise `Cancelled` if a stop was requested."""
        if self._raised:
            raise Cancelled("Stopped on request.")
