"""The cubist portrait: front and profile in large planes, not a mesh."""

import cv2
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from limner.core.errors import InputError
from limner.core.features import Features
from limner.media.compositions.cubist import CUBIST, Cubist, cubist, looking, planes_of
from limner.media.compositions.cubist_drawing import profile
from limner.media.compositions.cubist_planes import head_of
from limner.media.compositions.cubist_tones import lit_half, small
from limner.media.compositions.scene import Scene
from limner.media.figure import figure_of
from limner.media.hands import Hands
from limner.media.raster import lab_of
from limner.media.styles import styles


@pytest.fixture(scope="module")
def picture(sitter):
    return sitter.astype(np.float32) / 255


@pytest.fixture(scope="module")
def figure(picture, features):
    return figure_of(picture, features)


def at(picture, side):
    return cv2.resize(picture, (side, side), interpolation=cv2.INTER_CUBIC).clip(0, 1)


def ssim(a, b):
    """Structural similarity (Wang et al., 2004) on luma 0..1."""

    def blur(x):
        return cv2.GaussianBlur(x, (11, 11), 1.5)

    a, b = (cv2.cvtColor(x, cv2.COLOR_RGB2GRAY) for x in (a, b))
    ma, mb = blur(a), blur(b)
    va, vb, c = blur(a * a) - ma * ma, blur(b * b) - mb * mb, blur(a * b) - ma * mb
    return float((((2 * ma * mb + 1e-4) * (2 * c + 9e-4)) / ((ma**2 + mb**2 + 1e-4) * (va + vb + 9e-4))).mean())


def filled(plane, side=400):
    mask = np.zeros((side, side), np.uint8)
    cv2.fillPoly(mask, [np.round(plane.outline * side).astype(np.int32)], 1)
    return mask > 0


def arranged(picture, features, figure, seed=3, **values):
    head = head_of(small(picture), features, figure, 1, 1.0)
    return head, planes_of(head, (1.0, 1.0), Cubist.of(values), seed)


# large planes, no mesh ---------------------------------------------------------------------------


@pytest.mark.parametrize("seed", [1, 2, 3, 4, 5])
def test_ten_planes_cover_most_of_the_face(picture, features, figure, seed):
    _, planes = arranged(picture, features, figure, seed)
    face = np.zeros((400, 400), np.uint8)
    cv2.fillPoly(face, [np.round(features.face * 400).astype(np.int32)], 1)
    shown = np.zeros((400, 400), int)  # which plane is uppermost
    for k, plane in enumerate(planes):
        shown[filled(plane)] = k
    counts = np.sort(np.bincount(shown[face > 0], minlength=len(planes)))[::-1]
    assert counts[:10].sum() > 0.55 * face.sum()  # 0.61..0.64 here
    assert (counts > 0).sum() < 45


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_planes_have_many_shapes_and_overlap(picture, features, figure, seed):
    _, planes = arranged(picture, features, figure, seed)
    sides = [len(plane.outline) for plane in planes]
    assert len(set(sides)) >= 6
    assert sum(n == 3 for n in sides) < 0.35 * len(sides)
    cover = np.sum([filled(plane) for plane in planes], axis=0)
    assert cover.mean() > 1.8
    assert cover.min() >= 1  # nothing is left out


def test_the_number_of_planes_is_the_one_asked_for(picture, features, figure):
    for count in (50, 64, 100):
        _, planes = arranged(picture, features, figure, planes=count)
        assert abs(len(planes) - count) <= 2


def test_ground_and_head_share_few_angles(picture, features, figure):
    _, planes = arranged(picture, features, figure, seed=2)
    angles = []
    for plane in planes:
        if plane.kind in ("ground", "veil"):
            edge = np.roll(plane.outline, -1, 0) - plane.outline
            angles += list(np.round(np.rad2deg(np.arctan2(edge[:, 1], edge[:, 0])) % 180))
    counts, _ = np.histogram(angles, 18, (0, 180))
    assert np.sort(counts)[-9:].sum() > 0.75 * counts.sum()  # half of all directions hold three quarters of the lines


# two views in one head --------------------------------------------------------------------------


