"""The glossary: pages of all terms in Markdown, one a kind, written from the lexicon and from nothing else."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from limner.language.lexicon import Lexicon, Term
from limner.language.writing.phrasing import phrase

PICTURED = ("mood", "light", "palette")
"""Kinds that pages show with a portrait of every term."""

PICTURES = "images"
"""Folder of the pictures beside the pages: `images/mood.jpg`."""

_ABOUT = {
    "age": "Ages from babies to the very old.",
    "being": "Fantastic beings.",
    "colour": "Colour words, in Lab. They are worn by the part that they stand beside.",
    "era": "Times and reigns.",
    "feature": "Features of the face.",
    "garment": "What a head-and-shoulders frame shows of clothes and jewels.",
    "hairstyle": "Hair and beards.",
    "hour": "Hours, seasons and feasts.",
    "idiom": "Manners of speaking that ask for nothing: they keep their words from being read one by one.",
    "light": "Lights and where they come from.",
    "look": "Plain words of look, expression, pose and light.",
    "material": "Textures and materials.",
    "mood": "Moods and emotions.",
    "movement": "Movements, schools and manners, by school and century.",
    "palette": "Named palettes.",
    "paradox": "Contradictions that have a name.",
    "part": "Parts that take a colour.",
    "people": "Peoples of every continent.",
    "person": "Plain words for persons.",
    "profession": "Professions, ranks and archetypes.",
    "quality": "Qualities of character.",
    "symbol": "Symbols and attributes.",
    "thing": "Things about a sitter that are left to the text encoder.",
    "weather": "Weathers.",
}


def sample_brief(term: Term) -> str:
    """The brief of a term's sample portrait: the same sitter for all."""
    return f"a woman of thirty, {phrase(term) if term.kind != 'mood' else term.word}"


def glossary(lexicon: Lexicon, pictured: Collection[str] = ()) -> dict[str, str]:
    """All pages, Markdown by file name; `README.md` lists the others.

    Args:
        lexicon: the terms.
        pictured: kinds of which there is a picture in the folder `images`.
    """
    pages = {f"{kind}.md": _page(lexicon, kind, kind in pictured) for kind in sorted(lexicon.kinds)}
    return {"README.md": _contents(lexicon), **pages}


def _contents(lexicon: Lexicon) -> str:
    terms = lexicon.terms
    lines = [
        "# Terms",
        "",
        f"All {len(terms):,} terms that briefs are read with, and the {sum(map(_words, terms)):,} words and phrases "
        "that stand for them. Written by `limner terms --docs FOLDER` from the lexicon; your own terms are among them "
        "when you run it.",
        "",
        "| kind | terms | words | what |",
        "|---|---|---|---|",
    ]
    for kind in sorted(lexicon.kinds):
        of_kind = lexicon.of_kind(kind)
        words = sum(map(_words, of_kind))
        lines.append(f"| [{kind}]({kind}.md) | {len(of_kind)} | {words} | {_ABOUT.get(kind, '')} |")
    return "\n".join(lines) + "\n"


def _words(term: Term) -> int:
    return len(term.phrases) + len(term.like)


def _page(lexicon: Lexicon, kind: str, pictured: bool) -> str:
    terms = lexicon.of_kind(kind)
    lines = [f"# Terms: {kind}", "", " ".join(filter(None, (_ABOUT.get(kind), "[All kinds](README.md)."))), ""]
    if pictured:
        brief = sample_brief(terms[0])
        lines += [
            f"![A sample portrait of every term]({PICTURES}/{kind}.jpg)",
            "",
            f'One sitter and seed in every {kind}: "{brief}" and so on.',
            "",
        ]
    if scales := [s for s in lexicon.scales if any(t.kind == kind for t in lexicon.scale(s))]:
        lines += ["Gradations, least first:", "", *(_gradation(s, lexicon.scale(s)) for s in scales), ""]
    if any(term.implied_by for term in terms):
        lines += ["Words with a star mean more than the term, but ask for the same.", ""]
    lines += ["| term | also | what it does | what it means |", "|---|---|---|---|"]
    lines += [_row(term) for term in sorted(terms, key=lambda t: t.word)]
    return "\n".join(lines) + "\n"


def _gradation(name: str, terms: Sequence[Term]) -> str:
    return f"- *{name}*: {', '.join(t.word for t in terms)}"


def _row(term: Term) -> str:
    also = [*term.synonyms, *(f"{word} *" for word in term.implied_by), *(f"like {thing}" for thing in term.like)]
    meaning = [term.gloss, f"Opposite: {term.opposite}." if term.opposite else "", term.source and f"({term.source})"]
    cells = (f"**{term.word}**", ", ".join(also), "; ".join(_effects(term)), " ".join(filter(None, meaning)))
    return f"| {' | '.join(cell.replace('|', '/').replace(chr(10), ' ') for cell in cells)} |"


def _effects(term: Term) -> Iterator[str]:
    """What a term does, piece by piece."""
    if term.colour is not None:
        yield term.colour.hex
    if term.part is not None:
        yield f"takes the colour of the dials `{term.part}`"
    if term.dials:
        yield ", ".join(f"{name} {value:+g}" for name, value in term.dials.items())
    if term.palette:
        yield f"palette {' '.join(term.palette)}"
    if term.style:
        yield f"style {term.style}"
    if term.medium:
        yield f"medium {term.medium}"
    if term.composition:
        yield f"composition {term.composition}"
    if term.words:
        yield f'"{term.words}"'
