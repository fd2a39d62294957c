import numpy as np
import pytest
from PIL import Image, ImageDraw

from limner.anatomy import regions
from limner.anatomy.align import cut
from limner.anatomy.likeness import TRAITS, shipped_weights
from limner.anatomy.measure import MEASURED, geometry, measure
from limner.core.dials import dial_table
from limner.core.errors import PictureError
from limner.core.geometry import LEFT_IRIS, RIGHT_IRIS, Similarity
from limner.core.palette import Colour, lab_to_rgb


@pytest.fixture(scope="module")
def portraits(studio):
    return studio.paint("a calm young woman, plain grey background", n=6, seed=40)


@pytest.fixture(scope="module")
def landmarks(studio, portraits):
    return [studio.finder.in_portrait(p.picture) for p in portraits]


def test_every_dial_has_a_measure():
    assert set(dial_table().names) == {*MEASURED, *TRAITS}


def test_landmarks_lie_in_the_training_frame(landmarks):
    for points in landmarks:
        assert points.shape == (478, 2)
        assert points[468] == pytest.approx(LEFT_IRIS, abs=0.03)
        assert points[473] == pytest.approx(RIGHT_IRIS, abs=0.03)


def test_a_face_is_found_wherever_it_is(studio, portraits, landmarks):
    for portrait, points in zip(portraits[:4], landmarks, strict=False):
        small = portrait.image.resize((150, 150)).rotate(12, fillcolor=(90, 80, 70))
        scene = Image.new("RGB", (420, 300), (90, 80, 70))
        scene.paste(small, (210, 90))
        face = studio.finder.find(np.asarray(scene))
        # where the irises must be after shrinking, turning about the centre and pasting
        turn = np.radians(12)
        centre = points[[468, 473]] * 150 - 75
        turned = np.stack(
            [
                centre[:, 0] * np.cos(turn) + centre[:, 1] * np.sin(turn),
                centre[:, 1] * np.cos(turn) - centre[:, 0] * np.sin(turn),
            ],
            1,
        )
        wanted = turned + 75 + [210, 90]
        assert face.landmarks[[468, 473]] == pytest.approx(wanted, abs=4)


def test_aligning_brings_a_face_back(studio, portraits):
    portrait = portraits[0]
    scene = Image.new("RGB", (500, 500), (60, 60, 60))
    scene.paste(portrait.image.resize((200, 200)), (40, 250))
    aligned, face = studio.finder.align(np.asarray(scene))
    inner = (slice(80, 200), slice(70, 190))
    error = np.abs(aligned[inner].astype(int) - portrait.picture[inner]).mean()
    assert face.certainty > 0.8
    assert error < 14


@pytest.mark.parametrize("size", [(1, 1), (3, 200), (64, 64), (300, 40)])
def test_pictures_without_a_face_are_refused(studio, size):
    with pytest.raises(PictureError, match="No face"):
        studio.finder.find(np.full((*size, 3), 128, np.uint8))


def test_colours_are_read_where_they_are(portraits, landmarks):
    """Paint a part with a flat colour; its dials must read that colour."""
    picture, points = portraits[0].picture.copy(), landmarks[0]
    wanted = Colour(60, -30, 25)
    side = picture.shape[0]
    for mask, part in ((regions.crown(points * side, side), "hair"), (regions.background(side), "background")):
        painted = picture.copy()
        painted[mask] = lab_to_rgb((wanted.lightness, wanted.a, wanted.b))
        values = measure(painted, points)
        found = Colour(values[part], values[f"{part}_red"], values[f"{part}_yellow"])
        assert found.distance(wanted) < 6


def test_light_is_read_from_its_side(portraits, landmarks):
    picture, points = portraits[0].picture, landmarks[0]
    ramp = np.linspace(0.3, 1.0, picture.shape[1])[None, :, None]
    right = measure((picture * ramp).astype(np.uint8), points)["light_x"]
    left = measure((picture * ramp[:, ::-1]).astype(np.uint8), points)["light_x"]
    own = measure(picture, points)["light_x"]
    assert right > own + 0.1
    assert left < own - 0.1


def test_a_mirror_turns_what_should_turn(portraits, landmarks):
    points = landmarks[0]
    flipped = measure(portraits[0].picture[:, ::-1].copy(), _mirrored(points))
    plain = measure(portraits[0].picture, points)
    for name in ("yaw", "light_x"):
        assert flipped[name] == pytest.approx(-plain[name], abs=0.05)
    for name in ("smile", "brow_raise", "skin", "background", "brightness", "warmth"):
        assert flipped[name] == pytest.approx(plain[name], abs=0.05 * max(1, abs(plain[name])))


def _mirrored(points):
    """Landmarks of the mirrored picture: every landmark becomes the one nearest to its reflection."""
    flipped = points * [-1, 1] + [1, 0]
    nearest = ((points[:, None] - flipped[None]) ** 2).sum(-1).argmin(1)
    return flipped[nearest].astype(np.float32)


def test_geometry_does_not_depend_on_size(landmarks):
    for points in landmarks:
        once, twice = geometry(points), geometry(points * 2)
        assert once == pytest.approx(twice, rel=1e-4, abs=1e-4)


@pytest.mark.parametrize("shape", [(256, 256), (64, 64), (512, 512)])
def test_masks_lie_inside_the_picture(landmarks, shape):
    side = shape[0]
    points = landmarks[0] * side
    for mask in (regions.skin, regions.cheeks, regions.crown, regions.jaw, regions.iris):
        assert mask(points, side).shape == shape
        assert mask(points, side).any()
    assert not (regions.cheeks(points, side) & regions.iris(points, side)).any()


def test_cutting_an_upright_box():
    picture = np.zeros((100, 100, 3), np.uint8)
    ImageDraw.Draw(image := Image.fromarray(picture)).rectangle((40, 40, 59, 59), fill=(255, 255, 255))
    place = Similarity(2.0, 0.0, -80.0, -80.0)  # the square fills 0..40 of the target
    out = cut(np.asarray(image), place, 64)
    assert out[20, 20].tolist() == [255, 255, 255]
    assert out[50, 50].tolist() == [0, 0, 0]


def test_the_networks_are_small():
    assert (shipped_weights() / "landmarks.onnx").stat().st_size < 3e6
