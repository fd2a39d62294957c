"""A term: one entry of the lexicon."""

from __future__ import annotations

from dataclasses import dataclass, field

from limner.core.palette import Colour
from limner.language.tokens import tokenise


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One entry of the lexicon."""

    word: str
    """The head word or phrase, as shown to people."""
    kind: str
    """What kind of word it is: "colour", "part", "look", "person", "mood" and so on."""
    said: bool = True
    """May captions for training use the word of any portrait whose dials fit?"""
    synonyms: tuple[str, ...] = ()
    """Words of the same meaning."""
    implied_by: tuple[str, ...] = ()
    """Words that ask for the same dials but mean more (a queen is a woman, not every woman a queen)."""
    colour: Colour | None = None
    """For colours: where the word lies in Lab."""
    like: tuple[str, ...] = ()
    """For colours: things that mean the colour after "like", "of" or "as" only ("hair like fire")."""
    part: str | None = None
    """For parts: the dial family that holds its colour."""
    wears: tuple[float, float, float] = (1.0, 0.0, 1.0)
    """For parts: what becomes of a colour word's Lab value on it: factor and offset of the lightness,
    factor of the chroma."""
    strength: float = 1.0
    """For parts: factor on the settings that words (not hex colours) give its colour dials."""
    dials: dict[str, float] = field(default_factory=dict[str, float])
    """Settings that the word asks for."""
    leans: tuple[str, ...] = ()
    """Those of its dials that give way to any word that sets them outright."""
    opposite: str | None = None
    """Head word of the opposite term."""
    words: str = ""
    """Plain words that say the same to the text encoder."""
    palette: tuple[str, ...] = ()
    """Colours that belong to it as #rrggbb, most important first."""
    style: str = ""
    """Style that it asks for."""
    medium: str = ""
    """Medium that it asks for."""
    composition: str = ""
    """What it does to the portrait before it is painted, with settings ("carved stone=marble")."""
    scale: str = ""
    """Gradation that it stands on ("sadness")."""
    degree: float = 0.0
    """Its place there, 0..1."""
    gloss: str = ""
    """What it means, in one line."""
    source: str = ""
    """Where a term of art comes from."""
    own: bool = False
    """True for a term that a person added: it takes the place of what its phrases meant before."""

    @property
    def acts(self) -> bool:
        """True if the term does anything beside being a colour word or a part."""
        return bool(self.dials or self.palette or self.words or self.style or self.medium or self.composition)

    @property
    def phrases(self) -> tuple[tuple[str, ...], ...]:
        """Head word, synonyms and implying words as token tuples."""
        return tuple(tuple(tokenise(p)) for p in (self.word, *self.synonyms, *self.implied_by))

    def worn(self, colour: Colour) -> Colour:
        """A colour word's value on this part."""
        scale, offset, chroma = self.wears
        return Colour(colour.lightness * scale + offset, colour.a * chroma, colour.b * chroma)
