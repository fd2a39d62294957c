import pytest

from limner.core.errors import InputError
from limner.media.easel import Easel
from limner.media.hands import Hands
from limner.media.light import Light
from limner.media.oil import OIL, Oil
from limner.media.pixel import Pixel
from limner.media.surface import Surface


@pytest.fixture
def easel(guide) -> Easel:
    return Easel(OIL, guide, seed=2, hands=Hands(threads=1))


def test_light_and_ground_repaint_nothing(easel):
    first = easel.picture(96)
    paint = easel.painted(96)
    lit = easel.picture(96, light=Light(x=0.9), surface=Surface(kind="panel"))
    assert easel.painted(96) is paint
    assert first.tobytes() != lit.tobytes()
    assert easel.picture(96).tobytes() == first.tobytes()


def test_another_size_keeps_the_plan(easel):
    easel.picture(64)
    plan = easel.plan
    assert easel.picture(96).shape == (96, 96, 3)
    assert easel.plan is plan


def test_other_parameters_plan_anew(easel):
    plan = easel.plan
    easel.turn(Oil())
    assert easel.plan is plan
    easel.turn(Oil(freedom=0.9))
    assert len(easel.plan.strokes) < len(plan.strokes)


def test_it_is_what_the_medium_paints(easel, guide):
    painted = OIL.paint(guide, Oil(), 2, 80, Hands())
    assert easel.painted(80).colour.tobytes() == painted.colour.tobytes()


def test_wrong_parameters_and_sizes_are_refused(easel, guide):
    with pytest.raises(InputError, match="Pixel"):
        Easel(OIL, guide, Pixel())
    with pytest.raises(InputError, match="Pixel"):
        easel.turn(Pixel())
    with pytest.raises(InputError, match="size"):
        easel.picture(4)
