"""Who does the work: a few threads of our own, and a polite way to stop them.

Tiles are independent, so the picture does not depend on how many hands share them, and any number of
paintings may be made at once.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from limner.core.progress import Cancel


@dataclass(frozen=True, slots=True, kw_only=True)
class Hands:
    """Threads for one painting."""

    threads: int = 0
    """How many; 0 = all cores."""
    cancel: Cancel = field(default_factory=Cancel)
    """Asked before every tile."""

    @property
    def count(self) -> int:
        """Threads that are used."""
        if self.threads:
            return self.threads
        return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1

    def each(self, work: Callable[[int], None], count: int) -> None:
        """Call `work` for 0..count-1, in any order.

        Raises:
            Cancelled: a stop was requested.
        """

        def one(k: int) -> None:
            self.cancel.check()
            work(k)

        if self.count == 1 or count <= 1:
            for k in range(count):
                one(k)
            return
        with ThreadPoolExecutor(min(self.count, count)) as pool:
            for _ in pool.map(one, range(count)):
                pass
