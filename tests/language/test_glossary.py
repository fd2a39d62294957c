"""The pages in `docs/terms` say what the lexicon says: after a change, `limner terms --docs docs/terms`."""

from pathlib import Path

from limner.language.encoder import TextEncoder, shipped_weights
from limner.language.lexicon import Lexicon, lexicon, read_terms
from limner.language.policy import policy
from limner.language.reading import Reader
from limner.language.writing.glossary import PICTURED, PICTURES, glossary, sample_brief

FOLDER = Path(__file__).parent.parent.parent / "docs" / "terms"


def test_the_pages_are_up_to_date():
    shown = [kind for kind in PICTURED if (FOLDER / PICTURES / f"{kind}.jpg").is_file()]
    pages = glossary(lexicon(), shown)
    assert {path.name for path in FOLDER.glob("*.md")} == set(pages)
    stale = [name for name, text in pages.items() if (FOLDER / name).read_text("utf-8") != text]
    assert stale == []


def test_every_term_has_its_row():
    pages = glossary(lexicon())
    for term in lexicon().terms:
        assert f"| **{term.word}** |" in pages[f"{term.kind}.md"], term.word


def test_a_row_tells_what_the_term_does():
    text = """kind = "mood"
[[term]]
word = "drizzly"
synonyms = ["rain|soaked"]
implied_by = ["umbrella"]
dials = { warmth = -0.4, smile = 0.2 }
palette = ["#4d5967"]
opposite = "sunny"
words = "rain on glass"
scale = "rain"
gloss = "It will not stop."
source = "a proverb"
"""
    page = glossary(Lexicon(read_terms(text, "test")), ["mood"])["mood.md"]
    assert (
        "| **drizzly** | rain/soaked, umbrella * | warmth -0.4, smile +0.2; palette #4d5967; "
        '"rain on glass" | It will not stop. Opposite: sunny. (a proverb) |'
    ) in page
    assert "- *rain*: drizzly\n" in page
    assert "star" in page
    assert "(images/mood.jpg)" in page


def test_samples_are_of_their_term():
    reader = Reader(lexicon(), TextEncoder.read(shipped_weights() / "text.npz"), policy())
    for kind in PICTURED:
        for term in lexicon().of_kind(kind):
            reading = reader.read(sample_brief(term))
            named = [word for item in reading.understood for word in item.term.split(", ")]
            assert term.word in named or (kind == "palette" and len(reading.palette) > 1), term.word
