import io
import re
from xml.etree import ElementTree as ET

import pytest
from PIL import Image
from studio_world import work

from limner.core.errors import InputError
from limner.core.picture import read_picture
from limner.provenance.disclosure import read_disclosure
from limner.studio.lineage.family import Family, whole_family
from limner.studio.lineage.tree import COLOURS, PAPER, draw_png, draw_svg, tree_of
from limner.studio.store.portraits import fetch
from limner.studio.store.values import KINDS, Origin


@pytest.fixture
def tree(store):
    (root,) = store.keep([work(200, reason="a <first> \u201ctry\u201d")])
    for seed, kind in enumerate(KINDS):
        store.keep([work(seed * 30, origins=(Origin(parent=root.id, kind=kind),), edit=f"edit & {kind}")])
    with store.read() as c:
        family = whole_family(c)
        kept = {k.id: k for k in fetch(c, family.members)}
    return tree_of(family, kept, title="Ada & her <kin>"), lambda one: read_picture(store.picture_of(kept[one]))


def test_svg_is_whole_and_says_what_it_is(tree):
    scene, thumbnail = tree
    data = draw_svg(scene, thumbnail)
    root = ET.fromstring(data)
    images = root.findall(".//{http://www.w3.org/2000/svg}image")
    assert len(images) == len(scene.family.members)
    titles = [t.text for t in root.iter("{http://www.w3.org/2000/svg}title")]
    assert titles[0] == "Ada & her <kin>"
    assert any("a <first>" in t for t in titles)
    assert b"compositeWithTrainedAlgorithmicMedia" in data
    assert len(re.findall(rb"<path d=\"M", data)) == len(scene.family.edges) + len(scene.kinds())
    assert b"http" not in re.sub(rb'xmlns[:\w]*="[^"]*"|http://cv\.iptc\.org\S*', b"", data)


def test_png_shows_the_pictures_and_says_what_it_is(tree):
    scene, thumbnail = tree
    data = draw_png(scene, thumbnail)
    assert read_disclosure(data)["Iptc4xmpExt:DigitalSourceType"].endswith("compositeWithTrainedAlgorithmicMedia")
    picture = read_picture(data)
    assert picture.shape[:2] == scene.size[::-1]
    for id in scene.family.members:
        x, y = (round(v) for v in scene.at(scene.layout.places[id]))
        assert abs(picture[y, x].astype(int) - thumbnail(id)[32, 32].astype(int)).max() < 6


def test_large_trees_are_dots(tree):
    scene, thumbnail = tree
    dots = tree_of(scene.family, scene.kept, dots=True)
    data = draw_svg(dots, thumbnail)
    assert data.count(b"<circle") == len(scene.family.members)
    assert b"<image" not in data
    with Image.open(io.BytesIO(draw_png(dots, thumbnail))) as image:
        assert image.size == dots.size


def test_slots_are_drawn_empty(tree):
    scene, _ = tree
    assert draw_svg(scene, lambda _: None).count(b"stroke-dasharray") == len(scene.family.members)
    assert draw_png(scene, lambda _: None)


def test_nobody_to_draw():
    with pytest.raises(InputError, match="nobody"):
        tree_of(Family(members=(), edges=()), {})


def test_every_kind_has_a_colour_that_can_be_told_from_the_paper():
    def luminance(colour):
        parts = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    assert set(COLOURS) == set(KINDS)
    for colour in COLOURS.values():
        assert (luminance(PAPER) + 0.05) / (luminance(colour) + 0.05) >= 3
