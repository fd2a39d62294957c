"""What runs the networks: ONNX Runtime, or OpenVINO where it is installed and asked for.

A `Network` is a function from named arrays to one array; several threads may call it at once.  Both
runtimes compute in fp32 on the CPU, so that a recipe gives the same picture on every machine to within
rounding.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any, cast

import numpy as np
import numpy.typing as npt

from limner.core.errors import MissingExtraError, WeightsError

Floats = npt.NDArray[np.float32]
Network = Callable[[Mapping[str, Floats]], Floats]


def open_network(path: Path, *, runtime: str, threads: int) -> Network:
    """Load an ONNX file.

    Args:
        path: the file.
        runtime: "onnxruntime" or "openvino"; "auto" means ONNX Runtime.
        threads: processor threads, 0 = all cores.

    Raises:
        MissingExtraError: OpenVINO is asked for and not installed.
        WeightsError: the file is damaged.
    """
    if runtime == "openvino":
        return _openvino(path, threads)
    return _onnxruntime(path, threads)


def usable_cores() -> int:
    """Processor cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def has_openvino() -> bool:
    """True if OpenVINO is installed."""
    return find_spec("openvino") is not None


def _onnxruntime(path: Path, threads: int) -> Network:
    import onnxruntime as onnx  # pyright: ignore[reportMissingTypeStubs]

    ort: Any = onnx

    options: Any = ort.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    # threads that wait for the next call must not spin: the networks of a picture take turns, each has threads
    # of its own, and those that wait would take the cores from those that work
    options.add_session_config_entry("session.force_spinning_stop", "1")
    try:
        session: Any = ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as exc:  # onnxruntime raises its own pybind classes
        raise _damaged(path, exc) from exc

    def run(inputs: Mapping[str, Floats]) -> Floats:
        return session.run(None, dict(inputs))[0]

    return run


def _openvino(path: Path, threads: int) -> Network:
    try:
        import openvino as ov  # pyright: ignore[reportMissingImports]
    except ImportError as exc:
        raise MissingExtraError(
            "The runtime openvino is not installed.", "Install it with: pip install 'limner[openvino]'"
        ) from exc
    options = {"INFERENCE_PRECISION_HINT": "f32", "PERFORMANCE_HINT": "LATENCY"}
    if threads:
        options["INFERENCE_NUM_THREADS"] = str(threads)
    try:
        compiled = cast("Any", ov.Core().compile_model(str(path), "CPU", options))  # pyright: ignore
    except RuntimeError as exc:
        raise _damaged(path, exc) from exc
    new_request = cast("Callable[[], Any]", compiled.create_infer_request)
    own = threading.local()  # a request computes one thing at a time

    def run(inputs: Mapping[str, Floats]) -> Floats:
        if not hasattr(own, "infer"):
            own.infer = new_request().infer
        infer = cast("Callable[[dict[str, Floats]], Any]", own.infer)
        return np.array(infer(dict(inputs))[0], np.float32)

    return run


def _damaged(path: Path, exc: Exception) -> WeightsError:
    return WeightsError(
        f"The network {path} cannot be loaded ({str(exc).splitlines()[0][:200]}).",
        "Reinstall Limner: pip install --force-reinstall limner",
    )


def open_networks(folder: Path, names: tuple[str, ...], *, runtime: str, threads: int) -> dict[str, Network]:
    """Load several networks of a weights folder, each checked against the folder's card."""
    from limner.core.card import check_file, read_card

    card = read_card(folder)
    return {
        name: open_network(check_file(folder, card, f"{name}.onnx"), runtime=runtime, threads=threads) for name in names
    }
