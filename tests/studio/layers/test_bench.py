"""Machine layers and hand-made layers in one file, also after painting programs saved it."""

import io
import zipfile
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from limner.core.errors import InputError, PictureError, RecipeError
from limner.provenance.disclosure import COMPOSITE, ENHANCED, TRAINED, encode_file, read_disclosure
from limner.studio.layers.bench import BACKGROUND, PAINT_OVER, SITTER
from limner.studio.layers.layered import encoded, flattened, read_layered
from limner.studio.layers.manifest import ENTRY, TILE, Manifest, print_of, read_tile, tile
from limner.studio.layers.page import Group, Layer, Page


@pytest.fixture(scope="module")
def portrait(studio):
    return studio.paint("an old sailor with a white beard", seed=4)[0]


@pytest.fixture(scope="module")
def made(studio, portrait):
    """The portrait as an OpenRaster file."""
    content, note = encoded(studio.bench.apart(portrait.to_bytes(), "sailor.png"), ".ora")
    assert note == ""
    return content


def with_hand(file, **changes):
    """The file after an artist painted on the layer that is there for it."""

    def paint(layer):
        if layer.name != PAINT_OVER:
            return layer
        pixels = layer.pixels.copy()
        pixels[10:60, 20:90] = (200, 30, 40, 180)
        return replace(layer.with_pixels(pixels), **changes)

    return replace(file, page=file.page.mapped(paint))


def as_a_program_saves(file):
    """What Krita does on saving: unknown files dropped, layers cropped, hidden colours black, all encoded anew."""

    def crop(layer):
        shows = layer.pixels[..., 3] > 0
        rows, columns = np.flatnonzero(shows.any(1)), np.flatnonzero(shows.any(0))
        if not len(rows):
            return layer.with_pixels(np.zeros((1, 1, 4), np.uint8))
        y, x = int(rows[0]), int(columns[0])
        part = (layer.pixels * shows[..., None])[y : rows[-1] + 1, x : columns[-1] + 1]
        return layer.with_pixels(part, layer.x + x, layer.y + y)

    page = replace(file.page.mapped(crop), entries={})
    content, _ = encoded(replace(file, page=page, manifest=None), ".ora")
    return content


def layer_of(file, name):
    return next((layer, x, y) for layer, _, x, y in file.page.layers() if layer.name == name)


def test_a_portrait_comes_apart_and_together_again(made, portrait):
    file = read_layered(made, "sailor.ora")
    assert [n.name for n, *_ in file.page.nodes()] == [PAINT_OVER, "Limner", SITTER, BACKGROUND, TILE]
    assert not layer_of(file, PAINT_OVER)[0].pixels.any()
    flat = flattened(file)
    assert np.abs(flat.pixels[..., :3].astype(int) - portrait.picture).mean() < 0.6
    assert flat.disclosure.recipe == portrait.recipe
    assert flat.disclosure.source_type == TRAINED
    with zipfile.ZipFile(io.BytesIO(made)) as z:
        said = read_disclosure(z.read("mergedimage.png"))
        assert ENTRY in z.namelist()
    assert said["Iptc4xmpExt:DigitalSourceType"] == TRAINED
    assert said["limner:recipeId"] == portrait.recipe.id


def test_what_is_painted_by_hand_makes_it_a_composite(made):
    file = read_layered(made, "sailor.ora")
    assert flattened(with_hand(file)).disclosure.source_type == COMPOSITE
    assert flattened(with_hand(file)).disclosure.recipe is None
    assert flattened(with_hand(file, visible=False)).disclosure.source_type == TRAINED
    assert flattened(with_hand(file, opacity=0.0)).disclosure.source_type == TRAINED


