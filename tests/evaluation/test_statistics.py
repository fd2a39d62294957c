import numpy as np
import pytest

from limner.evaluation.judge import Rule
from limner.evaluation.statistics import kernel_distance, octave_power, spearman
from limner.evaluation.variety import evaluate_memory
from limner.evaluation.words import read_prompts


def test_spearman_sees_order_only():
    x = np.linspace(0, 1, 50)
    assert spearman(x, np.exp(5 * x)) == pytest.approx(1)
    assert spearman(x, -(x**3)) == pytest.approx(-1)
    assert spearman([1, 1, 2, 2], [1, 2, 1, 2]) == pytest.approx(0)
    assert spearman([1, 1, 1], [1, 2, 3]) == 0


def test_spearman_agrees_with_a_known_value():
    # example of Spearman (1904) as tabulated in textbooks: IQ against hours of television
    iq = [106, 100, 86, 101, 99, 103, 97, 113, 112, 110]
    hours = [7, 27, 2, 50, 28, 29, 20, 12, 6, 17]
    assert spearman(iq, hours) == pytest.approx(-29 / 165)


def test_octave_power_finds_a_grating():
    side = 64
    x = np.arange(side)
    wave = 127 + 100 * np.sin(2 * np.pi * 12 * x / side)
    picture = np.repeat(np.repeat(wave[None, :, None], side, 0), 3, 2).astype(np.uint8)
    power = octave_power(picture[None])
    assert power.argmax() == 3  # 8-16 cycles
    assert len(power) == 6


def test_kernel_distance_tells_distributions_apart():
    rng = np.random.default_rng(0)
    a, b = rng.normal(size=(800, 16)), rng.normal(size=(800, 16))
    same, spread = kernel_distance(a, b, size=200)
    other, _ = kernel_distance(a, b + 0.4, size=200)
    assert abs(same) < 3 * spread
    assert other > same + 5 * spread


def test_memory_sees_copies():
    rng = np.random.default_rng(0)

    def unit(n):
        v = rng.normal(size=(n, 64)).astype(np.float32)
        return v / np.linalg.norm(v, axis=1, keepdims=True)

    train, held, fresh = unit(2000), unit(300), unit(400)
    assert evaluate_memory(fresh, train, held).share < 0.05
    copies = train[:100] + 0.01 * unit(100)
    copies /= np.linalg.norm(copies, axis=1, keepdims=True)
    assert evaluate_memory(np.concatenate([fresh[:100], copies]), train, held).share == pytest.approx(0.5, abs=0.05)


def test_rules():
    assert Rule(of="x", low=1).holds({"x": 1.5})
    assert not Rule(of="x", low=1, high=2).holds({"x": 2.5})
    assert Rule(of="skin_hue", low=-20, high=30).holds({"skin_hue": 350})
    assert Rule(of="skin_hue", low=320, high=400).holds({"skin_hue": 10})
    assert not Rule(of="skin_hue", low=320, high=400).holds({"skin_hue": 200})


def test_the_prompts_cover_every_category():
    prompts = read_prompts()
    assert len(prompts) >= 60
    counts = {c: sum(p.category == c for p in prompts) for c in {p.category for p in prompts}}
    assert len(counts) >= 10
    assert min(counts.values()) >= 4
    assert len({p.words for p in prompts}) == len(prompts)
    assert all(p.rules for p in prompts)


def test_a_file_that_holds_no_prompts(tmp_path):
    from limner.core.errors import InputError

    (tmp_path / "p.toml").write_text("[[prompt]]\nwords = 'x'")
    with pytest.raises(InputError, match=r"p\.toml"):
        read_prompts(tmp_path / "p.toml")
