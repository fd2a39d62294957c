import json
import time

import pytest

from limner.core.errors import MissingExtraError
from limner.core.network import has_openvino
from limner.studio import runtime
from limner.studio.runtime import choose_runtime
from limner.studio.studio import Studio
from limner.testing.engine import FakeEngine


class _Slow(FakeEngine):
    def __init__(self, seconds: float) -> None:
        super().__init__()
        self._seconds = seconds

    def paint(self, recipes, listen, cancel):
        time.sleep(self._seconds)
        return super().paint(recipes, listen, cancel)


def _race(monkeypatch, tmp_path, seconds):
    opened = []

    def make(name):
        opened.append(name)
        return _Slow(seconds[name])

    monkeypatch.setattr(runtime, "has_openvino", lambda: True)
    monkeypatch.setattr(runtime, "version", lambda name: "1.0")
    return choose_runtime(tmp_path, make, 2), opened


@pytest.mark.parametrize(("openvino", "chosen"), [(0.005, "openvino"), (0.06, "onnxruntime")])
def test_the_faster_one_is_chosen_and_remembered(monkeypatch, tmp_path, openvino, chosen):
    seconds = {"onnxruntime": 0.03, "openvino": openvino}
    assert _race(monkeypatch, tmp_path, seconds) == (chosen, ["onnxruntime", "openvino"])
    assert list(json.loads((tmp_path / "runtime.json").read_text()).values()) == [chosen]
    swapped = {"onnxruntime": openvino, "openvino": 0.03}
    assert _race(monkeypatch, tmp_path, swapped) == (chosen, [])  # remembered, not raced again


def test_without_openvino_there_is_no_race(monkeypatch, tmp_path):
    monkeypatch.setattr(runtime, "has_openvino", lambda: False)
    assert choose_runtime(tmp_path, lambda name: pytest.fail("raced"), 0) == "onnxruntime"


def test_a_damaged_memory_is_no_obstacle(monkeypatch, tmp_path):
    (tmp_path / "runtime.json").write_text("[")
    chosen, _ = _race(monkeypatch, tmp_path, {"onnxruntime": 0.001, "openvino": 0.02})
    assert chosen == "onnxruntime"


@pytest.mark.skipif(has_openvino(), reason="OpenVINO is installed")
def test_asking_for_what_is_not_installed(monkeypatch):
    monkeypatch.setenv("LIMNER_RUNTIME", "openvino")
    with pytest.raises(MissingExtraError, match=r"limner\[openvino\]"):
        Studio().paint("a", seed=1)


@pytest.mark.skipif(not has_openvino(), reason="OpenVINO is not installed")
def test_both_runtimes_paint_the_same_within_two_grey_levels(monkeypatch):
    pictures = []
    for name in ("onnxruntime", "openvino"):
        monkeypatch.setenv("LIMNER_RUNTIME", name)
        with Studio() as studio:
            pictures.append(studio.paint("a poet", seed=1)[0].picture.astype(int))
    assert abs(pictures[0] - pictures[1]).max() <= 2