@pytest.mark.parametrize("saved_by_a_program", [False, True])
@pytest.mark.parametrize("kind", [".ora", ".psd"])
def test_painting_anew_leaves_hand_made_layers_as_they_are(studio, made, kind, saved_by_a_program):
    file = with_hand(read_layered(made, "sailor.ora"))
    content = as_a_program_saves(file) if saved_by_a_program else encoded(file, ".ora")[0]
    if kind == ".psd":
        pytest.importorskip("psd_tools")
        content, _ = encoded(read_layered(content, "sailor.ora"), ".psd")
    before = read_layered(content, f"sailor{kind}")
    assert before.manifest is not None
    again, note = studio.repaint_layers(before, kind=kind, medium="ink-wash")
    assert note == ""
    after = read_layered(again, f"again{kind}")
    assert [n.name for n, *_ in after.page.nodes()] == [n.name for n, *_ in before.page.nodes()]
    (mine, *at), (mine_after, *at_after) = layer_of(before, PAINT_OVER), layer_of(after, PAINT_OVER)
    assert at == at_after
    assert np.array_equal(mine.pixels, mine_after.pixels)
    assert mine.encoded == mine_after.encoded  # in OpenRaster the very bytes of the file
    assert after.manifest.recipe.treatment.medium == "ink-wash"
    assert not np.array_equal(layer_of(before, SITTER)[0].pixels, layer_of(after, SITTER)[0].pixels)
    wanted = studio.repaint(after.manifest.recipe).picture
    alone = replace(
        after, page=after.page.mapped(lambda layer: replace(layer, visible=layer.visible and layer.name != PAINT_OVER))
    )
    assert np.abs(flattened(alone).pixels[..., :3].astype(int) - wanted).mean() < 0.6
    studio.repaint_layers(after, kind=kind)  # and once more


def test_order_mode_opacity_and_place_of_machine_layers_are_the_artists_affair(studio, made):
    file = read_layered(made, "sailor.ora")
    sitter = replace(layer_of(file, SITTER)[0], x=15, y=-8, opacity=0.7, mode="svg:multiply")
    background, tiles = layer_of(file, BACKGROUND)[0], layer_of(file, TILE)[0]
    page = replace(file.page, children=(tiles, Group(name="g", x=5, y=1, children=(sitter,)), background))
    moved = read_layered(encoded(replace(file, page=page), ".ora")[0], "moved.ora")
    after = read_layered(studio.repaint_layers(moved, kind=".ora", medium="oil")[0], "after.ora")
    layer, x, y = layer_of(after, SITTER)
    assert (layer.opacity, layer.mode, x, y) == (0.7, "svg:multiply", 20, -7)
    assert after.page.children[1].name == "g"
    third = read_layered(studio.repaint_layers(after, kind=".ora")[0], "third.ora")
    assert layer_of(third, SITTER)[1:] == (20, -7)


def test_a_machine_layer_that_was_painted_on_is_not_lost(studio, made):
    file = read_layered(made, "sailor.ora")

    def smear(layer):
        if layer.name != SITTER:
            return layer
        pixels = layer.pixels.copy()
        pixels[100, 100] = (1, 2, 3, 255)
        return layer.with_pixels(pixels)

    touched = replace(file, page=file.page.mapped(smear))
    with pytest.raises(InputError, match=r"Limner: sitter.*painted on by hand"):
        studio.repaint_layers(touched, kind=".ora")
    assert flattened(touched).disclosure.source_type == COMPOSITE
    mine = replace(
        touched, page=touched.page.mapped(lambda layer: replace(layer, name="mine") if layer.name == SITTER else layer)
    )
    after = read_layered(studio.repaint_layers(mine, kind=".ora", medium="oil")[0], "after.ora")
    assert np.array_equal(layer_of(after, "mine")[0].pixels, layer_of(touched, SITTER)[0].pixels)
    assert after.manifest.layers.keys() == {BACKGROUND}


