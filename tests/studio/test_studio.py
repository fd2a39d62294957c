import numpy as np
import pytest

import limner
from limner.core.errors import Cancelled, CapabilityError, InputError
from limner.core.picture import read_picture
from limner.core.progress import Cancel
from limner.core.settings import Settings
from limner.engines.engine import Capabilities
from limner.studio.studio import Studio
from limner.testing.engine import FakeEngine


def test_portraits_count_their_seeds(studio):
    portraits = studio.paint("a king", n=3, seed=10)
    assert [p.seed for p in portraits] == [10, 11, 12]
    assert len({p.id for p in portraits}) == 3


def test_a_random_seed_can_be_painted_again(studio):
    (portrait,) = studio.paint("a king")
    assert studio.repaint(portrait.recipe) == portrait


def test_dials_move_the_picture_and_not_the_sitter(studio):
    low, high = (studio.paint("a young poet", seed=3, dials={"background": v})[0] for v in (-0.8, 0.8))
    assert high.dials["background"] > low.dials["background"] + 0.8
    same = studio.look(low.picture).identity @ studio.look(high.picture).identity
    other = studio.look(studio.paint("a young poet", seed=4, dials={"background": 0.8})[0].picture)
    assert same > studio.look(low.picture).identity @ other.identity


def test_a_finished_reading_paints_the_same(studio):
    (portrait,) = studio.paint("a sad queen", seed=1)
    (again,) = studio.paint(reading=portrait.reading, seed=1)
    assert again.id == portrait.id
    with pytest.raises(InputError, match="either"):
        studio.plan("words", reading=portrait.reading)


def test_avoided_words_are_turned_from(studio):
    plain = studio.paint("a wizard", n=6, seed=1)
    without = studio.paint("a wizard", n=6, seed=1, avoid="old man with a long white beard")
    mean = [np.mean([p.dials["beard"] for p in portraits]) for portraits in (plain, without)]
    assert mean[1] < mean[0]


def test_less_variety_is_nearer_to_the_typical(studio):
    def spread(variety):
        pictures = [p.picture.astype(float) for p in studio.paint("a woman", n=8, seed=1, variety=variety)]
        return np.std(pictures, axis=0).mean()

    assert spread(0.5) < spread(1.0) < spread(1.3)


def test_portraits_show_and_save_themselves(studio, here):
    (portrait,) = studio.paint("a monk", seed=2)
    assert portrait._repr_png_().startswith(b"\x89PNG")
    for name in ("a.png", "b.jpg", "c.jpeg", "d.webp"):
        assert portrait.save(name).stat().st_size > 1000
    with pytest.raises(InputError, match=r"\.gif"):
        portrait.save("e.gif")


def test_wrong_requests(studio):
    for n in (0, -1, 10_001, 1.5, True, "3"):
        with pytest.raises(InputError):
            studio.plan("a", n=n)
    with pytest.raises(InputError, match="seed"):
        studio.plan("a", seed=1.5)
    with pytest.raises(InputError, match="no engine"):
        _ = Studio(Settings({"engine": "nobody.nothing"})).engine


def test_open_takes_settings():
    with limner.open(threads=1) as studio:
        assert studio.settings["threads"] == 1
    with pytest.raises(InputError):
        limner.open(speed=3)


# with the scriptable engine -----------------------------------------------------------------------


def test_what_an_engine_lacks_fails_before_work():
    plain = Capabilities(words=False, dials=frozenset(), avoid=False, native=32, largest=64, guidance=1)
    engine = FakeEngine(capabilities=plain)
    studio = Studio(engine=engine)
    for request in ({"words": "a poet"}, {"dials": {"smile": 1}}, {"avoid": "x"}, {"size": 128}):
        with pytest.raises(CapabilityError, match=r"fake\.test"):
            studio.paint(**request)
    assert engine.painted == []
    assert studio.paint(seed=1, size=64)[0].picture.shape == (64, 64, 3)


def test_cancelling_hands_over_what_is_finished():
    cancel = Cancel()
    engine = FakeEngine(on_paint=lambda count: cancel.request() if count == 32 else None)
    studio = Studio(engine=engine)
    portraits = studio.paint_recipes(studio.plan("a", n=64, seed=0), cancel=cancel)
    assert len([next(portraits) for _ in range(32)]) == 32
    with pytest.raises(Cancelled):
        next(portraits)


def test_progress_counts_portraits():
    events = []
    Studio(engine=FakeEngine()).paint("a", n=40, seed=0, listen=events.append)
    assert [e.done for e in events] == [32, 40]
    assert {e.total for e in events} == {40}


def test_portraits_can_be_kept_in_the_studio():
    with Studio(engine=FakeEngine()) as studio:
        portraits = studio.paint("a poet", n=20, seed=1, keep=True)
        assert [p.seed for p in portraits] == list(range(1, 21))
        for portrait in portraits:
            assert portrait.kept is not None
            assert portrait.kept.recipe == portrait.recipe.id
            assert np.array_equal(read_picture(studio.store.picture_of(portrait.kept)), portrait.picture)
        (again,) = studio.keep(studio.paint("a poet", seed=1), reason="twice is once")
        assert again.kept == portraits[0].kept
    with Studio(engine=FakeEngine()) as studio:
        assert studio.paint("a poet", seed=1)[0].kept is None


def test_keeping_what_is_known_does_not_become_part_of_the_act_before():
    from limner.studio.curation.marks import rate
    from limner.studio.store.acts import history, undo
    from limner.studio.store.portraits import fetch

    with Studio(engine=FakeEngine()) as studio:
        known = studio.paint("a poet", n=16, seed=1, keep=True)
        ids = [p.kept.id for p in known if p.kept]
        with studio.store.write() as w:
            rate(w, ids, 4)
        studio.paint("a poet", n=20, seed=1, keep=True)  # the first batch is known, the second is new
        with studio.store.write() as w:
            assert [act.kind for act in history(w.c)] == ["keep", "rate", "keep"]
            undo(w)
            assert {kept.rating for kept in fetch(w.c, ids)} == {4}
