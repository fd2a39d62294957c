import numpy as np

from limner.evaluation.moods import palette_of, tell_apart

WORDS = ("sad", "glad", "bad", "mad", "calm")


def test_moods_that_differ_are_told_apart_and_noise_is_not():
    rng = np.random.default_rng(1)
    noise = rng.normal(size=(5, 40, 6))
    apart = tell_apart(noise + 6 * rng.normal(size=(5, 1, 6)), WORDS, 4)
    assert apart.top[1] > 0.95
    assert apart.by_mood["sad"] > 0.95
    chance = tell_apart(noise, WORDS, 4)
    assert abs(chance.top[1] - 0.2) < 0.12
    assert abs(chance.top[3] - 0.6) < 0.15


def test_a_seed_is_never_guessed_from_itself():
    """What only marks the seed helps nobody, though every mood shares it."""
    rng = np.random.default_rng(2)
    seen = np.repeat(rng.normal(size=(1, 8, 4)), 5, axis=0) + 1e-3 * rng.normal(size=(5, 8, 4))
    assert tell_apart(seen, WORDS, 4).top[1] < 0.5


def test_moods_that_are_alike_are_named():
    rng = np.random.default_rng(3)
    middles = np.array([[0, 0], [9, 0], [0, 9], [9, 9], [0, 0.0]])
    report = tell_apart(middles[:, None] + rng.normal(size=(5, 40, 2)), WORDS, 4)
    assert report.taken_for["sad"] == "calm"
    assert report.taken_for["calm"] == "sad"
    assert report.taken_for["glad"] in ("", *WORDS)


def test_the_palette_of_a_picture_has_its_colours_dark_to_light():
    picture = np.zeros((256, 256, 3), np.uint8)
    picture[:, 128:] = (255, 0, 0)
    rows = palette_of(picture).reshape(5, 4)
    assert list(rows[:, 0]) == sorted(rows[:, 0])
    assert np.isclose(rows[:, 3].sum(), 1)
    red = rows[np.argmax(rows[:, 0])]
    assert red[1] > 70
    assert np.isclose(red[3], 0.5, atol=0.02)
