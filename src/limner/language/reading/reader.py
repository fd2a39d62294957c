"""The reader: words to a reading.

A brief in another language is first said in English (`tongues`).  It is taken apart into clauses of
weighted words (`clauses`), misspelt words are put right (`spelling`), and each clause is read in turn: a
palette or an age (`palettes`, `ages`), colours bound to the part that they stand beside (`binding`) and
adjectives to their noun (`adjectives`), then the lexicon's phrases, longest first, without what is not
about the sitter (`phrases`).  "Very" and "slightly" scale what follows; a negated term asks for its
opposite (`negation`).  What pulls in opposite directions is weighed and remarked on (`weighing`).  Words
that the lexicon does not know still reach the engine through the text vector, and the reading says so.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from limner.core.dials import dial_table
from limner.core.errors import BriefError
from limner.core.palette import Colour
from limner.core.reading import Reading, Understood, pack_vector
from limner.language.encoder import TextEncoder
from limner.language.lexicon import Lexicon, Term
from limner.language.lexicon.small_words import (
    BARE,
    CROWD,
    EMPHASIS,
    FIRST_NAMES,
    NEGATIONS,
    SHADES,
    SILENT,
    SMALL,
    TITLES,
)
from limner.language.policy import Policy
from limner.language.reading.adjectives import Adjectives
from limner.language.reading.ages import number_at, read_ages
from limner.language.reading.binding import Binder
from limner.language.reading.clauses import Clause, clauses
from limner.language.reading.draft import Draft, Found, Mentions
from limner.language.reading.negation import stress
from limner.language.reading.palettes import from_palette, loose_colours, read_palette
from limner.language.reading.phrases import Phrases
from limner.language.reading.spelling import Speller
from limner.language.reading.weighing import mixture, weigh
from limner.language.tokens import MAX_TOKENS, tokenise
from limner.language.tongues import Translation, translate

MAX_LETTERS = 2000
"""Longer briefs are refused."""

_AWAY = -0.5  # share of a setting that words to avoid ask for
_LENT = 0.7  # strength of a palette that belongs to a term, beside one that was asked for
_KEEPS_PALETTE = frozenset({"symbol", "garment", "profession", "feature"})  # its colours are its own, not the picture's


@dataclass(frozen=True, slots=True)
class _Digest:
    """What a brief was taken to mean, before it is made into a reading."""

    found: tuple[Found, ...] = ()
    understood: tuple[Understood, ...] = ()

    @property
    def terms(self) -> list[Term]:
        return [term for f in self.found if not f.denied for term in f.terms]

    @property
    def palette(self) -> tuple[str, ...]:
        """The colours asked for, by themselves or by a palette's name, in the order of the brief."""
        named = (f.colours or _of_palettes(f) for f in self.found)
        return tuple(dict.fromkeys(colour for colours in named for colour in colours))


