import pytest

from limner.language.lexicon import lexicon
from limner.language.reading.ages import OLDEST, age_at, number_at, read_ages, setting_of, years_of
from limner.language.reading.clauses import clauses
from limner.language.reading.draft import Draft


def _ages(words: str) -> list[str]:
    found: list[str] = []
    for clause in clauses(words):
        draft = Draft(clause, lexicon())
        read_ages(draft)
        found += [f.term for f in draft.found]
    return found


@pytest.mark.parametrize(
    ("words", "years"),
    [
        ("a 60-year-old man", 60), ("60yo", 60), ("72 y/o grandma", 72), ("sixteen year old boy", 16), ("aged 8", 8),
        ("a man of eighty", 80), ("ninety-three years old", 93), ("in his late seventies", 78),
        ("woman in her twenties", 25), ("at the age of 58", 58), ("nearly ninety", 90), ("woman, 45, calm", 45),
        ("man, 30s", 35), ("early thirties", 32), ("between sixty and seventy", 65), ("30 to 40 years old", 35),
        ("someone around fifty", 50), ("who looks nineteen", 19), ("she is ninety", 90), ("turned 40", 40),
        ("a hundred years old", 100), ("a girl of seven", 7), ("seventy something", 74), ("two months old", 1 / 6),
        ("a sailor of some sixty winters", 60),
    ],
)  # fmt: skip
def test_ages_are_read(words, years):
    assert _ages(words) == ["under a year old" if years < 1 else f"{years:g} years old"]


@pytest.mark.parametrize(
    "words",
    ["one of two sisters", "mother of three", "grandmother of nine", "a soldier of 1916", "in the sixties", "1920s",
     "three men", "60 years ago", "two minutes before the show", "seven brides for seven brothers", "no 7"],
)  # fmt: skip
def test_other_numbers_are_no_ages(words):
    assert not [a for a in _ages(words) if a]


def test_ages_that_no_face_shows_are_set_aside():
    (clause,) = clauses("a 500-year-old elf")
    draft = Draft(clause, lexicon())
    read_ages(draft)
    (found,) = draft.found
    assert not found.term
    assert "500" in found.note


def test_numbers():
    assert number_at(("twenty", "one"), 0) == (21, 2)
    assert number_at(("five", "hundred", "year"), 0) == (500, 2)
    assert number_at(("a", "hundred"), 0) == (100, 2)
    assert number_at(("1789",), 0) == (1789, 1)
    assert number_at(("many",), 0) is None
    assert age_at(("of", "sixty"), 0) is None  # nobody is of sixty


def test_settings_grow_with_the_years():
    settings = [setting_of(y) for y in range(OLDEST)]
    assert settings == sorted(settings)
    assert settings[0] >= -1
    assert settings[-1] <= 1
    for years in range(5, 99, 3):
        assert abs(years_of(setting_of(years)) - years) <= 1
