"""The contract of every medium: registering one enrols it here."""

import hashlib
import multiprocessing
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import cv2
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from limner.core.errors import InputError, PictureError
from limner.media.guide import Guide
from limner.media.hands import Hands
from limner.media.light import Light, show
from limner.media.medium import DRAFT
from limner.media.shipped import media
from limner.media.surface import Surface

MEDIA = {medium.id: medium for medium in media()}
EVERY = pytest.mark.parametrize("medium", MEDIA.values(), ids=MEDIA.keys())
WITHOUT_CHANCE = ("none", "pixel")
TRIED = {"oil", "oil-glazed", "oil-knife", "acrylic", "fresco", "charcoal", "pastel"}


def paint(medium, guide, size=96, seed=3, threads=1, **values) -> np.ndarray:
    hands = Hands(threads=threads)
    painted = medium.paint(guide, medium.parameters.of(values), seed, size, hands)
    return show(painted, medium.surface, medium.light, hands)


def ssim(a: np.ndarray, b: np.ndarray) -> float:
    """Structural similarity of two pictures of one size (Wang et al., 2004), on luma."""

    def blur(x):
        return cv2.GaussianBlur(x, (11, 11), 1.5)

    a, b = (cv2.cvtColor(x, cv2.COLOR_RGB2GRAY).astype(np.float32) for x in (a, b))
    ma, mb = blur(a), blur(b)
    va, vb, c = blur(a * a) - ma * ma, blur(b * b) - mb * mb, blur(a * b) - ma * mb
    c1, c2 = 2.55**2, 7.65**2
    return float((((2 * ma * mb + c1) * (2 * c + c2)) / ((ma**2 + mb**2 + c1) * (va + vb + c2))).mean())


@EVERY
def test_it_paints_the_size_that_is_asked_for(medium, guide):
    picture = paint(medium, guide, 96)
    assert picture.shape == (96, 96, 3)
    assert picture.dtype == np.uint8
    assert picture.std() > 8


@EVERY
def test_it_paints_other_shapes(medium, sitter):
    wide = Guide.of(sitter[40:200])
    assert paint(medium, wide, 100).shape == (62, 100, 3)


@EVERY
def test_same_seed_same_bytes(medium, guide):
    first = paint(medium, guide, seed=5)
    assert paint(medium, guide, seed=5, threads=2).tobytes() == first.tobytes()
    if medium.id not in WITHOUT_CHANCE:
        assert paint(medium, guide, seed=6).tobytes() != first.tobytes()


@EVERY
def test_painting_changes_neither_guide_nor_plan(medium, sitter, features):
    guide = Guide.of(sitter, features)
    before = guide.colour.copy(), guide.care.copy(), guide.source.copy()
    hands, parameters = Hands(threads=1), medium.parameters()
    plan = medium.plan(guide, parameters, 1, hands)
    first = medium.deposit(plan, parameters, 64, hands)
    again = medium.deposit(plan, parameters, 64, hands)
    assert first.colour.tobytes() == again.colour.tobytes()
    for kept, now in zip(before, (guide.colour, guide.care, guide.source), strict=True):
        assert np.array_equal(kept, now)


@EVERY
def test_extreme_parameters_paint_too(medium, guide):
    for end in ("low", "high"):
        values = {p.name: getattr(p, end) for p in medium.parameters.parameters() if p.kind in ("number", "whole")}
        picture = paint(medium, guide, 64, **values)
        assert picture.shape == (64, 64, 3)


@EVERY
def test_every_choice_paints(medium, guide):
    for parameter in medium.parameters.parameters():
        for value in parameter.choices if parameter.name != "palette" else ("zorn",):
            assert paint(medium, guide, 64, **{parameter.name: value}).shape == (64, 64, 3)


@EVERY
def test_flat_and_tiny_pictures_paint(medium):
    for picture in (np.full((1, 1, 3), 128, np.uint8), np.zeros((7, 5, 3), np.uint8), np.full((30, 30), 255, np.uint8)):
        guide = Guide.of(picture)
        painted = medium.paint(guide, medium.parameters(), 1, 48, Hands(threads=1))
        for field in (painted.colour, painted.height, painted.cover):
            assert np.isfinite(field).all()
        assert max(show(painted, medium.surface, medium.light, Hands()).shape[:2]) == 48


@EVERY
def test_it_says_what_it_is(medium):
    assert medium.id == medium.id.lower()
    assert medium.title
    assert medium.help.endswith(".")
    for parameter in medium.parameters.parameters():
        assert parameter.help.endswith("."), parameter.name
        if parameter.kind in ("number", "whole"):
            assert parameter.low < parameter.high