class Reader:
    """Makes readings.

    Args:
        words: the lexicon to look words up in.
        encoder: turns texts into vectors.
        policy: refuses briefs; None refuses none.
    """

    def __init__(self, words: Lexicon, encoder: TextEncoder, policy: Policy | None = None) -> None:
        self._lexicon = words
        self._policy = policy
        self._encoder = encoder
        self._table = dial_table()
        self._speller = Speller(words)
        self._binder = Binder(words)
        self._adjectives = Adjectives(words, self._binder)
        self._phrases = Phrases(words, self._binder)
        parts = [words.part(name) for name in ("eyes", "hair", "skin", "background")]
        self._strength = {p.part: p.strength for p in parts if p.part and p.strength != 1}

    def read(
        self,
        words: str = "",
        *,
        avoid: str = "",
        dials: Mapping[str, float] | None = None,
        palette: tuple[str, ...] = (),
    ) -> Reading:
        """Read a brief.

        Args:
            words: what to paint, in plain words of any language that `tongues` knows; empty for faces from noise
                alone.
            avoid: words to stay away from.
            dials: settings by hand, -1..1; they win over what the words say.
            palette: colours as #rrggbb, most important first.

        Raises:
            BriefError: too long, too many words, or no letter or digit in it.
            DialError: an unknown dial or a value out of range.
            RefusedError: the policy does not paint such a brief.
        """
        asked, away = self._in_english(words, "brief"), self._in_english(avoid, "list of words to avoid")
        if self._policy is not None:
            self._policy.check(f"{asked.words}\n{away.words}" if away.words else asked.words)
        wanted, spurned = self._digest(asked.words), self._digest(away.words)
        colours = tuple(Colour.of_hex(c).hex for c in palette) or wanted.palette
        settings, notes = weigh(wanted.found)
        if spurned.found:
            settings |= {name: _AWAY * value for name, value in mixture(spurned.found).items() if name not in settings}
        settings |= from_palette(colours, set(settings))
        if not colours:
            lender = next((t for t in wanted.terms if t.palette and t.kind not in _KEEPS_PALETTE), None)
            lent = from_palette(lender.palette, set(settings)) if lender else {}
            settings |= {name: _LENT * value for name, value in lent.items()}
            if lender and lent:
                notes.append(f"No palette is asked for, so the picture leans to the colours of {lender.word!r}.")
        settings |= {name: self._table.check(name, value) for name, value in (dials or {}).items()}
        notes += [f"{t.note[0].upper()}{t.note[1:]}." for t in (asked, away) if t.note]
        return Reading(
            words=words,
            avoid=avoid,
            dials={name: round(settings[name], 3) for name in sorted(settings)},
            palette=colours,
            understood=wanted.understood,
            style=next((t.style for t in wanted.terms if t.style), ""),
            medium=_medium(wanted.terms),
            compositions=tuple(dict.fromkeys(t.composition for t in wanted.terms if t.composition)),
            notes=tuple(notes),
            text=pack_vector(self._encoder.encode(_with_plain_words(asked.words, wanted.terms))) if words else "",
            avoid_text=pack_vector(self._encoder.encode(away.words)) if avoid else "",
        )

    @staticmethod
    def _in_english(words: str, what: str) -> Translation:
        if not words:
            return Translation(words="")
        said = translate(_checked(words, what))
        _checked(said.words, what)
        return said

    def understand(self, words: str) -> tuple[Understood, ...]:
        """The stretches of a brief that mean something, in order, and the words that have no place."""
        return self._digest(words).understood

    def _digest(self, words: str) -> _Digest:
        if not words:
            return _Digest()
        found: list[Found] = []
        understood: list[Understood] = []
        mentions = Mentions()
        every = self._prepared(words)
        for clause in every:
            draft = self._draft(clause, mentions, alone=len(every) == 1)
            for f in sorted(draft.found, key=lambda f: (f.start, f.stop)):
                self._soften(f)
                found.append(f)
                understood.append(_understood(f, clause))
        return _Digest(tuple(found), tuple(understood))

    def _draft(self, clause: Clause, mentions: Mentions, *, alone: bool) -> Draft:
        """One clause, read."""
        draft = Draft(clause, self._lexicon)
        self._names(draft, first=not mentions.sitter)
        read_ages(draft)
        self._binder.of_it(draft, mentions)
        if not draft.found and read_palette(draft, alone=alone):
            return draft
        self._phrases.set_aside(draft, mentions)
        self._binder.bind(draft)
        self._adjectives.bind(draft)
        self._phrases.find(draft)
        for f in draft.found:
            f.weight *= clause.weight(f.start, f.stop)
            stress(f, draft)
        draft.found = [f for f in draft.found if f.term or not any(_covers(g, f) for g in draft.found)]
        loose_colours(draft)
        self._remember(draft, mentions)
        draft.found += self._left_over(draft)
        return draft

    def _soften(self, found: Found) -> None:
        """Weaken the colour dials of parts that the engines exaggerate; hex colours are meant as they are."""
        if found.exact:
            return
        for part, strength in self._strength.items():
            for name in (part, f"{part}_red", f"{part}_yellow"):
                if name in found.dials:
                    found.dials = found.dials | {name: round(strength * found.dials[name], 3)}

    # before reading ---------------------------------------------------------------------------

    def _prepared(self, words: str) -> list[Clause]:
        """Clauses with misspelt words put right, joined where a comma parts an adjective from its noun."""
        every = clauses(words)
        shouted = sum(map(sum, (c.capital for c in every))) > 0.6 * sum(len(c.tokens) for c in every)
        result: list[Clause] = []
        for clause in every:
            right = {
                k: word
                for k, token in enumerate(clause.tokens)
                if token not in SMALL
                and (shouted or k == 0 or not clause.capital[k])
                and (word := self._speller.right(token)) is not None
            }
            clause = clause.corrected(right)
            if result and self._continues(result[-1], clause):
                result[-1] = result[-1] + clause
            else:
                result.append(clause)
        return result

    def _continues(self, before: Clause, clause: Clause) -> bool:
        """True if two clauses are one: "long, dark hair", "her hair is long, wavy and chestnut"."""
        if before.tokens[-1] in BARE:
            nouns = [k for k, t in enumerate(clause.tokens) if self._binder.is_noun(t)]
            if nouns and all(self._binder.describes(t) for t in clause.tokens[: nouns[0]]):
                return True
        verb = next((k for k, t in enumerate(before.tokens) if t in ("is", "are", "was", "were")), 0)
        if not verb or verb + 1 == len(before.tokens) or not self._binder.is_noun(before.tokens[verb - 1]):
            return False
        said = (before.tokens[-1], *(t for t in clause.tokens if t != "and"))
        return all(map(self._binder.describes, said))

    @staticmethod
    def _names(draft: Draft, *, first: bool) -> None:
        """Set names aside: "Mr Brown", "Rose, a florist"."""
        tokens, capital = draft.tokens, draft.clause.capital
        for k in range(1, len(tokens)):
            if tokens[k - 1] in TITLES and capital[k - 1] and capital[k] and not all(capital):
                draft.add(Found(k, k + 1, note="a name; left to the text encoder"))
        alone = len(tokens) == 1 or draft.token(1) in ("the", "a", "an", "at", "on", "from", "is")
        if first and capital[0] and tokens[0] in FIRST_NAMES and not draft.taken[0] and alone:
            draft.add(Found(0, 1, note="a name; left to the text encoder"))

    # the rest ---------------------------------------------------------------------------------

    def _remember(self, draft: Draft, mentions: Mentions) -> None:
        """Keep what the next clause may speak of."""
        parts = [(k, self._binder.part(draft, k)) for k in range(len(draft))]
        named = [(k, part) for k, part in parts if part is not None and part != "background"]
        mentions.part, mentions.topic = "", ""
        if named:
            k, mentions.topic = named[-1][0], named[-1][1] or ""
            mentions.part = mentions.topic if k == len(draft) - 1 and k not in draft.shared else ""

    def _left_over(self, draft: Draft) -> list[Found]:
        """Words that no term took: passed on to the text encoder, and said so."""
        found: list[Found] = []
        tokens = draft.tokens
        for k, token in enumerate(tokens):
            if draft.taken[k] or token in SILENT or token in NEGATIONS or token in EMPHASIS or token in SHADES:
                continue
            note = "not in the lexicon; left to the text encoder"
            if (number := number_at(tokens, k)) is not None:
                crowd = number[1] < len(tokens) and tokens[number[1]] in CROWD
                if not crowd:
                    continue
                note = "a portrait shows one sitter; ask for several portraits with -n"
            elif self._binder.part(draft, k) is not None:
                continue
            elif any(t.colour is not None for t in draft.at(k, k + 1)):
                note = "a colour beside no part; left to the text encoder"
            found.append(Found(k, k + 1, note=note))
        return found


