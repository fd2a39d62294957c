"""Saying it otherwise: the other words are read the same, and so are the words for those."""

import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from limner.language.encoder import TextEncoder, shipped_weights
from limner.language.lexicon import lexicon
from limner.language.reading import Reader
from limner.language.writing import rephrase
from limner.language.writing.rephrase import NOTED

BRIEFS = [
    b["words"] for b in tomllib.loads((Path(__file__).parent / "data" / "briefs.toml").read_text("utf-8"))["brief"]
]


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader(lexicon(), TextEncoder.read(shipped_weights() / "text.npz"))


def _measure(reader, briefs) -> tuple[float, float, float]:
    """Shares: signs kept, second round trips that give the same dials, briefs in other words."""
    kept = every = stable = other = 0
    for words in briefs:
        first = reader.read(words)
        said = rephrase(first, lexicon(), reader, 3)
        second = reader.read(said)
        third = reader.read(rephrase(second, lexicon(), reader, 4))
        noted = {n: v for n, v in first.dials.items() if abs(v) > NOTED}
        every += len(noted)
        kept += sum(second.dials.get(n, 0.0) * v > 0 for n, v in noted.items())
        names = set(second.dials) | set(third.dials)
        stable += all(abs(second.dials.get(n, 0.0) - third.dials.get(n, 0.0)) <= 0.05 for n in names)
        other += said.casefold() != words.casefold()
        assert (second.style, second.medium) == (first.style, first.medium), (words, said)
    return kept / every, stable / len(briefs), other / len(briefs)


def test_round_trips_keep_what_was_asked_for(reader):
    signs, stable, other = _measure(reader, BRIEFS[::8])
    assert signs >= 0.95
    assert stable >= 0.95
    assert other >= 0.85


@pytest.mark.slow
def test_round_trips_over_all_briefs(reader):
    signs, stable, other = _measure(reader, BRIEFS)
    print(f"signs kept {signs:.4f}, second round trip stable {stable:.4f}, in other words {other:.4f}")
    assert signs >= 0.98
    assert stable >= 0.98
    assert other >= 0.9


def test_settings_by_hand_are_said_too(reader):
    asked = reader.read("a poet", dials={"smile": 0.8, "brightness": -0.6})
    again = reader.read(rephrase(asked, lexicon(), reader))
    assert again.dials["smile"] > 0.3
    assert again.dials["brightness"] < -0.2


def test_a_palette_by_hand_is_said_too(reader):
    asked = reader.read("a poet", palette=("#1b2a41", "#c9a227"))
    assert reader.read(rephrase(asked, lexicon(), reader)).palette == ("#1b2a41", "#c9a227")


def test_colours_by_hand_are_said_too(reader):
    red = reader.read("red hair").dials
    asked = replace(reader.read("a man"), dials={**reader.read("a man").dials, **red})
    again = reader.read(rephrase(asked, lexicon(), reader))
    assert again.dials["hair_red"] > 0.3


def test_seeds_find_other_words(reader):
    asked = reader.read("an old sailor with white hair and green eyes, sad, at dusk, dutch golden age")
    assert len({rephrase(asked, lexicon(), reader, seed) for seed in range(6)}) >= 4
    assert rephrase(asked, lexicon(), reader, 2) == rephrase(asked, lexicon(), reader, 2)


def test_unknown_words_are_kept(reader):
    assert "parasol" in rephrase(reader.read("a woman with a parasol, sad"), lexicon(), reader)


def test_nothing_asked_is_nothing_said(reader):
    assert rephrase(reader.read(), lexicon(), reader) == ""
