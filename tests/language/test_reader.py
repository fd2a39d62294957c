import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reading_scores import bench

from limner.core.dials import dial_table
from limner.core.errors import BriefError, DialError, InputError
from limner.core.palette import Colour
from limner.core.reading import Reading
from limner.language.encoder import TextEncoder, shipped_weights
from limner.language.lexicon import lexicon, read_terms
from limner.language.reading import Reader, restored


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader(lexicon(), TextEncoder.read(shipped_weights() / "text.npz"))


def _terms(reader: Reader, words: str) -> list[str]:
    return [u.term for u in reader.understand(words) if u.term]


def _notes(reader: Reader, words: str) -> dict[str, str]:
    return {u.words: u.note for u in reader.understand(words) if not u.term}


# the bars ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", bench.BRIEFS)
def test_briefs_are_read_as_people_expect(reader, name):
    attributes, untouched = bench.score_briefs(reader, bench.briefs([name]))
    assert attributes.of > 150
    assert attributes.share >= 0.95, attributes.misses
    assert 1 - untouched.share <= 0.02, untouched.misses


def test_swapped_colours_are_bound_the_other_way_round(reader):
    score = bench.score_binding(reader)
    assert score.of == 40
    assert score.share >= 0.95, score.misses


def test_settings_grow_along_scales(reader):
    briefs, gradations = bench.score_scales(reader), bench.score_gradations(lexicon(), reader)
    assert briefs.share >= 0.95, briefs.misses
    assert gradations.right >= 10
    assert gradations.share >= 0.9, gradations.misses


def test_plain_briefs_touch_no_colour_and_name_no_being(reader):
    lines = (bench.DATA / "plain.txt").read_text("utf-8").splitlines()
    assert len(lines) >= 60
    bodily = {"creature", "hair", "hair_length", "skin", "skin_red", "eyes", "face_width"}
    assert not {line: found for line in lines if (found := bodily & set(reader.read(line).dials))}


def test_a_scorer_sees_what_is_wrong(reader):
    brief = {"words": "a smiling man with red hair", "expect": {"smile": "-"}, "absent": ["smile"],
             "colours": {"eyes": "red"}, "kinds": ["mood"], "palette": 2}  # fmt: skip
    attributes, untouched = bench.score_briefs(reader, [brief])
    assert (attributes.right, attributes.of, untouched.right) == (0, 4, 0)
    assert bench.spearman([1, 2, 3], [3, 2, 1]) == pytest.approx(-1)
    assert bench.spearman([1, 2, 3], [5, 5, 5]) == 0


