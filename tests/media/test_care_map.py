import base64
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from limner.core.errors import InputError
from limner.media.care_map import SIDE, packed, unpacked


@given(st.integers(1, 300), st.integers(1, 300), st.integers(0, 99))
def test_a_soft_map_comes_back(high, wide, seed):
    rng = np.random.default_rng(seed)
    a, b, c = rng.uniform(0, 1, 3)
    y, x = np.mgrid[0:high, 0:wide] / max(high, wide)
    care = (0.5 + 0.5 * np.sin(3 * a * x + 3 * b * y + 6 * c)).astype(np.float32)
    back = unpacked(packed(care))
    assert max(back.shape) == SIDE
    assert abs(back.mean() - care.mean()) < 0.05
    assert 0 <= back.min() <= back.max() <= 1


def test_what_is_painted_stands_where_it_was():
    care = np.zeros((64, 128), np.float32)
    care[:32, 96:] = 1
    back = unpacked(packed(care))
    assert back.shape == (64, 128)
    assert back[:30, 98:].min() > 0.95
    assert back[34:].max() < 0.05
    assert back[:, :94].max() < 0.05


def test_noise_is_kept_or_refused_in_words():
    noise = np.random.default_rng(0).uniform(0, 1, (512, 512)).astype(np.float32)
    assert len(packed(noise)) <= 16_384


@pytest.mark.parametrize(
    "care",
    [np.zeros((3, 3, 3)), np.zeros((0, 4)), np.full((4, 4), np.nan), np.full((4, 4), 1.5), np.full((4, 4), -0.1)],
)
def test_other_arrays_are_refused(care):
    with pytest.raises(InputError, match="care map"):
        packed(care.astype(np.float32))


def body(*head):
    return base64.b64encode(zlib.compress(bytes(head) + bytes(8))).decode()


@pytest.mark.parametrize(
    "text",
    [
        "", "!", "aGVsbG8=", "A" * 20_000, body(2, 4, 4), body(1, 0, 4), body(1, 200, 1), body(1, 4, 5),
        base64.b64encode(zlib.compress(bytes(10**7))).decode(), body(1, 4, 4)[:-6],
    ],
)  # fmt: skip
def test_broken_texts_are_refused(text):
    with pytest.raises(InputError, match="care map"):
        unpacked(text)


@given(st.text(max_size=60))
def test_any_other_text_is_refused(text):
    with pytest.raises(InputError):
        unpacked(text)
