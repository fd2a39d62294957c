"""The enlargement by our own network: better than interpolation, and the same however it is computed."""

import hashlib
import shutil
from concurrent.futures import ThreadPoolExecutor

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from limner.core.errors import Cancelled, WeightsError
from limner.core.progress import Cancel
from limner.media import enlarge
from limner.media.enlarge import ENLARGE, Enlarge, enlarged
from limner.media.enlarger import Enlarger, floats, levels, shipped_enlarger, shipped_weights
from limner.media.guide import Guide
from limner.media.hands import Hands

FULL = Enlarge(sharpness=0.8, clean=0.0)
"""The network's own picture."""


def grown(picture: np.ndarray, side: int, parameters: Enlarge = FULL, threads: int = 1) -> np.ndarray:
    shape = (round(picture.shape[0] * side / max(picture.shape[:2])), side)
    return enlarged(np.ascontiguousarray(picture, np.float32), shape, parameters, Hands(threads=threads))


def lanczos(picture: np.ndarray, side: int) -> np.ndarray:
    return np.clip(cv2.resize(picture, (side, side), interpolation=cv2.INTER_LANCZOS4), 0, 1)


def halved(picture: np.ndarray, factor: int = 2) -> np.ndarray:
    side = picture.shape[0] // factor
    small = cv2.resize(picture, (side, side), interpolation=cv2.INTER_AREA)
    return np.float32(np.rint(small * 255) / 255)


def psnr(a: np.ndarray, b: np.ndarray) -> float:
    return float(-10 * np.log10(np.square(a - b).mean()))


def slopes(picture: np.ndarray) -> np.ndarray:
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    return np.stack([cv2.Sobel(grey, cv2.CV_32F, 1, 0), cv2.Sobel(grey, cv2.CV_32F, 0, 1)])


@pytest.fixture(scope="module")
def portraits(studio) -> list[np.ndarray]:
    """Engine portraits averaged to 192 px: as crisp as pictures are, without what the engine leaves at single px."""
    briefs = ("old fisherman, white beard", "young woman with red hair", "boy with curly hair", "asian woman")
    found = [np.float32(studio.paint(b, seed=42, medium="none")[0].picture) / 255 for b in briefs]
    return [cv2.resize(p, (192, 192), interpolation=cv2.INTER_AREA) for p in found]


# quality ----------------------------------------------------------------------------------------


def test_it_restores_more_than_interpolation(portraits):
    """Halved portraits come back nearer to what they were, by every picture and both measures."""
    gains, steeper = [], []
    for picture in portraits:
        ours, plain = grown(halved(picture), 192), lanczos(halved(picture), 192)
        gains.append(psnr(ours, picture) - psnr(plain, picture))
        steeper.append(psnr(slopes(ours), slopes(picture)) - psnr(slopes(plain), slopes(picture)))
    assert min(gains) > 0.2, gains
    assert np.mean(gains) > 0.6, gains
    assert min(steeper) > 0.2, steeper


def test_the_default_is_better_than_interpolation_too(portraits):
    gains = [psnr(grown(halved(p), 192, Enlarge()), p) - psnr(lanczos(halved(p), 192), p) for p in portraits]
    assert np.mean(gains) > 0, gains


def test_twice_doubled_is_better_too(portraits):
    gains = [psnr(grown(halved(p, 4), 192), p) - psnr(lanczos(halved(p, 4), 192), p) for p in portraits]
    assert np.mean(gains) > 0.1, gains


def test_edges_become_narrower_and_do_not_ring():
    step = np.full((384, 384, 3), 0.3, np.float32)
    step[:, 192:] = 0.7
    step = cv2.resize(cv2.GaussianBlur(step, (0, 0), 4.0), (48, 48), interpolation=cv2.INTER_AREA)
    ours, plain = (picture[96, :, 0] for picture in (grown(step, 192), lanczos(step, 192)))
    assert max(ours.max() - 0.7, 0.3 - ours.min()) < 0.012
    width = [np.count_nonzero((row > 0.35) & (row < 0.65)) for row in (ours, plain)]
    assert width[0] < width[1]


def test_colours_stay(portraits):
    for picture in portraits:
        away = grown(picture, 384, Enlarge()).mean((0, 1)) - picture.mean((0, 1))
        assert np.abs(away).max() < 0.004


def test_what_is_flat_stays_flat():
    for colour in ((0, 0, 0), (1, 1, 1), (0.5, 0.2, 0.8)):
        flat = np.full((40, 40, 3), colour, np.float32)
        picture = grown(flat, 160, Enlarge())
        assert np.abs(picture - flat[0, 0]).max() < 0.02
        assert picture[40:-40, 40:-40].std((0, 1)).max() < 0.002


