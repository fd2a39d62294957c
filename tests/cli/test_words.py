"""`limner mentor`, `muse`, `label` and `read --otherwise` from the outside."""

import json
import shlex
from pathlib import Path

import pytest


def test_mentor_prints_lines_that_run(run):
    result = run("mentor", "something sad but elegant", "-n", "3", "--seed", "2")
    assert result.code == 0, result.err
    lines = [line.strip() for line in result.lines if line.strip().startswith("limner paint ")]
    assert len(lines) == 3
    assert "Taken to be" in result.lines[0]
    assert run(*shlex.split(lines[0])[1:], "--dry-run").code == 0
    assert run("mentor", "something sad but elegant", "-n", "3", "--seed", "2").out == result.out


def test_mentor_in_json(run):
    rows = [json.loads(line) for line in run("mentor", "rain", "--json").lines]
    assert len(rows) == 4
    for row in rows:
        assert set(row["why"]) == {"mood", "light", "palette", "precedent", "advice"}
        assert all(c.startswith("#") and len(c) == 7 for c in row["palette"])
        assert row["command"].startswith("limner paint ")


def test_mentor_refuses_real_people(run):
    result = run("mentor", "donald trump at the beach")
    assert result.code == 3
    assert not result.out


def test_muse_draws_briefs(run):
    result = run("muse", "-n", "4", "--seed", "3")
    assert len(set(result.lines)) == 4
    assert run("muse", "-n", "4", "--seed", "3").out == result.out
    rows = [json.loads(line) for line in run("muse", "-n", "2", "--with", "a baker", "--json", "--seed", "1").lines]
    assert all("baker" in [t["term"] for t in row["terms"]] for row in rows)
    assert run("muse", "--kind", "smell").code == 2


def test_read_says_it_otherwise(run):
    said = run("read", "a melancholic old poet with red hair", "--otherwise").out.strip()
    assert said
    assert said != "a melancholic old poet with red hair"
    before = json.loads(run("read", "a melancholic old poet with red hair", "--json").out)["dials"]
    assert json.loads(run("read", said, "--json").out)["dials"] == pytest.approx(before, abs=0.03)


@pytest.fixture
def poet(run) -> Path:
    run("paint", "an old poet, kind", "--seed", "4", "--out", "x")
    (file,) = Path("x").iterdir()
    return file


def test_labels_of_pictures_and_recipes(run, poet):
    result = run("label", str(poet), "--year", "1999")
    assert result.code == 0, result.err
    assert result.lines[0].endswith(", 1999")
    assert "eigen.portraits" in result.lines[1]
    assert result.lines[3].startswith("Fiction: ")
    Path("poet.json").write_text(run("recipe", str(poet)).out)
    row = json.loads(run("label", "poet.json", "--json", "--no-biography").out)
    assert row["biography"] == ""
    assert row["writer"] == "grammar"


def test_read_of_a_picture(run, poet):
    assert json.loads(run("read", "--of", str(poet), "--json").out)["words"] == "an old poet, kind"
    assert run("read", "--of", str(poet), "a poet").code == 2
    assert run("read").code == 2


def test_the_grammar_writes_when_the_scribe_cannot(run, poet, monkeypatch):
    monkeypatch.setenv("LIMNER_SCRIBE_URL", "http://127.0.0.1:9/v1")
    monkeypatch.setenv("LIMNER_SCRIBE_MODEL", "small")
    result = run("label", str(poet), "--scribe", "--json")
    assert result.code == 0
    assert json.loads(result.out)["writer"] == "grammar"
    assert "cannot be reached" in result.err
    assert "grammar writes" in result.err


def test_the_scribe_is_off_by_default(run, poet):
    result = run("label", str(poet), "--scribe")
    assert result.code == 2
    assert "scribe_url" in result.err


def test_doctor_hides_the_key(run, monkeypatch):
    monkeypatch.setenv("LIMNER_SCRIBE_KEY", "very-secret")
    assert "very-secret" not in run("doctor").out


def test_terms_writes_pages_with_own_terms(run, here):
    import os

    own = Path(os.environ["LIMNER_HOME"]) / "lexicon"
    own.mkdir(parents=True)
    (own / "mine.toml").write_text('kind = "mood"\n[[term]]\nword = "zonked"\ndials = { eye_open = -0.5 }\n')
    result = run("terms", "--docs", "pages")
    assert result.code == 0, result.err
    assert str(Path("pages/mood.md")) in result.lines
    page = Path("pages/mood.md").read_text("utf-8")
    assert "| **zonked** |  | eye_open -0.5 |  |" in page
    assert "images/mood.jpg" not in page
    assert "(mood.md)" in Path("pages/README.md").read_text("utf-8")


def test_pictures_of_terms_need_a_folder_and_a_kind_that_has_some(run, here):
    assert run("terms", "--pictures").code == 2
    assert run("terms", "idiom", "--docs", "pages", "--pictures").code == 2
    assert not Path("pages").exists()
