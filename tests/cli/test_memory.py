"""The commands on the studio's memory, run as people run them."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from limner.core.picture import read_picture
from limner.core.settings import Settings
from limner.provenance.disclosure import encode_file
from limner.studio.store.place import place_of
from limner.studio.store.store import Store
from limner.studio.store.values import Origin, Work
from limner.studio.studio import Studio
from limner.testing.engine import FakeEngine


@pytest.fixture
def ids():
    """A studio of six: a poet, two edits of it, a king, a child of both, a stranger."""
    with Studio(engine=FakeEngine()) as studio, Store(place_of(Settings())) as store:
        poet, king, stranger = (
            studio.paint(words, seed=seed)[0] for words, seed in (("a poet", 1), ("an old king", 2), ("a sailor", 3))
        )

        def keep(portrait, *origins):
            return store.keep([Work(data=portrait.to_bytes(), recipe=portrait.recipe, origins=origins)])[0].id

        first = keep(poet)
        sad = keep(studio.paint("a poet", seed=1, dials={"smile": -0.6})[0], Origin(parent=first, kind="edited"))
        glad = keep(studio.paint("a poet", seed=1, dials={"smile": 0.6})[0], Origin(parent=first, kind="edited"))
        other = keep(king)
        both = (Origin(parent=sad, kind="bred", share=0.5), Origin(parent=other, kind="bred", share=0.5))
        child = keep(studio.paint("a prince", seed=4)[0], *both)
        return {"poet": first, "sad": sad, "glad": glad, "king": other, "child": child, "sailor": keep(stranger)}


@pytest.fixture
def fake(monkeypatch):
    """Commands paint with an engine that is quick."""
    monkeypatch.setattr("limner.studio.studio.open_engine", lambda _settings: FakeEngine())


def objects(result):
    assert result.code == 0, result.err
    return [json.loads(line) for line in result.lines]


def first_words(result):
    assert result.code == 0, result.err
    return [line.split()[0] for line in result.lines if line.strip()]


def short(ids, *names):
    return [ids[name][:12] for name in names]


# the studio -------------------------------------------------------------------------------------


def test_the_studio_says_what_it_holds(run, ids):
    (told,) = objects(run("studio", "--json"))
    assert (told["portraits"], told["in the trash"], told["empty slots"]) == (6, 0, 0)
    assert "portraits" in run("studio").out
    run("studio", "rename", "Atelier")
    assert "Atelier" in run("studio").out


def test_check_ends_with_nought_only_when_all_is_well(run, ids):
    assert run("studio", "check").code == 0
    file = Path(objects(run("open", ids["poet"], "--json"))[0]["file"])
    data = file.read_bytes()
    file.unlink()
    result = run("studio", "check", "--json")
    assert result.code == 5
    assert json.loads(result.lines[0])["kind"] == "missing"
    assert "1 fault" in result.err
    file.write_bytes(data + b" ")
    assert run("studio", "check", "--quick").code == 5
    file.write_bytes(data)
    assert run("studio", "check").code == 0


def test_a_lost_database_is_rebuilt(run, ids):
    run("rate", "5", ids["poet"])
    assert Path(run("studio", "backup").out.strip()).is_file()
    for file in place_of(Settings()).folder.glob("studio.db*"):
        file.unlink()
    (told,) = objects(run("studio", "reindex", "--json"))
    assert (told["portraits"], told["added"]) == (6, 6)
    assert told["curation"].endswith("by-hand.db")
    assert first_words(run("search", "rating:5")) == short(ids, "poet")
    assert "6 pictures read, 0 portraits added" in run("studio", "reindex").out


def test_backups_are_listed_and_restored(run, ids):
    backup = run("studio", "backup").out.strip()
    run("rate", "1", ids["king"])
    assert backup in run("studio", "backup", "--list").lines
    assert run("studio", "restore", backup).code == 0
    assert first_words(run("search", "rating:1")) == []
    assert run("studio", "restore", "none.db").code == 2


def test_a_set_travels_as_one_file(run, ids, monkeypatch, tmp_path_factory):
    run("sets", "new", "heirs", ids["child"])
    run("sets", "new", "smart", "--rule", f"from:{ids['poet']}")
    assert run("studio", "export", "heirs", "--set", "heirs").lines == ["heirs.limner"]
    assert run("studio", "export", "smart.limner", "--set", "smart").code == 0
    run("studio", "export", "all.limner")
    monkeypatch.setenv("LIMNER_HOME", str(tmp_path_factory.mktemp("other")))
    (told,) = objects(run("studio", "import", "heirs.limner", "--json"))
    assert (told["portraits"], told["slots"], told["sets"]) == (1, 3, ["heirs"])
    assert told["missing_engines"] == ["fake.test"]
    assert "not installed: the engine fake.test" in run("studio", "import", "smart.limner").out
    assert "were here" in run("studio", "import", "all.limner").out
    assert objects(run("studio", "--json"))[0]["portraits"] == 6
    assert run("studio", "check").code == 0
    assert run("studio", "import", "none.limner").code == 2


# finding and curating ---------------------------------------------------------------------------


def test_search(run, ids):
    assert first_words(run("search")) == short(ids, "sailor", "child", "king", "glad", "sad", "poet")
    assert first_words(run("search", "--order", "oldest", "--limit", "2", "--page", "2")) == short(ids, "glad", "king")
    assert first_words(run("search", "sailor"))[:1] == short(ids, "sailor")
    assert run("search", f"parent:{ids['poet'][:8]}", "--ids").lines == [ids["glad"], ids["sad"]]
    (one,) = objects(run("search", f"id:{ids['king'][:10]}", "--json"))
    assert one["words"] == "an old king"
    assert read_picture(Path(one["file"]).read_bytes()).shape == (64, 64, 3)
    result = run("search", "nothing:here")
    assert result.code == 2
    assert "nothing" in result.err


def test_rating_starring_tagging_noting(run, ids):
    run("rate", "4", ids["poet"][:8], ids["king"][:8])
    run("star", ids["poet"])
    run("tag", ids["poet"], ids["sailor"], "--add", "blue", "--add", "North  Wall")
    run("note", ids["poet"], "her best side")
    assert first_words(run("search", "rating>=4")) == short(ids, "king", "poet")
    assert first_words(run("search", "is:starred")) == short(ids, "poet")
    assert run("tag").lines == ["     2  blue", "     2  north wall"]
    assert run("tag", ids["poet"]).lines == [f"{ids['poet'][:12]}  blue, north wall"]
    assert run("note", ids["poet"]).out.strip() == "her best side"
    run("tag", ids["poet"], "--remove", "blue")
    run("rate", "0", ids["poet"])
    run("star", ids["poet"], "--off")
    told = objects(run("open", ids["poet"], "--json"))[0]
    assert (told["rating"], told["star"], told["tags"]) == (None, False, ["north wall"])
    assert objects(run("tag", "--json"))[1] == {"tag": "blue", "portraits": 1}
    assert run("rate", "6", ids["poet"]).code == 2
    assert run("tag", "--add", "x").code == 2


def test_portraits_can_be_named_by_their_files(run, ids):
    run("open", ids["poet"], "--out", "mine.png")
    run("rate", "3", "mine.png")
    assert first_words(run("search", "rating:3")) == short(ids, "poet")
    bare = encode_file(read_picture(Path("mine.png").read_bytes()), None)
    Path("bare.png").write_bytes(bare)
    assert run("rate", "3", "bare.png").code == 2


def test_sets(run, ids):
    run("sets", "new", "wall", ids["poet"], ids["king"], "--note", "for the hall")
    run("sets", "add", "wall", ids["sailor"])
    run("sets", "arrange", "wall", ids["sailor"], "--at", "2")
    assert first_words(run("sets", "show", "wall")) == short(ids, "poet", "sailor", "king")
    run("sets", "remove", "wall", ids["king"])
    run("sets", "edit", "wall", "--name", "hall", "--note", "")
    run("sets", "new", "kings", "--rule", "term:king")
    run("rate", "5", ids["glad"])
    run("sets", "edit", "kings", "--rule", "rating:5")
    assert first_words(run("sets", "show", "kings")) == short(ids, "glad")
    told = {one["name"]: one["size"] for one in objects(run("sets", "--json"))}
    assert told == {"hall": 2, "kings": 1}
    run("sets", "drop", "hall")
    assert "kings" in run("sets").out
    assert "hall" not in run("sets").out
    assert "hall" in run("trash").out
    run("sets", "back", "hall")
    assert "hall" in run("sets").out
    assert run("sets", "new", "bad", "--rule", "plain words").code == 2
    assert objects(run("sets", "shelves", "rating", "--json"))[0]["name"] == "\u2605" * 5
    assert "limner search" in run("sets", "shelves", "month").out


def test_trash_undo_redo(run, ids):
    run("trash", "put", ids["poet"], ids["king"])
    assert len(run("trash").lines) == 2
    run("trash", "back", ids["king"])
    assert len(objects(run("trash", "--json"))) == 1
    assert "Undone: took back 1 portrait" in run("undo").err
    assert "Undone: threw away 2 portraits" in run("undo").err
    assert run("trash").lines == []
    run("redo", "2")
    assert len(run("trash").lines) == 1
    run("rate", "2", ids["glad"])
    listed = objects(run("undo", "--list", "--json"))
    assert [one["kind"] for one in listed[:3]] == ["rate", "restore", "trash"]
    run("undo", "--act", str(listed[0]["number"]))
    run("undo", "--redo")
    assert "rated 1 portrait 2" in run("undo", "--list").out
    (gone,) = objects(run("trash", "empty", "--older-than", "0", "--yes", "--json"))
    assert gone["portraits"] == 1
    assert gone["bytes"] > 0
    assert run("studio", "check").code == 0
    assert run("undo", "99").code == 2


def test_culling_reads_verdicts_from_a_pipe(run, ids, monkeypatch):
    import io

    run("sets", "new", "best")
    monkeypatch.setattr(sys, "stdin", io.StringIO("k\nx\nu\nk\ns\n"))
    told = objects(run("cull", ids["poet"], ids["sad"], ids["glad"], "--json"))
    assert [one["verdict"] for one in told] == ["keep", "kill", "back", "keep", "skip"]
    assert first_words(run("search", "is:keep")) == short(ids, "sad", "poet")
    monkeypatch.setattr(sys, "stdin", io.StringIO("x\n"))
    assert run("cull", "--query", "term:sailor sailor", "--finish").code == 0
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    run("cull", "--query", "is:keep", "--again", "--into", "best", "--finish")
    assert first_words(run("sets", "show", "best")) == short(ids, "poet", "sad")
    assert run("cull").code == 2


def test_open_shows_prints_and_copies(run, ids, monkeypatch):
    launched = []
    monkeypatch.setattr("click.launch", launched.append)
    assert run("open", ids["child"][:8]).lines == launched
    shown = run("open", ids["child"], "--print").out
    assert f"bred from {ids['sad'][:12]}; bred from {ids['king'][:12]}" in shown
    told = objects(run("open", ids["child"], "--json"))[0]
    assert [origin["share"] for origin in told["origins"]] == [0.5, 0.5]
    result = run("open", "0000")
    assert result.code == 2
    assert "no portrait" in result.err


def test_sitters_are_named(run, ids):
    assert "Griselda" not in run("sitters").out
    run("sitters", "name", ids["poet"][:8], "Griselda")
    assert objects(run("sitters", "--json"))[0] == {
        "name": "Griselda", "query": f"sitter:{ids['poet'][:16]}", "size": 3,
    }  # fmt: skip
    assert len(first_words(run("search", "sitter:griselda"))) == 3


# lineage ----------------------------------------------------------------------------------------


def test_relatives_and_trees(run, ids):
    assert first_words(run("lineage", "kin", ids["child"], "parents")) == short(ids, "sad", "king")
    assert first_words(run("lineage", "kin", ids["sad"], "siblings")) == short(ids, "glad")
    assert [o["id"] for o in objects(run("lineage", "kin", ids["poet"], "descendants", "--json"))] == [
        ids["sad"], ids["glad"], ids["child"],
    ]  # fmt: skip
    shown = run("lineage", "show", ids["poet"]).lines
    assert shown[0].startswith(f"> {ids['poet'][:12]}")
    assert shown[1].startswith(f"    {ids['sad'][:12]}")
    assert "smile" in shown[1]
    assert shown[2].startswith(f"        {ids['child'][:12]}")
    (told,) = objects(run("lineage", "show", ids["child"], "--json"))
    assert len(told["links"]) == 3


def test_differences_in_words(run, ids):
    assert any("broad smile" in line for line in run("lineage", "diff", ids["sad"], ids["glad"]).lines)
    assert objects(run("lineage", "diff", ids["poet"], ids["king"], "--json"))[0]["field"] == "words"
    assert "same" in run("lineage", "diff", ids["poet"], ids["poet"]).err


@pytest.mark.parametrize("ending", ["svg", "png", "json"])
def test_the_tree_is_drawn(run, ids, ending):
    run("sets", "new", "wall", ids["poet"], ids["sad"])
    for arguments in ([ids["child"]], [ids["poet"], ids["sad"]], ["--set", "wall"], []):
        result = run("lineage", "export", *arguments, "--out", f"tree.{ending}", "--title", "Kin")
        assert result.lines == [f"tree.{ending}"], result.err
    data = Path(f"tree.{ending}").read_bytes()
    assert {"svg": b"<svg", "png": b"\x89PNG", "json": b"links"}[ending] in data
    assert run("lineage", "export", "--out", "tree.gif").code == 2


def test_pruning(run, ids):
    run("star", ids["child"])
    assert first_words(run("lineage", "prune", ids["poet"], "--dry-run")) == short(ids, "glad")
    assert "Pruned 1 portrait" in run("lineage", "prune", ids["poet"]).err
    run("undo")
    run("lineage", "prune", ids["poet"], "--all", "--whole")
    assert len(run("trash").lines) == 4


def test_replaying_a_branch(run, ids, fake):
    dry = run("lineage", "replay", ids["poet"], "--add", "at dusk", "--dry-run").lines
    assert len(dry) == 4
    assert all("at dusk" in line for line in dry)
    planned = objects(run("lineage", "replay", ids["poet"], "--add", "at dusk", "--run", "--json", "--reseed", "5"))
    assert {one["id"] for one in planned} == set(run("search", "--limit", "4", "--ids").lines)
    kin = first_words(run("lineage", "kin", planned[0]["id"], "descendants"))
    assert len(kin) == 3
    assert "limner jobs run" in run("lineage", "replay", ids["king"], "--dial", "age=0.9", "--current").err
    assert run("lineage", "replay", ids["king"]).code == 2


# jobs and grids ---------------------------------------------------------------------------------


def test_jobs(run, fake):
    run("sets", "new", "wall")
    one = run("jobs", "add", "a poet", "-n", "3", "--seed", "1", "--set", "wall", "--tag", "study").out.strip()
    two = run("jobs", "add", "a king", "--front", "--dial", "smile=0.5").out.strip()
    assert [o["id"] for o in objects(run("jobs", "--json"))] == [two, one]
    run("jobs", "back", two)
    run("jobs", "pause", two)
    run("jobs", "pause", "--all")
    assert "paused" in run("jobs").err
    assert "0 portraits kept" in run("jobs", "run").err
    run("jobs", "resume", "--all")
    events = objects(run("jobs", "run", "--json", "--format", "webp", "--no-measure"))
    assert [event["kind"] for event in events] == ["started", "kept", "done"]
    assert len(first_words(run("sets", "show", "wall"))) == 3
    assert len(run("search", "tag:study").lines) == 3
    assert "paused" in run("jobs", "show", two).out
    run("jobs", "cancel", two)
    run("jobs", "retry", two)
    run("jobs", "front", two)
    assert "1 portraits kept" in run("jobs", "run").err
    told = objects(run("jobs", "show", one, "--json"))[0]
    assert [portrait["state"] for portrait in told["portraits"]] == ["done"] * 3
    assert {event["kind"] for event in objects(run("jobs", "events"))} >= {"queued", "moved", "cancelled", "retried"}
    assert "2 jobs forgotten" in run("jobs", "prune").err
    assert run("jobs", "pause").code == 2
    assert run("jobs", "show", "0000").code == 2


def test_grids(run, fake):
    axes = ["--x", "smile=-0.5,0.5", "--y", "add=at dawn || at dusk", "--per-cell", "2"]
    (cost,) = objects(run("grid", "new", "a poet", *axes, "--dry-run", "--json"))
    assert (cost["cells"], cost["portraits"], cost["seconds"]) == (4, 8, None)
    assert "4 cells, 8 portraits" in run("grid", "new", "a poet", *axes, "--dry-run").out
    result = run("grid", "new", "a poet", *axes, "--skip", "smile=0.5,add=at dusk", "--run", "--out", "poets.html")
    assert result.lines == ["poets.html"], result.err
    assert "3 cells, 6 portraits" in result.err
    assert b"data:image/webp" in Path("poets.html").read_bytes()
    assert "smile 2 x add 2; 6 portraits" in run("grid").out
    waiting = run("grid", "new", "a king", "--x", "seed=1,2", "--z", "age=0.5", "--name", "kings").out.strip()
    assert "complete" in run("grid", "go-on", "a poet").err
    assert run("grid", "go-on", "kings", "--run").code == 0
    assert "about" in run("grid", "new", "a queen", "--x", "seed=1,2", "--dry-run").out
    assert run("grid", "page", waiting[:8], "--out", "kings.html").lines == ["kings.html"]
    run("grid", "drop", "kings")
    assert len(objects(run("grid", "--json"))) == 1
    assert run("grid", "new", "a poet", "--x", "smil=1").code == 2
    assert run("grid", "new", "a poet", "--x", "seed=1", "--skip", "nonsense").code == 2


# the shell --------------------------------------------------------------------------------------


def test_the_shell_completes_ids_sets_and_tags(run, ids):
    run("sets", "new", "north wall")
    run("tag", ids["poet"], "--add", "blue")

    def completed(*words):
        typed = {"COMP_WORDS": " ".join(("limner", *words)), "COMP_CWORD": str(len(words))}
        environ = os.environ | {"_LIMNER_COMPLETE": "bash_complete"} | typed
        code = "import sys; sys.argv = ['limner']; from limner.cli.main import main; main()"
        done = subprocess.run([sys.executable, "-c", code], env=environ, capture_output=True, text=True, check=False)
        return [line.partition(",")[2] for line in done.stdout.splitlines()]

    assert completed("open", ids["poet"][:3])[0] == ids["poet"][:12]
    assert completed("sets", "show", "north") == ["north wall"]
    assert completed("tag", ids["poet"], "--add", "bl") == ["blue"]
    assert "lineage" in completed("lin")
    for shell in ("bash", "zsh", "fish"):
        assert "_LIMNER_COMPLETE" in run("completion", shell).out


def test_a_studio_that_is_not_there_yet(run):
    assert run("search").lines == []
    assert run("undo").code == 2
    assert objects(run("studio", "--json"))[0]["portraits"] == 0


def test_a_studio_of_a_newer_limner(run, ids):
    import sqlite3
    from contextlib import closing

    with closing(sqlite3.connect(place_of(Settings()).sqlite)) as c:
        c.execute("UPDATE alembic_version SET version_num = '9999_future'")
        c.commit()
    result = run("search")
    assert result.code == 5
    assert "newer Limner" in result.err


@pytest.mark.parametrize(
    ("command", "field"),
    [
        ("rate 4 POET", "summary"),
        ("star POET", "summary"),
        ("note POET good", "summary"),
        ("note POET", "note"),
        ("tag POET --add blue", "summary"),
        ("tag POET", "tags"),
        ("trash put SAILOR", "summary"),
        ("trash back SAILOR", "changed"),
        ("trash empty --yes", "portraits"),
        ("sets new wall POET KING", "id"),
        ("sitters name POET Ada", "summary"),
        ("undo", "state"),
        ("redo", "state"),
        ("undo --list", "summary"),
        ("lineage prune POET --dry-run", "spared"),
        ("jobs add nobody -n 2", "id"),
        ("jobs prune", "forgotten"),
        ("studio", "folder"),
        ("studio backup", "file"),
        ("studio rename yard", "name"),
        ("search --limit 1", "score"),
        ("open POET", "origins"),
    ],
)
def test_every_command_speaks_json(run, ids, fake, command, field):
    run("rate", "5", *short(ids, "king"))
    if command == "redo":
        run("undo")
    words = [short(ids, word.lower())[0] if word in ("POET", "KING", "SAILOR") else word for word in command.split()]
    (found, *_) = objects(run(*words, "--json"))
    assert field in found


def test_what_was_done_is_said_only_once_it_is_on_disk(run, ids, monkeypatch):
    from sqlalchemy import event

    from limner.core.errors import StorageError
    from limner.studio.curation import marks

    rate = marks.rate

    def full(_connection):
        raise StorageError("the disk is full")

    def then_full(w, *given):
        event.listen(w.c.engine, "commit", full)
        return rate(w, *given)

    monkeypatch.setattr(marks, "rate", then_full)
    result = run("rate", "5", *short(ids, "poet"))
    assert (result.code, "Rated" in result.err) == (5, False)


def test_ids_stand_for_files(run, ids, fake):
    (poet,) = short(ids, "poet")
    (told,) = objects(run("open", poet, "--json"))
    by_id, by_file = run("recipe", poet), run("recipe", told["file"])
    assert by_id.code == 0
    assert by_id.out == by_file.out
    assert run("sheet", poet, *short(ids, "king"), "--out", "two.png").lines == ["two.png"]
    assert run("recipe", "0000").code == 2
    assert "no file" in run("recipe", "0000").err
