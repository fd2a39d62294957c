import json
import shutil
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from studio_world import picture_file, work

from limner.core.dials import dial_table
from limner.core.errors import DialError, InputError
from limner.core.reading import Reading, Understood, pack_vector
from limner.studio.curation.colours import palette_of
from limner.studio.curation.conditions import kinds_of, portraits_in, rule_of
from limner.studio.curation.index import Index
from limner.studio.curation.looks import looks
from limner.studio.curation.marks import name_sitter, note, rate, star, tag
from limner.studio.curation.measuring import measure_missing, unmeasured
from limner.studio.curation.query import Condition, parse_query
from limner.studio.curation.search import Finder, search
from limner.studio.curation.sets import make_set
from limner.studio.curation.shelves import shelves
from limner.studio.store.acts import undo
from limner.studio.store.entries import add_traits
from limner.studio.store.store import Store
from limner.studio.store.trash import throw_away
from limner.studio.store.values import Origin, Traits, Work, pack_likeness

MOODS = {
    "a melancholic poet at twilight": ("melancholic", "mood", [1, 0, 0]),
    "a cheerful baker": ("cheerful", "mood", [0, 1, 0]),
    "a sorrowful queen": ("sorrowful", "mood", [0.95, 0, 0.1]),
    "an old sailor": ("old", "age", [0, 0, 1]),
}


def encode(words):
    """Three meanings: sad, glad, old."""
    found = np.array([any(w in words for w in group) for group in (("sad", "melanch"), ("glad", "cheer"), ("old",))])
    return found.astype(np.float32)


def painted(seed, words, *, likeness=(1, 0), dials=None, palette=(("#808080", 1.0),), **values):
    term, kind, vector = MOODS[words]
    recipe, data = picture_file(seed)
    reading = Reading(
        words=words,
        understood=(Understood(words=term, term=term, kind=kind),),
        text=pack_vector(np.array(vector, np.float32)),
    )
    vector = np.zeros(64, np.float32)
    vector[:2] = np.array(likeness) / np.linalg.norm(likeness)
    settings = dict.fromkeys(dial_table().names, 0.0) | (dials or {})
    traits = Traits(dials=settings, palette=palette, likeness=pack_likeness(vector))
    return Work(data=data, recipe=replace(recipe, reading=reading), traits=traits, **values)


@pytest.fixture
def people(store):
    poet, baker, queen, sailor = store.keep(
        [
            painted(1, "a melancholic poet at twilight", dials={"smile": -0.8}, palette=(("#1b2a41", 0.7),)),
            painted(2, "a cheerful baker", likeness=(0, 1), dials={"smile": 0.9}, palette=(("#e8c872", 0.6),)),
            painted(3, "a sorrowful queen", likeness=(1, 0.3), palette=(("#1d2c44", 0.02), ("#c02020", 0.9))),
            painted(4, "an old sailor", likeness=(0.5, 1), dials={"age": 0.8}),
        ]
    )
    origin = (Origin(parent=poet.id, kind="edited"),)
    (child,) = store.keep([painted(5, "a melancholic poet at twilight", origins=origin)])
    return {"poet": poet.id, "baker": baker.id, "queen": queen.id, "sailor": sailor.id, "child": child.id}


@pytest.fixture
def found(store, people):
    """Searches, and gives names."""
    finder = Finder(index=Index(store), encode=encode, meaning=lambda words: ["sorrowful"] if "grief" in words else [])
    names = {id: name for name, id in people.items()}

    def found(query="", **options):
        with store.read() as c:
            options = {k: [people[n] for n in v] if k in ("like", "unlike") else v for k, v in options.items()}
            return [
                names.get(f.kept.id, "?") for f in search(c, finder, parse_query(query, MOOD_KINDS), **options).page
            ]

    return found


MOOD_KINDS = ("mood", "age")