def test_doubling_runs_a_profile_down_the_face(picture, features, figure):
    head = head_of(small(picture), features, figure, 1, 1.0)
    straight, full = (np.array(profile(head, doubling, 3)) for doubling in (0.0, 1.0))
    inside = straight[:, 1] < head.chin
    assert np.ptp(straight[inside, 0]) < 1e-9
    nose = full[np.argmax(full[:, 0])]
    assert 0.4 < nose[0] < 0.9  # the tip stands out, above the nose's base
    assert 0.5 * head.nose < nose[1] < head.nose + 0.05


@pytest.mark.parametrize(("side", "sign"), [("right", 1), ("left", -1)])
def test_the_nose_looks_to_the_side_that_is_asked_for(picture, features, figure, side, sign):
    flat, double = (
        lab_of(cubist(picture, features, figure, Cubist(doubling=d, side=side, line=0.0), 4))[..., 0]
        for d in (0.0, 1.0)
    )
    rows = slice(int(0.50 * 256), int(0.60 * 256))
    change = np.abs(double - flat)[rows]
    middle = 128
    width = 30
    towards = change[:, middle : middle + width] if sign > 0 else change[:, middle - width : middle]
    away = change[:, middle - width : middle] if sign > 0 else change[:, middle : middle + width]
    assert towards.mean() > 2 * away.mean()
    assert towards.mean() > 5


def test_profile_and_front_have_their_own_light(picture, features, figure):
    tone = lab_of(cubist(picture, features, figure, Cubist(side="right", line=0.0), 2))[..., 0]
    behind, before = tone[84:100, 108:124], tone[84:100, 136:152]  # the forehead, on both sides of the profile
    assert abs(float(behind.mean() - before.mean())) > 12


def test_both_eyes_stay_readable(picture, features, figure):
    done = cubist(picture, features, figure, Cubist(), 5)
    for eye in (features.left_eye, features.right_eye):
        x, y = (eye.mean(0) * 256).astype(int)
        assert lab_of(done)[y - 10 : y + 11, x - 16 : x + 17, 0].std() > 9


def test_it_mostly_looks_away_from_the_lit_half(picture, features):
    lab = small(picture)
    assert lit_half(lab, features) == -1  # the sitter's light comes from the left
    assert lit_half(np.ascontiguousarray(lab[:, ::-1]), features) == 1
    sides = [looking(lab, features, "by-light", seed) for seed in range(100)]
    assert 55 <= sum(side == 1 for side, _ in sides) <= 85
    assert all((side == 1) == (key > 0) for side, key in sides)  # a profile in the dark half is dark


def test_hair_and_skin_keep_their_tones_apart(picture, features, figure):
    tone = lab_of(cubist(picture, features, figure, Cubist(line=0.0), 7))[..., 0]
    assert tone[100:150, 90:166].mean() > tone[16:40, 100:156].mean() + 8  # dark hair over a light face


# palette, line, shift ---------------------------------------------------------------------------


def test_the_palette_is_ochre_and_grey(picture, features, figure):
    bright = picture.copy()
    bright[..., 2] = np.clip(bright[..., 2] + 0.4, 0, 1)  # a blue sitter
    own, earth = (lab_of(cubist(bright, features, figure, Cubist(palette=p, line=0.0), 1)) for p in (0.0, 1.0))
    assert np.hypot(earth[..., 1], earth[..., 2]).max() < 45
    assert np.quantile(earth[..., 2], 0.05) > -6  # nearly nothing stays blue
    assert np.quantile(own[..., 2], 0.05) < -15
    assert np.abs(own[..., 0] - earth[..., 0]).mean() < 1.5  # tones are kept


def test_without_lines_nothing_is_drawn(picture, features, figure):
    with_, without = (lab_of(cubist(picture, features, figure, Cubist(line=v), 1))[..., 0] for v in (1.0, 0.0))
    darker = without - with_
    assert (darker > 8).mean() > 0.02
    assert (darker > 1).mean() < 0.25


