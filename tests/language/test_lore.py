"""Worlds, families, names and phrases agree with the lexicon."""

import pytest

from limner.language.encoder import TextEncoder, shipped_weights
from limner.language.lexicon import lexicon
from limner.language.policy import policy
from limner.language.reading import Reader
from limner.language.writing.chance import Chance
from limner.language.writing.lore import lore
from limner.language.writing.names import cultures, draw_name, draw_place
from limner.language.writing.phrasing import phrase, thing, worn


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader(lexicon(), TextEncoder.read(shipped_weights() / "text.npz"))


def _kind(word: str) -> str:
    return lexicon().find(word).kind if lexicon().knows(word) else ""


def test_what_worlds_name_is_in_the_lexicon():
    for world in lore().worlds.values():
        assert all(_kind(w) == "era" for w in world.eras), world.name
        assert all(_kind(w) == "movement" for w in world.movements), world.name
        assert all(_kind(w) == "garment" for w in world.garments), world.name
        assert set(world.cultures) <= set(cultures()), world.name


def test_every_era_belongs_to_one_world_at_most():
    eras = [e for world in lore().worlds.values() for e in world.eras]
    assert len(eras) == len(set(eras))


def test_trades_stand_in_one_family_each():
    known = lore()
    trades = [t for f in known.families.values() for t in f.trades]
    assert len(trades) == len(set(trades))
    assert all(_kind(t) == "profession" for t in trades)
    assert all(_kind(t) == "profession" for t in known.called.values())
    placed = sum(t.word in known.family_by_trade for t in lexicon().of_kind("profession"))
    assert placed >= 0.97 * len(lexicon().of_kind("profession"))


def test_families_have_something_to_tell():
    for family in lore().families.values():
        for lines in (family.did, family.could, family.kept):
            assert len(set(lines)) == len(lines) >= 5, family.name


def test_what_is_drawn_is_in_the_lexicon():
    drawn = lore().drawn
    for words, kind in (
        ((*drawn.hair, *drawn.hair_old, *drawn.hair_child, *drawn.hair_men), "hairstyle"),
        (tuple(w for ws in drawn.hair_by_world.values() for w in ws), "hairstyle"),
        ((*drawn.features, *drawn.features_old, *drawn.features_child), "feature"),
        ((*drawn.garments_child, *drawn.garments_man, *drawn.garments_woman), "garment"),
        (drawn.symbols, "symbol"),
        (tuple(drawn.qualities_child), "quality"),
        (tuple(w for ws in drawn.beings.values() for w in ws), "being"),
    ):
        assert [w for w in words if _kind(w) != kind] == []


def test_children_are_drawn_without_beards():
    for word in (*lore().drawn.hair_child, *lore().drawn.features_child):
        assert lexicon().find(word).dials.get("beard", 0.0) <= 0, word


def test_electric_light_needs_electricity():
    known = lore()
    assert not known.suits("neon light", known.worlds["early"])
    assert known.suits("neon light", known.worlds["now"])
    assert not known.suits("gaslight", known.worlds["medieval"])
    assert known.suits("by candlelight", known.worlds["ancient"])


def test_names_come_in_the_order_of_their_culture():
    han = draw_name(cultures()["han"], "woman", Chance(1, "n"))
    assert han.full.endswith(han.given)
    assert draw_name(cultures()["dutch"], "man", Chance(1, "n")).full.split()[0] in cultures()["dutch"].men


def test_cultures_have_many_names_and_claim_no_word_twice():
    claimed: list[str] = []
    for culture in cultures().values():
        claimed += culture.chosen_by
        assert len(culture.women) >= 6, culture.name
        assert len(culture.men) >= 6, culture.name
        assert len(culture.families) >= 5, culture.name
        assert len(set(culture.places)) >= 6, culture.name
    assert len(claimed) == len(set(claimed))
    assert len(cultures()) >= 40


def test_no_drawn_name_is_a_real_persons():
    for k, culture in enumerate(cultures().values()):
        for sex in ("woman", "man", ""):
            name = draw_name(culture, sex, Chance(k, f"n/{sex}"))
            assert policy().look(name.full) is None
            assert name.given in name.full
        assert draw_place(culture, Chance(k, "p")).strip()


# what the reader takes for another term of the same sense, or for its colours
_ELSEWHERE = frozenset({"owl", "of european descent", "teardrop"})


@pytest.mark.parametrize(
    "kind", ["hour", "weather", "light", "quality", "mood", "era", "movement", "garment", "palette"]
)
def test_phrases_read_back_as_their_terms(reader, kind):
    lost = []
    for term in lexicon().of_kind(kind):
        if term.word in _ELSEWHERE:
            continue
        said = phrase(term)
        items = reader.understand(said)
        heads = {w for i in items for w in i.term.split(", ")}
        colours = kind == "palette" and items and items[0].kind == "palette"
        if not colours and (term.word not in heads or any(not i.term for i in items)):
            lost.append((term.word, said, [(i.words, i.term) for i in items]))
    assert len(lost) <= 0.02 * len(lexicon().of_kind(kind)), lost


def test_things_take_the_article_that_fits():
    assert worn("ruff") == "in a ruff"
    assert worn("pearls") == "with pearls"
    assert worn("chainmail") == "in chainmail"
    assert thing("hourglass") == "an hourglass"
    assert thing("rosy cheeks") == "rosy cheeks"
