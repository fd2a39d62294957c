import pytest

from limner.language.encoder import TextEncoder, shipped_weights
from limner.language.lexicon import lexicon
from limner.language.reading import Reader, explain
from limner.language.reading.explanation import in_words

EXAMPLE = (
    "loneliness cast in twilight, nostalgic futurism, a woman of seventy with silver braids, after the Dutch masters, "
    "#1b2a41 and ochre, no smile"
)


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader(lexicon(), TextEncoder.read(shipped_weights() / "text.npz"))


def _lines(reader: Reader, words: str, avoid: str = "") -> list[str]:
    return explain(reader.read(words, avoid=avoid), lexicon())


def test_the_example_is_explained_word_by_word(reader):
    text = "\n".join(_lines(reader, EXAMPLE))
    for words in (
        '"loneliness" (read as the mood lonely)', '"twilight"', '"nostalgic futurism" (paradox)', '"woman"',
        '"of seventy" (read as 70 years old): looks about 70.', '"silver braids" (read as silver hair)',
        '"#1b2a41 and ochre": colours of the palette.', '"no smile"', "The palette is #1b2a41 and",
        "pull apart over warmth", "Left open, so the seed decides: skin colour, eye colour and pose.",
    ):  # fmt: skip
        assert words in text
    assert "not in the lexicon" not in text


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("very sad", "weighs 1.3"),
        ("blond hiar", "taken for 'hair'"),
        ("a baker with a child", '"child": not the sitter'),
        ("a red scarf", '"red": said of the scarf'),
        ("a smiling, sad man", "smiling and sad pull apart over smile: they cancel out."),
        ("a bearded lady", "pull apart over femininity: woman decides."),
        ("xyzzy and plugh", '"xyzzy" and "plugh": not in the lexicon; left to the text encoder.'),
        ("a 500-year-old elf", "no face shows 500 years"),
        ("green eyes", "tints the eyes gently"),
        ("eyes #2e8b57", "eyes are #2e8b57"),
        ("baroque", "No palette is asked for"),
        ("no hat", '"no hat" (read as the garment not hat; left out): ruled out.'),
        ("frontal", "neither turned to the viewer's left nor turned to the viewer's right"),
    ],
)
def test_lines(reader, words, says):
    assert says in "\n".join(_lines(reader, words))


def test_what_is_avoided_is_told(reader):
    assert "Away from: smiling." in _lines(reader, "a man", avoid="smiling")


def test_every_line_is_a_sentence_and_none_stands_twice(reader):
    for words in (EXAMPLE, "her hair, her eyes, her hat", "a", "ochre"):
        lines = _lines(reader, words)
        assert len(set(lines)) == len(lines)
        assert all(line.endswith(".") and ".." not in line for line in lines)


def test_settings_in_words():
    assert in_words({"smile": 0.9}) == "broad smile (fully)"
    assert in_words({"smile": -0.2, "yaw": 0.0}).startswith("corners of the mouth down (a little); neither")
    assert in_words({"age": 0.87}) == "looks about 70"
    assert in_words({"hair": 0.9, "hair_red": 0.0, "hair_yellow": 0.0}).startswith("hair is #")
    assert in_words({"smile": 0.9, "yaw": 0.4, "pitch": 0.5}, most=1) == "broad smile (fully)"
    assert in_words({}) == ""