def test_without_a_query_the_newest_come_first(found):
    assert found() == ["child", "sailor", "queen", "baker", "poet"]
    assert found(order="oldest", limit=2) == ["poet", "baker"]
    assert found(limit=2, offset=3) == ["baker", "poet"]


def test_words_find_words_and_meanings(found):
    assert found("poet") == ["child", "poet"]
    assert found("sad") == ["child", "poet", "queen"]
    assert found("sad queen")[0] == "queen"
    assert found("old")[0] == "sailor"
    assert found("nonsense") == []
    assert found("grief") == ["queen"]
    assert "queen" not in found("sad -queen")


def test_tags_notes_and_names_are_words(store, people, found):
    with store.write() as w:
        tag(w, [people["baker"]], add=["north wall"])
        note(w, people["sailor"], "Hang beside the Window")
        name_sitter(w, people["queen"], "Griselda")
    assert found("north") == ["baker"]
    assert found("window") == ["sailor"]
    assert found("griselda") == ["queen"]


def test_conditions(store, people, found):
    with store.write() as w:
        rate(w, [people["poet"], people["queen"]], 5)
        rate(w, [people["baker"]], 2)
        star(w, [people["sailor"]])
        tag(w, [people["poet"], people["baker"]], add=["blue"])
        name_sitter(w, people["poet"], "Ada")
        make_set(w, "north wall", ids=[people["sailor"], people["baker"]])
    expected = {
        "rating:5": ["queen", "poet"],
        "rating>=2 rating<5": ["baker"],
        "rating:none": ["child", "sailor"],
        "-rating:none": ["queen", "baker", "poet"],
        "tag:blue": ["baker", "poet"],
        "tag:blue -rating:5": ["baker"],
        'set:"north wall"': ["sailor", "baker"],
        'set="north wall"': ["sailor", "baker"],
        "sitter:ada": ["child", "poet"],
        f"sitter:{people['baker'][:8]}": ["baker"],
        f"parent:{people['poet'][:8]}": ["child"],
        f"from:{people['poet'][:8]}": ["child"],
        "term:melancholic": ["child", "poet"],
        "mood:cheerful": ["baker"],
        "mood:old": [],
        "age:old": ["sailor"],
        "smile>0.5": ["baker"],
        "smile<=-0.8": ["poet"],
        "smile:0": ["child", "sailor", "queen"],
        "colour:#1b2a41": ["poet"],
        "color:#C01818": ["queen"],
        "is:starred": ["sailor"],
        "is:root": ["sailor", "queen", "baker", "poet"],
        "-is:root": ["child"],
        "is:handmade": [],
        "is:undecided is:measured made:2026-01": ["child", "sailor", "queen", "baker", "poet"],
        "made:2025": [],
        "made<2026-01-02": ["child", "sailor", "queen", "baker", "poet"],
        "made>2026-01-01": [],
        "engine:fake.test": ["child", "sailor", "queen", "baker", "poet"],
        f"id:{people['queen'][:8]}": ["queen"],
        "sad rating:5": ["poet", "queen"],
    }
    for query, names in expected.items():
        assert found(query) == names, query
    assert found(order="rating") == ["queen", "poet", "baker", "sailor", "child"]


@pytest.mark.parametrize(
    ("query", "error", "said"),
    [
        ("ratin:5", InputError, "ratin"),
        ("rating:7", InputError, "no rating"),
        ("is:lovely", InputError, "Known are"),
        ('tag:"blue', InputError, "quotation"),
        ("tag>blue", InputError, "compared"),
        ("smile>2", DialError, "outside"),
        ("smile>wide", DialError, "no setting"),
        ("colour:blue", InputError, "colour"),
        ("made:yesterday", InputError, "no time"),
        ("set:none", InputError, "no set"),
        ("sitter:nobody", InputError, "sitter"),
        ("parent:zz", InputError, "portrait"),
        ("tag:", InputError, "nothing|known"),
    ],
)
def test_queries_that_are_none(found, query, error, said):
    with pytest.raises(error, match=said):
        found(query)


