"""Writing: readings said otherwise, wall labels and imagined lives, drawn from grammars."""

from limner.language.writing.biography import FICTION
from limner.language.writing.label import Label, Lineage, Work, Writer
from limner.language.writing.rephrase import rephrase

__all__ = ["FICTION", "Label", "Lineage", "Work", "Writer", "rephrase"]
