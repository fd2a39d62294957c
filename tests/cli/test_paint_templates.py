import json
from pathlib import Path


def test_each_portrait_draws_a_brief_of_its_own(run):
    result = run("paint", "a {man|woman|king|queen}", "-n", "8", "--seed", "3", "--json", "--out", "drawn")
    words = [json.loads(line)["reading"]["words"] for line in result.lines]
    assert len(words) == 8
    assert set(words) <= {"a man", "a woman", "a king", "a queen"}
    assert len(set(words)) > 1
    again = run("paint", "a {man|woman|king|queen}", "-n", "8", "--seed", "3", "--json", "--dry-run")
    assert [json.loads(line)["reading"]["words"] for line in again.lines] == words


def test_every_paints_all_briefs(run):
    result = run("paint", "the {young|old} {man|woman}", "--every", "-n", "2", "--seed", "3", "--json", "--out", "all")
    words = [json.loads(line)["reading"]["words"] for line in result.lines]
    assert words == [f"the {age} {sex}" for age in ("young", "old") for sex in ("man", "woman") for _ in range(2)]


def test_a_large_expansion_names_its_cost_and_waits_for_yes(run):
    result = run("paint", "{a|b|c|d|e} {1..60} queen", "--every", "--out", "many")
    assert result.code == 2
    assert "300 portraits" in result.err
    assert "MB" in result.err
    assert "--yes" in result.err
    assert not Path("many").exists()


def test_an_unknown_wildcard_names_the_known_ones(run):
    result = run("paint", "a {@nonsense}")
    assert result.code == 2
    assert "nonsense" in result.err
    assert "profession" in result.err


def test_own_wildcards_come_from_the_home_folder(run, monkeypatch, tmp_path):
    monkeypatch.setenv("LIMNER_HOME", str(tmp_path))
    (tmp_path / "wildcards").mkdir()
    (tmp_path / "wildcards" / "mine.txt").write_text("# a comment\na sailor\n")
    result = run("paint", "{@mine}, smiling", "--dry-run", "--json")
    assert json.loads(result.lines[0])["reading"]["words"] == "a sailor, smiling"


def test_an_edited_reading_is_painted(run):
    shown = run("read", "a king, no beard", "--json")
    reading = json.loads(shown.out)
    reading["dials"]["smile"] = 0.9
    Path("king.json").write_text(json.dumps(reading))
    result = run("paint", "--reading", "king.json", "--seed", "1", "--json", "--out", "king")
    assert result.code == 0, result.err
    painted = json.loads(result.lines[0])
    assert painted["reading"]["dials"]["smile"] == 0.9
    assert painted["reading"]["words"] == "a king, no beard"
    assert painted["recipe"]["reading"]["text"]


def test_a_reading_that_is_none_says_so(run):
    Path("bad.json").write_text("[1]")
    assert "holds no reading" in run("paint", "--reading", "bad.json").err
    Path("bad.json").write_text("{")
    assert "is not JSON" in run("paint", "--reading", "bad.json").err
    shown = json.loads(run("read", "a king", "--json").out)
    shown["dials"]["smiel"] = 0.5
    Path("bad.json").write_text(json.dumps(shown))
    assert "smile" in run("paint", "--reading", "bad.json").err


def test_a_refused_brief_ends_with_its_own_code(run):
    for command in ("read", "paint"):
        result = run(command, "a naked woman")
        assert result.code == 3
        assert "refused" in result.err
    assert not Path("portraits").exists()
