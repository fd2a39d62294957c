"""The engine, and which runtime paints faster here: measured once, then remembered.

ONNX Runtime comes with Limner.  Where OpenVINO is installed too, the two race on a few portraits at
the first start, and the winner stands in `runtime.json` in the home directory until a version or the
number of threads changes.  The two round differently (by about one grey level), so the choice must
not flicker between starts.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable
from importlib.metadata import entry_points, version
from pathlib import Path

from limner.core.errors import InputError, StorageError
from limner.core.network import has_openvino
from limner.core.progress import Cancel, silent
from limner.core.recipe import Recipe
from limner.core.settings import Settings
from limner.engines.engine import Engine
from limner.studio.files import write_file

_log = logging.getLogger(__name__)

_MARGIN = 0.9  # OpenVINO must need less than this share of ONNX Runtime's time to be preferred


def choose_runtime(home: Path, make: Callable[[str], Engine], threads: int) -> str:
    """ "openvino" if it is installed and clearly faster, else "onnxruntime".

    Args:
        home: where the choice is remembered.
        make: opens the engine with a runtime.
        threads: processor threads that will be used.
    """
    if not has_openvino():
        return "onnxruntime"
    key = f"openvino {version('openvino')}, onnxruntime {version('onnxruntime')}, {threads} threads"
    file = home / "runtime.json"
    known = _read(file)
    if key not in known:
        seconds = {name: _seconds(make(name)) for name in ("onnxruntime", "openvino")}
        faster = seconds["openvino"] < _MARGIN * seconds["onnxruntime"]
        known[key] = "openvino" if faster else "onnxruntime"
        _log.info("seconds for four portraits: %s; chosen: %s", seconds, known[key])
        _write(file, known)
    return known[key]


def _seconds(engine: Engine) -> float:
    first = Recipe(engine=engine.id, weights=engine.weights)
    recipes = [first.with_seed(k) for k in range(4)]
    engine.paint(recipes, silent, Cancel())
    times: list[float] = []
    for _ in range(3):
        began = time.perf_counter()
        engine.paint(recipes, silent, Cancel())
        times.append(time.perf_counter() - began)
    engine.close()
    return min(times)


def _read(file: Path) -> dict[str, str]:
    try:
        data: dict[str, str] = json.loads(file.read_text("utf-8"))
        return dict(data)
    except (OSError, ValueError, TypeError):
        return {}


def _write(file: Path, known: dict[str, str]) -> None:
    try:
        write_file(file, json.dumps(known, indent=1).encode())
    except StorageError as exc:  # painting matters more than remembering
        _log.warning("the choice of the runtime cannot be remembered: %s", exc)


def open_engine(settings: Settings) -> Engine:
    """The engine that the settings name, found by its entry point.

    Raises:
        InputError: no such engine is installed.
    """
    name = settings["engine"]
    found = {e.name: e for e in entry_points(group="limner.engines")}
    if name not in found:
        raise InputError(f"There is no engine {name!r}.", f"Installed are: {', '.join(sorted(found)) or 'none'}.")
    folder = Path(settings["weights"]).expanduser() if settings["weights"] else None
    kind: Callable[..., Engine] = found[name].load()
    threads: int = settings["threads"]

    def make(runtime: str) -> Engine:
        return kind(folder, runtime=runtime, threads=threads)

    runtime: str = settings["runtime"]
    return make(choose_runtime(settings.home, make, threads) if runtime == "auto" else runtime)
