import pytest
from studio_world import work

from limner.core.errors import InputError
from limner.studio.curation.marks import all_tags, many, mark, name_sitter, note, rate, star, tag
from limner.studio.curation.sets import (
    add_to_set,
    arrange_set,
    change_rule,
    describe_set,
    drop_set,
    find_set,
    list_sets,
    make_set,
    members_of,
    read_set,
    remove_from_set,
    rename_set,
    sets_of,
    take_back_set,
)
from limner.studio.store.portraits import fetch, tags_of
from limner.studio.store.trash import throw_away


@pytest.fixture
def ids(store):
    return [k.id for k in store.keep([work(seed) for seed in range(5)])]


def test_sets_keep_the_order_that_they_were_given(store, ids):
    with store.write() as w:
        wall = make_set(w, "  north   wall ", ids=[ids[2], ids[0], ids[2]])
        add_to_set(w, wall, [ids[0], ids[4], ids[1]])
        assert members_of(w.c, wall) == [ids[2], ids[0], ids[4], ids[1]]
        arrange_set(w, wall, [ids[1], ids[2]], at=1)
        assert members_of(w.c, wall) == [ids[0], ids[1], ids[2], ids[4]]
        arrange_set(w, wall, [ids[4]])
        remove_from_set(w, wall, [ids[0], ids[3]])
        assert members_of(w.c, wall) == [ids[4], ids[1], ids[2]]
        assert sets_of(w.c, ids[1]) == ["north wall"]
        assert (read_set(w.c, wall).name, read_set(w.c, wall).size) == ("north wall", 3)


def test_what_is_thrown_away_keeps_its_place(store, ids):
    from limner.studio.store.trash import take_back

    with store.write() as w:
        wall = make_set(w, "wall", ids=ids)
        throw_away(w, [ids[1]])
        assert members_of(w.c, wall) == [ids[0], *ids[2:]]
        take_back(w, [ids[1]])
        assert members_of(w.c, wall) == ids


def test_sets_are_found_by_name_and_by_id(store, ids):
    with store.write() as w:
        wall = make_set(w, "wall")
        assert find_set(w.c, "wall") == find_set(w.c, wall[:6]) == wall
        with pytest.raises(InputError, match="There are: 'wall'"):
            find_set(w.c, "floor")
        drop_set(w, wall)
        with pytest.raises(InputError, match="There are: none"):
            find_set(w.c, "wall")
        assert find_set(w.c, "wall", trashed=True) == wall
        make_set(w, "wall")
        take_back_set(w, wall)
        assert [s.name for s in list_sets(w.c)] == ["wall", "wall 2"]


def test_names_are_not_given_twice(store):
    with store.write() as w:
        wall = make_set(w, "wall")
        make_set(w, "floor")
        for name in ("wall", " wall "):
            with pytest.raises(InputError, match="already"):
                make_set(w, name)
        with pytest.raises(InputError, match="already"):
            rename_set(w, wall, "floor")
        assert rename_set(w, wall, "wall") is None
        rename_set(w, wall, "ceiling")
        describe_set(w, wall, "for the hall")
        assert read_set(w.c, wall).note == "for the hall"


def test_smart_sets_fill_themselves(store, ids):
    with store.write() as w:
        best = make_set(w, "best", rule="rating>=4")
        for act in (lambda: add_to_set(w, best, ids), lambda: make_set(w, "both", rule="rating:5", ids=ids)):
            with pytest.raises(InputError, match="smart"):
                act()
        change_rule(w, best, "rating:5")
        assert read_set(w.c, best).rule == "rating:5"
        with pytest.raises(InputError, match="not smart"):
            change_rule(w, make_set(w, "plain"), "rating:5")


def test_strangers_are_refused(store, ids):
    with store.write() as w:
        wall = make_set(w, "wall", ids=ids[:1])
        for act in (
            lambda: add_to_set(w, wall, ["ab" * 32]),
            lambda: arrange_set(w, wall, [ids[3]]),
            lambda: rate(w, ["ab" * 32], 3),
            lambda: read_set(w.c, "00" * 16),
            lambda: throw_away(w, ["ab" * 32]),
        ):
            with pytest.raises(InputError):
                act()


@pytest.mark.parametrize("name", ["", "   ", "x" * 201, "a\x00b", "a\x1bb", "\ud800"])
def test_names_that_are_none(store, name):
    with store.write() as w, pytest.raises(InputError):
        make_set(w, name)


def test_marks(store, ids):
    with store.write() as w:
        rate(w, ids[:2], 5)
        star(w, ids[1:3])
        mark(w, ids[:1], "kill")
        note(w, ids[0], " her best side \n")
        tag(w, ids[:3], add=["Blue", "north  wall"])
        tag(w, ids[:1], add=["gold"], remove=["blue", "none"])
        name_sitter(w, ids[0][:12], "Ada \u00c9lise")
        first = fetch(w.c, ids)[0]
        assert (first.rating, first.star, first.mark, first.note) == (5, False, "kill", "her best side")
        assert tags_of(w.c, ids[:2]) == {ids[0]: ["gold", "north wall"], ids[1]: ["blue", "north wall"]}
        assert all_tags(w.c) == {"north wall": 3, "blue": 2, "gold": 1}
        assert many(ids) == "5 portraits"
        for act in (
            lambda: rate(w, ids, 6),
            lambda: rate(w, ids, 0),
            lambda: mark(w, ids, "maybe"),
            lambda: tag(w, ids, add=["a,b"]),
            lambda: tag(w, ids, add=[" "]),
            lambda: tag(w, ids, add=["-x"]),
            lambda: tag(w, ids, add=["a"], remove=["A"]),
            lambda: note(w, ids[0], "x" * 20_001),
            lambda: name_sitter(w, "0000", "x"),
        ):
            with pytest.raises(InputError):
                act()