def test_queries_can_be_written_out_and_read_back():
    text = 'melancholic poet -sailor tag:"north wall" -rating>=4 smile<0.5'
    query = parse_query(text)
    assert (query.words, query.avoid) == ("melancholic poet", "sailor")
    assert query.conditions[0] == Condition(name="tag", sign=":", value="north wall")
    assert parse_query(str(query)) == query
    assert parse_query('"twilight poet"').words == "twilight poet"


def test_more_like_these_not_like_those(found):
    assert found(like=["poet"])[:2] == ["child", "queen"]
    assert "poet" not in found(like=["poet"])
    assert found(like=["baker"])[0] == "sailor"
    assert found(like=["poet", "queen"], unlike=["baker", "sailor"]) == ["child"]
    assert found(unlike=["poet"])[0] == "baker"
    assert found("sailor", like=["baker"]) == ["sailor"]


def test_what_was_not_measured_resembles_nobody(store, people, found):
    (blank,) = store.keep([work(99)])
    assert "?" not in found(like=["poet"])
    index = Index(store)
    with store.read() as c, pytest.raises(InputError, match="not measured"):
        search(c, Finder(index=index), parse_query(""), like=[blank.id])


def test_the_trash_is_not_searched(store, people, found):
    assert found("poet") == ["child", "poet"]
    with store.write() as w:
        throw_away(w, [people["poet"]])
    assert found("poet") == ["child"]
    with store.write() as w:
        undo(w)
    assert found("poet") == ["child", "poet"]


# smart sets and shelves -------------------------------------------------------------------------


def test_smart_sets_hold_what_their_rule_finds(store, people):
    index = Index(store)
    with store.write() as w:
        sad = make_set(w, "sad", rule="mood:melancholic")
        both = make_set(w, "both", rule="set:sad -is:starred")
        star(w, [people["poet"]])
    with store.read() as c:
        assert portraits_in(c, index, sad) == [people["child"], people["poet"]]
        assert portraits_in(c, index, both) == [people["child"]]
        for rule in ("sad people", "", "rating:5 lovely"):
            with pytest.raises(InputError, match="plain words"):
                rule_of(c, rule)
    with store.write() as w:
        first = make_set(w, "first", rule="set:second")
        make_set(w, "second", rule="set:first")
    with store.read() as c, pytest.raises(InputError, match="asks for itself"):
        portraits_in(c, index, first)


def test_shelves_are_queries(store, people, found):
    with store.write() as w:
        rate(w, [people["poet"]], 4)
        tag(w, [people["baker"]], add=["north wall"])
        name_sitter(w, people["poet"], "Ada")
    with store.read() as c:
        for by in ("date", "month", "sitter", "rating", "engine", "tag", "parent", "mood", "age"):
            rows = shelves(c, by)
            assert rows, by
            for shelf in rows:
                assert len(found(shelf.query)) == shelf.size, shelf
        assert [(s.name, s.size) for s in shelves(c, "mood")] == [("melancholic", 2), ("cheerful", 1), ("sorrowful", 1)]
        assert shelves(c, "sitter")[0].name == "Ada"
        with pytest.raises(InputError, match="no shelves"):
            shelves(c, "nonsense")


# the index --------------------------------------------------------------------------------------


def files(store):
    return {f.name: f.read_bytes() for f in store.place.index.iterdir()}


def test_the_index_grows_with_the_studio_and_lasts(store, people, found):
    assert found("poet") == ["child", "poet"]
    before = files(store)
    head = json.loads(before["index.json"])
    assert (head["rows"], head["texts"]) == (5, 4)
    assert found("poet") == ["child", "poet"]
    assert files(store) == before
    store.keep([painted(9, "an old sailor")])
    assert found("sailor") == ["?", "sailor"]
    fresh = Index(store)
    with store.read() as c:
        fresh.refresh(c)
        assert len(fresh) == 6
    shutil.rmtree(store.place.index)
    with store.read() as c:
        again = Index(store)
        again.refresh(c)
        for name in ("numbers", "looks", "dials", "palettes", "text_of", "texts", "token_of", "token_text"):
            assert np.array_equal(getattr(again, name), getattr(fresh, name), equal_nan=True), name


