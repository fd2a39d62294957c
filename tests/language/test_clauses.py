import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from limner.language.reading.clauses import clauses


def _tokens(words: str) -> list[tuple[str, ...]]:
    return [c.tokens for c in clauses(words)]


@pytest.mark.parametrize(
    ("words", "tokens"),
    [
        ("red hair, green eyes", [("red", "hair"), ("green", "eyes")]),
        ("old but merry", [("old",), ("merry",)]),
        ("a man - no beard", [("a", "man"), ("no", "beard")]),
        ("red-haired", [("red", "haired")]),
        ("an orc w/ tusks", [("an", "orc", "with", "tusks")]),
        ("w/o a hat", [("without", "a", "hat")]),
        ("72 y/o lady", [("72", "yo", "lady")]),
        ("Mr. Brown. A banker", [("mr", "brown"), ("a", "banker")]),
        ("she's old, isn't she", [("she", "is", "old"), ("isnt", "she")]),
        ("smile 0.5 (#1B2A41)", [("smile", "0", "5", "#1b2a41")]),
        ("", []),
        ("?!", []),
    ],
)
def test_clauses(words, tokens):
    assert _tokens(words) == tokens


@pytest.mark.parametrize(
    ("words", "weights"),
    [
        ("(smile:1.4)", (1.4,)),
        ("(smile)", (1.1,)),
        ("[smile]", (1 / 1.1,)),
        ("((smile))", (1.1**2,)),
        ("(old (man:2))", (1.1, 2.0)),  # 2 x 1.1 is more than the heaviest
        ("(smile:99)", (2.0,)),
        ("(smile:0)", (0.1,)),
        ("a (sad:1.2) man", (1.0, 1.2, 1.0)),
    ],
)
def test_weights(words, weights):
    (clause,) = clauses(words)
    assert clause.weights == pytest.approx(weights)
    assert clause.weight(0, 1) == pytest.approx(weights[0])


def test_marks_of_words():
    (clause,) = clauses("A fisherman's ice-blue eyes, the kings' hats"[:26])
    assert clause.owning == (False, True, False, False, False)
    assert clause.capital == (True, False, False, False, False)
    assert clause.hyphened == (False, False, True, False, False)
    assert clauses("the kings' hats")[0].owning == (False, True, False)


def test_clauses_can_be_joined_and_corrected():
    one, other = clauses("long, balck hair")
    both = one + other.corrected({0: "black"})
    assert both.tokens == ("long", "black", "hair")
    assert both.words(0, 3) == "long balck hair"
    assert one.corrected({}) is one


@settings(deadline=None)
@given(st.text(max_size=60))
def test_any_text_falls_into_clauses_of_equal_tuples(words):
    for clause in clauses(words):
        assert clause.tokens
        assert len(clause.tokens) == len(clause.weights) == len(clause.owning) == len(clause.capital)
        assert all(0.1 <= w <= 2 for w in clause.weights)
