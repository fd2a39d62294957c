import json
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from limner.cli.main import _COMMANDS
from limner.core.dials import dial_table
from limner.core.picture import read_picture
from limner.provenance.disclosure import read_disclosure


@pytest.fixture
def poet(run) -> Path:
    run("paint", "a poet", "--seed", "4", "--out", "x")
    (file,) = Path("x").iterdir()
    return file


def test_recipe_prints_what_a_picture_was_painted_from(run, poet):
    result = run("recipe", str(poet))
    recipe = json.loads(result.out)
    assert recipe["seed"] == 4
    assert recipe["reading"]["words"] == "a poet"
    assert run("recipe", str(poet), "--id").out.strip()[:8] in poet.name


def test_repaint_paints_the_same_picture(run, poet):
    run("repaint", str(poet), "--out", "again.png")
    assert Path("again.png").read_bytes() == poet.read_bytes()
    Path("r.json").write_text(run("recipe", str(poet)).out)
    run("repaint", "r.json", "--out", "third.webp")
    assert read_picture(Path("third.webp").read_bytes()).shape == (256, 256, 3)


def test_repaint_does_not_overwrite_its_source(run, poet):
    before = poet.read_bytes()
    result = run("repaint", str(poet), "--out", str(poet))
    assert result.code == 2
    assert poet.read_bytes() == before


def test_a_picture_without_recipe(run):
    Image.new("RGB", (64, 64)).save("mine.png")
    for command in ("recipe", "repaint"):
        result = run(command, "mine.png")
        assert result.code == 2
        assert "holds no recipe" in result.err


def test_a_recipe_for_other_weights(run, poet):
    recipe = json.loads(run("recipe", str(poet)).out)
    Path("r.json").write_text(json.dumps(recipe | {"weights": "0" * 64}))
    result = run("repaint", "r.json")
    assert result.code == 2
    assert "other weights" in result.err


@pytest.mark.parametrize("text", ["{", "{}", "[1]", ""])
def test_a_file_that_is_no_recipe(run, text):
    Path("r.json").write_text(text)
    assert run("repaint", "r.json").code == 2


def test_sheets_lay_files_out(run, poet):
    Image.new("RGB", (30, 60), "red").save("tall.png")
    result = run("sheet", str(poet), "tall.png", str(poet), "--columns", "2", "--title", "Three")
    assert result.lines == ["sheet.png"]
    said = read_disclosure(Path("sheet.png").read_bytes())
    assert said["Iptc4xmpExt:DigitalSourceType"].endswith("compositeWithTrainedAlgorithmicMedia")
    assert read_picture(Path("sheet.png").read_bytes()).shape[1] > 500


def test_dials_are_listed(run):
    result = run("dials", "--json")
    assert [json.loads(line)["name"] for line in result.lines] == list(dial_table().names)
    assert "smile" in run("dials").out


def test_dials_are_measured_on_a_picture(run, poet):
    values = {o["name"]: o["setting"] for o in map(json.loads, run("dials", str(poet), "--json").lines)}
    assert set(values) == set(dial_table().names)
    assert all(-1 <= v <= 1 for v in values.values())


def test_a_picture_without_a_face(run):
    noise = np.random.default_rng(0).integers(0, 255, (128, 128, 3)).astype(np.uint8)
    Image.fromarray(noise).save("noise.png")
    result = run("dials", "noise.png")
    assert result.code == 2
    assert "No face" in result.err


def test_doctor_finds_everything_in_place(run):
    result = run("doctor", "--json")
    assert result.code == 0, result.out
    assert all(json.loads(line)["good"] for line in result.lines)


def test_doctor_names_what_is_wrong(run, monkeypatch, tmp_path):
    monkeypatch.setenv("LIMNER_WEIGHTS", str(tmp_path / "nothing"))
    result = run("doctor", "--json")
    assert result.code == 4
    bad = [json.loads(line) for line in result.lines if not json.loads(line)["good"]]
    assert bad[0]["check"] == "weights"


@pytest.mark.parametrize("command", _COMMANDS)
def test_help_ends_with_examples(run, command):
    result = run(command, "--help")
    assert result.code == 0
    assert f"limner {command}" in result.out.split("Examples:")[-1]


def test_help_and_version(run):
    assert run("--help").code == 0
    assert re.search(r"\d+\.\d+", run("--version").out)


def test_the_command_line_imports_nothing_heavy_for_help():
    code = "import sys; sys.argv=['limner','--help']\nfrom limner.cli.main import limner\n"
    code += "limner.main(['--help'], standalone_mode=False)\n"
    code += "heavy = {'numpy','PIL','onnxruntime','torch','rich'} & set(sys.modules); assert not heavy, heavy"
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)


def test_stdout_may_be_closed():
    pipe = f"{sys.executable} -m limner dials --json | head -1"
    done = subprocess.run(pipe, shell=True, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout)["name"] == "yaw"
    assert "Traceback" not in done.stderr


def test_training_without_torch_says_what_to_install(run, monkeypatch):
    import importlib.util

    real = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name, *a: None if name == "torch" else real(name, *a))
    result = run("train", "basis")
    assert result.code == 6
    assert "limner[train]" in result.err
