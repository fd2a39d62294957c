"""Every medium looks like itself, and what can be turned on it shows."""

import cv2
import numpy as np
import pytest

from limner.media.easel import Easel
from limner.media.guide import Guide
from limner.media.hands import Hands
from limner.media.shipped import media

MEDIA = {medium.id: medium for medium in media()}
DRAWN = ("charcoal", "graphite", "ink-wash", "pen-and-ink", "etching", "woodcut", "stipple")
PAINTED = ("oil", "oil-glazed", "oil-knife", "acrylic", "gouache", "pastel")


@pytest.fixture(scope="module")
def gallery(guide) -> dict[str, np.ndarray]:
    """One painting in every medium, 256 px."""
    return {id: Easel(m, guide, seed=3, hands=Hands(threads=1)).picture(256) for id, m in MEDIA.items()}


def lab(picture: np.ndarray) -> np.ndarray:
    return cv2.cvtColor(picture.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)


def chroma(picture: np.ndarray) -> float:
    """Mean distance from the picture's own mean hue: nought for one ink on one paper."""
    a, b = (lab(picture)[..., k] for k in (1, 2))
    return float(np.hypot(a - a.mean(), b - b.mean()).mean())


def unrest(picture: np.ndarray) -> float:
    """Deviation of lightness from its surroundings."""
    light = lab(picture)[..., 0]
    return float((light - cv2.GaussianBlur(light, (0, 0), 2)).std())


def face(picture: np.ndarray) -> np.ndarray:
    side = picture.shape[0]
    return picture[int(0.3 * side) : int(0.8 * side), int(0.3 * side) : int(0.7 * side)]


def test_drawings_are_of_one_ink_and_paintings_are_not(gallery):
    for id in DRAWN:
        assert chroma(gallery[id]) < 5, id
    for id in PAINTED:
        assert chroma(gallery[id]) > 7, id


def test_blocks_print_ink_or_nothing(gallery):
    for id in ("woodcut", "pen-and-ink"):
        light = lab(gallery[id])[..., 0]
        ink, paper = np.quantile(light, [0.01, 0.99])
        part = (light - ink) / (paper - ink)
        assert ((part < 0.25) | (part > 0.75)).mean() > 0.75, id


def test_few_colours_are_few(guide):
    easel = Easel(MEDIA["pixel"], guide, MEDIA["pixel"].parameters.of({"colours": 8}), hands=Hands(threads=1))
    assert len(np.unique(easel.picture(216).reshape(-1, 3), axis=0)) <= 8


def test_paper_shows_around_a_watercolour_and_a_wall_around_neon(gallery):
    for id, low, high in (("watercolour", 88, 101), ("ink-wash", 88, 101), ("pen-and-ink", 88, 101), ("neon", -1, 12)):
        corners = np.concatenate(
            [lab(gallery[id])[y : y + 12, x : x + 12, 0].ravel() for y in (4, 240) for x in (4, 240)]
        )
        assert low < np.median(corners) < high, id


def test_lead_is_black_between_pieces_of_glass(gallery):
    assert 0.03 < (lab(gallery["stained-glass"])[..., 0] < 16).mean() < 0.45


def test_brushes_leave_marks_and_the_enlargement_does_not(gallery):
    plain = unrest(gallery["none"][:60, :60])
    for id in ("oil", "oil-knife", "acrylic", "oil-dots", "mosaic"):
        assert unrest(gallery[id][:60, :60]) > 1.5 * plain + 0.3, id
    assert unrest(gallery["oil-knife"]) > unrest(gallery["oil-glazed"])


def test_no_two_media_look_alike(gallery):
    small = {id: lab(cv2.resize(p, (64, 64), interpolation=cv2.INTER_AREA)) for id, p in gallery.items()}
    marks = {id: np.array([unrest(p), unrest(face(p)), chroma(p)]) for id, p in gallery.items()}
    ids = list(gallery)
    for k, one in enumerate(ids):
        for other in ids[k + 1 :]:
            tone = float(np.linalg.norm(small[one] - small[other], axis=2).mean())
            assert tone + 2 * float(np.abs(marks[one] - marks[other]).max()) > 2.0, (one, other)


def test_the_sitter_is_there_in_every_medium(gallery, sitter):
    """Light and dark of the face lie where they lay, whatever the ink."""
    wanted = face(cv2.GaussianBlur(lab(sitter)[..., 0], (0, 0), 4)).ravel()
    for id, picture in gallery.items():
        if id == "neon":  # its light falls from lines
            continue
        shown = face(cv2.GaussianBlur(lab(picture)[..., 0], (0, 0), 4)).ravel()
        assert np.corrcoef(wanted, shown)[0, 1] > 0.5, id


def changes(medium, guide, parameter, size) -> float:
    """Mean change in grey levels between the ends of a parameter."""
    if parameter.kind in ("number", "whole"):
        most = parameter.low + 0.8 * (parameter.high - parameter.low)  # a screen turned by 90 degrees is the same
        ends = (parameter.low, round(most) if parameter.kind == "whole" else most)
    elif parameter.kind == "choice":
        ends = (parameter.choices[0], parameter.choices[-1])
    else:
        ends = ("#203040", "#e0a050")
    pictures = [
        Easel(medium, guide, medium.parameters.of({parameter.name: end}), seed=3, hands=Hands(threads=1)).picture(size)
        for end in ends
    ]
    return float(np.abs(pictures[0].astype(float) - pictures[1]).mean())


@pytest.mark.parametrize("medium", MEDIA.values(), ids=MEDIA.keys())
def test_the_first_parameter_shows(medium, guide):
    size = 320 if medium.id == "none" else 160  # what is not enlarged is not sharpened
    assert changes(medium, guide, medium.parameters.parameters()[0], size) > 0.1


@pytest.mark.slow
@pytest.mark.parametrize("medium", MEDIA.values(), ids=MEDIA.keys())
def test_every_parameter_shows(medium, guide, sitter, features):
    pale = Guide.of(255 - sitter, features)  # some marks stand on a light ground alone
    for parameter in medium.parameters.parameters():
        assert max(changes(medium, g, parameter, 320) for g in (guide, pale)) > 0.04, parameter.name