@EVERY
@pytest.mark.slow
def test_draft_and_print_are_the_same_painting(medium, guide):
    hands, parameters = Hands(), medium.parameters()
    plan = medium.plan(guide, parameters, 7, hands)
    large, small = (
        show(medium.deposit(plan, parameters, size, hands), medium.surface, medium.light, hands) for size in (2048, 512)
    )
    assert ssim(cv2.resize(large, (512, 512), interpolation=cv2.INTER_AREA), small) >= 0.85


@pytest.mark.parametrize("id", ["oil", "charcoal", "watercolour"])
def test_draft_and_view_are_the_same_painting(id, guide):
    medium, hands = MEDIA[id], Hands()
    parameters = medium.parameters()
    plan = medium.plan(guide, parameters, 7, hands)
    large, small = (
        show(medium.deposit(plan, parameters, size, hands), medium.surface, medium.light, hands) for size in (768, 384)
    )
    assert ssim(cv2.resize(large, (384, 384), interpolation=cv2.INTER_AREA), small) >= 0.85


@pytest.mark.parametrize("id", ["oil", "oil-glazed", "oil-knife", "acrylic", "gouache", "pastel"])
def test_the_face_stays_itself(id, guide, sitter):
    """Edges of the face, seen without brush marks, are those of the sitter."""
    picture = paint(MEDIA[id], guide, 512)

    def edges(image):
        grey = cv2.GaussianBlur(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY).astype(np.float32), (0, 0), 2)
        box = np.hypot(cv2.Sobel(grey, cv2.CV_32F, 1, 0), cv2.Sobel(grey, cv2.CV_32F, 0, 1))
        return box[200:390, 150:362].ravel()

    source = cv2.resize(sitter, (512, 512), interpolation=cv2.INTER_LANCZOS4)
    assert np.corrcoef(edges(picture), edges(source))[0, 1] > 0.85


def test_care_chooses_the_brush(guide):
    """Where care is taken, more and smaller strokes are laid."""
    oil = MEDIA["oil"]
    careless = guide.with_care(np.full((64, 64), 0.1, np.float32))
    careful = guide.with_care(np.full((64, 64), 0.9, np.float32))
    few, many = (oil.plan(g, oil.parameters(), 1, Hands()).strokes for g in (careless, careful))
    assert len(many) > 2 * len(few)
    assert np.median(many.path[:, 2]) < np.median(few.path[:, 2])


def _digest(id: str) -> str:
    import sys
    from pathlib import Path

    sys.path.insert(0, str(Path(__file__).parent))
    from conftest import FEATURES, head

    return hashlib.sha256(paint(MEDIA[id], Guide.of(head(), FEATURES), 128).tobytes()).hexdigest()


def test_a_worker_paints_the_same_bytes(guide):
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        for id in ("oil", "watercolour"):
            assert pool.apply(_digest, (id,)) == hashlib.sha256(paint(MEDIA[id], guide, 128).tobytes()).hexdigest()


def test_nine_paintings_at_once_do_not_disturb_each_other(guide):
    ids = ["oil", "charcoal", "woodcut"] * 3
    wanted = {id: paint(MEDIA[id], guide, threads=2).tobytes() for id in set(ids)}
    with ThreadPoolExecutor(3) as pool:
        for id, picture in zip(ids, pool.map(lambda name: paint(MEDIA[name], guide, threads=2), ids), strict=True):
            assert picture.tobytes() == wanted[id]


