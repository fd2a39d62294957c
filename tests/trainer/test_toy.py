"""The whole of training, in miniature: portraits that Limner painted teach a toy model."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("torch")
pytestmark = pytest.mark.train


@pytest.fixture(scope="module")
def portraits(tmp_path_factory: pytest.TempPathFactory, studio) -> Path:
    folder = tmp_path_factory.mktemp("portraits")
    briefs = [
        "an old man with a beard",
        "a young woman with long red hair",
        "an orc",
        "a boy with short hair",
        "a woman",
    ]
    for k, words in enumerate(briefs):
        for portrait in studio.paint(words, n=8, seed=100 * k):
            path = portrait.save(folder / f"{k}-{portrait.seed}.png")
            path.with_suffix(".txt").write_text(words)
    (folder / "noise.txt").write_text("a text without a picture")
    return folder


def _limner(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "limner", *arguments], capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory, portraits: Path) -> Path:
    folder = tmp_path_factory.mktemp("training")
    arguments = ["--source", "folder", "--portraits", str(portraits), "--workspace", str(folder), "--config", "toy"]
    done = _limner("train", "all", *arguments)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == str(folder / "weights" / "eigen")
    return folder


def test_the_toy_model_paints(workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("LIMNER_WEIGHTS", str(workspace / "weights" / "eigen"))
    done = _limner("paint", "a poet", "-n", "2", "--seed", "1", "--out", str(tmp_path))
    assert done.returncode == 0, done.stderr
    assert len(list(tmp_path.glob("a-poet-*.png"))) == 2


def test_every_run_leaves_its_record(workspace: Path):
    for stage in (
        "text", "likeness", "witness", "landmarks", "contours", "flow", "rough", "painter", "detail", "enlarger",
    ):  # fmt: skip
        folder = workspace / "runs" / stage
        assert json.loads((folder / "options.json").read_text())["steps"] > 0
        lines = [json.loads(line) for line in (folder / "metrics.jsonl").read_text().splitlines()]
        assert any(k.startswith("val_") for line in lines for k in line)
    for stage in ("landmarks", "contours", "painter", "detail", "enlarger"):
        assert list((workspace / "runs" / stage / "samples").glob("*.png"))


def test_the_card_names_its_training(workspace: Path):
    card = json.loads((workspace / "weights" / "eigen" / "card.json").read_text())
    assert card["training"]["configuration"] == "toy"
    assert card["training"]["portraits"] == 40
    assert card["licence"]


def test_the_toy_enlarger_enlarges(workspace: Path):
    import numpy as np

    from limner.media.enlarger import Enlarger
    from limner.media.hands import Hands

    enlarger = Enlarger.open(workspace / "weights" / "media")
    picture = np.full((20, 30, 3), 30_000, np.uint16)
    assert enlarger.doubled(picture, 0.0, Hands(threads=1)).shape == (40, 60, 3)


def test_finished_stages_are_not_run_again(workspace: Path):
    before = (workspace / "runs" / "flow" / "metrics.jsonl").read_text()
    done = _limner("train", "flow", "--workspace", str(workspace), "--config", "toy")
    assert done.returncode == 0, done.stderr
    assert (workspace / "runs" / "flow" / "metrics.jsonl").read_text() == before


def test_other_options_are_refused(workspace: Path, tmp_path: Path):
    (tmp_path / "own.toml").write_text(
        "[flow]\nsteps = 12\nbatch = 16\nwidth = 32\nhidden = 64\nblocks = 2\nrank = 16\n"
    )
    done = _limner("train", "flow", "--workspace", str(workspace), "--config", str(tmp_path / "own.toml"))
    assert done.returncode == 7
    assert "batch: 32 -> 16" in done.stderr


def test_a_missing_stage_is_named(tmp_path: Path):
    done = _limner("train", "flow", "--workspace", str(tmp_path), "--config", "toy")
    assert done.returncode == 7
    assert "limner train" in done.stderr


@pytest.mark.parametrize(
    ("text", "said"),
    [("[flow]\nspeed = 1", "speed"), ("[flaw]\nx = 1", "flaw"), ("[flow", "TOML")],
)
def test_bad_configurations_are_refused(workspace: Path, tmp_path: Path, text: str, said: str):
    (tmp_path / "own.toml").write_text(text)
    done = _limner("train", "flow", "--workspace", str(workspace), "--config", str(tmp_path / "own.toml"))
    assert done.returncode == 7
    assert said in done.stderr


@pytest.mark.parametrize("source", ["collection", "upstream", "folder"])
def test_a_wrong_source_is_named(tmp_path: Path, source: str):
    (tmp_path / "empty").mkdir()
    done = _limner(
        "train", "data", "--source", source, "--portraits", str(tmp_path / "empty"), "--workspace", str(tmp_path / "w")
    )
    assert done.returncode == 7
    assert str(tmp_path / "empty") in done.stderr
