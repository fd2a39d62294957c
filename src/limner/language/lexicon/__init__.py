"""The lexicon: what words do."""

from limner.language.lexicon.files import own_terms, read_terms
from limner.language.lexicon.index import stem
from limner.language.lexicon.lookup import Lexicon, lexicon
from limner.language.lexicon.term import Term

__all__ = ["Lexicon", "Term", "lexicon", "own_terms", "read_terms", "stem"]
