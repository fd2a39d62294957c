import tomllib
from pathlib import Path

from limner.core.dials import COLOURED
from limner.core.palette import Colour
from limner.evaluation.binding import asked_colours, follows
from limner.studio.studio import Studio

PAIRS = Path(__file__).parent.parent / "language" / "data" / "binding.toml"


def test_every_pair_asks_for_the_same_two_parts():
    studio = Studio()
    for pair in tomllib.loads(PAIRS.read_text("utf-8"))["pair"]:
        one, other = asked_colours(studio, pair["one"]), asked_colours(studio, pair["other"])
        assert set(one) == set(other), pair
        assert len(one) == 2, pair
        assert set(one) <= set(COLOURED)
        assert all(one[part].distance(other[part]) > 15 for part in one), pair


def test_colours_asked_for_come_from_the_lexicon():
    asked = asked_colours(Studio(), "a woman with red hair before a #0000ff background")
    assert asked["background"] == Colour.of_hex("#0000ff")
    assert asked["hair"].a > 20


def test_a_colour_follows_if_it_is_nearer_to_what_was_asked():
    red, green = Colour(50, 50, 30), Colour(50, -50, 30)
    assert follows({"hair": 40, "hair_red": 10, "hair_yellow": 0}, "hair", red, green)
    assert not follows({"hair": 40, "hair_red": -10, "hair_yellow": 0}, "hair", red, green)
