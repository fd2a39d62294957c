"""The one training loop: resumable onto the same curve, patient with Ctrl-C, readable afterwards.

A run folder holds `options.json`, `metrics.jsonl`, `samples/NNNNNNN.png` and `checkpoint.pt`.
Every step draws its randomness from a generator seeded by (seed, step), and every learning rate is a
pure function of the step; so a run that is stopped and resumed follows the same curve as one that
was not.
"""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TypeVar

import numpy as np
import torch
from PIL import Image

from limner.core.errors import TrainingError
from limner.core.picture import Picture
from limner.core.progress import Cancel, Listener, Progress, silent

Network = TypeVar("Network", bound=torch.nn.Module)


class Task(Protocol):
    """What is trained: networks, data and objective behind four verbs."""

    name: str
    """Noun of the product that comes out ("flow", "painter")."""
    steps: int
    """Length of the run."""

    def step(self, step: int, generator: torch.Generator) -> dict[str, float]:
        """Do one optimiser step and return figures to log."""
        ...

    def validate(self, step: int) -> dict[str, float]:
        """Figures on held-out portraits; may be empty."""
        ...

    def sheet(self, step: int) -> Picture | None:
        """A fixed-seed sample sheet, or None."""
        ...

    def state(self) -> dict[str, Any]:
        """Everything needed to go on: weights, averages, optimisers."""
        ...

    def load(self, state: dict[str, Any]) -> None:
        """The inverse of `state`."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How often a run reports and saves."""

    log_every: int = 50
    """Steps between lines of `metrics.jsonl`."""
    validate_every: int = 1000
    """Steps between validations and sample sheets."""
    save_seconds: float = 600.0
    """Seconds between checkpoints."""
    stop_seconds: float | None = None
    """End (and save) after this many seconds, for machines that are lent by the slice."""


def generator_for(seed: int, step: int, device: torch.device) -> torch.Generator:
    """The source of randomness of one step."""
    generator = torch.Generator(device)
    generator.manual_seed(_seed_of(seed, step))
    return generator


def _seed_of(seed: int, step: int) -> int:
    return (seed * 1_000_003 + step * 2_654_435_761) % (2**63)


def cosine(step: int, steps: int, *, peak: float, floor: float, warmup: int) -> float:
    """Linear warm-up to `peak`, then half a cosine down to `floor` at `steps`."""
    if step < warmup:
        return peak * (step + 1) / warmup
    share = min(1.0, (step - warmup) / max(1, steps - warmup))
    return floor + (peak - floor) * 0.5 * (1 + math.cos(math.pi * share))


def placed(network: Network, device: torch.device) -> Network:
    """Move a network to a device, with channels last: convolutions are faster so."""
    moved: Any = network.to(device, memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue]
    return moved


def write_arrays(path: Path, arrays: Mapping[str, Any], *, compress: bool = False) -> None:
    """Write an `.npz` file, beside first."""
    save: Any = np.savez_compressed if compress else np.savez

    def write(beside: Path) -> None:
        with beside.open("wb") as file:
            save(file, **arrays)

    write_beside(path, write)


def set_rate(optimiser: torch.optim.Optimizer, rate: float) -> None:
    """Give every parameter group of an optimiser the same learning rate."""
    for group in optimiser.param_groups:
        group["lr"] = rate


