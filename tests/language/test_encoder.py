import numpy as np
import pytest

from limner.core.errors import WeightsError
from limner.language.encoder import TextEncoder, shipped_weights


@pytest.fixture(scope="module")
def encoder() -> TextEncoder:
    return TextEncoder.read(shipped_weights() / "text.npz")


def _cosine(a, b) -> float:
    return float(a @ b / np.linalg.norm(a) / np.linalg.norm(b))


def test_vectors_have_unit_variance(encoder):
    vector = encoder.encode("a melancholic poet at twilight")
    assert vector.shape == (encoder.width,)
    assert np.sqrt((vector**2).mean()) == pytest.approx(1, abs=1e-3)
    assert not encoder.encode("...").any()


def test_like_words_lie_near(encoder):
    old, aged, girl = (encoder.encode(t) for t in ("an old man", "an elderly man", "a young girl"))
    assert _cosine(old, aged) > _cosine(old, girl) + 0.2


def test_order_and_binding_survive(encoder):
    a = encoder.encode("red hair, green eyes")
    b = encoder.encode("green hair, red eyes")
    c = encoder.encode("a person with red hair and green eyes")
    assert _cosine(a, c) > _cosine(a, b)


def test_misspelt_words_lean_on_their_letters(encoder):
    right, wrong, other = (encoder.encode(t) for t in ("melancholic", "melancholicc", "bronze"))
    assert _cosine(right, wrong) > _cosine(right, other)


def test_the_file_is_small():
    assert (shipped_weights() / "text.npz").stat().st_size < 12e6


def test_damaged_weights_are_named(tmp_path):
    for data in (b"", b"not a zip", (shipped_weights() / "text.npz").read_bytes()[:5000]):
        path = tmp_path / "text.npz"
        path.write_bytes(data)
        with pytest.raises(WeightsError, match=r"text\.npz"):
            TextEncoder.read(path)
    np.savez(tmp_path / "empty.npz", words=np.zeros(1))
    with pytest.raises(WeightsError, match="lack"):
        TextEncoder.read(tmp_path / "empty.npz")


def test_remembered_words_give_the_same_bytes(encoder, monkeypatch):
    texts = ["an old man", "a young girl with red hair", "an old man"]
    first = [TextEncoder.read(shipped_weights() / "text.npz").encode(t).tobytes() for t in texts]
    monkeypatch.setattr("limner.language.encoder._REMEMBERED", 3)
    forgetful = TextEncoder.read(shipped_weights() / "text.npz")
    assert [forgetful.encode(t).tobytes() for t in texts] == first
    assert [encoder.encode(t).tobytes() for t in texts] == first
