import json
import os
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from limner.core.picture import read_picture
from limner.core.recipe import Recipe
from limner.provenance.disclosure import read_disclosure, read_recipe

FIELDS = ["file", "id", "seed", "recipe", "reading", "dials", "engine", "milliseconds"]


def test_the_first_command_of_the_readme(run, here):
    result = run("paint", "a melancholic poet at twilight", "-n", "8")
    assert result.code == 0, result.err
    *painted, sheet = result.lines
    assert len(painted) == 8
    assert "8 portraits in" in result.err
    assert os.environ["LIMNER_HOME"] in result.err
    for line in painted:
        id, file = line.split(maxsplit=1)
        data = Path(file).read_bytes()
        assert read_picture(data).shape == (256, 256, 3)
        assert read_disclosure(data)["Iptc4xmpExt:DigitalSourceType"].endswith("trainedAlgorithmicMedia")
        assert read_recipe(data).reading.words == "a melancholic poet at twilight"
        assert run("open", id, "--print").code == 0
    said = read_disclosure(Path(sheet).read_bytes())
    assert said["Iptc4xmpExt:DigitalSourceType"].endswith("trainedAlgorithmicMedia")
    assert run("search", "poet").lines[0].split()[0] in [line.split()[0] for line in painted]
    assert run("studio", "check").code == 0
    run("undo")
    assert run("search").lines == []


def test_out_puts_the_files_there_and_not_into_the_studio(run, here):
    result = run("paint", "a poet", "-n", "3", "--seed", "1", "--out", "poets")
    assert result.lines == [str(Path("poets", "sheet.png"))]
    assert len(list(Path("poets").glob("a-poet-*.png"))) == 3
    assert not Path(os.environ["LIMNER_HOME"], "studio").exists()


def test_a_studio_that_cannot_be_written_is_said_before_painting(run, here, monkeypatch):
    monkeypatch.setenv("LIMNER_HOME", str(here / "file"))
    (here / "file").write_text("x")
    result = run("paint", "a poet")
    assert result.code in (2, 5)
    assert "file" in result.err


def test_what_was_painted_before_an_error_is_kept(run, here, monkeypatch):
    from limner.core.errors import InputError
    from limner.studio.painting import Painting

    plain = Painting.paint

    def failing(self, *request):
        for k, portrait in enumerate(plain(self, *request)):
            if k == 5:
                raise InputError("no more")
            yield portrait

    monkeypatch.setattr(Painting, "paint", failing)
    result = run("paint", "a poet", "-n", "9", "--seed", "1", "--json")
    assert (result.code, len(result.lines)) == (2, 5)
    ids = [json.loads(line)["portrait"] for line in result.lines]
    assert sorted(run("search", "--ids").lines) == sorted(ids)


def test_json_prints_one_object_per_portrait_and_nothing_else(run):
    result = run("paint", "an elf", "-n", "3", "--seed", "5", "--json", "--dial", "smile=0.5", "--out", "elves")
    objects = [json.loads(line) for line in result.lines]
    assert [list(o) for o in objects] == [FIELDS] * 3
    assert [o["seed"] for o in objects] == [5, 6, 7]
    for o in objects:
        assert Path(o["file"]).is_file()
        assert Recipe.from_json(o["recipe"]).id == o["id"]
        assert o["reading"]["dials"]["smile"] == 0.5
        assert all(-1 <= v <= 1 for v in o["dials"].values())


def test_the_same_seed_paints_the_same_files(run):
    run("paint", "a king", "-n", "2", "--seed", "9", "--out", "a")
    run("paint", "a king", "-n", "2", "--seed", "9", "--out", "b", "--threads", "1")
    names = sorted(p.name for p in Path("a").iterdir())
    assert names == sorted(p.name for p in Path("b").iterdir())
    assert all(Path("a", n).read_bytes() == Path("b", n).read_bytes() for n in names)


def test_dry_run_paints_nothing(run):
    result = run("paint", "red hair, smiling", "-n", "4", "--seed", "1", "--dry-run", "--palette", "#1b2a41")
    assert result.code == 0
    assert "red hair" in result.out
    assert "1..4" in result.out
    assert not Path("portraits").exists()
    plan = run("paint", "red hair", "-n", "2", "--seed", "1", "--dry-run", "--json")
    assert [json.loads(line)["seed"] for line in plan.lines] == [1, 2]


@pytest.mark.parametrize(
    ("format", "ending", "kind"), [("png", ".png", "PNG"), ("jpeg", ".jpg", "JPEG"), ("webp", ".webp", "WEBP")]
)
def test_formats(run, format, ending, kind):
    run("paint", "--seed", "3", "--format", format, "--out", "x", "--size", "128")
    (file,) = Path("x").iterdir()
    assert file.suffix == ending
    with Image.open(file) as image:
        assert image.format == kind
        assert image.size == (128, 128)
    assert read_recipe(file.read_bytes()).seed == 3


