from collections import Counter

import pytest

from limner.core.errors import InputError, RefusedError
from limner.language.advice import Muse
from limner.language.advice.muse import KINDS, LEAST_TERMS
from limner.language.encoder import TextEncoder, shipped_weights
from limner.language.lexicon import lexicon
from limner.language.lexicon.index import stem
from limner.language.policy import policy
from limner.language.reading import Reader
from limner.language.reading.ages import setting_of
from limner.language.tokens import tokenise


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader(lexicon(), TextEncoder.read(shipped_weights() / "text.npz"), policy())


def _terms(drawn) -> list[str]:
    return [u.term for u in drawn.reading.understood if u.term]


def _draw(reader, seeds, **constraints):
    muse = Muse(lexicon(), reader, **constraints)
    return [next(muse.briefs(1, seed=seed)) for seed in seeds]


def _check(drawn) -> None:
    reading = drawn.reading
    assert len(_terms(drawn)) >= LEAST_TERMS, drawn.words
    assert reading.notes == (), drawn.words
    assert policy().look(drawn.words) is None, drawn.words
    assert not any(mark in drawn.words for mark in ("{", "}", ",,", " ,", "  ")), drawn.words
    if reading.dials.get("age", 0.0) <= setting_of(17):
        assert reading.dials.get("beard", 0.0) <= 0, drawn.words


def test_drawn_briefs_make_sense(reader):
    drawn = _draw(reader, range(60))
    for one in drawn:
        _check(one)
    assert len({d.words for d in drawn}) == 60


@pytest.mark.slow
def test_two_thousand_seeds(reader):
    drawn = _draw(reader, range(2000))
    for one in drawn:
        _check(one)
    assert len({d.words for d in drawn}) == 2000
    kinds = Counter(u.kind for d in drawn for u in d.reading.understood)
    assert all(kinds[k] > 20 for k in KINDS if k != "colour")
    assert kinds["colour"] > 20
    unknown = [u.words for d in drawn for u in d.reading.understood if not u.term]
    assert len(unknown) < 0.01 * 2000, unknown


@pytest.mark.slow
def test_constraints_hold_over_many_seeds(reader):
    for one in _draw(reader, range(300), keep="a beekeeper, silver hair", without="sad, beard, candle"):
        _check(one)
        _holds(one)


def _holds(one) -> None:
    assert {"beekeeper", "silver hair"} <= set(_terms(one)), one.words
    tokens = {stem(t) for t in tokenise(one.words)}
    assert not tokens & {"sad", "beard", "candle"}, one.words
    heads = {w for t in _terms(one) for w in t.split(", ")}
    assert not heads & {"sad", "bearded", "candle", "heavy-hearted", "grief-stricken"}, one.words


def test_kept_words_stay_and_ruled_out_ones_never_come(reader):
    for one in _draw(reader, range(25), keep="a beekeeper, silver hair", without="sad, beard, candle"):
        _check(one)
        _holds(one)


def test_only_the_kinds_that_were_asked_for_are_drawn(reader):
    for one in _draw(reader, range(25), kinds=["mood", "light"]):
        assert {u.kind for u in one.reading.understood} <= {"mood", "light", "person"}, one.words


def test_children_stay_children(reader):
    for one in _draw(reader, range(30), keep="a girl of eight"):
        _check(one)
        for u in one.reading.understood:
            if u.kind == "mood":
                assert lexicon().find(u.term).scale not in ("flirtation", "passion", "hatred"), one.words
            assert u.kind != "profession", one.words


def test_paradoxes_come_only_when_asked_for(reader):
    plain = _draw(reader, range(30))
    assert not [u for d in plain for u in d.reading.understood if u.kind == "paradox"]
    mixed = _draw(reader, range(30), paradox=True)
    torn = [d for d in mixed if d.reading.notes or any(u.kind == "paradox" for u in d.reading.understood)]
    assert len(torn) >= 20


def test_a_seed_draws_the_same_brief_alone_and_among_others(reader):
    muse = Muse(lexicon(), reader)
    several = [d.words for d in muse.briefs(5, seed=40)]
    assert [next(muse.briefs(1, seed=40 + k)).words for k in range(5)] == several


def test_trades_keep_to_their_time(reader):
    for one in _draw(reader, range(20), keep="a samurai"):
        eras = [u.term for u in one.reading.understood if u.kind == "era"]
        assert not {"victorian", "1980s", "french revolution"} & set(eras), one.words
        assert not {u.term for u in one.reading.understood} & {"neon light", "screen glow"}, one.words


def test_what_cannot_be_done_is_said(reader):
    with pytest.raises(InputError, match="smell"):
        Muse(lexicon(), reader, kinds=["smell"])
    with pytest.raises(InputError, match="both kept and ruled out"):
        Muse(lexicon(), reader, keep="a sad man", without="sad")
    with pytest.raises(RefusedError):
        Muse(lexicon(), reader, keep="donald trump")
    with pytest.raises(InputError):
        list(Muse(lexicon(), reader).briefs(0))
    with pytest.raises(InputError, match="Nothing more"):
        list(Muse(lexicon(), reader, keep="a woman, facing left", kinds=["age"]).briefs(1000))