def write_beside(path: Path, write: Callable[[Path], object]) -> None:
    """Write to a neighbour of `path`, then rename: readers see the old file or the new one whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(path.name + ".part")
    write(beside)
    beside.replace(path)


class Run:
    """One run folder."""

    def __init__(self, folder: Path, options: dict[str, Any]) -> None:
        self.folder = folder
        self.options = options
        folder.mkdir(parents=True, exist_ok=True)

    @property
    def checkpoint(self) -> Path:
        return self.folder / "checkpoint.pt"

    def restore(self, task: Task, device: torch.device) -> int:
        """Load the newest checkpoint into `task`; return the number of finished steps (0 if new)."""
        if not self.checkpoint.exists():
            text = json.dumps(self.options, indent=1, default=str)
            write_beside(self.folder / "options.json", lambda p: p.write_text(text))
            return 0
        saved = torch.load(self.checkpoint, map_location=device, weights_only=True)
        if saved["task"] != task.name:
            raise TrainingError(
                f"{self.checkpoint} belongs to a run of {saved['task']!r}, not {task.name!r}.",
                "Choose another run folder.",
            )
        changed = {
            key: (saved["options"].get(key), value)
            for key, value in self.options.items()
            if key in saved["options"] and str(saved["options"][key]) != str(value)
        }
        if changed:
            what = ", ".join(f"{k}: {a} -> {b}" for k, (a, b) in changed.items())
            raise TrainingError(
                f"The run in {self.folder} was started with other options ({what}).",
                "Resume with the same options, or choose another run folder.",
            )
        task.load(saved["state"])
        self._drop_lines_after(saved["step"])
        return int(saved["step"])

    def save(self, task: Task, step: int) -> None:
        """Write the checkpoint."""
        options = {k: str(v) for k, v in self.options.items()}
        saved = {"task": task.name, "step": step, "options": options, "state": task.state()}
        write_beside(self.checkpoint, lambda p: torch.save(saved, p))

    def log(self, step: int, figures: dict[str, float]) -> None:
        """Append one line of figures."""
        with (self.folder / "metrics.jsonl").open("a") as file:
            file.write(json.dumps({"step": step} | {k: round(v, 6) for k, v in figures.items()}) + "\n")

    def sheet(self, step: int, picture: Picture) -> None:
        """Keep a sample sheet."""
        folder = self.folder / "samples"
        folder.mkdir(exist_ok=True)
        Image.fromarray(picture).save(folder / f"{step:07d}.png")

    def _drop_lines_after(self, step: int) -> None:
        path = self.folder / "metrics.jsonl"
        if path.exists():
            kept = [line for line in path.read_text().splitlines() if json.loads(line)["step"] <= step]
            write_beside(path, lambda p: p.write_text("".join(line + "\n" for line in kept)))


def train(
    task: Task,
    run: Run,
    *,
    seed: int,
    device: torch.device,
    pace: Pace,
    listen: Listener = silent,
    cancel: Cancel | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> int:
    """Train until the task's last step, a stop request, or the end of the time slice.

    Returns:
        Number of finished steps; the checkpoint on disk holds exactly these.
    """
    cancel = cancel or Cancel()
    step = run.restore(task, device)
    began = saved = clock()
    sums: dict[str, float] = {}
    counted = 0
    while step < task.steps and not cancel.requested:
        if pace.stop_seconds is not None and clock() - began > pace.stop_seconds:
            break
        torch.manual_seed(_seed_of(seed, step))  # dropout layers draw from torch's own generator
        figures = task.step(step, generator_for(seed, step, device))
        step += 1
        counted += 1
        for key, value in figures.items():
            sums[key] = sums.get(key, 0.0) + value
        if not all(math.isfinite(v) for v in figures.values()):
            raise TrainingError(
                f"Training of {task.name} diverged at step {step}: {figures}.",
                f"The last good checkpoint is {run.checkpoint}; resume with a lower rate.",
            )
        if step % pace.log_every == 0 or step == task.steps:
            means = {key: value / counted for key, value in sums.items()}
            run.log(step, means)
            note = " ".join(f"{k} {v:.4g}" for k, v in means.items())
            listen(Progress(stage=f"training {task.name}", done=step, total=task.steps, unit="steps", note=note))
            sums, counted = {}, 0
        if step % pace.validate_every == 0 or step == task.steps:
            if figures := task.validate(step):
                run.log(step, figures)
            if (picture := task.sheet(step)) is not None:
                run.sheet(step, picture)
        if clock() - saved > pace.save_seconds:
            run.save(task, step)
            saved = clock()
    run.save(task, step)
    return step


class Average:
    """Exponential moving average of a network's weights (Polyak averaging with warm-up)."""

    def __init__(self, network: torch.nn.Module, decay: float) -> None:
        self.decay = decay
        self.count = 0
        self.weights = {k: v.detach().clone().float() for k, v in network.state_dict().items()}

    @torch.no_grad()
    def update(self, network: torch.nn.Module) -> None:
        """Move the average towards the network's weights; early steps move it faster."""
        self.count += 1
        decay = min(self.decay, (1 + self.count) / (10 + self.count))
        for key, value in network.state_dict().items():
            self.weights[key].lerp_(value.float(), 1 - decay)

    def copy_to(self, network: torch.nn.Module) -> None:
        """Load the average into a network of the same shape."""
        network.load_state_dict(self.weights)

    def state(self) -> dict[str, Any]:
        return {"count": self.count, "weights": self.weights}

    def load(self, state: dict[str, Any]) -> None:
        self.count = state["count"]
        self.weights = state["weights"]