# words -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "terms"),
    [
        ("red-haired woman with green eyes", ["red hair", "woman", "green eyes"]),
        ("green hair, red eyes", ["green hair", "red eyes"]),
        ("hair of gold", ["gold hair"]),
        ("long curly black hair", ["long hair", "curly", "black hair"]),
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


@pytest.mark.parametrize(
    ("words", "term"),
    [
        ("red and curly hair", "red hair"),
        ("her hair is long, wavy and chestnut", "chestnut hair"),
        ("short curly hair, dark brown", "dark brown hair"),
        ("her hair was red, now it is grey", "grey hair"),
        ("hair like autumn leaves", "autumn leaves hair"),
        ("eyes like the sea", "sea eyes"),
        ("straw-coloured hair", "straw hair"),
        ("skin as black as coal", "black skin"),
        ("grey hair and beard", "grey beard"),
        ("ice-blue eyes", "ice blue eyes"),
        ("an old man on black", "black background"),
        ("eyes: #2e8b57", "#2e8b57 eyes"),
    ],
)
def test_colours_find_their_part(reader, words, term):
    assert term in _terms(reader, words)


@pytest.mark.parametrize("words", ["a red scarf and a hat", "Mr. Black, a banker", "feeling blue", "a golden crown"])
def test_colours_of_other_things_bind_to_nothing(reader, words):
    assert not [u for u in reader.understand(words) if u.kind == "colour"]


@pytest.mark.parametrize(
    ("words", "dial"),
    [
        ("a girl with her grandmother's pearls", "beard"),
        ("a woman and her old father", "age"),
        ("an old straw hat", "age"),
        ("dark coat, bright scarf", "brightness"),
        ("a woman on a wooden bench", "skin"),
        ("a woman in silk", "hair"),
        ("the daughter of an old king", "age"),
        ("man with a thin dark moustache", "brightness"),
        ("behind a glass window", "contrast"),
        ("in general, a friend", "brow_raise"),
        ("just before the show", "smile"),
    ],
)
def test_what_is_not_said_of_the_sitter_leaves_the_dials_alone(reader, words, dial):
    assert dial not in reader.read(words).dials


@pytest.mark.parametrize(
    ("words", "where"),
    [
        ("a mother with a child", "a child"),
        ("her grandmother's pearls", "grandmothers"),
        ("an old house", "old"),
        ("Rose, a florist", "rose"),
        ("three women", "three"),
        ("xyzzy", "xyzzy"),
    ],
)
def test_what_is_set_aside_is_told_with_a_reason(reader, words, where):
    notes = _notes(reader, words)
    assert any(part in where or where in part for part in notes)
    assert all(notes.values())


def test_colours_bind_to_the_part_beside_them(reader):
    one = reader.read("red hair, green eyes").dials
    two = reader.read("green hair, red eyes").dials
    assert one["hair_red"] > 0.8 > -0.8 > two["hair_red"]
    assert one["eyes_red"] < -0.5 < 0.5 < two["eyes_red"]


def test_eye_colours_are_weaker_than_the_words_unless_given_as_hex(reader):
    part = lexicon().part("eyes")
    green = lexicon().find("green").colour
    assert green is not None
    full = dial_table().colour("eyes", part.worn(green))
    read = reader.read("green eyes").dials
    assert read["eyes_red"] == pytest.approx(part.strength * full["eyes_red"], abs=0.002)
    exact = dial_table().colour("eyes", Colour.of_hex("#2e8b57"))
    assert reader.read("eyes #2e8b57").dials["eyes_red"] == exact["eyes_red"]


def test_misspelt_words_are_read_and_told(reader):
    (hair,) = reader.understand("blond hiar")
    assert hair.term == "blond hair"
    assert hair.words == "blond hiar"
    assert "'hair'" in hair.note
    assert _terms(reader, "a portrait of Hiar") == []  # a name, not a slip


# weighing ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("no", "yes", "dial"),
    [
        ("not smiling", "smiling", "smile"),
        ("she never smiles", "smiles", "smile"),
        ("no trace of a smile", "a smile", "smile"),
        ("not too dark", "dark", "brightness"),
        ("a man without hat or beard", "beard", "beard"),
        ("neither young nor happy", "young", "age"),
        ("don't make her old", "old", "age"),
    ],
)
def test_negation_turns_a_term_round(reader, no, yes, dial):
    assert reader.read(no).dials[dial] * reader.read(yes).dials[dial] < 0


def test_not_only_denies_nothing(reader):
    assert reader.read("not only sad but old").dials["age"] > 0.5
    assert reader.read("not only sad").dials["smile"] < 0


def test_emphasis_scales(reader):
    settings = [reader.read(w).dials["smile"] for w in ("slightly sad", "sad", "very sad")]
    assert settings[0] > settings[1] > settings[2]
    assert reader.read("a hint of sadness").dials["smile"] > settings[1]


def test_contradictions_become_mixtures(reader):
    mixed = reader.read("a smiling, sad man")
    assert reader.read("sad").dials["smile"] < mixed.dials["smile"] < reader.read("smiling").dials["smile"]
    assert any("smile" in note for note in mixed.notes)


@pytest.mark.parametrize(
    ("words", "dial", "sign"),
    [
        ("bearded lady", "femininity", 1),
        ("an old woman of twenty", "age", -1),
        ("a pale Nigerian", "skin", 1),
        ("a bald wood elf", "hair_length", -1),
        ("profile, facing left", "yaw", -1),
        ("a smiling woman, melancholic light", "smile", 1),
    ],
)
def test_the_plainest_word_settles_what_is_measured_on_a_sitter(reader, words, dial, sign):
    assert sign * reader.read(words).dials[dial] > 0.05


def test_settings_by_hand_win(reader):
    assert reader.read("a smiling man", dials={"smile": -0.9}).dials["smile"] == -0.9