PICTURES = st.one_of(
    st.tuples(
        st.integers(1, 40), st.integers(1, 40), st.sampled_from([1, 3, 4]), st.sampled_from(["u1", "u2", "f4", "f8"])
    ),
    st.tuples(st.integers(1, 40), st.integers(1, 40), st.just(2), st.just("u1")),
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(PICTURES, st.integers(0, 2**31), st.sampled_from(["oil", "watercolour", "stained-glass", "low-poly"]))
def test_any_picture_is_painted_or_refused(form, seed, id):
    high, wide, channels, kind = form
    rng = np.random.default_rng(seed)
    dtype = np.dtype(kind)
    values = rng.random((high, wide, channels))
    picture = (
        (values * 65535).astype(dtype) if kind == "u2" else (values * 255).astype(dtype) if kind == "u1" else values
    )
    try:
        guide = Guide.of(picture.astype(dtype))
    except PictureError:
        assert channels == 2 or max(high, wide) > 6 * min(high, wide)
        return
    size = int(rng.integers(16, 80))
    picture = paint(MEDIA[id], guide, size)
    assert max(picture.shape[:2]) == size


@pytest.mark.slow
def test_a_huge_picture_is_painted():
    huge = np.zeros((8192, 8192, 3), np.uint8)
    huge[2000:6000, 2000:6000] = 180
    assert paint(MEDIA["oil"], Guide.of(huge), 128).shape == (128, 128, 3)


def test_a_wrong_size_or_another_mediums_parameters_are_refused(guide):
    oil = MEDIA["oil"]
    for size in (8, 10_000, True):
        with pytest.raises(InputError, match="size"):
            oil.paint(guide, oil.parameters(), 1, size, Hands())
    with pytest.raises(InputError, match="Oil"):
        oil.paint(guide, MEDIA["pixel"].parameters(), 1, 64, Hands())


# surface and light -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def laid(guide):
    oil = MEDIA["oil"]
    return oil.paint(guide, oil.parameters(), 1, 256, Hands())


def test_light_and_canvas_only_read_the_paint(laid):
    before = laid.colour.copy(), laid.height.copy(), laid.cover.copy()
    pictures = {
        show(laid, surface, light, Hands()).tobytes()
        for surface in (Surface(), Surface(kind="panel"), Surface(kind="linen", grain=8.0))
        for light in (Light(), Light(x=0.8, y=-0.2))
    }
    assert len(pictures) == 6
    for kept, now in zip(before, (laid.colour, laid.height, laid.cover), strict=True):
        assert np.array_equal(kept, now)


def test_light_from_the_other_side_turns_the_relief(laid):
    plain = show(laid, Surface(relief=0.0), Light(strength=0.0, gloss=0.0), Hands()).astype(float)
    left, right = (
        show(laid, Surface(relief=0.0), Light(x=x, y=0.0, gloss=0.0), Hands()).astype(float) - plain
        for x in (-0.7, 0.7)
    )
    assert np.corrcoef(left.ravel(), right.ravel())[0, 1] < -0.5


def test_without_relief_and_gloss_colours_are_exact():
    from limner.media.light import Painted

    flat = np.empty((40, 40, 3), np.float32)
    flat[:] = np.array([200, 90, 17], np.float32) / 255
    painted = Painted(
        colour=flat, height=np.zeros((40, 40), np.float32), cover=np.ones((40, 40), np.float32), scale=1.0
    )
    picture = show(painted, Surface(relief=0.0), Light(), Hands())
    assert np.abs(picture.astype(int) - [200, 90, 17]).max() <= 1
    assert np.abs(picture.mean((0, 1)) - [200, 90, 17]).max() < 0.2


def test_sixteen_bits_hold_more_than_eight(laid):
    fine = show(laid, Surface(), Light(), Hands(), depth=16)
    assert fine.dtype == np.uint16
    assert np.abs(fine / 257 - show(laid, Surface(), Light(), Hands())).mean() < 0.6
    assert len(np.unique(fine)) > 2000


@pytest.mark.parametrize("kind", ["linen", "panel", "paper", "laid", "smooth"])
def test_grounds_tile_without_seams(kind):
    from limner.media.surface import tooth

    texture = tooth(Surface(kind=kind), 1024)
    assert texture.dtype == np.float32
    assert texture.min() >= 0
    assert texture.max() <= 1
    for axis in (0, 1):
        steps = np.abs(np.diff(texture, axis=axis))
        seam = np.abs(np.take(texture, 0, axis) - np.take(texture, -1, axis))
        assert seam.mean() < 1.5 * steps.mean() + 0.01


@pytest.mark.parametrize("medium", [MEDIA[name] for name in sorted(TRIED)], ids=lambda medium: medium.id)
def test_a_draft_takes_over_what_was_tried_out(medium, guide):
    hands, parameters = Hands(), medium.parameters()
    plan = medium.plan(guide, parameters, 3, hands)
    assert plan.tried is not None
    assert 0 < sum(map(len, plan.tried.strokes)) <= len(plan.strokes)
    before = plan.tried.draft.colour.copy()
    short = medium.deposit(plan, parameters, DRAFT, hands)
    whole = medium.deposit(replace(plan, tried=None), parameters, DRAFT, hands)
    for name in ("colour", "height", "cover"):
        np.testing.assert_array_equal(getattr(short, name), getattr(whole, name))
    np.testing.assert_array_equal(plan.tried.draft.colour, before)  # it can be taken over again


def test_only_the_media_that_try_strokes_out_keep_a_draft(guide):
    tried = {m.id for m in MEDIA.values() if m.plan(guide, m.parameters(), 3, Hands()).tried is not None}
    assert tried == TRIED
