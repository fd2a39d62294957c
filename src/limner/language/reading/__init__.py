"""Reading: a brief made definite, and explained."""

from limner.language.reading.explanation import explain
from limner.language.reading.reader import Reader, restored
from limner.language.reading.templates import Template, wildcards

__all__ = ["Reader", "Template", "explain", "restored", "wildcards"]
