import pytest

from limner.core.errors import DialError, LimnerError
from limner.language.lexicon import compiled, lexicon, read_compiled, read_terms, source_terms


def test_what_is_loaded_is_what_the_files_say():
    # after a change of a file: python -m limner.language.lexicon
    assert read_compiled(compiled(source_terms())) == list(lexicon().terms)
    assert {"colour", "part", "look", "person"} <= set(lexicon().kinds)


def test_opposites_exist():
    for term in lexicon().terms:
        if term.opposite is not None:
            assert lexicon().find(term.opposite)


def test_no_phrase_stands_twice_in_one_term():
    for term in lexicon().terms:
        assert len(set(term.phrases)) == len(term.phrases), term.word


def test_colours_lie_in_the_gamut():
    from limner.core.palette import Colour

    for term in lexicon().of_kind("colour"):
        assert term.colour is not None
        assert Colour.of_hex(term.colour.hex).distance(term.colour) < 9, term.word


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("kind = ", LimnerError),
        ("[[term]]\nword='x'", LimnerError),
        ("kind='look'\n[[term]]\nword='x'\nsmell=1", LimnerError),
        ("kind='look'\n[[term]]\nword=''", LimnerError),
        ("kind='look'\n[[term]]\nword='x'\ndials={smole=1}", DialError),
        ("kind='look'\n[[term]]\nword='x'\ndials={smile=7}", DialError),
    ],
)
def test_bad_files_are_refused(text, kind):
    with pytest.raises(kind):
        read_terms(text, "bad.toml")
