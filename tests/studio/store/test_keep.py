import dataclasses

import pytest
from studio_world import picture_file, work

from limner.core.errors import InputError, PictureError
from limner.provenance.disclosure import encode_file, read_disclosure, read_recipe
from limner.studio.store.acts import history
from limner.studio.store.label import PictureFile
from limner.studio.store.portraits import count, fetch, find, latest, origins_of, traits_of
from limner.studio.store.recipes import recipe_texts
from limner.studio.store.values import Origin, Traits, Work


def test_a_portrait_is_on_disk_and_says_what_it_is(store):
    (kept,) = store.keep([work(1)])
    file = store.file_of(kept)
    data = file.read_bytes()
    assert file.name == f"{kept.picture}.png"
    assert read_recipe(data).id == kept.recipe
    assert read_disclosure(data)["Iptc4xmpExt:DigitalSourceType"].endswith("trainedAlgorithmicMedia")
    assert (kept.words, kept.format, kept.width, kept.rating, kept.star) == (
        "a poet of 1 moods",
        "png",
        64,
        None,
        False,
    )
    assert kept.sitter == kept.id


@pytest.mark.parametrize("format", ["png", "jpeg", "webp"])
def test_labels_go_into_every_format_without_touching_pixels(store, format):
    from limner.core.picture import read_picture

    given = work(5, format, reason='<why> & "wherefore"', edit="smile \u2192 0.4")
    (kept,) = store.keep([given])
    data = store.picture_of(kept)
    assert (read_picture(data) == read_picture(given.data)).all()
    assert kept.id in PictureFile(data).said["portrait"]
    assert read_recipe(data).id == given.recipe.id
    assert kept.reason == given.reason


def test_keeping_twice_is_harmless(store):
    first = store.keep([work(1), work(2)])
    again = store.keep([work(2), work(1)])
    assert [k.id for k in again] == [first[1].id, first[0].id]
    with store.read() as c:
        assert count(c) == 2
        assert len(history(c)) == 1


def test_the_same_recipe_with_other_parents_is_another_portrait(store):
    one, two = store.keep([work(1), work(2)])
    (child,) = store.keep([work(1, origins=(Origin(parent=two.id, kind="varied"),))])
    assert child.id != one.id
    assert child.recipe == one.recipe


def test_a_child_shows_its_parents_sitter_where_the_link_says_so(store):
    (parent,) = store.keep([work(1)])
    made = {
        kind: store.keep([work(k, origins=(Origin(parent=parent.id, kind=kind),))])[0]
        for k, kind in enumerate(["edited", "aged", "repainted", "altered", "varied", "bred"], 2)
    }
    assert {kind for kind, kept in made.items() if kept.sitter == parent.sitter} == {
        "edited", "aged", "repainted", "altered",
    }  # fmt: skip


def test_a_family_can_be_kept_at_once(store):
    from limner.studio.store.entry import portrait_id

    father, mother = work(1), work(2)
    ids = [portrait_id(w.recipe.id, "", ()) for w in (father, mother)]
    origins = tuple(Origin(parent=id, kind="bred", share=share) for id, share in zip(ids, (0.7, 0.3), strict=True))
    kept = store.keep([father, mother, work(3, origins=origins)])
    assert [k.id for k in kept[:2]] == ids
    with store.read() as c:
        assert origins_of(c, [kept[2].id]) == {kept[2].id: origins}


def test_an_unknown_parent_keeps_nothing(store):
    with pytest.raises(InputError, match="not in this studio"):
        store.keep([work(1), work(2, origins=(Origin(parent="ab" * 32, kind="bred"),))])
    with store.read() as c:
        assert count(c) == 0
    assert list(store.pictures.listing()) == []
    assert store.pictures.intents() == {}


def test_work_without_recipe_is_known_by_its_pixels(store):
    _, data = picture_file(3)
    (parent,) = store.keep([work(3)])
    origins = (Origin(parent=parent.id, kind="altered"),)
    (mine,) = store.keep([Work(data=data, origins=origins, reason="more light on the brow")])
    assert mine.recipe is None
    assert mine.sitter == parent.sitter
    assert store.keep([Work(data=data, origins=origins)])[0].id == mine.id


