"""Progress bars on stderr, and a first Ctrl-C that asks politely."""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from types import FrameType
from typing import Any

from limner.core.progress import Cancel, Progress

_PATIENCE = 1.0  # seconds before a bar appears


class Bar:
    """A listener that draws a bar once work has lasted longer than a second."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._bar: Any
        self._bar = None
        self._task: Any = None
        self._stage = ""

    def __call__(self, event: Progress) -> None:
        waited = time.monotonic() - self._began
        if self._bar is None and (waited < _PATIENCE or event.done >= event.total or not sys.stderr.isatty()):
            return
        if self._bar is None:
            self._bar = _rich_bar()
            self._bar.start()
        if event.stage != self._stage:
            if self._task is not None:
                self._bar.remove_task(self._task)
            self._task = self._bar.add_task(event.stage, total=event.total, unit=event.unit, note="")
            self._stage = event.stage
        self._bar.update(self._task, completed=event.done, total=event.total, note=event.note[:60])

    def close(self) -> None:
        """Remove the bar."""
        if self._bar is not None:
            self._bar.stop()
            self._bar = None


def _rich_bar() -> Any:
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        TextColumn,
        TimeRemainingColumn,
    )
    from rich.progress import (
        Progress as RichProgress,
    )

    return RichProgress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[unit]}"),
        TimeRemainingColumn(),
        TextColumn("[dim]{task.fields[note]}"),
        console=Console(stderr=True),
        transient=True,
    )


@contextmanager
def stoppable() -> Generator[tuple[Bar, Cancel]]:
    """A bar, and a cancel that the first Ctrl-C (or SIGTERM) requests; the second one interrupts at once."""
    bar, cancel = Bar(), Cancel()

    def ask(_signal: int, _frame: FrameType | None) -> None:
        if cancel.requested:
            raise KeyboardInterrupt
        cancel.request()

    before = {s: signal.signal(s, ask) for s in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield bar, cancel
    finally:
        bar.close()
        for number, handler in before.items():
            signal.signal(number, handler)