def test_what_is_measured_later_is_found_by_its_look(store, people, found):
    (late,) = store.keep([work(50)])
    assert found("smile>0.85") == ["baker"]
    traits = painted(1, "an old sailor", likeness=(1, 0.01), dials={"smile": 0.99}).traits
    with store.write() as w:
        add_traits(w.c, {late.id: traits})
    assert found("smile>0.85") == ["?", "baker"]
    assert "?" in found(like=["poet"])[:3]


def test_a_slot_is_found_once_it_is_filled(store, people, new_place, clock, tmp_path):
    from limner.studio.store.export import export
    from limner.studio.store.importing import import_archive

    with store.write() as w:
        make_set(w, "one", ids=[people["child"]])
    part = export(store, tmp_path / "one.limner", set=list_sets(store)[0]).file
    whole = export(store, tmp_path / "all.limner").file
    with Store(new_place("other"), clock=clock) as other:
        finder = Finder(index=Index(other), encode=encode)
        import_archive(other, part)
        with other.read() as c:
            assert len(search(c, finder, parse_query("poet")).page) == 1
        import_archive(other, whole)
        with other.read() as c:
            assert len(search(c, finder, parse_query("poet")).page) == 2
            assert len(search(c, finder, parse_query("is:root")).page) == 4


def list_sets(store):
    from limner.studio.curation.sets import list_sets

    with store.read() as c:
        return [shelf.id for shelf in list_sets(c)]


def test_a_restored_database_is_indexed_anew(store, people, clock):
    from limner.studio.store.backup import back_up, restore

    index = Index(store)
    with store.write() as w:
        backup = back_up(store.place, w.c, w.at, "test")
    store.keep([painted(60, "a cheerful baker"), painted(61, "a cheerful baker")])
    with store.read() as c:
        index.refresh(c)
        assert len(index) == 7
    restore(store.database, backup)
    with Store(store.place, clock=clock) as again:
        again.keep([painted(70, "an old sailor"), painted(71, "an old sailor")])
        with again.read() as c:
            assert len(search(c, Finder(index=Index(again)), parse_query("baker")).page) == 1
            assert len(search(c, Finder(index=Index(again)), parse_query("sailor")).page) == 3


@pytest.mark.parametrize("harm", ["cut", "nonsense", "other"])
def test_a_damaged_index_is_made_again(store, people, found, harm):
    found()
    if harm == "cut":
        (store.place.index / "looks.rows").write_bytes(b"")
    elif harm == "nonsense":
        (store.place.index / "index.json").write_text("{")
    else:
        head = json.loads((store.place.index / "index.json").read_text())
        (store.place.index / "index.json").write_text(json.dumps(head | {"version": 0}))
    with store.read() as c:
        finder = Finder(index=Index(store), encode=encode)
        assert len(search(c, finder, parse_query("poet")).page) == 2


def test_while_another_process_writes_the_index_lives_in_memory(store, people):
    store.place.index.mkdir()
    (store.place.index / "lock").touch()
    index = Index(store)
    with store.read() as c:
        assert len(search(c, Finder(index=index), parse_query("poet")).page) == 2
    assert {f.name for f in store.place.index.iterdir()} == {"lock"}
    (store.place.index / "lock").unlink()
    store.keep([painted(80, "an old sailor")])
    with store.read() as c:
        assert len(search(c, Finder(index=index), parse_query("sailor")).page) == 2
        assert len(search(c, Finder(index=Index(store)), parse_query("sailor")).page) == 2


