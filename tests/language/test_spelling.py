import pytest

from limner.language.lexicon import lexicon
from limner.language.reading.spelling import Speller


@pytest.fixture(scope="module")
def speller() -> Speller:
    return Speller(lexicon())


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("yuong", "young"), ("hiar", "hair"), ("beerd", "beard"), ("beautifull", "beautiful"), ("womman", "woman"),
        ("grean", "green"), ("melancoly", "melancholy"), ("renaisance", "renaissance"), ("whtie", "white"),
        ("suprised", "surprised"), ("eybrows", "eyebrows"), ("hapy", "happy"), ("freckeld", "freckled"),
        ("violett", "violet"), ("moustashe", "moustache"),
    ],
)  # fmt: skip
def test_misspelt_words_are_put_right(speller, word, meant):
    assert speller.right(word) == meant


@pytest.mark.parametrize(
    "word",
    ["beard", "board", "shell", "house", "bread", "chair", "grainy", "swallower", "stormlight", "greyeyed", "gray",
     "teh", "ysolde", "xqzzt", "рука", "r2d2", "smiles", "kindly"],
)  # fmt: skip
def test_words_that_are_right_or_unknown_stay(speller, word):
    assert speller.right(word) is None


@pytest.mark.parametrize("word", ["fibre", "flavoured", "agonise", "hypnotises", "selfie", "selfies", "droid", "agnes"])
def test_british_and_new_words_and_names_stay(speller, word):
    assert speller.right(word) is None
