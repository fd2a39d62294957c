"""NumPy's matrix products in one thread, while pictures are painted.

BLAS keeps its threads spinning for some 25 ms after a product, in case another follows.  The networks that
run next would have to share the cores with them: one portrait takes 54 ms without, 95 ms with.
"""

from __future__ import annotations

from functools import cache
from threading import Lock
from typing import Any


class OneBlasThread:
    """Context within which BLAS works in the calling thread; the last to leave restores the limit before."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._inside = 0
        self._limits: Any = None

    def __enter__(self) -> None:
        with self._lock:
            if self._inside == 0:
                self._limits = _controller().limit(limits=1, user_api="blas")
            self._inside += 1

    def __exit__(self, *exc: object) -> None:
        with self._lock:
            self._inside -= 1
            if self._inside == 0:
                self._limits.restore_original_limits()


one_blas_thread = OneBlasThread()
"""For the whole process, since the limit is the process's."""


@cache
def _controller() -> Any:
    from threadpoolctl import ThreadpoolController  # pyright: ignore[reportMissingTypeStubs]

    return ThreadpoolController()
