"""The atelier: where portraits become paintings.

It knows the media and styles at hand, finds the face that a medium takes care of, makes sure that the brushes
are ready, and paints treatments.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from limner.anatomy.align import FaceFinder
from limner.anatomy.features import features_of
from limner.anatomy.likeness import shipped_weights
from limner.core.errors import InputError, PictureError, RecipeError
from limner.core.features import Features
from limner.core.picture import Deep, Depth, Picture
from limner.core.progress import Cancel, Listener, silent
from limner.core.reading import Reading
from limner.core.recipe import Recipe
from limner.core.treatment import Composed, Treatment
from limner.media.compositions.asked import NONE
from limner.media.compositions.asked import kit_of as composition_of
from limner.media.guide import Guide
from limner.media.hands import Hands
from limner.media.medium import Medium
from limner.media.registry import Registry, registry
from limner.media.styles import style, styles
from limner.media.treatments import CARE, kit_of, treatment_of, values_of

if TYPE_CHECKING:
    from limner.media.bench import Timing

_log = logging.getLogger(__name__)

PLAIN = "none"
"""The medium that is the portrait itself."""

VIEW = 1024
"""Side in px of a painting whose size is not said."""


class Atelier:
    """Media, and hands that paint in them.

    Args:
        finder: gives the face finder, opened when first asked for.
        threads: processor threads; 0 = all cores.
    """

    def __init__(self, finder: Callable[[], FaceFinder], threads: int) -> None:
        self._finder = finder
        self._threads = threads
        self._warm = False

    @cached_property
    def media(self) -> Registry:
        """All media at hand."""
        return registry()

    # choosing ---------------------------------------------------------------------------------

    def asked_for(self, reading: Reading) -> str:
        """The medium that a brief's words ask for, directly or by their style; empty if none."""
        hand = styles().get(reading.style)
        name = _id(reading.medium) or (hand.medium if hand else "")
        return name if name in self.media else ""

    @staticmethod
    def composed_for(reading: Reading) -> tuple[str, ...]:
        """The compositions that a brief's words ask for, directly or by their style."""
        hand = styles().get(reading.style)
        return reading.compositions or (hand.compositions if hand else ())

    def treatment(
        self,
        medium: str,
        settings: Mapping[str, object] | None = None,
        *,
        manner: str = "",
        compositions: Sequence[str | Composed] | None = None,
        face: bool = True,
    ) -> Treatment:
        """A complete treatment.

        Args:
            medium: id or name of the medium ("ink wash"); empty takes that of the style.
            settings: the medium's parameters, `surface.*`, `light.*` and `composition.*` by name.
            manner: style whose bundle is laid under the settings where it is for this medium.
            compositions: what is done to the portrait first; None takes those of the style.
            face: the picture has a face whose features are found and painted with care.

        Raises:
            InputError: an unknown medium, style or setting, or a value that is not allowed.
        """
        hand = style(manner) if manner else None
        chosen = self.media[_id(medium) or (hand.medium if hand else PLAIN)]
        given = dict(settings or {})
        fits = hand is not None and hand.medium == chosen.id
        if hand is not None and fits:
            given = {**hand.settings, **given}
        if compositions is None:
            compositions = hand.compositions if hand is not None else ()
        return treatment_of(
            chosen,
            given,
            compositions=compositions,
            style=hand.name if hand is not None and fits else "",
            landmarks=self.landmarks if face else "",
        )

    @cached_property
    def landmarks(self) -> str:
        """Hash of the weights that find faces."""
        return FaceFinder.weights(shipped_weights())

    def check(self, treatment: Treatment) -> Medium:
        """The medium of a treatment, after making sure that it can be painted here.

        Raises:
            RecipeError: an unknown medium, another version of it, values that it does not know, or other
                weights to find faces with.
        """
        try:
            medium = self.media[treatment.medium]
        except InputError as exc:
            raise RecipeError(f"The recipe wants a medium that is not here. {exc.message}", exc.hint) from exc
        kit_of(medium, treatment)
        for kept in treatment.compositions:
            composition_of(kept)
        if treatment.landmarks not in ("", self.landmarks):
            raise RecipeError(
                "The recipe was painted with other weights for finding faces.",
                "Repaint it with --medium to take those at hand.",
            )
        return medium

    def chosen(
        self,
        reading: Reading,
        *,
        medium: str | None,
        manner: str,
        settings: Mapping[str, object] | None,
        compositions: Sequence[str] | None = None,
        enlarged: bool,
    ) -> Treatment | None:
        """How a new portrait is painted; None for the engine's own picture.

        Args:
            reading: of the brief, whose words may ask for a medium or a style.
            medium: id of the medium, whatever the words ask for; None leaves it to the words.
            manner: style, whatever the words ask for.
            settings: what is turned.
            compositions: what is done to the portrait first, whatever the words ask for; None leaves it to the
                words, or to the style, and takes none where the medium is "none".
            enlarged: the picture is to be larger than the engine paints.

        Raises:
            InputError: an unknown medium, style or setting, or a value that is not allowed.
        """
        name = medium if medium is not None else ("" if manner else self.asked_for(reading))
        known = manner or (reading.style if reading.style in styles() else "")
        if compositions is None:
            itself = medium is not None and _id(medium) == PLAIN
            of_style = style(manner).compositions if manner else ()
            compositions = () if itself else reading.compositions or of_style or self.composed_for(reading)
        if not _any(compositions):
            if not name and not manner:
                if settings:
                    raise InputError("There is no medium to turn settings of.", "Name one with --medium.")
                return None
            if _id(name) == PLAIN and not enlarged:
                return None
        elif not name and not manner:
            name = PLAIN
        return self.treatment(name, settings, manner=known, compositions=compositions)

    def otherwise(
        self,
        recipe: Recipe,
        *,
        medium: str | None,
        manner: str,
        settings: Mapping[str, object],
        compositions: Sequence[str] | None = None,
        size: int | None,
        native: int,
    ) -> Recipe:
        """The recipe for another hand, settings or size; the recipe itself if nothing of it is asked for.

        Args:
            recipe: of a painted picture.
            medium: id of the other medium; "none" for the portrait itself.
            manner: other style.
            settings: what is turned: on the other medium, or else on the recipe's own.
            compositions: others; None keeps the recipe's, unless the style has some of its own.
            size: other side in px.
            native: side in px at which the engine paints.

        Raises:
            InputError: an unknown medium, style or setting, or a value that is not allowed.
        """
        before = recipe.treatment
        kept: Sequence[str | Composed] = before.compositions if before else ()
        if manner and style(manner).compositions:
            kept = style(manner).compositions
        if compositions is not None:
            kept = compositions
        if before is not None and before.care:  # the sitter is the same, and so is where care is taken
            settings = {CARE: before.care, **settings}
        if medium is not None or manner:
            if not _any(kept) and medium is not None and _id(medium) == PLAIN and (size or native) <= native:
                return replace(recipe, treatment=None, size=size or native)
            how = self.treatment(medium or "", settings, manner=manner, compositions=kept)
            return replace(recipe, treatment=how, size=size or (recipe.size if before else VIEW))
        if settings or compositions is not None:
            if before is None and not _any(kept):
                raise InputError("The picture was painted in no medium.", "Name one with --medium.")
            own = values_of(before) if before else {}
            how = self.treatment(before.medium if before else PLAIN, {**own, **settings}, compositions=kept)
            if before is None:
                size = size or VIEW
            elif how.medium == PLAIN and not how.compositions and (size or recipe.size) <= native:
                return replace(recipe, treatment=None, size=size or recipe.size)
            recipe = replace(recipe, treatment=replace(how, style=before.style if before else ""))
        return recipe if size is None else replace(recipe, size=size)

    # painting ---------------------------------------------------------------------------------

    def warm(self) -> None:
        """Begin to make the brushes ready, in the background, while the engine still works."""
        from limner.media.warm import begin

        if not self._warm:
            self._warm = True
            begin()

    def paint(
        self,
        picture: Picture,
        treatment: Treatment,
        *,
        seed: int,
        size: int,
        source: npt.NDArray[Any] | None = None,
        aligned: bool = True,
        listen: Listener = silent,
        cancel: Cancel | None = None,
    ) -> Picture:
        """A portrait, painted.

        Args:
            picture: uint8 RGB [h, w, 3].
            treatment: how.
            seed: for what chance decides.
            size: longer side in px.
            source: the same picture with all the bits that it has, uint16 or floats in 0..1; None if those of
                `picture` are all.
            aligned: the face lies as in our own portraits; otherwise it is searched for, and where there is
                none, the middle of the picture is taken care of.
            listen: told while brushes are made ready for the first time.
            cancel: asked at every step.

        Returns:
            uint8 RGB.

        Raises:
            RecipeError: the treatment cannot be painted here.
            Cancelled: `cancel` was requested.
        """
        show = self._painted(
            picture, treatment, seed=seed, size=size, source=source, aligned=aligned, listen=listen, cancel=cancel
        )
        return np.asarray(show(8), np.uint8)

    def paint_deep(
        self,
        picture: Picture,
        treatment: Treatment,
        *,
        seed: int,
        size: int,
        source: npt.NDArray[Any] | None = None,
        aligned: bool = True,
        listen: Listener = silent,
        cancel: Cancel | None = None,
    ) -> tuple[Picture, Deep]:
        """A portrait, painted once and shown twice: with 8 and with 16 bits a channel; see `paint`."""
        show = self._painted(
            picture, treatment, seed=seed, size=size, source=source, aligned=aligned, listen=listen, cancel=cancel
        )
        return np.asarray(show(8), np.uint8), np.asarray(show(16), np.uint16)

    def _painted(
        self,
        picture: Picture,
        treatment: Treatment,
        *,
        seed: int,
        size: int,
        source: npt.NDArray[Any] | None,
        aligned: bool,
        listen: Listener,
        cancel: Cancel | None,
    ) -> Callable[[Depth], Picture | Deep]:
        """What shows the painting with so many bits; it is painted when it is first shown."""
        from limner.media.easel import Easel
        from limner.media.warm import prepare

        medium = self.check(treatment)
        kit = kit_of(medium, treatment)
        prepare(listen)
        features = self.features(picture, aligned=aligned) if treatment.landmarks else None
        hands = Hands(threads=self._threads, cancel=cancel or Cancel())
        whole = picture if source is None else source
        made = self._composed(picture, features, treatment, seed, hands) if treatment.compositions else whole
        check_aspect(kit.care, picture)
        easel = Easel(medium, Guide.of(made, features, kit.care), kit.parameters, seed=seed, hands=hands)
        return lambda depth: easel.picture(size, surface=kit.surface, light=kit.light, depth=depth)

    def time(
        self,
        picture: Picture,
        media: Sequence[Medium],
        sizes: Sequence[int],
        *,
        runs: int,
        listen: Listener = silent,
        cancel: Cancel | None = None,
    ) -> Iterator[Timing]:
        """How fast media paint an aligned portrait here; see `limner.media.bench.timings`."""
        from limner.media.bench import timings
        from limner.media.warm import prepare

        prepare(listen)
        hands = Hands(threads=self._threads, cancel=cancel or Cancel())
        return timings(media, picture, self.features(picture, aligned=True), sizes, runs=runs, hands=hands)

    @staticmethod
    def _composed(
        picture: Picture, features: Features | None, treatment: Treatment, seed: int, hands: Hands
    ) -> npt.NDArray[np.floating[Any]]:
        """The portrait as its compositions leave it: sRGB float32 [h, w, 3] at their working size."""
        from limner.media.compositions.scene import Scene

        scene = Scene.of(picture, features)
        for kept in treatment.compositions:
            kind, parameters = composition_of(kept)
            scene = scene.composed(kind.picture(scene, parameters, seed, hands))
        return scene.picture

    def care_map(self, picture: Picture, *, aligned: bool = True) -> npt.NDArray[np.float32]:
        """How carefully each place of a picture is painted if nobody says otherwise.

        Args:
            picture: uint8 RGB [h, w, 3].
            aligned: the face lies as in our own portraits; otherwise it is searched for.

        Returns:
            0..1, float32, 512 px on the longer side.
        """
        return Guide.of(picture, self.features(picture, aligned=aligned)).care

    def features(self, picture: Picture, *, aligned: bool) -> Features | None:
        """The features of the face in a picture; None if it is searched for and there is none.

        Args:
            picture: uint8 RGB [h, w, 3].
            aligned: the face lies as in our own portraits; otherwise it is searched for.
        """
        finder = self._finder()
        if aligned:
            return features_of(finder.in_portrait(picture))
        try:
            face = finder.find(picture)
        except PictureError as exc:
            _log.info("no face to take care of: %s", exc)
            return None
        return features_of(face.landmarks / np.float32(max(picture.shape[:2])))


def check_aspect(care: npt.NDArray[np.float32] | None, picture: Picture) -> None:
    """Raise `InputError` if a care map is of another shape than the picture."""
    if care is None:
        return
    (high, wide), (tall, broad) = care.shape, picture.shape[:2]
    if abs(high / wide - tall / broad) > 0.03 * tall / broad:
        raise InputError(
            f"The care map is {wide / high:.2f} times as wide as high, the picture {broad / tall:.2f} times.",
            "Make it with limner care and keep its shape.",
        )


def _any(compositions: Sequence[str | Composed]) -> bool:
    """True if something is asked for that is not "none"."""
    return any(one != NONE for one in compositions)


def _id(name: str) -> str:
    """A medium's id from its name in the lexicon or from a person."""
    return "-".join(name.casefold().split())