def test_shift_moves_what_planes_show(picture, features, figure):
    _, still = arranged(picture, features, figure, shift=0.0, doubling=0.0)
    _, moved = arranged(picture, features, figure, shift=1.0, doubling=0.0)
    one = np.array([[1, 0, 0], [0, 1, 0]])
    assert all(np.allclose(plane.view, one, atol=1e-9) for plane in still)
    assert sum(not np.allclose(plane.view, one, atol=1e-3) for plane in moved) > 25


# the contract ------------------------------------------------------------------------------------


def test_same_bytes_on_any_number_of_threads_and_others_for_other_seeds(picture, features, figure):
    large = at(picture, 384)
    one, three = (cubist(large, features, at(figure, 384), Cubist(), 5, Hands(threads=n)) for n in (1, 3))
    assert one.tobytes() == three.tobytes()
    assert one.tobytes() != cubist(large, features, at(figure, 384), Cubist(), 6).tobytes()


@pytest.mark.parametrize("seed", [1, 8])
def test_small_and_large_are_the_same_composition(picture, features, figure, seed):
    large, half = (cubist(at(picture, s), features, at(figure, s), Cubist(), seed) for s in (1024, 512))
    assert ssim(cv2.resize(large, (512, 512), interpolation=cv2.INTER_AREA), half) > 0.85


def test_a_turned_face_turns_the_composition(picture, features, figure):
    turn = cv2.getRotationMatrix2D((128, 128), 20, 1.0)
    turned = cv2.warpAffine(picture, turn, (256, 256), borderMode=cv2.BORDER_REFLECT)
    points = {
        name: ((outline * 256) @ turn[:, :2].T + turn[:, 2]).astype(np.float32) / 256
        for name, outline in features.outlines().items()
    }
    head = head_of(small(turned), Features(**points), figure, 1, 1.0)
    assert np.rad2deg(np.arctan2(head.across[1], head.across[0])) == pytest.approx(-20, abs=0.5)


def test_without_a_face_the_head_is_guessed(picture, figure):
    done = cubist(picture, None, figure, Cubist(), 2)
    head = head_of(small(picture), None, figure, 1, 1.0)
    assert not head.seen
    assert abs(float(head.origin[0]) - 0.5) < 0.05
    assert done.std() > 0.05
    assert np.isfinite(done).all()


def test_it_is_a_composition_and_the_style_cubism_uses_it(picture, features):
    scene = Scene.of(picture, features, side=192)
    done = CUBIST.picture(scene, Cubist(), 3, Hands(threads=1))
    assert done.shape == (192, 192, 3)
    assert styles()["cubism"].compositions == ("cubist",)
    with pytest.raises(InputError, match="planes = 5 is not a whole number from 40 to 120"):
        Cubist(planes=5)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_anything_that_is_a_picture_can_be_composed(features, data):
    high, wide = data.draw(st.integers(1, 70)), data.draw(st.integers(1, 70))
    kind = data.draw(st.sampled_from(["flat", "noise", "black", "white"]))
    base = {"flat": 0.5, "noise": 0.5, "black": 0.0, "white": 1.0}[kind]
    picture = np.full((high, wide, 3), base, np.float32)
    if kind == "noise":
        picture = np.random.default_rng(data.draw(st.integers(0, 9))).random((high, wide, 3)).astype(np.float32)
    values = {}
    for parameter in Cubist.parameters():
        if parameter.kind == "choice":
            values[parameter.name] = data.draw(st.sampled_from(parameter.choices))
        else:
            values[parameter.name] = data.draw(st.sampled_from([parameter.low, parameter.default, parameter.high]))
    face = data.draw(
        st.sampled_from(
            [
                None,
                features,
                features.moved((0.4, -0.6), 1.0),  # half outside
                features.moved((0.5, 0.5), 0.0),  # all in one place
                features.moved((0.45, 0.45), 0.05),  # very small
                features.moved((-1.0, -1.0), 3.0),  # larger than the picture
            ]
        )
    )
    figure = np.full((high, wide), data.draw(st.sampled_from([0.0, 0.5, 1.0])), np.float32)
    done = cubist(picture, face, figure, Cubist.of(values), data.draw(st.integers(0, 5)), Hands(threads=1))
    assert done.shape == picture.shape
    assert done.dtype == np.float32
    assert np.isfinite(done).all()
    assert done.min() >= 0
    assert done.max() <= 1