def test_words_to_avoid_pull_away(reader):
    assert reader.read("a man", avoid="smiling").dials["smile"] < 0
    assert reader.read("a smiling man", avoid="smiling").dials["smile"] > 0


def test_own_terms_are_read(reader):
    (own,) = read_terms('kind = "mood"\n[[term]]\nword = "blorbled"\ndials = { smile = 0.9 }\n', "own.toml")
    mine = Reader(lexicon().joined([own]), TextEncoder.read(shipped_weights() / "text.npz"))
    assert mine.read("a blorbled man").dials["smile"] == 0.9
    assert "smile" not in reader.read("a blorbled man").dials


# palettes ----------------------------------------------------------------------------------------


def test_a_palette_sets_the_ground(reader):
    reading = reader.read("a man", palette=("#1b2a41", "#c9a227"))
    assert reading.palette == ("#1b2a41", "#c9a227")
    assert reading.dials["background_yellow"] < -0.5
    assert reader.read("white background", palette=("#1b2a41",)).dials["background"] > 0.9


@pytest.mark.parametrize(
    ("words", "count"),
    [
        ("a man, ochre, sienna and umber", 3),
        ("a man in shades of blue and grey", 2),
        ("a blue and grey palette", 2),
        ("a man, #264653 and #2a9d8f", 2),
        ("a man in front of the sea, with #264653", 1),
        ("a man, in black", 0),
        ("blonde", 0),
        ("black and white", 0),
    ],
)
def test_palettes_in_words(reader, words, count):
    assert len(reader.read(words).palette) == count


# the whole ---------------------------------------------------------------------------------------


def test_a_reading_survives_its_json(reader):
    for brief in bench.briefs()[::5]:
        reading = reader.read(brief["words"])
        again = Reading.from_json(reading.to_json())
        assert again == reading
        assert restored(reader, again) == reading


def test_an_edited_reading_keeps_its_edits(reader):
    data = reader.read("a sad man").to_json() | {"text": "", "dials": {"smile": 0.3}}
    edited = restored(reader, Reading.from_json(data))
    assert edited.dials == {"smile": 0.3}
    assert edited.text == reader.read("a sad man").text


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


_SOME = ("a the old red blue hair eyes not with and of is her girl's coat very 60 aged in #fff , . hiar marble king "
         "no or on black like fire palette dark beard it smiling")  # fmt: skip


@settings(deadline=None)
@given(words=st.lists(st.sampled_from(_SOME.split()), max_size=18).map(" ".join))
def test_any_words_give_legal_settings(reader, words):
    try:
        reading = reader.read(words)
    except BriefError:
        return
    for name, value in reading.dials.items():
        assert dial_table().check(name, value) == value
    assert reader.read(words) == reading


def test_a_brief_in_another_language_is_read_and_kept_as_written(reader):
    reading = reader.read("eine alte Frau mit roten Haaren und grünen Augen, ohne Lächeln")
    english = reader.read("an old woman with red hair and green eyes, no smile")
    assert reading.words.startswith("eine alte Frau")
    assert {n: v > 0 for n, v in reading.dials.items()} == {n: v > 0 for n, v in english.dials.items()}
    assert reading.notes[-1].startswith("Read as German: ")
    assert reading.text


def test_a_refused_brief_is_refused_in_any_language():
    from limner.core.errors import RefusedError
    from limner.language.policy import policy

    strict = Reader(lexicon(), TextEncoder.read(shipped_weights() / "text.npz"), policy())
    for words in ("eine nackte Frau", "una mujer desnuda", "голая женщина"):
        with pytest.raises(RefusedError):
            strict.read(words)
    assert strict.read("ein alter Seemann mit weißem Bart").dials["age"] > 0


def test_a_palette_by_its_name_is_a_palette_asked_for(reader):
    term = lexicon().find("venetian palette")
    reading = reader.read("a woman in a venetian palette")
    assert reading.palette == term.palette
    assert not any("No palette" in note for note in reading.notes)
    assert reader.read("a woman, #102030, venetian palette").palette == ("#102030", *term.palette)
    assert reader.read("a woman, no venetian palette").palette == ()