def test_files_that_cannot_be_painted_anew(studio, made, portrait):
    file = read_layered(made, "sailor.ora")
    nothing = Page(width=4, height=4, children=(Layer(name="mine", pixels=np.zeros((4, 4, 4), np.uint8)),))
    own = read_layered(encoded(replace(file, page=nothing, manifest=None), ".ora")[0], "own.ora")
    with pytest.raises(PictureError, match="no machine layers"):
        studio.repaint_layers(own, kind=".ora")
    bare = replace(file, manifest=None, page=replace(file.page, entries={}))
    with pytest.raises(PictureError, match="recipe is gone"):
        studio.repaint_layers(bare, kind=".ora")
    with pytest.raises(PictureError, match="any more"):
        studio.repaint_layers(replace(file, page=nothing), kind=".ora")
    with pytest.raises(InputError, match="64 x 64"):
        studio.bench.repainted(file, portrait.picture[:64, :64], file.manifest.disclosure, ".ora")
    photo = encode_file(portrait.picture, None)
    with pytest.raises(PictureError, match="holds no recipe"):
        studio.repaint_layers(studio.bench.apart(photo, "photo.png"), kind=".ora")
    with pytest.raises(PictureError, match="layers already"):
        studio.bench.apart(made, "sailor.ora")


def test_a_persons_own_work_says_nothing_and_a_photo_says_what_was_done(studio, portrait):
    own = Page(width=4, height=4, children=(Layer(name="mine", pixels=np.full((4, 4, 4), 255, np.uint8)),))
    content, _ = encoded(
        replace(studio.bench.apart(encode_file(portrait.picture, None)), page=own, manifest=None), ".ora"
    )
    assert flattened(read_layered(content, "own.ora")).disclosure is None
    apart = studio.bench.apart(encode_file(portrait.picture, None), "photo.png")
    assert flattened(apart).disclosure.source_type == ENHANCED


def test_names_alone_still_tell(made):
    file = read_layered(made, "sailor.ora")
    kept = tuple(n for n in file.page.children[1].children if n.name in (SITTER, BACKGROUND))
    bare = read_layered(
        encoded(replace(file, page=replace(file.page, children=kept, entries={}), manifest=None), ".ora")[0], "bare.ora"
    )
    assert bare.manifest is None
    assert flattened(bare).disclosure.source_type == COMPOSITE


def test_a_cut_out_says_what_the_portrait_said(studio, portrait):
    for format in ("png", "webp"):
        said = read_disclosure(studio.bench.cutout(portrait.to_bytes(), "sailor.png", format))
        assert said["limner:recipeId"] == portrait.recipe.id
    with pytest.raises(InputError, match="no transparency"):
        studio.bench.cutout(portrait.to_bytes(), "sailor.png", "jpeg")


@given(st.binary(max_size=4000), st.integers(0, 5), st.integers(0, 5))
def test_bytes_travel_as_pixels_wherever_they_lie(text, x, y):
    pixels = tile(text)
    assert (pixels[..., 3] == 255).all()
    assert read_tile(pixels) == text
    larger = np.zeros((pixels.shape[0] + 9, pixels.shape[1] + 9, 4), np.uint8)
    larger[y : y + pixels.shape[0], x : x + pixels.shape[1]] = pixels
    assert read_tile(larger) == text
    spoiled = pixels.copy()
    spoiled[0, 7] ^= 1  # in the packed bytes or their sum
    assert read_tile(spoiled) is None


def test_a_manifest_comes_back_or_says_what_is_wrong(studio, portrait):
    manifest = studio.bench.apart(portrait.to_bytes()).manifest
    assert Manifest.parse(manifest.to_json()) == manifest
    for text in (b"", b"{}", b"[]", b'{"form":2}', b'{"form":1,"width":"x"}', b"[" * 100_000):
        with pytest.raises(RecipeError):
            Manifest.parse(text)


def test_prints_ignore_what_programs_change_without_a_trace():
    pixels = np.random.default_rng(0).integers(0, 256, (9, 9, 4)).astype(np.uint8)
    pixels[:3, :, 3] = 0
    black = pixels.copy()
    black[:3] = 0
    whole = print_of(Layer(pixels=pixels), 2, 3)
    assert whole == print_of(Layer(pixels=black), 2, 3)
    assert whole == print_of(Layer(pixels=pixels[3:]), 2, 6)
    other = pixels.copy()
    other[5, 5, 3] ^= 1
    assert whole != print_of(Layer(pixels=other), 2, 3)
