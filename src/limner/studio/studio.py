"""The studio: wires engine, language and anatomy together and paints.

Everything that holds memory is opened when first needed and closed with the studio, which is a
context manager.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cached_property
from types import TracebackType
from typing import TYPE_CHECKING, Any

from limner._version import __version__
from limner.anatomy.align import FaceFinder
from limner.anatomy.likeness import LikenessMeter
from limner.anatomy.likeness import shipped_weights as anatomy_weights
from limner.anatomy.scale import DialMeter
from limner.core.dials import dial_table
from limner.core.errors import CapabilityError, InputError
from limner.core.network import usable_cores
from limner.core.picture import Deep, Depth, Picture, to_shallow
from limner.core.progress import Cancel, Listener, silent
from limner.core.reading import Reading
from limner.core.recipe import Recipe
from limner.core.settings import Settings
from limner.engines.engine import Engine
from limner.language.encoder import TextEncoder
from limner.language.encoder import shipped_weights as language_weights
from limner.language.lexicon import Lexicon, lexicon, own_terms
from limner.language.policy import policy
from limner.language.reading import Reader, restored
from limner.media.care_map import unpacked
from limner.provenance.disclosure import (
    Disclosure,
    check_dpi,
    check_format,
    encode_file,
    of_rendering,
    read_disclosure,
)
from limner.studio.atelier import PLAIN, VIEW, Atelier
from limner.studio.distinct import Look, Spread, look_of, spread
from limner.studio.estimate import Estimate
from limner.studio.painting import Painting
from limner.studio.planning import briefs_of, check_able, first_seed, in_the_manner_of
from limner.studio.portrait import Examined, Portrait
from limner.studio.replacing import distinct_portraits
from limner.studio.runtime import open_engine
from limner.studio.samples import SITTERS, Hand, sample_sheet
from limner.studio.sheet import contact_sheet

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from limner.media.bench import Timing
    from limner.media.medium import Medium
    from limner.studio.layers.bench import Bench
    from limner.studio.layers.layered import Layered
    from limner.studio.store.store import Store

_SAMPLE = 4  # portraits painted for an estimate


class Studio:
    """Where portraits are painted.

    Args:
        settings: values in force; None reads variables and the settings file.
        engine: an engine to use instead of the one that the settings name.
    """

    def __init__(self, settings: Settings | None = None, *, engine: Engine | None = None) -> None:
        self.settings = settings or Settings()
        if engine is not None:
            self.__dict__["engine"] = engine

    # parts ------------------------------------------------------------------------------------

    @cached_property
    def engine(self) -> Engine:
        """The engine that paints."""
        return open_engine(self.settings)

    @cached_property
    def reader(self) -> Reader:
        """What turns words into readings."""
        return Reader(self.lexicon, self.encoder, policy())

    @cached_property
    def encoder(self) -> TextEncoder:
        """What turns texts into vectors."""
        return TextEncoder.read(language_weights() / "text.npz")

    @cached_property
    def lexicon(self) -> Lexicon:
        """The words that are known: those that ship, and those in the folder `lexicon` of the home directory."""
        own = own_terms(self.settings.home / "lexicon")
        return lexicon().joined(own) if own else lexicon()

    @cached_property
    def likeness(self) -> LikenessMeter:
        """What tells portraits apart; in one thread, since several portraits are measured at once."""
        return LikenessMeter.open(anatomy_weights(), runtime="auto", threads=1)

    @cached_property
    def finder(self) -> FaceFinder:
        """What finds faces and their landmarks; in one thread, like `likeness`."""
        return FaceFinder.open(anatomy_weights(), runtime="auto", threads=1)

    @cached_property
    def atelier(self) -> Atelier:
        """Where portraits become paintings."""
        return Atelier(lambda: self.finder, self.settings["threads"])

    @cached_property
    def painting(self) -> Painting:
        """Engine and atelier at work."""
        return Painting(engine=self.engine, atelier=self.atelier, examine=self._examine, encode=self._encode)

    @cached_property
    def bench(self) -> Bench:
        """Where portraits become layers, and layers one picture."""
        from limner.studio.layers.bench import Bench

        return Bench(self.atelier, self.settings["threads"])

    @cached_property
    def meter(self) -> DialMeter:
        """What measures dials."""
        return DialMeter(self.finder, self.likeness)

    @cached_property
    def store(self) -> Store:
        """The studio's memory; it is made when it is first asked for."""
        from limner.studio.store.store import open_store

        return open_store(self.settings)

    def close(self) -> None:
        """Let go of memory."""
        for part in ("engine", "store"):
            if part in self.__dict__:
                self.__dict__[part].close()
        for part in (
            "engine",
            "store",
            "reader",
            "encoder",
            "lexicon",
            "likeness",
            "finder",
            "meter",
            "atelier",
            "bench",
            "painting",
        ):
            self.__dict__.pop(part, None)

    def __enter__(self) -> Studio:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # planning ---------------------------------------------------------------------------------

    def plan(
        self,
        words: str = "",
        *,
        n: int = 1,
        seed: int | None = None,
        dials: Mapping[str, float] | None = None,
        palette: Sequence[str] = (),
        avoid: str = "",
        guidance: float | None = None,
        variety: float = 1.0,
        size: int | None = None,
        medium: str | None = None,
        style: str = "",
        settings: Mapping[str, object] | None = None,
        compositions: Sequence[str] | None = None,
        reading: Reading | None = None,
        every: bool = False,
    ) -> list[Recipe]:
        """The recipes that `paint` would paint.

        Args:
            words: what to paint; empty for faces from noise alone.  A template (`{oil|ink} portrait of a
                {@profession}`, see `limner.language.reading.templates`) gives each portrait a brief of its own.
            n: how many, 1..10000.
            seed: seed of the first portrait (the others count up); None draws one.
            dials: settings -1..1 by dial name.
            palette: colours as #rrggbb, most important first.
            avoid: words to stay away from.
            guidance: how closely words and dials are followed, 1..8; None takes the engine's own.
            variety: spread of the noise, 0.2..1.5.
            size: side in px, 64..4096; None takes the engine's own, and 1024 for a painting.
            medium: what paints the portrait at full size ("oil"); "none" for the portrait itself; None takes
                what the words ask for, or else the engine's own picture.
            style: manner ("baroque"): its words join the brief, its hand paints.
            settings: what is turned on the medium by name, and on `surface.*`, `light.*` and `composition.*`.
            compositions: what is done to the portrait before it is painted ("carved", "dissolve into=birds"), in
                order; ("none",) for nothing; None takes what the words or the style ask for.
            reading: a finished reading instead of words, dials, palette and avoid.
            every: for templates: every brief that it stands for, `n` portraits each.

        Raises:
            InputError: a value that is not allowed.
            CapabilityError: something that the engine cannot do.
        """
        seed = first_seed(n, seed)
        if reading is not None and (words or avoid or dials or palette or every):
            raise InputError("Give either a reading or words, dials, palette and avoid; not both.")
        if reading is None:
            words = in_the_manner_of(self.lexicon, words, style)
            briefs = briefs_of(words, n, seed, self.lexicon, self.settings.home / "wildcards", every=every)
            known = {
                brief: self.reader.read(brief, avoid=avoid, dials=dials, palette=tuple(palette))
                for brief in dict.fromkeys(briefs)
            }
            readings = [known[brief] for brief in briefs]
        else:
            readings = [restored(self.reader, reading)] * n
        able = self.engine.capabilities
        for each in {id(r): r for r in readings}.values():
            check_able(able, each, self.engine.id)
        plain = size if size is not None else able.native
        each_way = {
            id(reading): self.atelier.chosen(
                reading,
                medium=medium,
                manner=style,
                settings=settings,
                compositions=compositions,
                enlarged=plain > able.native,
            )
            for reading in {id(r): r for r in readings}.values()
        }
        treatments = [each_way[id(reading)] for reading in readings]
        if None in treatments and plain > able.largest:
            raise CapabilityError(f"{self.engine.id} delivers at most {able.largest} px, not {plain}.")
        first = Recipe(
            engine=self.engine.id,
            weights=self.engine.weights,
            seed=seed,
            guidance=float(guidance if guidance is not None else able.guidance),
            variety=float(variety),
            size=plain,
            limner=__version__,
        )
        painted = size if size is not None else VIEW
        return [
            replace(first, reading=each, seed=seed + k, treatment=how, size=plain if how is None else painted)
            for k, (each, how) in enumerate(zip(readings, treatments, strict=True))
        ]

    # painting ---------------------------------------------------------------------------------

    def paint(
        self,
        words: str = "",
        *,
        distinct: bool = False,
        keep: bool = False,
        depth: Depth = 8,
        listen: Listener = silent,
        cancel: Cancel | None = None,
        **request: Any,
    ) -> list[Portrait]:
        """Paint portraits; the arguments are those of `plan`.

        Args:
            words: what to paint.
            keep: keep them in the studio's memory; see `Studio.keep`.
            distinct: replace near-duplicates by other seeds (see `limner.studio.distinct`).
            depth: 16 for portraits that have `Portrait.deep`, too; the memory keeps 8 bits.
            listen: told the progress.
            cancel: asked at every step.
            request: further arguments of `plan`.

        Returns:
            Portraits in the order of their seeds.
        """
        recipes = self.plan(words, **request)
        painted = self.paint_recipes(recipes, distinct=distinct, depth=depth, listen=listen, cancel=cancel)
        return list(self.keep(painted) if keep else painted)

    def keep(self, portraits: Iterable[Portrait], *, reason: str = "") -> Iterator[Portrait]:
        """Keep portraits in the studio's memory (`Studio.store`), as one act for undo.

        Args:
            portraits: as they are painted.
            reason: why, in the artist's words.

        Yields:
            The portraits with `kept`, each once it is safe on disk.

        Raises:
            StorageError: no space, no permission; what was handed on stays.
        """
        from limner.studio.jobs.painting import keep_painted

        for portrait, kept in keep_painted(self.store, portraits, reason=reason):
            yield replace(portrait, kept=kept)

    def paint_recipes(
        self,
        recipes: Sequence[Recipe],
        *,
        distinct: bool = False,
        depth: Depth = 8,
        listen: Listener = silent,
        cancel: Cancel | None = None,
    ) -> Iterator[Portrait]:
        """Paint recipes, handing over each batch as it is finished.

        Raises:
            CapabilityError: 16 bits of the engine's own picture, which it hands over with 8.
        """
        cancel = cancel or Cancel()
        self.painting.check_depth(recipes, depth)
        if not distinct:
            return self.painting.paint(recipes, listen, cancel, depth)
        found = distinct_portraits(
            recipes, lambda batch: self.painting.batch(batch, cancel, depth), self._looks, listen
        )
        return (self.painting.finished(portrait, listen, cancel, depth) for portrait in found)

    def estimate(self, recipes: Sequence[Recipe], format: str = "png", *, depth: Depth = 8) -> Estimate:
        """What painting recipes will take, from painting the first few.

        Args:
            recipes: what would be painted.
            format: kind of file that would be written.
            depth: bits a channel of it.
        """
        sample = recipes[:_SAMPLE]
        list(self.painting.paint(sample[:1], silent, Cancel()))  # the first call loads the engine
        began = time.perf_counter()
        size = sum(len(p.to_bytes(format, depth=depth)) for p in self.painting.paint(sample, silent, Cancel(), depth))
        seconds = time.perf_counter() - began
        share = len(recipes) / len(sample)
        return Estimate(portraits=len(recipes), seconds=seconds * share, bytes=round(size * share))

    def otherwise(
        self,
        recipe: Recipe,
        *,
        medium: str | None = None,
        style: str = "",
        settings: Mapping[str, object] | None = None,
        compositions: Sequence[str] | None = None,
        size: int | None = None,
    ) -> Recipe:
        """The recipe of the same sitter by another hand, to be given to `repaint`.

        Args:
            recipe: of a painted picture.
            medium: id of the other medium; "none" for the portrait itself.
            style: other style whose hand paints.
            settings: what is turned: on the other medium, or else on the recipe's own.
            compositions: others, in order; ("none",) for none; None keeps the recipe's.
            size: other side in px.

        Raises:
            InputError: an unknown medium, style or setting, or a value that is not allowed.
        """
        native = self.engine.capabilities.native
        return self.atelier.otherwise(
            recipe,
            medium=medium,
            manner=style,
            settings=settings or {},
            compositions=compositions,
            size=size,
            native=native,
        )

    def repaint(
        self, recipe: Recipe, *, depth: Depth = 8, listen: Listener = silent, cancel: Cancel | None = None
    ) -> Portrait:
        """The same picture again; for the same sitter by another hand, see `otherwise`.

        Raises:
            RecipeError: the recipe needs another engine, other weights or another version of a medium.
            Cancelled: `cancel` was requested.
        """
        if recipe.treatment is not None:
            self.atelier.check(recipe.treatment)  # before the engine's work
        return next(self.paint_recipes([recipe], depth=depth, listen=listen, cancel=cancel))

    def repaint_layers(
        self,
        file: Layered,
        *,
        kind: str,
        medium: str | None = None,
        style: str = "",
        settings: Mapping[str, object] | None = None,
        compositions: Sequence[str] | None = None,
        listen: Listener = silent,
        cancel: Cancel | None = None,
    ) -> tuple[bytes, str]:
        """The machine layers of a layered file painted anew; every other layer stays exactly as it is, in its place.

        Args:
            file: what `Studio.bench` read.
            kind: ".ora" or ".psd".
            medium: id of another medium; None keeps the recipe's.
            style: other style whose hand paints.
            settings: what is turned.
            compositions: other compositions; None keeps the recipe's.
            listen: told the progress.
            cancel: asked at every step.

        Returns:
            The new file, and a note for people (empty if there is none).

        Raises:
            InputError: a machine layer that was painted on by hand, or a value that is not allowed.
            PictureError: no machine layers, or no recipe of them.
            Cancelled: `cancel` was requested.
        """
        before = self.bench.recipe(file)
        recipe = self.otherwise(
            before, medium=medium, style=style, settings=settings, compositions=compositions, size=before.size
        )
        portrait = self.repaint(recipe, listen=listen, cancel=cancel)
        return self.bench.repainted(file, portrait.picture, self._disclose(recipe), kind, cancel=cancel)

    def render(
        self,
        picture: Picture | Deep,
        *,
        medium: str = "",
        style: str = "",
        settings: Mapping[str, object] | None = None,
        compositions: Sequence[str] | None = None,
        seed: int = 0,
        size: int = VIEW,
        depth: Depth = 8,
        listen: Listener = silent,
        cancel: Cancel | None = None,
    ) -> Picture | Deep:
        """Any picture, painted in a medium.

        Args:
            picture: uint8 or uint16 RGB [h, w, 3]; a face in it is found and painted with care.
            medium: id of the medium; empty takes that of the style.
            style: manner whose hand paints.
            settings: what is turned on the medium by name, and on `surface.*`, `light.*` and `composition.*`.
            compositions: what is done to the picture before it is painted, in order; None takes those of the style.
            seed: for what chance decides.
            size: longer side in px, 16..8192.
            depth: bits a channel of the painting.
            listen: told the progress.
            cancel: asked at every step.

        Returns:
            uint8 or uint16 RGB.

        Raises:
            InputError: an unknown medium, style or setting, or a value that is not allowed.
            PictureError: sides that differ too much.
            Cancelled: `cancel` was requested.
        """
        if not medium and not style and not compositions:
            raise InputError("Neither a medium, a style nor a composition is named.", "limner media lists the media.")
        treatment = self.atelier.treatment(medium, settings, manner=style, compositions=compositions)
        paint = self.atelier.paint if depth == 8 else self.atelier.paint_deep
        shown = paint(
            to_shallow(picture),
            treatment,
            seed=seed,
            size=size,
            source=picture,
            aligned=False,
            listen=listen,
            cancel=cancel,
        )
        return shown[1] if isinstance(shown, tuple) else shown

    def rendered_file(
        self, painted: Picture | Deep, source: bytes, name: str, format: str, *, dpi: float | None = None
    ) -> bytes:
        """A whole file of a rendered picture, which says what it was painted from.

        Args:
            painted: what `render` returned.
            source: the file that it was painted from.
            name: what to call that in an error.
            format: "png", "jpeg", "webp" or "tiff".
            dpi: px to an inch of the print; None leaves it open.
        """
        return encode_file(painted, of_rendering(read_disclosure(source, name), __version__), format, dpi=dpi)

    def care_map(self, source: Recipe | Picture) -> npt.NDArray[np.float32]:
        """How carefully each place is painted: what an artist may edit and give back as the setting `care.map`.

        Args:
            source: a recipe, whose own map it is if it has one; or any picture, uint8 RGB [h, w, 3], whose face is
                searched for.

        Returns:
            0..1, float32 [h, w]; give it to `limner.media.care_map.packed`.
        """
        if not isinstance(source, Recipe):
            return self.atelier.care_map(source, aligned=False)
        if source.treatment is not None and source.treatment.care:
            return unpacked(source.treatment.care)
        native = self.engine.capabilities.native
        plain = replace(source, treatment=None, size=native)
        return self.atelier.care_map(next(self.paint_recipes([plain])).plain)

    def time_media(
        self,
        media: Sequence[Medium],
        sizes: Sequence[int],
        *,
        runs: int = 3,
        listen: Listener = silent,
        cancel: Cancel | None = None,
    ) -> Iterator[Timing]:
        """How fast media paint a portrait of this engine here; see `limner.media.bench.timings`."""
        recipe = self.plan("a young woman, dark brown hair", seed=7, medium=PLAIN)[0]
        portrait = next(self.paint_recipes([recipe], listen=listen, cancel=cancel))
        return self.atelier.time(portrait.plain, media, sizes, runs=runs, listen=listen, cancel=cancel)

    # measuring --------------------------------------------------------------------------------

    def measure(self, picture: Picture) -> dict[str, float]:
        """Dial settings that an aligned portrait shows."""
        return self.meter.settings(picture)

    def look(self, picture: Picture) -> Look:
        """What is compared when portraits are told apart."""
        return look_of(*self.meter.examine(picture))

    def _looks(self, portraits: Sequence[Portrait]) -> list[Look]:
        """Looks of several portraits, measured at once."""
        with ThreadPoolExecutor(self.settings["threads"] or usable_cores()) as pool:
            return list(pool.map(_look, portraits))

    def _examine(self, picture: Picture) -> Examined:
        raw, likeness = self.meter.examine(picture)
        table = dial_table()
        dials = {name: round(table[name].setting(raw[name]), 3) for name in table.names}
        return Examined(dials=dials, look=look_of(raw, likeness))

    def spread(self, portraits: Sequence[Portrait]) -> Spread | None:
        """How different the portraits of a set are; None for fewer than two."""
        return spread([p.look for p in portraits])

    def sheet(
        self,
        portraits: Sequence[Portrait],
        *,
        title: str | None = None,
        foot: str = "",
        labels: Sequence[str] | None = None,
        columns: int | None = None,
        cell: int | None = None,
        format: str = "png",
        quality: int | None = None,
    ) -> bytes:
        """A contact sheet as a file that says it is synthetic.

        Args:
            portraits: what to show.
            title: line at the head; None takes the brief of the first portrait.
            foot: line at the foot.
            labels: a short line for each portrait; None takes the seeds.
            columns: portraits in a row; None chooses a near-square page.
            cell: side of a portrait on the sheet in px; None chooses by their number.
            format: "png", "jpeg" or "webp".
            quality: 1..100 for JPEG and WebP; None takes a high one.
        """
        words = portraits[0].reading.words if portraits else ""
        page = contact_sheet(
            [p.picture for p in portraits],
            [str(p.seed) for p in portraits] if labels is None else labels,
            title=words if title is None else title,
            foot=foot,
            columns=columns,
            cell=cell,
        )
        return encode_file(page, self._disclose(None), format, quality=quality)

    def samples(self, hands: Sequence[Hand], *, listen: Listener = silent, cancel: Cancel | None = None) -> bytes:
        """A page of samples, a row for every hand, as a PNG file that says it is synthetic.

        Raises:
            Cancelled: `cancel` was requested.
        """
        recipes = [self.plan(words, seed=seed, medium="none")[0] for words, seed in SITTERS]
        portraits = list(self.paint_recipes(recipes, cancel=cancel))
        page = sample_sheet(self.atelier, portraits, hands, listen=listen, cancel=cancel)
        return encode_file(page, self._disclose(None), "png")

    def _encode(self, portrait: Portrait, format: str, depth: Depth = 8, dpi: float | None = None) -> bytes:
        check_format(format, depth)
        check_dpi(dpi)
        picture = portrait.picture
        if depth == 16:
            picture = portrait.deep if portrait.deep is not None else self.repaint(portrait.recipe, depth=16).deep
            assert picture is not None
        return encode_file(picture, self._disclose(portrait.recipe), format, dpi=dpi)

    def _disclose(self, recipe: Recipe | None) -> Disclosure:
        return Disclosure(
            recipe=recipe,
            system=f"Limner, engine {self.engine.id}",
            version=__version__,
            credit=self.engine.credit,
            creator=self.settings["creator"],
        )


def _look(portrait: Portrait) -> Look:
    return portrait.look
