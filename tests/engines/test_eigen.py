import json
import shutil

import numpy as np
import pytest

from limner.core.errors import Cancelled, RecipeError, WeightsError
from limner.core.progress import Cancel, silent
from limner.engines.eigen.engine import EigenEngine, shipped_weights, varnish
from limner.engines.engine import Drafts, Encodes, Inverts


@pytest.fixture(scope="module")
def engine(studio):
    return studio.engine


@pytest.fixture(scope="module")
def portraits(studio):
    return [p.picture for p in studio.paint("a woman with red hair", n=4, seed=20)]


def test_it_has_its_abilities(engine):
    assert isinstance(engine, Drafts)
    assert isinstance(engine, Encodes)
    assert isinstance(engine, Inverts)


def test_codes_hold_the_portrait(engine, portraits):
    again = engine.decode(engine.encode(np.stack(portraits)))
    error = np.abs(again.astype(int) - np.stack(portraits)).mean()
    assert error < 8  # grey levels


def test_inverting_and_growing_again(engine, portraits):
    code = engine.encode(np.stack(portraits[:2]))
    dials = [{}, {}]
    back = engine.regrow(engine.invert(code, dials), dials)
    assert np.abs(back.coordinates - code.coordinates).mean() < 0.1 * np.abs(code.coordinates).mean()
    error = np.abs(engine.decode(back).astype(int) - engine.decode(code)).mean()
    assert error < 4


def test_noise_found_is_near_a_unit_gaussian(engine, portraits):
    noise = engine.invert(engine.encode(np.stack(portraits)), [{}] * len(portraits))
    assert 0.6 < noise.coordinates.std() < 1.5
    assert 0.6 < noise.detail.std() < 1.5


def test_drafts_resemble_the_portrait(studio, engine):
    recipes = studio.plan("old man, white background", n=3, seed=5)
    drafts = engine.draft(recipes)
    whole = engine.paint(recipes, silent, Cancel())
    for draft, picture in zip(drafts, whole, strict=True):
        assert draft.shape == (64, 64, 3)
        small = picture.reshape(64, 4, 64, 4, 3).mean((1, 3))
        assert np.corrcoef(draft.ravel(), small.ravel())[0, 1] > 0.9


@pytest.mark.parametrize("size", [64, 100, 256, 512])
def test_any_size(studio, size):
    (portrait,) = studio.paint("a monk", seed=1, size=size)
    assert portrait.picture.shape == (size, size, 3)


def test_cancelling(studio, engine):
    cancel = Cancel()
    cancel.request()
    with pytest.raises(Cancelled):
        engine.paint(studio.plan("x", seed=1), silent, cancel)


def test_recipes_of_others_are_refused(studio, engine):
    from dataclasses import replace

    (recipe,) = studio.plan("a", seed=1)
    for change in ({"engine": "other.engine"}, {"weights": "f" * 64}):
        with pytest.raises(RecipeError):
            engine.paint([replace(recipe, **change)], silent, Cancel())


@pytest.fixture
def copy(tmp_path):
    folder = tmp_path / "weights"
    shutil.copytree(shipped_weights(), folder)
    return folder


@pytest.mark.parametrize("name", ["flow.onnx", "basis.npz", "painter.onnx", "detail.onnx"])
def test_damaged_weights_are_noticed(studio, copy, name):
    data = bytearray((copy / name).read_bytes())
    data[len(data) // 2] ^= 1
    (copy / name).write_bytes(data)
    with pytest.raises(WeightsError, match=name):
        EigenEngine(copy).paint(studio.plan("a", seed=1), silent, Cancel())


@pytest.mark.parametrize("name", ["flow.onnx", "card.json"])
def test_missing_weights_are_noticed(studio, copy, name):
    (copy / name).unlink()
    with pytest.raises(WeightsError):
        EigenEngine(copy).paint(studio.plan("a", seed=1), silent, Cancel())


@pytest.mark.parametrize("change", [{"engine": "other"}, {"shape": {"dials": ["smile"]}}])
def test_a_card_for_something_else_is_refused(copy, change):
    card = json.loads((copy / "card.json").read_text())
    (copy / "card.json").write_text(json.dumps(card | change))
    with pytest.raises(WeightsError):
        _ = EigenEngine(copy).weights


def test_every_weights_file_is_whole():
    from limner.core.card import check_file, read_card

    folder = shipped_weights()
    card = read_card(folder)
    assert {p.name for p in folder.iterdir()} - {"card.json"} == set(card.files)
    for name in card.files:
        check_file(folder, card, name)
    assert "artflow.ai, CC BY 4.0" in card.credit


def test_varnish_strengthens_what_is_fine_and_leaves_what_is_even():
    x = np.arange(64)
    waves = np.stack([np.cos(np.pi * x), np.cos(2 * np.pi * x / 64), np.full(64, 0.4)]).astype(np.float32)
    signal = np.repeat(waves[None, :, None, :], 64, axis=2)
    out = varnish(signal, 0.05)
    grown = (out / signal)[0, :, 8:-8, 4:12].mean((1, 2))
    assert grown == pytest.approx([1 + 4 * 0.05, 1 + 0.1 * (1 - np.cos(2 * np.pi / 64)), 1], abs=2e-3)
    assert varnish(signal, 0.0) == pytest.approx(signal)
