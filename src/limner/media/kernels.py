"""How kernels are compiled: ahead of use, without the interpreter's lock, kept on disk.

A kernel is a plain loop with an explicit signature, so that it is compiled exactly once and a wrong
argument is an error instead of a second compilation.  Threads are ours (`limner.media.hands`), not
numba's: kernels work on disjoint tiles, and the same bytes come out of any number of threads.
Arithmetic keeps to IEEE rules (no `fastmath`), so results do not depend on how loops were arranged.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

F = TypeVar("F", bound=Callable[..., Any])


def kernel(signature: str) -> Callable[[F], F]:
    """Compile a function with numba for one signature.

    The machine code is kept beside the source, or in the user's cache where that cannot be written,
    or nowhere where that cannot be written either.
    """
    import numba

    options: dict[str, Any] = {"nogil": True, "error_model": "numpy", "boundscheck": False}

    def compile(function: F) -> F:
        try:
            return cast(F, numba.njit(signature, cache=True, **options)(function))
        except RuntimeError as exc:
            if "cannot cache" not in str(exc):
                raise
            return cast(F, numba.njit(signature, **options)(function))

    return compile
