"""Drawing a brief: one sitter, a feeling, a light, a manner, term by term.

Each term is drawn from what suits those before it: the world that the brief plays in, the culture, the sitter's age and
sex, and dials that do not pull in opposite directions.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field

from limner.core.reading import Reading
from limner.language.advice.looks import haired, is_state, joined, listed
from limner.language.advice.spurned import Spurned
from limner.language.lexicon import Lexicon, Term
from limner.language.lexicon.index import singular, stem
from limner.language.tokens import tokenise
from limner.language.writing.chance import Chance
from limner.language.writing.decorum import CLASH, bearable, clash, kindly, lives_in, may_wear, of_its_time, years_for
from limner.language.writing.grammar import read_grammar, with_article
from limner.language.writing.lore import World, lore
from limner.language.writing.names import culture_of
from limner.language.writing.phrasing import phrase, thing, worn
from limner.language.writing.sitter import Sitter
from limner.language.writing.voice import in_words

_CULTURED = frozenset({"era", "people", "profession", "garment"})
_SUBJECTS = frozenset({"person", "age", "profession", "being"})
_WORLDS = {
    "now": 17, "modern": 15, "steam": 14, "early": 14, "medieval": 8, "powder": 7, "fantasy": 8, "future": 6,
    "eastasia": 6, "islamic": 5, "ancient": 5, "southasia": 4, "africa": 4, "americas": 3,
}  # fmt: skip
_HAIR = ("black", "brown", "red", "copper", "golden", "auburn")
_HAIR_OLD = ("white", "silver", "grey")
_EYES = ("blue", "green", "grey", "brown", "hazel", "golden")
_YOUTH = re.compile(r"\b(girl|boy|maid|maiden|debutante|undergraduate|student|prince|princess|novice)\b")
_WHERE = ("light", "hour", "weather")
_HOW = ("movement", "palette")


@dataclass(slots=True)
class Sketch:
    """One brief while it is drawn."""

    lexicon: Lexicon
    chance: Chance
    facts: Sitter
    """What the words to keep tell of the sitter."""
    kept: Reading
    kinds: frozenset[str]
    chosen: bool
    """True if the kinds were chosen by the person."""
    spurned: Spurned
    paradox: bool
    terms: list[Term] = field(default_factory=list[Term])
    culture: str = ""
    """The culture that a term so far belongs to."""
    minor: bool = False
    sex: str = ""
    old: bool = False

    def write(self, keep: str) -> str:
        """The whole brief."""
        world = self._world()
        self.sex, self.old = self.facts.sex, self.facts.age == "old"
        self.minor = self.facts.age in ("child", "teen")
        told = [t.word for t in (self.facts.people, self.facts.era, self.facts.trade, self.facts.garment) if t]
        culture = culture_of(told)
        self.culture = culture.name if culture else ""
        who = self._who(world, keep)
        parts = {"who": who, "feel": self._feel(), "where": self._where(world), "how": self._how(world)}
        loose = keep if keep and keep not in who else ""
        if loose:
            group = self._group_of_kept()
            parts[group] = f"{loose}, {parts[group]}" if parts[group] else loose
        there = {name: said for name, said in parts.items() if said}
        grammar = read_grammar("muse")
        names = frozenset(there)
        fitting = [f.text for f in grammar.slots["brief"] if f.needs == names]
        if there.get("feel", "").startswith("with "):
            fitting = [t for t in fitting if not t.startswith("{feel}")]
        if ", " in who or not there.get("where", "in ").startswith(
            ("in ", "at ", "by ", "on ", "under ", "after ", "before ")
        ):
            fitting = [t for t in fitting if "{who} {where}" not in t]
        frame = self.chance.pick(fitting)
        for name, said in there.items():
            frame = frame.replace("{" + name + "}", said)
        return re.sub(r"\s*,(\s*,)*", ",", frame)

    # choosing ---------------------------------------------------------------------------------

    def _world(self) -> World:
        known = lore()
        if self.facts.world:
            return known.worlds[self.facts.world]
        allowed = list(_WORLDS)
        if self.facts.trade is not None:
            places = known.worlds_by_trade.get(self.facts.trade.word, frozenset())
            allowed = [w for w in _WORLDS if w in places] or allowed
        elif self.kept.words:
            allowed = [w for w in _WORLDS if w not in ("fantasy", "future")]
        return known.worlds[self.chance.weighted(allowed, [_WORLDS[w] for w in allowed])]

    def _wants(self, kind: str, share: float) -> bool:
        """Should a kind be drawn?  One that was chosen is drawn far more often."""
        if kind not in self.kinds:
            return False
        return self.chance.happens(min(1.0, share * 2.2) if self.chosen else share)

    def _one(
        self, kind: str, words: Iterable[str] | None = None, fits: Callable[[Term], bool] | None = None
    ) -> Term | None:
        """A term of a kind that goes with the others; None if there is none."""
        terms = self.lexicon.of_kind(kind) if words is None else [self.lexicon.find(w) for w in words if self._knows(w)]
        for term in self.chance.shuffled(list(terms))[:40]:
            if fits is not None and not fits(term):
                continue
            if not (self.spurned.rules_out(term) or self._estranged(term) or self._clashes(term)):
                self.terms.append(term)
                if term.kind in _CULTURED and (culture := culture_of([term.word])) is not None:
                    self.culture = culture.name
                return term
        return None

    def _estranged(self, term: Term) -> bool:
        """True if a term belongs to another culture than one that is there."""
        if term.kind not in _CULTURED or not self.culture:
            return False
        culture = culture_of([term.word])
        return culture is not None and culture.name != self.culture

    def _knows(self, word: str) -> bool:
        return self.lexicon.knows(word)

    def _clashes(self, term: Term) -> bool:
        present = [t.dials for t in self.terms] + [dict(u.dials) for u in self.kept.understood]
        return any(clash(term.dials, dials) for dials in present)

    # who --------------------------------------------------------------------------------------

    def _who(self, world: World, keep: str) -> str:
        told = {u.kind for u in self.kept.understood if u.term}
        told |= {self.lexicon.find(w).kind for u in self.kept.understood for w in u.term.split(", ") if self._knows(w)}
        if told & _SUBJECTS:
            details = self._details(world, told | ({"hairstyle"} if "colour" in told else set()))
            joint = ", " if "," in keep else " "
            return joint.join([_introduced(keep), *details]).strip()
        noun = self._noun(world)
        return " ".join([noun, *self._details(world, told)])

    def _noun(self, world: World) -> str:
        """Someone, with article: "an old victorian governess", "a girl of nine"."""
        choice = self.chance.number()
        if world.name in lore().drawn.beings and "being" in self.kinds and choice < 0.6:
            being = self._one("being", lore().drawn.beings[world.name], self._right_sex)
            if being is not None:
                self._take_sex(being)
                return with_article(being.word)
        if "profession" in self.kinds and choice < 0.72:
            trade = self._one("profession", fits=lambda t: self._open_trade(t, world))
            if trade is not None:
                self._take_sex(trade)
                return self._aged(self._timed(phrase(trade), world), trade)
        return self._plain_person(world)

    def _plain_person(self, world: World) -> str:
        """A person without a trade."""
        if {"person", "age"} & self.kinds and self.chance.happens(0.14):
            return self._child()
        self.sex = self.chance.pick(("woman", "man"))
        noun = self._timed(self.sex, world)
        self.terms.append(self.lexicon.find(self.sex))
        return self._aged(noun, None, often=True)

    def _child(self) -> str:
        self.minor = True
        self.sex = self.chance.pick(("woman", "man"))
        noun = "girl" if self.sex == "woman" else "boy"
        years = 6 + self.chance.below(10)
        self.terms += [self.lexicon.find(noun)] if self._knows(noun) else []
        return self.chance.pick((f"a {noun} of {in_words(years)}", with_article(f"{years}-year-old {noun}")))

    def _timed(self, noun: str, world: World) -> str:
        """The noun with an era or a people that belong to the world."""
        if self._wants("era", 0.3) and self.facts.era is None:
            era = self._one("era", world.eras)
            if era is not None:
                said = phrase(era)
                return f"{noun} {said}" if said.startswith("of ") else f"{said} {noun}"
        if self._wants("people", 0.16) and world.name not in ("fantasy", "future") and self.facts.people is None:
            people = self._one("people", fits=lambda t: lives_in(t, world))
            if people is not None:
                return f"{people.word} {noun}"
        return noun

    def _aged(self, noun: str, trade: Term | None, *, often: bool = False) -> str:
        """The noun with an age that goes with the trade, and an article."""
        said = trade.dials.get("age", 0.0) if trade else 0.0
        if trade is not None and said < -0.6:
            self.minor = said < -0.85
            return with_article(noun)
        if "age" not in self.kinds and "person" not in self.kinds:
            return with_article(noun)
        choice = self.chance.number() * (0.75 if often else 1.0)
        if choice < 0.25 and abs(said) < CLASH and not noun.startswith("english"):  # "old english" is a language
            word = self.chance.pick(("young", "old", "old") if not _YOUTH.search(noun) else ("young",))
            if not self.spurned.rules_out(self.lexicon.find(word)):
                self.old = word == "old"
                self.terms.append(self.lexicon.find(word))
                return with_article(f"{word} {noun}")
        if choice < 0.6:
            years = self.chance.pick(years_for(said, youthful=_YOUTH.search(noun) is not None))
            self.old = years >= 60
            return self._with_years(noun, years)
        return with_article(noun)

    def _with_years(self, noun: str, years: int) -> str:
        if self.sex and years >= 30 and self.chance.happens(0.3):
            tens = ("thirties", "forties", "fifties", "sixties", "seventies", "eighties")[years // 10 - 3]
            owner = "her" if self.sex == "woman" else "his"
            return f"{with_article(noun)} in {owner} {tens}"
        if " of " in noun or self.chance.happens(0.5):
            return with_article(f"{years}-year-old {noun}")
        return f"{with_article(noun)} of {in_words(years)}"

    def _open_trade(self, term: Term, world: World) -> bool:
        known = lore()
        if world.name not in known.worlds_by_trade.get(term.word, frozenset()) or term.word in known.asked_only:
            return False
        return term.dials.get("age", 0.0) > -0.5 and self._right_sex(term)

    def _right_sex(self, term: Term) -> bool:
        value = term.dials.get("femininity", 0.0)
        return not self.sex or abs(value) < CLASH or (value > 0) == (self.sex == "woman")

    def _take_sex(self, term: Term) -> None:
        value = term.dials.get("femininity", 0.0)
        if abs(value) > CLASH:
            self.sex = "woman" if value > 0 else "man"

    # details ----------------------------------------------------------------------------------

    def _details(self, world: World, told: Collection[str]) -> list[str]:
        """ "with red hair and freckles", "in a ruff"; nothing of a kind that the kept words have."""
        if any(t.kind == "being" for t in self.terms) or self.facts.being is not None:
            told = {*told, "hairstyle", "feature", "symbol"}
        looks: list[str] = []
        if "hairstyle" not in told and self._wants("hairstyle", 0.26) and (hair := self._hair(world)):
            looks.append(hair)
        elif "colour" not in told and self._wants("colour", 0.2):
            looks.append(f"{self.chance.pick(_HAIR_OLD if self.old else _HAIR)} hair")
        if "colour" not in told and self._wants("colour", 0.13):
            looks.append(f"{self.chance.pick(_EYES)} eyes")
        if "feature" not in told and self._wants("feature", 0.3) and (feature := self._feature()):
            looks.append(feature)
        if "symbol" not in told and not self.minor and self._wants("symbol", 0.13):
            symbol = self._one("symbol", lore().drawn.symbols, lambda t: of_its_time(t.word, world))
            looks += [thing(symbol.word)] if symbol else []
        looks = [w for w in looks if not {stem(t) for t in tokenise(w)} & self.spurned.tokens]
        clothes = ""
        if "garment" not in told and self._wants("garment", 0.4):
            garment = self._garment(world)
            clothes = worn(garment.word) if garment else ""
        held = [w for w in looks if not is_state(w)]
        free = [w for w in looks if is_state(w)]
        if clothes.startswith("with "):
            held, clothes = [*held, clothes.removeprefix("with ")], ""
        said = [part for part in (f"with {listed(held)}" if held else "", clothes) if part]
        return joined([" ".join(said), *free])

    def _hair(self, world: World) -> str:
        drawn = lore().drawn
        if self.minor:
            pool: Sequence[str] = drawn.hair_child
        else:
            pool = (*drawn.hair, *drawn.hair_by_world.get(world.name, ()), *(drawn.hair_old * 2 if self.old else ()))
            pool = (*pool, *drawn.hair_men) if self.sex == "man" else pool
        bearded = self.sex == "man" and not self.minor
        term = self._one(
            "hairstyle",
            pool,
            lambda t: (
                self._right_sex(t)
                and (bearded or t.dials.get("beard", 0.0) <= 0)
                and (self.sex != "man" or t.word not in drawn.hair_woman)
                and (bool(self.sex) or abs(t.dials.get("femininity", 0.0)) < CLASH)
                and (self.old or t.dials.get("age", 0.0) < CLASH)
            ),
        )
        return haired(term.word) if term else ""

    def _feature(self) -> str:
        drawn = lore().drawn
        pool = drawn.features_child if self.minor else drawn.features_old if self.old else drawn.features
        term = self._one("feature", pool)
        if term is None:
            return ""
        said = phrase(term)
        return said if is_state(said) else thing(said)

    def _garment(self, world: World) -> Term | None:
        known = lore()
        if self.minor:
            return self._one("garment", known.drawn.garments_child)
        pool = world.garments if "past" not in world.tags or self.chance.happens(0.75) else known.garments
        return self._one("garment", pool, lambda t: t.word not in known.drawn.never and may_wear(t.word, self.sex))

    # the rest ---------------------------------------------------------------------------------

    def _feel(self) -> str:
        """A mood or a quality; with paradoxes, two that contradict each other."""
        if self.paradox:
            return self._contradiction()
        has = {u.kind for u in self.kept.understood if u.term}
        if self.chosen and not {"mood", "quality"} & self.kinds:
            return ""
        if has & {"mood", "quality"} and not self.chosen:
            return ""
        said: list[str] = []
        if self._wants("mood", 0.55) and (mood := self._one("mood", fits=self._bearable)) is not None:
            said.append(phrase(mood))
        if (
            self._wants("quality", 0.15 if said else 0.5)
            and (other := self._one("quality", fits=self._kindly)) is not None
        ):
            said.append(phrase(other))
        return " and ".join(said)

    def _contradiction(self) -> str:
        paradoxes = [t for t in self.lexicon.of_kind("paradox") if not self.spurned.rules_out(t) and not self.minor]
        if paradoxes and self.chance.happens(0.45):
            return self.chance.pick(paradoxes).word
        mood = self._one("mood", fits=lambda t: bool(t.opposite) and self._bearable(t))
        if mood is None or mood.opposite is None or not self._knows(mood.opposite):
            return phrase(mood) if mood else ""
        other = self.lexicon.find(mood.opposite)
        if self.spurned.rules_out(other) or (self.minor and not self._bearable(other)):
            return phrase(mood)
        return f"{phrase(mood)} and {phrase(other)}"

    def _bearable(self, term: Term) -> bool:
        return bearable(term, minor=self.minor, belongs=self._belongs())

    def _kindly(self, term: Term) -> bool:
        return kindly(term, minor=self.minor, belongs=self._belongs(), family=self._family())

    def _belongs(self) -> bool:
        """True if the sitter stands for a people or a faith: nothing ugly is said of those."""
        told = [t.kind for t in self.terms] + [u.kind for u in self.kept.understood]
        return "people" in told or "era" in told or self._family() in ("faith", "vision", "healing", "war")

    def _family(self) -> str:
        trade = next((t for t in self.terms if t.kind == "profession"), self.facts.trade)
        return lore().family_by_trade.get(trade.word, "") if trade else ""

    def _where(self, world: World) -> str:
        """A light, an hour, a weather, as far as they go together."""
        known = lore()
        said: list[str] = []
        has = {u.kind for u in self.kept.understood if u.term}
        if not has & {"light"} and self._wants("light", 0.5):
            light = self._one("light", fits=lambda t: known.suits(t.word, world))
            said += [phrase(light)] if light else []
        kind = self.chance.pick(("hour", "weather"))
        for name in (kind, "hour" if kind == "weather" else "weather"):
            if name not in has and self._wants(name, 0.38 if not said else 0.18):
                term = self._one(name, fits=lambda t: lore().kept_in(t.word, world))
                said += [phrase(term)] if term else []
                if not self.chosen:
                    break
        return ", ".join(said)

    def _how(self, world: World) -> str:
        """A movement, a palette."""
        has = {u.kind for u in self.kept.understood if u.term}
        said: list[str] = []
        if "movement" not in has and self._wants("movement", 0.42):
            pool = world.movements if self.chance.happens(0.8) else lore().movements
            movement = self._one("movement", pool)
            said += [phrase(movement)] if movement else []
        if "palette" not in has and self._wants("palette", 0.34 if not said else 0.16):
            palette = self._one("palette", fits=lambda t: of_its_time(t.word, world))
            said += [phrase(palette)] if palette else []
        return ", ".join(said)

    def _group_of_kept(self) -> str:
        """Where words that name no sitter stand."""
        kinds = [u.kind for u in self.kept.understood if u.term]
        if any(k in _WHERE for k in kinds):
            return "where"
        return "how" if any(k in _HOW for k in kinds) else "feel"


def _introduced(keep: str) -> str:
    """Words to keep, with an article if they name one sitter without one."""
    first = keep.split(maxsplit=1)[0].casefold()
    plural = any(singular(t) != t for t in tokenise(keep)[:3])
    told = first in ("a", "an", "the", "my", "his", "her", "their", "our", "one", "two", "three", "portrait", "someone")
    return keep if told or plural or not first.isalpha() else with_article(keep)
