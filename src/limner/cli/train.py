"""`limner train`: from portraits to weights."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

_EPILOG = """\b
Examples:
  limner train all --source collection --portraits ../shared/portraits --config cpu
  limner train all --source folder --portraits my-portraits --config toy --workspace trial
  limner train painter --workspace training --seconds 540 --device cuda
  limner paint "a young poet" -n 4   # with LIMNER_WEIGHTS=training/weights/eigen

Stop with Ctrl-C at any time: the run is saved, and the same command goes on where it stopped.
"""


def _needs_torch() -> None:
    from importlib.util import find_spec

    from limner.core.errors import MissingExtraError

    if find_spec("torch") is None or find_spec("onnx") is None:
        raise MissingExtraError(
            "Training needs PyTorch and its companions.", "Install them with: pip install 'limner[train]'"
        )


@click.group(epilog=_EPILOG, invoke_without_command=True)
@click.pass_context
def train(ctx: click.Context) -> None:
    """Train the models from portraits: one command a stage, or `all`."""
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


def _options(function: Any) -> Any:
    for option in reversed(
        [
            click.option(
                "--workspace", type=click.Path(path_type=Path, file_okay=False), default=Path("training"),
                show_default=True, help="Training folder.",
            ),
            click.option(
                "--config", "config_name", default="cpu", show_default=True, help="toy, cpu, gpu, or a TOML file.",
            ),
            click.option("--device", default="auto", show_default=True, help="auto, cpu or cuda."),
            click.option("--threads", type=int, default=0, help="Processor threads; 0 = all cores."),
            click.option("--seconds", type=float, help="End and save after so many seconds (per stage)."),
        ]
    ):  # fmt: skip
        function = option(function)
    return function


def _source_options(function: Any) -> Any:
    for option in reversed(
        [
            click.option(
                "--source", type=click.Choice(["collection", "upstream", "folder"]), default="collection",
                show_default=True, help="Kind of source.",
            ),
            click.option(
                "--portraits", type=click.Path(path_type=Path, file_okay=False), required=True,
                help="Where the source lies.",
            ),
            click.option("--limit", type=click.IntRange(8), help="Read at most so many portraits."),
        ]
    ):  # fmt: skip
        function = option(function)
    return function


@train.command("data")
@_source_options
@click.option(
    "--workspace", type=click.Path(path_type=Path, file_okay=False), default=Path("training"), show_default=True
)
def data(source: str, portraits: Path, limit: int | None, workspace: Path) -> None:
    """Build the data set from portraits."""
    _needs_torch()
    _build(source, portraits, limit, workspace)


def _build(source: str, portraits: Path, limit: int | None, folder: Path) -> None:
    from limner.cli.progress import stoppable
    from limner.trainer.run import build_data
    from limner.trainer.workspace import Workspace

    with stoppable() as (bar, _):
        count = build_data(Workspace(folder), source, portraits, limit, bar)
    click.echo(f"data: {count:,} portraits", err=True)


def _stage(stage: str, folder: Path, config_name: str, device: str, threads: int, seconds: float | None) -> None:
    from limner.cli.progress import stoppable
    from limner.trainer.config import read_config
    from limner.trainer.loop import Pace
    from limner.trainer.run import choose_device, run_stage
    from limner.trainer.workspace import Workspace

    config = read_config(config_name)
    with stoppable() as (bar, cancel):
        figures = run_stage(
            stage,
            Workspace(folder),
            config,
            device=choose_device(device, threads),
            pace=Pace(stop_seconds=seconds, **config.get(stage, "pace", {})),
            listen=bar,
            cancel=cancel,
        )
    shown = ", ".join(f"{k} {v}" for k, v in figures.items())
    click.echo(f"{stage}: {shown or 'done'}", err=True)


def _add(stage: str, help: str) -> None:
    @train.command(stage, help=help)
    @_options
    def command(workspace: Path, config_name: str, device: str, threads: int, seconds: float | None) -> None:
        _needs_torch()
        _stage(stage, workspace, config_name, device, threads, seconds)

    _ = command


for _name, _help in {
    "measure": "Find parts, recolour versions, measure dials.",
    "likeness": "Train the likeness network.",
    "witness": "Train the second likeness network, which only evaluates.",
    "traits": "Fit age, beard and other traits; write dial settings.",
    "words": "Write captions from what was measured.",
    "text": "Distil the text encoder.",
    "landmarks": "Train the landmark network.",
    "contours": "Train the contour network, which reads eyes, lips and outline closely.",
    "basis": "Fit the linear code of base pictures.",
    "flow": "Train the flow from words and dials to bases.",
    "rough": "Train the rough flow, which painting steers away from.",
    "painter": "Train encoder, painter (generator) and critic (discriminator).",
    "detail": "Train the flow of details.",
    "enlarger": "Train the network that enlarges portraits for large prints.",
    "export": "Write ONNX weights with cards.",
}.items():
    _add(_name, _help)


@train.command("all")
@_source_options
@_options
def everything(
    source: str,
    portraits: Path,
    limit: int | None,
    workspace: Path,
    config_name: str,
    device: str,
    threads: int,
    seconds: float | None,
) -> None:
    """Run all stages in order; finished ones are skipped by their checkpoints."""
    _needs_torch()
    from limner.trainer.config import STAGES

    if not (workspace / "data" / "records.jsonl").exists():
        _build(source, portraits, limit, workspace)
    done = {
        "measure": "versions.npz",
        "traits": "settings.npy",
        "words": "captions.jsonl",
    }
    for stage in STAGES[1:]:
        if stage in done and (workspace / "data" / done[stage]).exists():
            continue
        _stage(stage, workspace, config_name, device, threads, seconds)
    click.echo(str(workspace / "weights" / "eigen"))
