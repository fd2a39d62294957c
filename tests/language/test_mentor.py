import re

import pytest

from limner.core.errors import BriefError, InputError, RefusedError
from limner.core.palette import Colour
from limner.language.advice import Mentor
from limner.language.advice.precedents import precedents, themes
from limner.language.advice.relevance import affinity
from limner.language.encoder import TextEncoder, shipped_weights
from limner.language.lexicon import lexicon
from limner.language.policy import policy
from limner.language.reading import Reader

IDEAS = [
    "something sad but elegant", "my grandmother's village", "a cover for a jazz record", "tax audit",
    "the smell of rain", "a villain for my game, charming but cruel", "old woman with red hair who lost her son",
    "xylophone repair", "Monday", "by candlelight", "ukiyo-e", "zzz qqq",
]  # fmt: skip


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader(lexicon(), TextEncoder.read(shipped_weights() / "text.npz"), policy())


@pytest.fixture(scope="module")
def mentor(reader) -> Mentor:
    return Mentor(lexicon(), TextEncoder.read(shipped_weights() / "text.npz"), reader)


# the data ------------------------------------------------------------------------------------------


def test_there_are_many_precedents_and_none_twice():
    assert len(precedents()) >= 80
    assert len({(p.school, p.century, p.device) for p in precedents()}) == len(precedents())
    assert len({p.region for p in precedents()}) >= 15


def test_precedents_speak_the_words_of_the_lexicon():
    words = lexicon()
    for p in precedents():
        assert words.find(p.light).kind == "light", p.device
        assert words.find(p.palette).kind == "palette", p.device
        assert len(words.find(p.palette).palette) >= 3, p.device
        assert words.find(p.movement).kind == "movement", p.device
        assert words.find(p.pose).kind in ("look", "feature"), p.device
        assert len(p.moods) >= 4, p.device
        assert {words.find(m).kind for m in p.moods} <= {"mood", "quality", "look", "paradox"}, p.device


def test_precedents_are_dated_and_told():
    for p in precedents():
        assert re.fullmatch(r"\d+(st|nd|rd|th) century( BC)?", p.century), p.device
        assert p.does.endswith("."), p.device
        assert 40 <= len(p.does) <= 260, p.device


def test_precedents_name_no_one_whom_the_policy_knows():
    for p in precedents():
        assert policy().look(f"{p.school}. {p.device}. {p.does}") is None, p.device


def test_subjects_of_themes_are_understood_word_by_word(reader):
    for theme in themes():
        for subject in theme.subjects:
            items = reader.understand(subject)
            assert items, subject
            assert all(i.term for i in items), (theme.name, subject)


def test_themes_speak_the_words_of_the_lexicon():
    words = lexicon()
    for theme in themes():
        assert theme.advice or theme.subjects, theme.name
        assert {words.find(m).kind for m in theme.moods} <= {"mood", "quality", "look", "paradox"}, theme.name
        assert {words.find(h).kind for h in theme.hours} <= {"hour", "weather", "light", "look"}, theme.name


# directions ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("idea", IDEAS)
def test_directions_differ_in_light_palette_and_movement(mentor, idea):
    directions = mentor.directions(idea, count=5)
    for name in ("light", "palette_name", "movement", "title", "brief", "angle"):
        assert len({getattr(d, name) for d in directions}) == 5 or name == "angle", name
    for k, one in enumerate(directions):
        for other in directions[k + 1 :]:
            pairs = list(zip(one.palette[:2], other.palette[:2], strict=True))
            apart = sum(Colour.of_hex(a).distance(Colour.of_hex(b)) for a, b in pairs) / 2
            assert apart >= 13
    assert directions[0].angle == "to the letter"


@pytest.mark.parametrize("idea", IDEAS)
def test_briefs_are_ready_to_paint(mentor, reader, idea):
    for d in mentor.directions(idea, count=4):
        reading = reader.read(d.brief)
        heads = {w for u in reading.understood for w in u.term.split(", ")}
        assert {d.light, d.movement} <= heads
        assert d.palette_name in heads or reading.palette
        assert sum(1 for u in reading.understood if u.term) >= 4
        assert len(reading.dials) >= 3
        assert all(d.why_mood.endswith((".", "?")) for d in (d,))
        assert d.why_light
        assert d.why_palette


def test_the_same_idea_and_seed_give_the_same_directions(mentor):
    one = mentor.directions("a rainy sunday", seed=4)
    assert one == mentor.directions("A rainy  Sunday", seed=4)
    others = [mentor.directions("a rainy sunday", seed=k) for k in range(5, 8)]
    assert all(o != one for o in others)


def test_feelings_that_are_named_come_back(mentor):
    sad = lexicon().find("sad")
    for seed in range(4):
        for d in mentor.directions("something sad but elegant", seed=seed):
            assert max(affinity(sad, lexicon().find(m)) for m in d.mood.split(", ")) > 0.3, d.mood


def test_settings_that_are_named_steer(mentor):
    assert mentor.directions("ukiyo-e print of a fisherman")[0].movement == "ukiyo-e"
    for seed in range(4):
        directions = mentor.directions("a woman by candlelight, in a venetian palette", seed=seed)
        assert (directions[0].light, directions[0].palette_name) == ("by candlelight", "venetian palette")


def test_a_named_sitter_is_kept(mentor, reader):
    for d in mentor.directions("an old blacksmith with green eyes, proud"):
        terms = [u.term for u in reader.understand(d.brief)]
        assert "blacksmith" in terms
        assert "green eyes" in terms


@pytest.mark.parametrize(
    ("idea", "trades"),
    [
        ("a cover for a jazz record", {"jazz singer", "trumpeter", "saxophonist", "blues musician", "pianist"}),
        ("tax audit", {"accountant", "moneylender", "tax collector", "banker", "pawnbroker"}),
    ],
)
def test_words_that_no_term_knows_find_apt_sitters(mentor, reader, idea, trades):
    for seed in range(3):
        briefs = [d.brief for d in mentor.directions(idea, seed=seed)]
        found = {u.term for b in briefs for u in reader.understand(b)}
        assert found & trades, briefs


def test_likeness_finds_a_theme_where_no_word_calls_one(mentor):
    assert mentor.heard("zzz qqq").startswith("No word of this is known")
    assert mentor.heard("a cover for a jazz record") == "Taken to be about jazz and music; for a cover."
    assert "the feeling is sad" in mentor.heard("something sad")


def test_purposes_bring_advice(mentor):
    assert "stamp" in mentor.directions("a cover for a jazz record")[0].advice[0]
    assert mentor.directions("jazz")[0].advice == ()


def test_what_cannot_be_done_is_said(mentor):
    with pytest.raises(InputError, match="3 to 5"):
        mentor.directions("rain", count=2)
    with pytest.raises(BriefError):
        mentor.directions("   ")
    with pytest.raises(RefusedError):
        mentor.directions("a portrait of donald trump, sad")