def _of_palettes(found: Found) -> tuple[str, ...]:
    """The colours of the palettes that a stretch names ("venetian palette")."""
    return () if found.denied else tuple(c for t in found.terms if t.kind == "palette" for c in t.palette)


def _covers(found: Found, other: Found) -> bool:
    """True if something that was understood took in the words of another find ("kind of" of "kind of tired")."""
    return bool(found.term) and found.start <= other.start and other.stop <= found.stop


def _understood(found: Found, clause: Clause) -> Understood:
    note = found.note
    if clause.said and (slips := _slips(found, clause)):
        note = "; ".join(filter(None, (f"taken for {slips}", note)))
    return Understood(
        words=found.words or clause.words(found.start, found.stop),
        term=found.term,
        kind=found.kind,
        weight=round(found.weight, 3),
        dials={name: round(value, 3) for name, value in found.dials.items()},
        note=note,
    )


def _slips(found: Found, clause: Clause) -> str:
    """The words of a stretch that were put right."""
    stretch = range(found.start, found.stop)
    return " and ".join(repr(clause.tokens[k]) for k in stretch if clause.tokens[k] != clause.said[k])


def _medium(terms: Sequence[Term]) -> str:
    """The medium that the words name, or else the one that suits their style."""
    named = [t.medium for t in terms if t.kind == "medium"]
    return next((m for m in [*named, *(t.medium for t in terms)] if m), "")


def _with_plain_words(words: str, terms: Iterable[Term]) -> str:
    """The brief, and after it in plain words what its rarer terms mean."""
    plain = [t.words for t in terms if t.words][:3]
    whole = ", ".join([words, *plain])
    return whole if len(tokenise(whole)) <= MAX_TOKENS else words


def _checked(words: str, what: str) -> str:
    if len(words) > MAX_LETTERS:
        raise BriefError(
            f"The {what} has {len(words):,} letters.", f"At most {MAX_LETTERS:,} are read; say it shorter."
        )
    tokens = tokenise(words)
    if not tokens:
        shown = "".join(c for c in words if unicodedata.category(c)[0] != "C")[:40]
        raise BriefError(
            f"The {what} {shown!r} has no word in it.",
            "Describe a portrait in words, or leave it out for faces from noise alone.",
        )
    if len(tokens) > MAX_TOKENS:
        raise BriefError(f"The {what} has {len(tokens)} words.", f"At most {MAX_TOKENS} are read; say it shorter.")
    return words


def restored(reader: Reader, reading: Reading) -> Reading:
    """A reading that was edited by hand, with the vectors that its words need."""
    fresh = reader.read(reading.words, avoid=reading.avoid)
    return replace(reading, text=reading.text or fresh.text, avoid_text=reading.avoid_text or fresh.avoid_text)
