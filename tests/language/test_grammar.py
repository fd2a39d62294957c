import pytest

from limner.core.errors import LimnerError
from limner.language.writing.chance import Chance
from limner.language.writing.grammar import Grammar, Used, read_grammar, sentence, with_article


def _say(frame: str, **values: str) -> str:
    return Grammar({"s": [frame], "animal": ["heron"], "road": ["{place} road"]}).say("s", values, Chance(1, "t"))


def test_values_slots_articles_and_capitals():
    assert _say("{Name} saw {a animal}.", name="ida") == "Ida saw a heron."
    assert _say("{A animal} on the {road}.", place="Oude") == "A heron on the Oude road."
    assert _say("{one|one} road") == "one road"


def test_verbs_agree_with_the_pronoun():
    grammar = Grammar({"s": ["{they} {was/were} here"]})
    assert grammar.say("s", {"they": "she"}, Chance(1, "t"), tags={"she"}) == "she was here"
    assert grammar.say("s", {"they": "they"}, Chance(1, "t"), tags={"they"}) == "they were here"


def test_tags_decide_and_missing_values_rule_out():
    grammar = Grammar({"s": ["[child] small", "[-child] large", "[-child] {trade}"]})
    assert grammar.say("s", {}, Chance(1, "t"), tags={"child"}) == "small"
    assert grammar.say("s", {"trade": ""}, Chance(1, "t")) == "large"
    assert {grammar.say("s", {"trade": "cooper"}, Chance(k, "t")) for k in range(20)} == {"large", "cooper"}


def test_nothing_fits_is_an_error():
    with pytest.raises(LimnerError, match="No frame"):
        Grammar({"s": ["{trade}"]}).say("s", {}, Chance(1, "t"))
    with pytest.raises(LimnerError, match="no frames"):
        Grammar({"s": []})


def test_values_never_open_holes():
    assert _say("{brief}", brief="a {@profession} {x|y}") == "a (@profession) (x|y)"


def test_least_used_frames_come_first():
    grammar, used = Grammar({"s": ["one", "two", "three"]}), Used()
    said = [grammar.say("s", {}, Chance(k, "t"), used=used) for k in range(6)]
    assert sorted(said[:3]) == sorted(said[3:]) == ["one", "three", "two"]


def test_chance_depends_on_seed_and_stream_alone():
    one, two = Chance(5, "a"), Chance(5, "a")
    assert [one.below(100) for _ in range(200)] == [two.below(100) for _ in range(200)]
    assert [Chance(5, "b").number(), Chance(6, "a").number()] != [Chance(5, "a").number()] * 2
    assert sorted(Chance(3, "s").shuffled(range(50))) == list(range(50))
    assert {Chance(k, "w").weighted("ab", (1.0, 0.0)) for k in range(30)} == {"a"}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("poet", "a poet"), ("old poet", "an old poet"), ("hour", "an hour"), ("unicorn", "a unicorn"),
        ("heir", "an heir"), ("82-year-old man", "an 82-year-old man"), ("18-year-old", "an 18-year-old"),
        ("9-year-old", "a 9-year-old"), ("european", "a european"), ("", ""),
    ],
)  # fmt: skip
def test_articles(words, said):
    assert with_article(words) == said


def test_sentences():
    assert sentence("it rained") == "It rained."
    assert sentence("\u201cno\u201d.") == "\u201cno\u201d."


@pytest.mark.parametrize("name", ["titles", "label", "biography", "mentor", "muse"])
def test_shipped_grammars_have_no_frame_twice_and_balanced_braces(name):
    for slot, frames in read_grammar(name).slots.items():
        texts = [f.text for f in frames]
        assert len(set(texts)) == len(texts), slot
        for text in texts:
            assert text.count("{") == text.count("}"), text


def test_every_hole_of_the_lives_is_known():
    values = {
        "name", "given", "given2", "place", "other", "trade", "did", "could", "kept", "kept2", "years", "hour", "light",
        "garment", "hair", "they", "them", "their", "theirs", "themself",
    }  # fmt: skip
    slots = read_grammar("biography").slots
    for frames in slots.values():
        for frame in frames:
            assert frame.needs <= values | set(slots), frame.text
