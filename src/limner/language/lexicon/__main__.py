"""Checks the lexicon's files and compiles them: `python -m limner.language.lexicon`."""

from pathlib import Path

from limner.language.lexicon.files import source_terms
from limner.language.lexicon.index import compiled
from limner.language.lexicon.lookup import COMPILED

place = Path(__file__).parent / "data" / COMPILED
terms = source_terms()
place.write_text(compiled(terms), "utf-8")
print(f"{len(terms):,} terms -> {place}")
