"""Compiling the kernels ahead of the first painting, with a word to the person who waits.

Machine code is made once after installing and kept on disk (see `limner.media.kernels`).  The largest
kernel is compiled in a second process meanwhile, so the wait is half as long.  Later starts load what
was kept, in a fraction of a second.

    python -m limner.media.warm           compiles everything now
"""

from __future__ import annotations

import hashlib
import importlib
import logging
import platform
import subprocess
import sys
import threading
from importlib import resources
from importlib.metadata import version
from pathlib import Path

import platformdirs

from limner.core.progress import Listener, Progress, silent

_log = logging.getLogger(__name__)

KERNELS = ("trace_kernel", "light_kernel", "brush_kernel")
"""Modules that every painting needs, in the order in which they are compiled."""

LARGEST = "brush_kernel"
"""The one that a second process compiles."""

RARE = ("tile_kernel", "solid_kernel", "maze_kernel", "matte_kernel")
"""Modules that few media and compositions need, and cutting out."""

_STAGE = "preparing the brushes (once)"

_lock = threading.Lock()


def prepare(listen: Listener = silent) -> None:
    """Make sure that all kernels are at hand; returns when they are.

    The first time after installing this takes some seconds and says so through `listen`; later it takes a
    fraction of a second and says nothing.  Safe to call from several threads.
    """
    if _lock.locked() and not _stamp().exists():  # somebody is at it already
        listen(Progress(stage=_STAGE, done=0, total=len(KERNELS), unit="kernels"))
    with _lock:
        first = not _stamp().exists()
        helper = _start_helper() if first else None
        for k, name in enumerate(KERNELS):
            if first:
                listen(Progress(stage=_STAGE, done=k, total=len(KERNELS), unit="kernels"))
            if helper is not None and name == LARGEST:
                _lay_out()
                helper.wait()
            importlib.import_module(f"limner.media.{name}")
        if first:
            listen(Progress(stage=_STAGE, done=len(KERNELS), total=len(KERNELS), unit="kernels"))
            _leave_stamp()


def _lay_out() -> None:
    """Make the tables that the first painting needs, while the second process still compiles."""
    from limner.media.brush import bristles
    from limner.media.spectrum import reflectance
    from limner.media.surface import Surface, tooth

    bristles()
    reflectance([0.5, 0.5, 0.5])
    tooth(Surface(), 1024)


def begin() -> threading.Thread:
    """Start `prepare` in the background, for a server that starts or an engine that is still painting."""
    thread = threading.Thread(target=prepare, name="limner-media-warm", daemon=True)
    thread.start()
    return thread


def _start_helper() -> subprocess.Popen[bytes] | None:
    """A process that compiles the largest kernel and leaves it on disk; None where none can be started."""
    try:
        return subprocess.Popen(
            [sys.executable, "-c", f"import gc; gc.disable(); import limner.media.{LARGEST}"],  # a tenth sooner
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
    except OSError as exc:
        _log.info("no second process for compiling: %s", exc)
        return None


def _stamp() -> Path:
    """A file that exists once these kernels were compiled on this machine."""
    digest = hashlib.sha256()
    for name in (*KERNELS, *RARE, "kernels"):
        digest.update(resources.files("limner.media").joinpath(f"{name}.py").read_bytes())
    machine = f"{version('numba')} {platform.python_version()} {platform.machine()} {platform.processor()}"
    digest.update(machine.encode())
    digest.update(str(resources.files("limner.media")).encode())
    return Path(platformdirs.user_cache_dir("limner", appauthor=False)) / f"kernels-{digest.hexdigest()[:16]}"


def _leave_stamp() -> None:
    try:
        path = _stamp()
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    except OSError as exc:
        _log.info("the compiled kernels cannot be noted: %s", exc)


if __name__ == "__main__":
    prepare()
    for rare in RARE:
        importlib.import_module(f"limner.media.{rare}")
