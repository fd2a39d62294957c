from importlib import resources
from pathlib import Path

import pytest

from limner.core.errors import DialError, LimnerError
from limner.core.palette import Colour
from limner.language.lexicon import Lexicon, Term, lexicon, own_terms, read_terms
from limner.language.lexicon.files import source_terms
from limner.language.lexicon.index import compiled, singular, stem


@pytest.fixture(scope="module")
def shipped() -> list[Term]:
    return source_terms()


def test_what_is_loaded_is_what_the_files_say(shipped):
    # after a change of a file: python -m limner.language.lexicon
    text = resources.files("limner.language.lexicon").joinpath("data", "compiled.json").read_text("utf-8")
    assert text == compiled(shipped)
    assert list(lexicon().terms) == shipped
    assert {"colour", "part", "look", "person"} <= set(lexicon().kinds)


def test_a_compiled_lexicon_answers_like_one_made_of_terms(shipped):
    made, loaded = Lexicon(shipped), lexicon()
    for term in shipped[::7]:
        for phrase in term.phrases:
            assert loaded.at(phrase) == made.at(phrase) != ()
        assert loaded.find(term.word).word == term.word
        assert term in loaded.of_kind(term.kind)
    assert loaded.kinds == made.kinds
    assert loaded.scale("sadness") == made.scale("sadness") != ()
    assert [t.degree for t in loaded.scale("sadness")] == sorted(t.degree for t in loaded.scale("sadness"))
    assert loaded.part("eyes").strength < 1
    with pytest.raises(KeyError):
        loaded.find("no such word")


def test_few_terms_are_read_from_the_file_before_they_are_asked_for():
    text = compiled([Term(word=f"word {k}", kind="look", dials={"smile": 0.5}) for k in range(50)])
    damaged = text.replace('"word":"word 40"', '"word":broken')
    words = Lexicon.of_compiled(damaged)
    assert words.find("word 3").dials == {"smile": 0.5}  # row 40 has not been read
    with pytest.raises(ValueError, match="Expecting value"):
        words.at(("word", "40"))


def test_opposites_exist():
    for term in lexicon().terms:
        if term.opposite is not None:
            assert lexicon().find(term.opposite)


def test_no_phrase_stands_twice_in_one_term():
    for term in lexicon().terms:
        assert len(set(term.phrases)) == len(term.phrases), term.word


def test_colours_lie_in_the_gamut():
    for term in lexicon().of_kind("colour"):
        assert term.colour is not None
        assert Colour.of_hex(term.colour.hex).distance(term.colour) < 9, term.word


def test_idioms_and_things_do_nothing():
    for kind in ("idiom", "thing"):
        for term in lexicon().of_kind(kind):
            assert not term.acts, term.word
            elsewhere = [t.kind for p in term.phrases for t in lexicon().at(p) if t.kind not in ("idiom", "thing")]
            assert not elsewhere, term.word  # else the idiom would hide what the phrase means


@pytest.mark.parametrize("being", [
    "troll", "ogre", "gargoyle", "werewolf", "lizard man", "dragonborn", "mutant", "skeleton", "lich", "mummy", "golem",
    "tiefling",
])  # fmt: skip
def test_plain_beings_have_a_term_of_their_own(being):
    assert any(t.kind == "being" and t.dials["creature"] > 0.5 for t in lexicon().at(tuple(being.split())))


@pytest.mark.parametrize(
    ("word", "of"),
    [("orcs", "orc"), ("ladies", "lady"), ("foxes", "fox"), ("sadly", "sad"), ("angrily", "angry"), ("early", "early")],
)
def test_stems(word, of):
    assert stem(word) == of
    assert singular("sadly") == "sadly"


def test_a_plural_only_noun_is_no_other_word():
    assert lexicon().at(("glasses",))
    assert {t.kind for t in lexicon().at_stem(("glass",))} == {"thing"}
    assert lexicon().at_stem(("freckle",))


# one's own terms ---------------------------------------------------------------------------------


def _own(folder: Path, text: str) -> list[Term]:
    (folder / "mine.toml").write_text(text, "utf-8")
    return own_terms(folder)


def test_own_terms_are_added_and_take_over_their_phrases(tmp_path):
    own = _own(tmp_path, 'kind = "mood"\n[[term]]\nword = "blorbled"\nsynonyms = ["sad"]\ndials = { smile = 0.9 }\n')
    for words in (lexicon().joined(own), Lexicon([*lexicon().terms, *own])):
        assert words.find("blorbled").dials == {"smile": 0.9}
        assert [t.word for t in words.at(("sad",))] == ["blorbled"]
        assert words.at(("unhappy",))[0].word == "sad"
        assert words.of_kind("mood")[-1].word == "blorbled"
    assert lexicon().at(("sad",))[0].word == "sad"
    assert not lexicon().knows("blorbled")


def test_an_own_term_replaces_what_shipped_under_its_head_word(tmp_path):
    own = _own(tmp_path, 'kind = "look"\n[[term]]\nword = "sad"\ndials = { smile = -0.1 }\n')
    words = lexicon().joined(own)
    assert words.find("sad").dials == {"smile": -0.1}
    assert not words.at(("tearful",))  # a synonym of the term that was replaced
    assert sum(t.word == "sad" for t in words.terms) == 1
    assert sum(t.word == "sad" for t in words.of_kind("look")) == 1


def test_an_own_file_that_cannot_be_read_is_named(tmp_path):
    (tmp_path / "mine.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(LimnerError, match=r"mine\.toml"):
        own_terms(tmp_path)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("kind = ", LimnerError),
        ("[[term]]\nword='x'", LimnerError),
        ("kind='look'\n[[term]]\nword='x'\nsmell=1", LimnerError),
        ("kind='look'\n[[term]]\nword=''", LimnerError),
        ("kind='look'\n[[term]]\nword='x'\nleans=['smile']", LimnerError),
        ("kind='look'\n[[term]]\nword='x'\npalette=['red']", LimnerError),
        ("kind='look'\n[[term]]\nword='x'\ndegree=2", LimnerError),
        ("kind='look'\n[[term]]\nword='x'\nsynonyms='y'", LimnerError),
        ("kind='look'\n[[term]]\nword='x'\ndials={smole=1}", DialError),
        ("kind='look'\n[[term]]\nword='x'\ndials={smile=7}", DialError),
    ],
)
def test_bad_files_are_refused(text, kind):
    with pytest.raises(kind):
        read_terms(text, "bad.toml")
