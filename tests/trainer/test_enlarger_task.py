"""The enlarger's training: halves, interpolation, resuming, and the export."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytestmark = pytest.mark.train

from limner.core.network import open_network  # noqa: E402
from limner.trainer.enlarger import (  # noqa: E402
    Enlarger,
    EnlargerData,
    EnlargerOptions,
    EnlargerTask,
    halved,
    interpolated,
)
from limner.trainer.export import export_onnx  # noqa: E402
from limner.trainer.loop import Pace, Run, train  # noqa: E402

CPU = torch.device("cpu")
BOX = torch.zeros(1, 16)
BOX[:, 7:9] = 0.5


def _picture(side: int = 64) -> torch.Tensor:
    return torch.rand(2, 3, side, side, generator=torch.Generator().manual_seed(1))


def _task(steps: int = 8) -> EnlargerTask:
    y, x = np.mgrid[0:256, 0:256]
    discs = [((x - 128) ** 2 + (y - 120) ** 2 < r**2).astype(np.uint8) * 150 + 50 for r in range(40, 60)]
    pictures = torch.from_numpy(np.repeat(np.stack(discs)[..., None], 3, axis=3))
    data = EnlargerData(pictures=pictures, train=torch.arange(16), held_out=torch.arange(16, 20))
    options = EnlargerOptions(
        steps=steps, batch=2, crop=32, width=16, blocks=1, alone=0.5, adversarial=0.01, critic_width=16, penalty_every=2
    )
    return EnlargerTask(options, data, CPU)


def test_interpolation_is_that_of_the_medium():
    x = _picture(24)
    wanted = cv2.resize(x[0].permute(1, 2, 0).numpy(), (48, 48), interpolation=cv2.INTER_LANCZOS4)
    assert np.abs(interpolated(x)[0].permute(1, 2, 0).numpy() - wanted).max() < 1e-5


def test_a_box_averages():
    x = _picture()
    assert torch.allclose(halved(x, BOX.expand(2, -1)), torch.nn.functional.avg_pool2d(x, 2), atol=1e-6)


def test_kernels_keep_the_brightness():
    kernels = _task()._kernels(64, torch.Generator().manual_seed(2))
    assert torch.allclose(kernels.sum(1), torch.ones(64), atol=1e-5)
    assert len({tuple(k.tolist()) for k in kernels}) > 20
    assert torch.allclose(kernels, kernels.flip(1), atol=1e-6)


def test_what_is_not_worn_is_only_rounded():
    task, x = _task(), _picture(32)
    clean, _ = task._worn(x, torch.zeros(2), torch.Generator().manual_seed(3))
    worn, _ = task._worn(x, torch.ones(2), torch.Generator().manual_seed(3))
    assert float((clean - x).abs().max()) <= 0.5 / 255 + 1e-6
    assert float((worn - x).abs().mean()) > 0.01


def test_stopping_and_resuming_follows_the_same_curve(tmp_path):
    pace = Pace(log_every=1, validate_every=100)
    train(whole := _task(), Run(tmp_path / "whole", {"o": 1}), seed=0, device=CPU, pace=pace)
    clock = iter(range(100))
    run = Run(tmp_path / "halves", {"o": 1})
    slice_of = Pace(log_every=1, validate_every=100, stop_seconds=5)
    assert train(_task(), run, seed=0, device=CPU, pace=slice_of, clock=lambda: float(next(clock))) < 8
    train(resumed := _task(), run, seed=0, device=CPU, pace=pace)
    for a, b in zip(whole.learner.network.parameters(), resumed.learner.network.parameters(), strict=True):
        assert torch.equal(a, b)
    for a, b in zip(whole.critic.parameters(), resumed.critic.parameters(), strict=True):
        assert torch.equal(a, b)


def test_the_critic_joins_late():
    task = _task(steps=4)
    before = [p.clone() for p in task.critic.parameters()]
    generator = torch.Generator().manual_seed(0)
    assert "adversarial" not in task.step(0, generator)
    assert all(torch.equal(a, b) for a, b in zip(before, task.critic.parameters(), strict=True))
    assert "adversarial" in task.step(2, generator)
    assert not all(torch.equal(a, b) for a, b in zip(before, task.critic.parameters(), strict=True))


def test_a_px_depends_on_what_is_within_reach():
    network = Enlarger(16, 2)
    torch.nn.init.normal_(network.leave.weight)
    x, worn = _picture(48), torch.zeros(2)
    moved = x.clone()
    moved[:, :, : 24 - network.reach] += 1
    away = (network(moved, worn) - network(x, worn)).detach().abs().amax((0, 1, 3))
    assert float(away[48:].max()) == 0
    assert float(away[:30].max()) > 0


def test_the_export_agrees(tmp_path):
    network = Enlarger(48, 1).eval()
    torch.nn.init.normal_(network.leave.weight, std=0.02)
    example = {"picture": torch.zeros(2, 3, 40, 40), "worn": torch.zeros(2)}
    export_onnx(network, example, ["missing"], tmp_path / "e.onnx")
    run = open_network(tmp_path / "e.onnx", runtime="onnxruntime", threads=1)
    x, worn = _picture(40), torch.tensor([0.2, 0.7])
    found = run({"picture": x.numpy(), "worn": worn.numpy()})
    with torch.no_grad():
        wanted = network(x, worn).numpy()
    assert np.abs(found - wanted).max() < 2e-3
