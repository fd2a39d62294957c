import pytest
from hypothesis import given
from hypothesis import strategies as st

from limner.core.dials import dial_table
from limner.core.errors import BriefError, DialError, InputError
from limner.language.encoder import TextEncoder, shipped_weights
from limner.language.lexicon import lexicon
from limner.language.reader import Reader


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader(lexicon(), TextEncoder.read(shipped_weights() / "text.npz"))


def _terms(reader: Reader, words: str) -> list[str]:
    return [u.term for u in reader.understand(words) if u.term]


@pytest.mark.parametrize(
    ("words", "terms"),
    [
        ("red-haired woman with green eyes", ["red hair", "woman", "green eyes"]),
        ("green hair, red eyes", ["green hair", "red eyes"]),
        ("hair of gold", ["gold hair"]),
        ("long curly black hair", ["black hair"]),
        ("pale blue skin", ["pale blue skin"]),
        ("a girl against a dark red wall", ["woman, girl", "dark red background"]),
        ("#1b2a41 background", ["#1b2a41 background"]),
        ("green goblin", ["green skin", "creature, goblin"]),
        ("black and white portrait", ["black and white"]),
        ("redhead", ["redhead (hair)"]),
        ("no beard", ["clean shaven"]),
        ("a man without a word for it", ["man"]),
        ("dark hair", ["dark hair"]),
        ("twilight", ["twilight"]),
    ],
)
def test_words_are_understood(reader, words, terms):
    assert _terms(reader, words) == terms


def test_colours_bind_to_the_part_beside_them(reader):
    one = reader.read("red hair, green eyes").dials
    two = reader.read("green hair, red eyes").dials
    assert one["hair_red"] > 0.8 > -0.8 > two["hair_red"]
    assert one["eyes_red"] < -0.8 < 0.8 < two["eyes_red"]


def test_negation_turns_a_term_round(reader):
    assert reader.read("smiling").dials["smile"] > 0.5
    assert reader.read("not smiling").dials["smile"] < 0


def test_contradictions_become_mixtures(reader):
    mixed = reader.read("a smiling, sad man").dials["smile"]
    assert reader.read("sad").dials["smile"] < mixed < reader.read("smiling").dials["smile"]


def test_settings_by_hand_win(reader):
    reading = reader.read("a smiling man", dials={"smile": -0.9})
    assert reading.dials["smile"] == -0.9


def test_a_palette_sets_the_ground(reader):
    reading = reader.read("a man", palette=("#1b2a41", "#c9a227"))
    assert reading.palette == ("#1b2a41", "#c9a227")
    assert reading.dials["background_yellow"] < -0.5
    assert reader.read("white background", palette=("#1b2a41",)).dials["background"] > 0.9


@pytest.mark.parametrize("words", ["!!!", "😀", "   ", "\u200b", "x" * 2001, "word " * 97])
def test_briefs_that_cannot_be_read(reader, words):
    with pytest.raises(BriefError) as error:
        reader.read(words)
    assert error.value.hint


def test_bad_dials_and_colours(reader):
    with pytest.raises(DialError):
        reader.read("a", dials={"smle": 0.2})
    with pytest.raises(DialError):
        reader.read("a", dials={"smile": 1.2})
    with pytest.raises(InputError):
        reader.read("a", palette=("blue",))


@pytest.mark.parametrize("words", ["портрет старика", "夕暮れの詩人", "خريف", "a café poet 😀"])
def test_other_scripts_pass(reader, words):
    assert reader.read(words).text


@given(
    words=st.text(alphabet=st.sampled_from("abcdeghilnorstuwy -,.red blue hair eyes not with and of #"), max_size=120)
)
def test_any_words_give_legal_settings(reader, words):
    try:
        reading = reader.read(words)
    except BriefError:
        return
    for name, value in reading.dials.items():
        assert dial_table().check(name, value) == value
    assert reader.read(words) == reading
