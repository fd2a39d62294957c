"""Running stages: what `limner train` calls."""

from __future__ import annotations

import dataclasses
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import torch

from limner.anatomy.align import FaceFinder
from limner.anatomy.likeness import shipped_weights as anatomy_weights
from limner.core.errors import Cancelled, TrainingError
from limner.core.progress import Cancel, Listener, silent
from limner.trainer import prepare, publish, stages
from limner.trainer.config import STAGES, Config
from limner.trainer.dataset import Item, build, from_collection, from_folder, from_upstream
from limner.trainer.loop import Pace, Run, train
from limner.trainer.workspace import Workspace

LEARNED = ("likeness", "witness", "text", "landmarks", "contours", "flow", "rough", "painter", "detail", "enlarger")
"""Stages that are training runs (the others compute once)."""

SAMPLER: dict[str, Any] = {
    "flow_steps": 7,
    "draft_steps": 4,
    "flow_bend": 0.8,
    "detail_steps": 2,
    "detail_bend": 1.2,
    "trust": 0.15,
    "guidance": 1.4,
    "dial_guidance": 2.2,
    "mimic_guidance": {
        "": 8.0,
        "smile": 10.0,
        "gaze_x": 12.0,
        "gaze_y": 10.0,
        "mouth_open": 18.0,
        "brow_raise": 5.0,
        "eye_open": 12.0,
        "face_width": 6.0,
    },
    "mimic_with_words": 0.65,
    "mimic_from": 6,
    "varnish": 0.045,
    "tone_guidance": {"": 2.6, "saturation": 4.0},
    "rough_guidance": 0.35,
    "rough_from": 12,
    "rough_until": 0.85,
}
"""Numbers of the engine's card that were chosen by measuring (see docs/quality.md)."""


def choose_device(name: str, threads: int = 0) -> torch.device:
    """ "auto" takes CUDA if there is one; `threads` (0 = all cores) bounds work on the processor.

    Raises:
        TrainingError: the device is not there.
    """
    if threads:
        torch.set_num_threads(threads)
    if name == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    if name == "cuda" and not torch.cuda.is_available():
        raise TrainingError("There is no CUDA device on this machine.", "Use --device cpu.")
    return torch.device(name)


def build_data(workspace: Workspace, source: str, folder: Path, limit: int | None, listen: Listener) -> int:
    """Stage `data`: read portraits from a source into the workspace.

    Args:
        workspace: the training folder.
        source: "collection", "upstream" or "folder".
        folder: where the source lies.
        limit: read at most so many.
        listen: told the progress.
    """
    items: Iterator[Item]
    if source == "collection":
        items, total = from_collection(folder, limit)
    else:
        finder = FaceFinder.open(anatomy_weights(), runtime="auto", threads=0)
        if source == "upstream":
            items, total = from_upstream(folder, finder.in_portrait, limit)
        else:
            items, total = from_folder(folder, finder, limit)
    return build(workspace, items, total, listen)


def run_stage(
    stage: str,
    workspace: Workspace,
    config: Config,
    *,
    device: torch.device,
    pace: Pace,
    listen: Listener = silent,
    cancel: Cancel | None = None,
    table: Path | None = None,
) -> dict[str, Any]:
    """Run one stage (all but `data`).

    Args:
        table: for `traits`: where to write a new quantile table of the dials.

    Returns:
        Figures worth showing.

    Raises:
        TrainingError: an earlier stage is missing, or training diverged.
        Cancelled: stopped on request, after saving.
    """
    cancel = cancel or Cancel()
    if stage in LEARNED:
        return _learn(stage, workspace, config, device, pace, listen, cancel)
    if stage == "measure":
        prepare.measure_portraits(workspace, config, listen)
        return {"versions": len(workspace.arrays("versions", "measure")["portrait"])}
    if stage == "traits":
        likeness = prepare.load_likeness(workspace.checkpoint("likeness"), stages.options_of("likeness", config))
        figures = prepare.fit_traits(workspace, likeness, table)
        prepare.write_settings(workspace)
        return {f"auc_{name}": round(value, 3) for name, value in figures.items()}
    if stage == "words":
        prepare.write_captions(workspace, config, listen)
        return {}
    if stage == "basis":
        basis = stages.make_basis(workspace, config)
        return {"coordinates": len(basis.scale)}
    if stage == "export":
        return export(workspace, config)
    raise TrainingError(f"There is no stage {stage!r}.", f"Stages are: {', '.join(STAGES)}.")


def _learn(
    stage: str,
    workspace: Workspace,
    config: Config,
    device: torch.device,
    pace: Pace,
    listen: Listener,
    cancel: Cancel,
) -> dict[str, Any]:
    options = stages.options_of(stage, config)
    if stage in ("flow", "rough") and not (workspace.data / "vectors.npz").exists():
        student = stages.load_student(workspace.checkpoint("text"))
        stages.encode_captions(workspace, student, listen)
    task = stages.make_task(stage, workspace, config, device, listen)
    run = Run(workspace.runs / stage, dataclasses.asdict(options))
    done = train(task, run, seed=options.seed, device=device, pace=pace, listen=listen, cancel=cancel)
    if cancel.requested:
        raise Cancelled(f"Stopped on request after step {done} of {task.steps}; run it again to go on.")
    return _last_figures(run.folder) | {"steps": done, "of": task.steps}


def _last_figures(folder: Path) -> dict[str, float]:
    lines = (folder / "metrics.jsonl").read_text().splitlines()
    for line in reversed(lines):
        row = json.loads(line)
        found = {k: v for k, v in row.items() if k.startswith("val_")}
        if found:
            return found
    return {}


def export(workspace: Workspace, config: Config) -> dict[str, Any]:
    """Stage `export`: weights folders from run folders."""
    publish.publish_text(workspace)
    publish.publish_anatomy(workspace, config)
    publish.publish_media(workspace, config)
    folder = publish.publish_eigen(workspace, config, SAMPLER | config.tables.get("export", {}))
    megabytes = sum(p.stat().st_size for p in workspace.weights.rglob("*") if p.is_file()) / 1e6
    return {"folder": str(folder), "megabytes": round(megabytes, 1)}


def install(workspace: Workspace, package: Path) -> None:
    """Copy exported weights into a source tree of the package (for those who release Limner)."""
    for name, place in (
        ("language", "language"),
        ("anatomy", "anatomy"),
        ("eigen", "engines/eigen"),
        ("media", "media"),
    ):
        source = workspace.weights / name
        if source.is_dir():
            shutil.copytree(source, package / place / "weights", dirs_exist_ok=True)
