import pytest

from limner.core.errors import WeightsError
from limner.language.lexicon import english
from limner.language.lexicon.english import is_common, is_english


@pytest.mark.parametrize("word", ["a", "house", "houses", "aardvark", "agnes", "paris", "zyrtec", "zürich"])
def test_words_and_names_are_english(word):
    assert is_english(word)


@pytest.mark.parametrize("word", ["", "hous", "hiar", "House", "zzzzz", "~", 'a"', "рука"])
def test_other_words_are_not(word):
    assert not is_english(word)


def test_common_words_are_those_that_are_said():
    assert is_common("house")
    assert is_english("zyrtec")
    assert not is_common("zyrtec")
    assert not is_common("hiar")


def test_every_line_of_the_list_is_found():
    words = [line.split(b'"')[1].decode() for line in english._lines() if b":" in line]
    assert len(words) > 100_000
    assert all(map(is_english, words[::97]))


def test_a_missing_list_is_named(monkeypatch):
    monkeypatch.setattr(english, "find_spec", lambda name: None)
    english._lines.cache_clear()
    try:
        with pytest.raises(WeightsError, match=r"en\.json\.gz") as caught:
            is_english("never-asked-for")
    finally:
        english._lines.cache_clear()
    assert "pyspellchecker" in caught.value.hint
