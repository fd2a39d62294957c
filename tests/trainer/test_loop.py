"""Stopping and resuming follows the same curve; Ctrl-C saves; damage is noticed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

torch = pytest.importorskip("torch")
pytestmark = pytest.mark.train

from limner.core.errors import TrainingError  # noqa: E402
from limner.core.progress import Cancel  # noqa: E402
from limner.trainer.conditions import Conditions  # noqa: E402
from limner.trainer.flow import FlowData, FlowOptions, FlowTask  # noqa: E402
from limner.trainer.loop import Average, Pace, Run, cosine, train  # noqa: E402

CPU = torch.device("cpu")


def _task(steps: int = 8) -> FlowTask:
    generator = torch.Generator().manual_seed(0)
    n = 40
    data = FlowData(
        coordinates=torch.randn(n, 6, generator=generator),
        conditions=Conditions(
            dials=torch.randn(n, 3, generator=generator),
            forced=torch.zeros(n, 3, dtype=torch.bool),
            text=torch.randn(n, 5, generator=generator).half(),
            first=torch.arange(n),
            count=torch.ones(n, dtype=torch.int64),
        ),
        readout=torch.randn(6, 2, generator=generator),
        train=torch.arange(30),
        recoloured=torch.arange(20, 30),
        held_out=torch.arange(30, n),
    )
    options = FlowOptions(steps=steps, batch=8, width=16, hidden=16, blocks=1, rank=4)
    return FlowTask(options, data, CPU)


def _weights(task: FlowTask):
    return {k: v.clone() for k, v in task.learner.network.state_dict().items()}


def test_resuming_follows_the_same_curve(tmp_path: Path):
    pace = Pace(log_every=1, validate_every=4)
    whole, first, second = _task(), _task(), _task()
    train(whole, Run(tmp_path / "whole", {"a": 1}), seed=5, device=CPU, pace=pace)

    cancel = Cancel()
    stop_at = 4

    def stop(event):
        if event.done == stop_at:
            cancel.request()

    done = train(first, Run(tmp_path / "parts", {"a": 1}), seed=5, device=CPU, pace=pace, listen=stop, cancel=cancel)
    assert done == stop_at
    assert train(second, Run(tmp_path / "parts", {"a": 1}), seed=5, device=CPU, pace=pace) == 8
    for name, value in _weights(whole).items():
        assert torch.equal(value, _weights(second)[name]), name
    assert (tmp_path / "whole/metrics.jsonl").read_text() == (tmp_path / "parts/metrics.jsonl").read_text()


def test_a_time_slice_ends_and_saves(tmp_path: Path):
    ticks = iter(range(1000))
    pace = Pace(stop_seconds=6)
    done = train(_task(), Run(tmp_path, {}), seed=0, device=CPU, pace=pace, clock=lambda: float(next(ticks)))
    assert 0 < done < 8
    saved = torch.load(tmp_path / "checkpoint.pt", weights_only=True)
    assert saved["step"] == done


def test_other_options_and_other_tasks_are_refused(tmp_path: Path):
    train(_task(), Run(tmp_path, {"rate": 1}), seed=0, device=CPU, pace=Pace())
    with pytest.raises(TrainingError, match="rate: 1 -> 2"):
        Run(tmp_path, {"rate": 2}).restore(_task(), CPU)
    other = _task()
    other.name = "painter"
    with pytest.raises(TrainingError, match="belongs to a run of 'flow'"):
        Run(tmp_path, {"rate": 1}).restore(other, CPU)


def test_divergence_is_noticed(tmp_path: Path):
    task = _task()
    task.step = lambda step, generator: {"loss": float("nan")}
    with pytest.raises(TrainingError, match="diverged at step 1"):
        train(task, Run(tmp_path, {}), seed=0, device=CPU, pace=Pace())
    assert not (tmp_path / "checkpoint.pt").exists()


def test_lines_after_the_checkpoint_are_dropped(tmp_path: Path):
    train(_task(), Run(tmp_path, {}), seed=0, device=CPU, pace=Pace(log_every=2, validate_every=100))
    saved = torch.load(tmp_path / "checkpoint.pt", weights_only=True)
    torch.save(saved | {"step": 4}, tmp_path / "checkpoint.pt")
    Run(tmp_path, {}).restore(_task(), CPU)
    steps = [json.loads(line)["step"] for line in (tmp_path / "metrics.jsonl").read_text().splitlines()]
    assert max(steps) == 4


def test_learning_rates_are_a_function_of_the_step():
    rates = [cosine(k, 100, peak=1.0, floor=0.1, warmup=10) for k in range(101)]
    assert rates[0] == pytest.approx(0.1)
    assert rates[9] == pytest.approx(1.0)
    assert rates[10:] == sorted(rates[10:], reverse=True)
    assert rates[100] == pytest.approx(0.1)


def test_averages_follow_their_network():
    layer = torch.nn.Linear(2, 2)
    average = Average(layer, 0.9)
    with torch.no_grad():
        layer.weight.fill_(3.0)
    for _ in range(200):
        average.update(layer)
    copy = torch.nn.Linear(2, 2)
    average.copy_to(copy)
    assert torch.allclose(copy.weight, torch.full((2, 2), 3.0), atol=1e-3)
