"""Portraits with 16 bits a channel, through the studio."""

import numpy as np
import pytest

from limner.core.errors import CapabilityError, InputError, PictureError
from limner.core.picture import read_deep, to_pictures, to_shallow
from limner.core.progress import Cancel, silent
from limner.engines.engine import PaintsDeep
from limner.studio.studio import Studio
from limner.testing.engine import FakeEngine


def in_disguise(deep: np.ndarray) -> float:
    """Share of values between black and white that eight bits would hold, too: all of them, if there are no more."""
    between = deep[(deep > 0) & (deep < 65535)]
    return float((between % 257 == 0).mean())


def test_the_engine_hands_over_what_its_picture_is_rounded_from(studio):
    recipes = studio.plan("a young poet", n=3, seed=4)
    assert isinstance(studio.engine, PaintsDeep)
    signals = studio.engine.paint_deep(recipes, silent, Cancel())
    pictures = studio.engine.paint(recipes, silent, Cancel())
    for signal, picture in zip(signals, pictures, strict=True):
        assert signal.dtype == np.float32
        assert np.array_equal(to_pictures(signal[None])[0], picture)


def test_the_engine_s_own_picture_has_sixteen_real_bits(studio):
    (plain,), (deep,) = (studio.paint("a young poet", seed=4, depth=depth) for depth in (8, 16))
    assert plain.deep is None
    assert deep.deep.dtype == np.uint16
    assert np.array_equal(deep.picture, plain.picture)
    assert np.abs(to_shallow(deep.deep).astype(int) - plain.picture).max() <= 1
    assert in_disguise(deep.deep) < 0.01
    assert deep.signal is None


@pytest.mark.parametrize("hand", ["none", "oil"])
def test_a_painting_has_sixteen_real_bits(studio, hand):
    request = {"medium": hand, "size": 320, "seed": 4}
    (plain,), (deep,) = (studio.paint("a young poet", depth=depth, **request) for depth in (8, 16))
    assert np.array_equal(deep.picture, plain.picture)  # the same painting, shown twice
    assert np.abs(deep.deep / 257 - deep.picture).max() < 1.01
    assert in_disguise(deep.deep) < 0.01


def test_a_portrait_that_was_painted_with_eight_is_painted_again(studio):
    (plain,), (deep,) = (studio.paint("a king", medium="none", size=300, seed=1, depth=d) for d in (8, 16))
    assert plain.to_bytes("png", depth=16) == deep.to_bytes("png", depth=16)
    assert np.array_equal(read_deep(plain.to_bytes("tiff", depth=16, dpi=300)), deep.deep)
    assert deep.to_bytes("png") == plain.to_bytes("png")


def test_files_go_where_their_endings_say(studio, tmp_path):
    (king,) = studio.paint("a king", seed=1, depth=16)
    path = king.save(tmp_path / "king.tiff", depth=16, dpi=300)
    assert np.array_equal(read_deep(path.read_bytes()), king.deep)
    with pytest.raises(PictureError, match="JPEG"):
        king.save(tmp_path / "king.jpg", depth=16)
    assert not (tmp_path / "king.jpg").exists()


def test_distinct_portraits_are_deep_too(studio):
    found = studio.paint(n=2, seed=3, distinct=True, depth=16)
    assert all(p.deep is not None for p in found)


def test_an_engine_of_eight_bits_says_so_before_it_works():
    engine = FakeEngine()
    studio = Studio(engine=engine)
    with pytest.raises(CapabilityError, match="8 bits"):
        studio.paint("a king", seed=1, depth=16)
    assert engine.painted == []
    with pytest.raises(InputError, match="depth"):
        studio.paint("a king", seed=1, depth=12)


def test_rendering_keeps_what_a_deep_picture_has(studio):
    ramp = np.linspace(20_000, 21_000, 96)[None, :, None] + np.zeros((96, 96, 3))
    deep = np.rint(ramp).astype(np.uint16)
    out = studio.render(deep, medium="none", size=96, depth=16)
    assert np.abs(out.astype(float) - deep).max() <= 1.5
    assert studio.render(deep, medium="none", size=96).dtype == np.uint8


def test_the_memory_keeps_eight_bits(tmp_path, studio):
    from limner.studio.jobs.painting import keep_painted
    from limner.studio.store.place import place_at
    from limner.studio.store.store import Store

    with Store(place_at(tmp_path)) as store:
        painted = studio.paint("a king", seed=1, depth=16)
        ((_, kept),) = keep_painted(store, painted, dpi=200, measure=False)
        assert read_deep(store.picture_of(kept)).dtype == np.uint8
        with pytest.raises(PictureError, match="TIFF"):
            list(keep_painted(store, studio.paint("a queen", seed=2), format="tiff", measure=False))


def test_a_tiff_names_its_portrait(tmp_path, studio):
    from limner.studio.store.entry import entry_of

    (king,) = studio.paint("a king", seed=1)
    png, tiff = (entry_of(king.to_bytes(format), "", None, "") for format in ("png", "tiff"))
    assert tiff.id == png.id
    assert (tiff.width, tiff.height) == (256, 256)