def test_cleaning_takes_grain_away():
    rng = np.random.default_rng(1)
    grain = np.float32(0.5 + 0.02 * rng.standard_normal((64, 64, 3)))
    kept, cleaned = (grown(grain, 128, Enlarge(sharpness=0.8, clean=c)).std() for c in (0.0, 0.8))
    assert cleaned < 0.6 * kept


# parameters -------------------------------------------------------------------------------------


def test_no_sharpness_is_interpolation(portraits):
    guide = Guide.of(portraits[0])
    painted = ENLARGE.paint(guide, Enlarge(sharpness=0.0), 1, 384, Hands(threads=1))
    assert np.array_equal(painted.colour, lanczos(guide.source, 384))


def test_sharpness_blends(portraits):
    none, half, full = (grown(portraits[1], 384, Enlarge(sharpness=s, clean=0.0)) for s in (1e-6, 0.4, 0.8))
    assert np.abs(half - (none + full) / 2).max() < 1e-4
    assert np.abs(full - none).mean() > 1e-4


def test_larger_pictures_are_only_averaged(portraits, monkeypatch):
    def none():
        raise AssertionError("the network is not needed")

    monkeypatch.setattr(enlarge, "shipped_enlarger", none)
    picture = np.tile(portraits[0], (3, 3, 1))
    painted = ENLARGE.paint(Guide.of(picture), Enlarge(), 1, 288, Hands(threads=1))
    assert np.abs(painted.colour - cv2.resize(picture, (288, 288), interpolation=cv2.INTER_AREA)).max() < 1e-5


@settings(max_examples=20, deadline=None)
@given(st.integers(1, 60), st.integers(1, 60), st.integers(16, 300), st.integers(0, 99))
def test_any_shape_and_size(high, wide, size, seed):
    if max(high, wide) > 6 * min(high, wide):
        return
    picture = np.random.default_rng(seed).random((high, wide, 3), np.float32)
    painted = ENLARGE.paint(Guide.of(picture), Enlarge(), 1, size, Hands(threads=1))
    assert max(painted.shape) == size
    assert painted.colour.dtype == np.float32
    assert painted.colour.min() >= 0
    assert painted.colour.max() <= 1


# sameness ---------------------------------------------------------------------------------------


def test_tiles_leave_no_seams(portraits):
    """A px is the same wherever in its tile it lies."""
    picture = levels(np.tile(portraits[0], (2, 2, 1)))
    network, hands = shipped_enlarger(), Hands(threads=1)
    whole = network.doubled(picture, 0.3, hands)
    part = network.doubled(picture[37:, 53:], 0.3, hands)
    margin = 2 * 8
    away = np.abs(whole[74:, 106:].astype(int) - part)[margin:-margin, margin:-margin]
    assert away.max() <= 1  # of 65,535


def _digest(picture: np.ndarray, threads: int) -> str:
    return hashlib.sha256(grown(picture, 700, Enlarge(), threads).tobytes()).hexdigest()


def test_same_bytes_by_any_number_of_threads_and_nine_at_once(portraits):
    wanted = _digest(portraits[0], 1)
    assert _digest(portraits[0], 2) == wanted
    assert _digest(portraits[0], 5) == wanted
    with ThreadPoolExecutor(9) as pool:
        assert set(pool.map(lambda n: _digest(portraits[0], n), [2, 1, 3] * 3)) == {wanted}


def test_it_can_be_stopped(portraits):
    cancel = Cancel()
    cancel.request()
    with pytest.raises(Cancelled):
        enlarged(portraits[0], (768, 768), FULL, Hands(threads=2, cancel=cancel))


def test_levels_and_back():
    values = np.linspace(-0.1, 1.1, 301, dtype=np.float32).reshape(1, -1, 1)
    assert np.abs(floats(levels(values)) - np.clip(values, 0, 1)).max() < 1e-5


# weights ----------------------------------------------------------------------------------------


def test_missing_and_damaged_weights_are_named(tmp_path):
    with pytest.raises(WeightsError, match=r"no card\.json"):
        Enlarger.open(tmp_path)
    shutil.copytree(shipped_weights(), tmp_path / "w")
    (tmp_path / "w" / "enlarger.onnx").unlink()
    with pytest.raises(WeightsError, match=r"enlarger\.onnx is missing"):
        Enlarger.open(tmp_path / "w")
    (tmp_path / "w" / "enlarger.onnx").write_bytes(b"nothing")
    with pytest.raises(WeightsError, match="damaged"):
        Enlarger.open(tmp_path / "w")


def test_the_weights_are_small():
    assert sum(p.stat().st_size for p in shipped_weights().iterdir()) < 1_000_000
