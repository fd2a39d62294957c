import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from limner.core.errors import PictureError, RecipeError
from limner.core.reading import Reading
from limner.core.recipe import Recipe
from limner.provenance.disclosure import (
    COMPOSITE,
    FORMATS,
    TRAINED,
    Disclosure,
    encode_file,
    of_page,
    read_disclosure,
    read_recipe,
)

PICTURE = np.random.default_rng(0).integers(0, 256, (32, 32, 3)).astype(np.uint8)


def _disclosure(words: str = "a poet", **more) -> Disclosure:
    recipe = Recipe(engine="eigen.portraits", weights="0" * 64, reading=Reading(words=words), seed=3)
    return Disclosure(
        recipe=recipe, system="Limner, engine eigen.portraits", version="1.2", credit="Someone, CC BY 4.0", **more
    )


@pytest.mark.parametrize("format", FORMATS)
def test_every_format_says_that_it_is_synthetic(format):
    data = encode_file(PICTURE, _disclosure(creator="Ada"), format)
    said = read_disclosure(data)
    assert said["Iptc4xmpExt:DigitalSourceType"] == TRAINED
    assert said["Iptc4xmpExt:AIPromptInformation"] == "a poet"
    assert said["Iptc4xmpExt:AIPromptWriterName"] == "Ada"
    assert said["Iptc4xmpExt:AISystemUsed"].startswith("Limner")
    assert said["dc:rights"] == "Someone, CC BY 4.0"
    assert "do not exist" in said["dc:description"]
    assert read_recipe(data) == _disclosure().recipe


@pytest.mark.parametrize("format", ["jpeg", "webp"])
def test_lower_quality_makes_smaller_files_that_say_the_same(format):
    noise = np.random.default_rng(0).integers(0, 255, (128, 128, 3), np.uint8)
    large, small = encode_file(noise, _disclosure(), format), encode_file(noise, _disclosure(), format, quality=40)
    assert len(small) < 0.7 * len(large)
    assert read_disclosure(small) == read_disclosure(large)


def test_png_keeps_every_pixel():
    data = encode_file(PICTURE, _disclosure(), "png")
    assert (np.asarray(Image.open(io.BytesIO(data))) == PICTURE).all()


@given(st.text(max_size=200))
def test_any_words_survive_in_the_recipe(words):
    if "\x00" in words or any(0xD800 <= ord(c) <= 0xDFFF for c in words):
        return
    data = encode_file(PICTURE, _disclosure(words), "png")
    assert read_recipe(data).reading.words == words


def test_hostile_words_stay_words():
    words = "</rdf:li><script>&\"'\u202e"
    said = read_disclosure(encode_file(PICTURE, _disclosure(words), "jpeg"))
    assert said["Iptc4xmpExt:AIPromptInformation"] == words


def _png(packet: str) -> bytes:
    info = PngImagePlugin.PngInfo()
    info.add_itxt("XML:com.adobe.xmp", packet)
    out = io.BytesIO()
    Image.fromarray(PICTURE).save(out, "PNG", pnginfo=info)
    return out.getvalue()


BOMB = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><x:xmpmeta xmlns:x="adobe:ns:meta/">&b;</x:xmpmeta>'


@pytest.mark.parametrize("packet", ["not xml", "<a>", BOMB, " " * (1 << 20) + "<a/>"])
def test_damaged_or_hostile_metadata_is_refused(packet):
    with pytest.raises(PictureError):
        read_disclosure(_png(packet), "x.png")


def test_a_picture_without_recipe_says_so():
    out = io.BytesIO()
    Image.fromarray(PICTURE).save(out, "PNG")
    assert read_disclosure(out.getvalue()) == {}
    with pytest.raises(PictureError, match="holds no recipe"):
        read_recipe(out.getvalue(), "mine.png")


def test_a_damaged_recipe_is_refused():
    packet = (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description rdf:about="" xmlns:limner="urn:limner:ns/1.0/"><limner:recipe>{}</limner:recipe>'
        "</rdf:Description></rdf:RDF></x:xmpmeta>"
    )
    with pytest.raises(RecipeError):
        read_recipe(_png(packet))


@pytest.mark.parametrize("data", [b"", b"GIF89a", b"\x89PNG\r\n\x1a\n"])
def test_what_is_no_picture_is_named(data):
    with pytest.raises(PictureError, match=r"x\.png"):
        read_disclosure(data, "x.png")


def test_a_page_is_as_synthetic_as_its_parts():
    said = read_disclosure(encode_file(PICTURE, _disclosure(), "webp"))
    whole, mixed = of_page([said, said], "1"), of_page([said, {}], "1")
    assert whole is not None
    assert mixed is not None
    assert whole.source_type == TRAINED
    assert whole.credit == "Someone, CC BY 4.0"
    assert mixed.source_type == COMPOSITE
    assert of_page([{}, {}], "1") is None
    assert read_disclosure(encode_file(PICTURE, None, "png")) == {}
    again = read_disclosure(encode_file(PICTURE, mixed, "png"))
    assert again["Iptc4xmpExt:DigitalSourceType"] == COMPOSITE
