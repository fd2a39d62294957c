import numpy as np
import pytest

from limner.core.errors import InputError
from limner.studio.sheet import contact_sheet


def _plain(colour, size=(40, 40)):
    return np.full((*size, 3), colour, np.uint8)


def test_every_picture_is_there():
    colours = [(200, 30, 30), (30, 200, 30), (30, 30, 200), (200, 200, 30), (30, 200, 200)]
    page = contact_sheet([_plain(c) for c in colours], list("abcde"), columns=2, cell=60)
    for colour in colours:
        assert (page == colour).all(-1).sum() == 60 * 60


def test_tall_pictures_are_not_cropped():
    page = contact_sheet([_plain((200, 30, 30), (80, 40))], ["tall"], cell=80)
    assert (page == (200, 30, 30)).all(-1).sum() == 80 * 40


def test_accents_lose_their_marks_and_not_their_letters():
    picture = [_plain(90)]
    assert (contact_sheet(picture, ["blas\u00e9"]) == contact_sheet(picture, ["blase"])).all()
    assert (contact_sheet(picture, ["blas\u00e9"]) != contact_sheet(picture, ["blas"])).any()


@pytest.mark.parametrize("n", [1, 2, 9, 61, 300])
def test_any_number(n):
    page = contact_sheet([_plain(90)] * n, ["x" * 200] * n, title="t" * 500, foot="f\x00\n" * 300)
    assert page.shape[2] == 3
    assert 0.3 < page.shape[1] / page.shape[0] < 4


@pytest.mark.parametrize("n", [0, 2001])
def test_too_few_or_too_many(n):
    with pytest.raises(InputError):
        contact_sheet([_plain(0)] * n, [""] * n)
