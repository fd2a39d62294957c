import pytest
from hypothesis import given
from hypothesis import strategies as st

from limner.core.errors import BriefError
from limner.language.lexicon import lexicon
from limner.language.reading import Template, wildcards


@pytest.fixture
def look(tmp_path):
    (tmp_path / "hats.txt").write_text("bowler\n# not this\n\nfez\n")
    (tmp_path / "none.txt").write_text("# nothing\n")
    return wildcards(lexicon(), tmp_path)


def test_every_brief_of_a_template(look):
    template = Template("{oil|ink} portrait of a {20..60:20}-year-old in a {@hats}", look)
    briefs = list(template.every())
    assert template.count() == len(briefs) == len(set(briefs)) == 12
    assert briefs[0] == "oil portrait of a 20-year-old in a bowler"
    assert {template.draw(seed) for seed in range(200)} == set(briefs)
    assert template.draw(7) == template.draw(7)


def test_nesting_and_weights(look):
    template = Template("a {young {king|queen}|99::crone}", look)
    assert template.count() == 3
    drawn = [template.draw(seed) for seed in range(300)]
    assert drawn.count("a crone") > 280
    assert set(template.every()) == {"a young king", "a young queen", "a crone"}


def test_plain_words_stand_for_themselves(look):
    template = Template("a poet, {}".replace("{}", ""), look)
    assert not template.varies
    assert template.count() == 1
    assert template.draw(3) == "a poet"


def test_kinds_of_the_lexicon_are_wildcards(look):
    assert Template("{@colour} hair", look).draw(1).removesuffix(" hair") in {
        t.word for t in lexicon().of_kind("colour")
    }


@pytest.mark.parametrize(
    "words", ["{a|b", "a}", "{}", "{5..1}", "{1..5:0}", "{@nothing}", "{@none}", "{0::a|0::b}", "{@../secret}", "{ a }"]
)
def test_templates_that_cannot_be_read(look, words):
    with pytest.raises(BriefError) as error:
        Template(words, look)
    assert error.value.hint


def test_too_many_briefs(look):
    with pytest.raises(BriefError, match="1,000,000"):
        Template("{1..100} {1..100} {1..100}", look).every()


@given(st.text(alphabet="ab{}|@.:12 ", max_size=30))
def test_any_text_is_read_or_refused(words):
    def never(name):
        raise BriefError("no", "no")

    try:
        template = Template(words, never)
    except BriefError:
        return
    assert "{" not in template.draw(1)