def test_traits_are_remembered(store):
    traits = Traits(dials={"smile": 0.25}, palette=(("#102030", 0.6), ("#ffffff", 0.4)), likeness=b"\x00<\x00\xbc")
    (kept,) = store.keep([work(1, traits=traits)])
    with store.read() as c:
        assert traits_of(c, [kept.id]) == {kept.id: traits}


def test_recipes_come_back_letter_for_letter(store):
    works = [work(seed) for seed in range(5)]
    kept = store.keep(works)
    with store.read() as c:
        texts = recipe_texts(c, [k.recipe for k in kept])
    assert [texts[k.recipe] for k in kept] == [w.recipe.canonical().decode() for w in works]


def test_odd_briefs_come_back(store):
    recipe, data = picture_file(1)
    reading = dataclasses.replace(recipe.reading, words='<b>&amp; "\u2028 \x0b\x01 \U0001f3a8 ]]> \r\n')
    odd = dataclasses.replace(recipe, reading=reading)
    (kept,) = store.keep([Work(data=data, recipe=odd)])
    assert kept.words == reading.words
    assert PictureFile(store.picture_of(kept)).said["recipeId"] == odd.id


def test_ids_are_found_by_their_beginning(store):
    kept = store.keep([work(seed) for seed in range(40)])
    with store.read() as c:
        assert find(c, kept[7].id[:10].upper()) == kept[7].id
        for text, said in (("abc", "at least 4"), ("wxyz", "at least 4"), ("0000000", "no portrait"), ("", "at least")):
            with pytest.raises(InputError, match=said):
                find(c, text)
        assert [k.id for k in fetch(c, [k.id for k in reversed(kept)])] == [k.id for k in reversed(kept)]
        assert [k.id for k in latest(c, limit=3)] == [k.id for k in kept[:-4:-1]]
        assert [k.id for k in latest(c, limit=2, before=kept[5].number)] == [kept[4].id, kept[3].id]


def test_an_ambiguous_beginning_lists_candidates(store, monkeypatch):
    from limner.studio.store import portraits

    monkeypatch.setattr(portraits, "MIN_PREFIX", 1)
    kept = store.keep([work(seed) for seed in range(40)])
    digit = max("0123456789abcdef", key=lambda d: sum(k.id.startswith(d) for k in kept))
    with store.read() as c, pytest.raises(InputError, match="may be any of"):
        find(c, digit)


@pytest.mark.parametrize("data", [b"", b"no picture", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"RIFF\0\0\0\0WEBP"])
def test_what_is_no_picture_is_refused(store, data):
    with pytest.raises(PictureError):
        store.keep([Work(data=data)])
    recipe, _ = picture_file(1)
    with pytest.raises(PictureError):
        store.keep([Work(data=data, recipe=recipe)])


def test_a_cut_off_file_is_refused(store):
    for format in ("png", "webp"):
        recipe, data = picture_file(1, format)
        with pytest.raises(PictureError):
            store.keep([Work(data=data[: len(data) // 2], recipe=recipe)])


def test_a_jpeg_without_room_gets_its_label_beside_it(store):
    recipe, data = picture_file(2, "jpeg")
    (kept,) = store.keep([Work(data=data, recipe=recipe, reason="long " * 15_000)])
    file = store.file_of(kept)
    assert file.read_bytes() == data
    assert file.with_name(file.name + ".json").is_file()


def test_a_signed_file_stays_byte_for_byte(store):
    import struct
    import zlib

    recipe, data = picture_file(2)
    chunk = b"caBXsigned"
    signed = data[:33] + struct.pack(">I", 6) + chunk + struct.pack(">I", zlib.crc32(chunk)) + data[33:]
    (kept,) = store.keep([Work(data=signed, recipe=recipe)])
    assert store.picture_of(kept) == signed


def test_pictures_without_xmp_get_it(store):
    from limner.core.picture import read_picture

    recipe, data = picture_file(3)
    for k, format in enumerate(("png", "jpeg", "webp")):
        bare = encode_file(read_picture(data), None, format)
        mine = dataclasses.replace(recipe, seed=100 + k)
        (kept,) = store.keep([Work(data=bare, recipe=mine)])
        assert read_recipe(store.picture_of(kept)).id == mine.id