# measuring --------------------------------------------------------------------------------------


def test_colours_of_a_picture():
    picture = np.zeros((90, 90, 3), np.uint8)
    picture[:, :60] = (27, 42, 65)
    picture[:, 60:] = (200, 160, 40)
    (first, share), (second, rest) = palette_of(picture)[:2]
    assert (first, second) == ("#1b2a41", "#c8a028")
    assert (round(share, 2), round(rest, 2)) == (0.67, 0.33)
    assert palette_of(np.full((8, 8, 3), 77, np.uint8)) == (("#4d4d4d", 1.0),)


def test_what_was_not_measured_is_measured_once(store, people):
    (one, two) = store.keep([work(20), work(21)])
    assert unmeasured(store) == [two.id, one.id]
    seen = []

    def measure(picture):
        seen.append(picture.shape)
        return Traits(palette=palette_of(picture))

    assert measure_missing(store, measure) == 2
    assert measure_missing(store, measure) == 0
    assert seen == [(64, 64, 3)] * 2


def test_what_was_purged_is_no_longer_found(store, people, clock):
    finder = Finder(index=Index(store), encode=encode)
    with store.read() as c:
        before = search(c, finder, parse_query("")).total
    for gone in ("baker", "child"):
        with store.write() as w:
            throw_away(w, [people[gone]])
        store.empty_trash(older_than=timedelta(0))
        with store.read() as c:
            for index in (finder.index, Index(store)):
                found = search(c, Finder(index=index, encode=encode), parse_query("")).page
                assert people[gone] not in [one.kept.id for one in found]
                assert len(found) == before - 1
        before -= 1
    store.keep([work(900)])
    with store.read() as c:
        assert search(c, finder, parse_query("")).total == before + 1
        assert search(c, Finder(index=Index(store)), parse_query("")).total == before + 1


def test_what_was_measured_late_is_found_though_newer_portraits_were_measured_since(store):
    (early,) = store.keep([work(1)])
    index = Index(store)
    with store.read() as c:
        index.refresh(c)
    with store.write() as w:
        add_traits(w.c, {early.id: Traits(dials={"smile": 0.9}, palette=(("#101010", 1.0),))})
    store.keep([work(2, traits=Traits(dials={"smile": -0.9}, palette=(("#f0f0f0", 1.0),)))])
    with store.read() as c:
        for found in (index, Index(store)):
            page = search(c, Finder(index=found), parse_query("smile>0.5")).page
            assert [one.kept.id for one in page] == [early.id]


def test_plain_looks_are_found_as_moods_and_hours(store):
    recipe, data = picture_file(1)
    understood = (
        Understood(words="melancholic", term="melancholic", kind="look"),
        Understood(words="dusk", term="twilight", kind="look"),
        Understood(words="frontal", term="frontal", kind="look"),
    )
    reading = Reading(words="melancholic, frontal, dusk", understood=understood)
    (kept,) = store.keep([Work(data=data, recipe=replace(recipe, reading=reading))])
    finder = Finder(index=Index(store))
    with store.write() as w:
        sad = make_set(w, "sad", rule="mood:melancholic")
    with store.read() as c:
        for query, number in (("mood:melancholic", 1), ("hour:twilight", 1), ("mood:twilight", 0), ("light:dark", 0)):
            assert search(c, finder, parse_query(query, kinds_of(c))).total == number
        assert [(s.name, s.size) for s in shelves(c, "mood")] == [("melancholic", 1)]
        assert portraits_in(c, finder.index, sad) == [kept.id]


def test_the_looks_that_are_sorted_are_in_the_lexicon():
    from limner.language.lexicon import lexicon

    known = {term.word for term in lexicon().of_kind("look")}
    sorted_ones = [term for terms in looks().values() for term in terms]
    assert set(sorted_ones) <= known
    assert len(sorted_ones) == len(set(sorted_ones))