def test_faces_from_noise_alone(run):
    assert run("paint", "-n", "2", "--out", "x").code == 0
    assert len(list(Path("x").glob("portrait-*.png"))) == 2


def test_distinct_sets_report_their_spread(run):
    result = run("paint", "a girl", "-n", "6", "--seed", "1", "--distinct", "--out", "x")
    assert result.code == 0, result.err
    assert "spread" in result.err
    assert len(list(Path("x").iterdir())) == 7


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["paint", "x", "-n", "0"], 2, "1 to 10,000"),
        (["paint", "x", "-n", "99999"], 2, "1 to 10,000"),
        (["paint", "x", "-n", "two"], 2, "two"),
        (["paint", "x", "--seed", "-1"], 2, "whole number"),
        (["paint", "!!!"], 2, "no word"),
        (["paint", "😀🎨"], 2, "no word"),
        (["paint", "x" * 10_000], 2, "10,000 letters"),
        (["paint", "a", "--dial", "smil=1"], 2, "smile"),
        (["paint", "a", "--dial", "smile=3"], 2, "outside"),
        (["paint", "a", "--dial", "smile"], 2, "NAME=VALUE"),
        (["paint", "a", "--palette", "blueish"], 2, "blueish"),
        (["paint", "a", "--guidance", "99"], 2, "guidance"),
        (["paint", "a", "--variety", "0"], 2, "variety"),
        (["paint", "a", "--size", "10"], 2, "size"),
        (["paint", "a", "--size", "5000"], 2, "4096"),
        (["paint", "a", "--format", "bmp"], 2, "bmp"),
        (["paint", "a", "--avoid", "???"], 2, "avoid"),
        (["paint", "a", "--threads", "-3"], 2, "threads"),
        (["pant", "a"], 2, "pant"),
        (["recipe", "missing.png"], 2, "missing.png"),
        (["repaint", "missing.png"], 2, "missing.png"),
        (["sheet", "missing.png"], 2, "missing.png"),
        (["dials", "missing.png"], 2, "missing.png"),
    ],
)
def test_bad_input_is_named(run, here, arguments, code, said):
    result = run(*arguments)
    assert result.code == code
    assert said in result.err
    assert not result.out
    assert list(here.iterdir()) == []


@pytest.mark.parametrize("words", ["Портрет старика у окна", "夕暮れの詩人", "a smiling, sad, angry man", "ﬁre élan"])
def test_other_words_pass(run, words):
    assert run("paint", words, "--out", "x").code == 0


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root may write anywhere")
def test_an_unwritable_folder(run, here):
    (here / "locked").mkdir(mode=0o500)
    result = run("paint", "a", "--out", "locked")
    assert result.code == 5
    assert "--out" in result.err


def test_a_file_in_the_way(run, here):
    (here / "taken").write_text("x")
    result = run("paint", "a", "--out", "taken/inside")
    assert result.code == 5
    assert "taken" in result.err


def test_a_full_disk_leaves_nothing_half_written(run, here, monkeypatch):
    import errno

    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    result = run("paint", "a", "--out", "x")
    assert result.code == 5
    assert "disk is full" in result.err
    assert list((here / "x").iterdir()) == []


def test_damaged_weights(run, here, monkeypatch):
    monkeypatch.setenv("LIMNER_WEIGHTS", str(here / "none"))
    result = run("paint", "a")
    assert result.code == 4
    assert "card.json" in result.err


def test_ctrl_c_keeps_what_is_finished(run, here, monkeypatch):
    from limner.studio.painting import Painting

    plain = Painting.batch
    batches = []

    def interrupted(self, recipes, cancel, depth):
        batches.append(len(recipes))
        if len(batches) == 2:
            import signal

            signal.raise_signal(signal.SIGINT)
        cancel.check()
        return plain(self, recipes, cancel, depth)

    monkeypatch.setattr(Painting, "batch", interrupted)
    result = run("paint", "a", "-n", "40", "--seed", "1", "--out", "x", "--json")
    assert result.code == 130
    assert "32 of 40 portraits were kept" in result.err
    assert len(result.lines) == 32
    assert len(list((here / "x").glob("a-*.png"))) == 32
    assert not list((here / "x").glob("*.part"))


def test_portraits_differ(run):
    run("paint", "a poet", "-n", "4", "--seed", "1", "--out", "x")
    pictures = [read_picture(p.read_bytes()).astype(float) for p in sorted(Path("x").glob("a-poet-*.png"))]
    for k, picture in enumerate(pictures):
        for other in pictures[:k]:
            assert np.abs(picture - other).mean() > 8
