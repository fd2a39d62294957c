"""The embedded engine: words, dials and noise become a portrait, in milliseconds, on a processor.

Four steps, each a file in the weights folder:

1. `flow` turns noise into the coordinates of a base, following words and dials (`habits` says which dials
   go together, `rough` is what it steers away from);
2. `basis` turns coordinates into the base, a 64 px picture (a matrix product);
3. `detail` turns noise into the detail code that suits the base;
4. `painter`, the adversarially trained generator, paints base and code at 256 px.

The first and third steps are invertible, so an existing portrait can be varied, aged or changed in
expression as exactly as a new one is painted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from importlib import resources
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
from PIL import Image

from limner.core.blas import one_blas_thread
from limner.core.card import Card, check_file, read_card
from limner.core.dials import dial_table, score
from limner.core.errors import RecipeError, WeightsError
from limner.core.network import Network, open_network, usable_cores
from limner.core.picture import Picture, Signal, to_pictures, to_signal
from limner.core.progress import Cancel, Listener, Progress
from limner.core.reading import unpack_vector
from limner.core.recipe import MAX_SIZE, Recipe
from limner.core.rng import gaussian
from limner.engines.eigen import steering
from limner.engines.eigen.basis import SIDE, Basis
from limner.engines.eigen.habits import Habits
from limner.engines.eigen.sampler import integrate, schedule
from limner.engines.engine import Capabilities, Code

Floats = npt.NDArray[np.float32]
_T = TypeVar("_T")

ID = "eigen.portraits"
"""Id of this engine."""

NATIVE = 256
"""Side in px at which the painter works."""

_OPEN_WITH_WORDS = frozenset({
    "yaw", "pitch", "gaze_x", "gaze_y", "mouth_open", "brow_raise", "eye_open", "face_width",
})  # fmt: skip
_OPEN_WITHOUT = frozenset(dial_table().names) - {"eyes", "eyes_red", "eyes_yellow"}
_STRENGTH = frozenset({"saturation", "warmth", "contrast"})
_HUES = frozenset(name for name in dial_table().names if name.endswith(("_red", "_yellow")))
_BATCH = 32  # portraits handled together; the size of a progress step, too


class EigenEngine:
    """Paints with a weights folder.

    Args:
        folder: weights folder with a card; None for the weights that ship with Limner.
        runtime: "auto", "onnxruntime" or "openvino".
        threads: processor threads, 0 = all cores.
    """

    id = ID

    def __init__(self, folder: Path | None = None, *, runtime: str = "auto", threads: int = 0) -> None:
        self.folder = folder if folder is not None else shipped_weights()
        self._runtime = runtime
        self._threads = threads
        self._networks: dict[tuple[str, int], Network] = {}
        self._opening = Lock()

    @cached_property
    def card(self) -> Card:
        """The card of the weights.

        Raises:
            WeightsError: no weights there, or weights for another engine or other dials.
        """
        card = read_card(self.folder)
        if card.engine != ID:
            raise WeightsError(f"The weights in {self.folder} are for {card.engine!r}, not for {ID!r}.")
        if tuple(card.shape.get("dials", ())) != dial_table().names:
            raise WeightsError(
                f"The weights in {self.folder} were trained with other dials than this Limner has.",
                "Use weights that belong to this version.",
            )
        return card

    @property
    def capabilities(self) -> Capabilities:
        return Capabilities(
            words=True,
            dials=frozenset(dial_table().names),
            avoid=True,
            native=NATIVE,
            largest=MAX_SIZE,
            guidance=float(self._shape("guidance")),
        )

    @property
    def weights(self) -> str:
        return self.card.hash

    @property
    def credit(self) -> str:
        return self.card.credit

    def close(self) -> None:
        self._networks.clear()

    # painting ---------------------------------------------------------------------------------

    def paint(self, recipes: Sequence[Recipe], listen: Listener, cancel: Cancel) -> list[Picture]:
        def rounded(signal: Signal, recipe: Recipe) -> Picture:
            return _enlarge(to_pictures(signal[None])[0], recipe.size)

        return self._paint_all(recipes, listen, cancel, rounded)

    def paint_deep(self, recipes: Sequence[Recipe], listen: Listener, cancel: Cancel) -> list[Signal]:
        """What `paint` paints, before it is rounded: float32 [3, size, size] in -1..1."""

        def whole(signal: Signal, recipe: Recipe) -> Signal:
            return np.stack([_resized(plane, recipe.size) for plane in signal])

        return self._paint_all(recipes, listen, cancel, whole)

    def _paint_all(
        self, recipes: Sequence[Recipe], listen: Listener, cancel: Cancel, finish: Callable[[Signal, Recipe], _T]
    ) -> list[_T]:
        for recipe in recipes:
            self._check(recipe)
        done: list[_T] = []
        with one_blas_thread, ThreadPoolExecutor(self._cores) as pool:
            for start in range(0, len(recipes), _BATCH):
                cancel.check()
                batch = recipes[start : start + _BATCH]
                for recipe, signal in zip(batch, self._paint_batch(batch, cancel, pool), strict=True):
                    done.append(finish(signal, recipe))
                listen(Progress(stage="painting", done=len(done), total=len(recipes), unit="portraits"))
        return done

    def _paint_batch(self, recipes: Sequence[Recipe], cancel: Cancel, pool: ThreadPoolExecutor) -> list[Signal]:
        """One portrait on all cores, or several at once on one core each; float32 [3, h, w] in -1..1."""
        hands = min(self._cores, len(recipes))
        if hands == 1:
            return list(self._paint(*self._imagine(recipes, cancel, self._all_cores), self._all_cores))

        def share(k: int) -> list[Signal]:
            return list(self._paint(*self._imagine(recipes[k::hands], cancel, self._one_core), self._one_core))

        shares = list(pool.map(share, range(hands)))
        return [shares[k % hands][k // hands] for k in range(len(recipes))]

    def draft(self, recipes: Sequence[Recipe]) -> list[Picture]:
        """Base pictures, 64 px, with fewer steps: for a slider that moves."""
        for recipe in recipes:
            self._check(recipe)
        steps = self._shape("draft_steps")
        with one_blas_thread:
            dials = [self._settings(r) for r in recipes]
            bases = self.basis.decode(self._coordinates(recipes, dials, Cancel(), self._all_cores, steps=steps))
        return list(to_pictures(bases))

    def imagine(self, recipes: Sequence[Recipe], cancel: Cancel) -> Code:
        """Codes of new portraits."""
        return self._imagine(recipes, cancel, self._all_cores)[0]

    def _imagine(self, recipes: Sequence[Recipe], cancel: Cancel, run: _Run) -> tuple[Code, Floats]:
        """Codes of new portraits, and their bases [n, 3, 64, 64]."""
        dials = [self._settings(r) for r in recipes]
        coordinates = self._coordinates(recipes, dials, cancel, run, steps=self._shape("flow_steps"))
        bases = self.basis.decode(coordinates)
        noise = np.stack([_noise(r, "detail", self._detail_shape, r.variety) for r in recipes])
        wanted = self._inputs([r.reading.text for r in recipes], dials)
        return Code(coordinates=coordinates, detail=self._grow_detail(noise, bases, wanted, cancel, run)), bases

    def _settings(self, recipe: Recipe) -> dict[str, float]:
        """The recipe's settings, and draws for what it leaves open: pose and expression, and without words
        everything but the colour of the eyes.

        Hues and the strength of colour hang together in ways that no correlation tells: a drawn hue must not
        stand against a greyness that was asked for, nor a drawn greyness against a hue.
        """
        asked = recipe.reading.dials
        open = _OPEN_WITH_WORDS if recipe.reading.text else _OPEN_WITHOUT
        if _STRENGTH & asked.keys():
            open -= _HUES
        if _HUES & asked.keys():
            open -= _STRENGTH
        noise = _noise(recipe, "habits", (len(dial_table().names),), recipe.variety)
        return self.habits.fill(asked, open, noise)

    def _coordinates(
        self, recipes: Sequence[Recipe], dials: Sequence[Mapping[str, float]], cancel: Cancel, run: _Run, *, steps: int
    ) -> Floats:
        """Follow the flow with guidance, see `steering`.

        On top, away from what a rough flow (smaller, trained briefly) predicts of the same (autoguidance,
        Karras et al. 2024): where the rough one errs, the good one errs a little in the same direction.
        Early steps and the first coordinates are left out: they hold brightness and colour, which would drift.
        """
        noise = np.stack([_noise(r, "flow", (self.basis.count,), r.variety) for r in recipes])
        plan = steering.plan([self._weigh(r, d) for r, d in zip(recipes, dials, strict=True)])
        inputs = self._inputs(
            [branch.text for branch in plan.branches], [dict(branch.dials) for branch in plan.branches]
        )
        first = {name: values[plan.full] for name, values in inputs.items()}

        def velocity(x: Floats, t: float) -> Floats:
            rows = np.full(len(plan.owner), t, np.float32)
            v = run("flow", {"x": x[plan.owner], "t": rows} | inputs)
            guided = plan.mix(v)
            if t <= self._shape("rough_until"):
                rough = run("rough", {"x": x, "t": rows[: len(x)]} | first)
                away = v[plan.full] - rough
                away[:, : self._shape("rough_from")] = 0
                guided = guided + np.float32(self._shape("rough_guidance")) * away
            return np.asarray(guided, np.float32)

        return integrate(velocity, noise, schedule(steps, self._shape("flow_bend")), cancel)

    def _weigh(self, recipe: Recipe, dials: Mapping[str, float]) -> steering.Weights:
        words, asked = recipe.reading, recipe.reading.dials
        share = self._shape("mimic_with_words") if words.text else 1.0  # words pull at the expression, too
        guidance = steering.Guidance(
            words=recipe.guidance if words.text else 1.0,
            mimic={name: share * factor for name, factor in self._shape("mimic_guidance").items()},
            person=self._shape("dial_guidance"),
            tone=self._shape("tone_guidance"),
            mimic_from=self._shape("mimic_from"),
        )
        return steering.weigh(words.text, words.avoid_text, dials, asked, guidance, self.basis.count)

    def _grow_detail(self, noise: Floats, bases: Floats, wanted: _Inputs, cancel: Cancel, run: _Run) -> Floats:
        disturb = np.full(len(noise), self._shape("trust"), np.float32)

        def velocity(x: Floats, t: float) -> Floats:
            inputs = {"x": x, "t": np.full(len(x), t, np.float32), "base": bases, "disturb": disturb}
            return run("detail", inputs | wanted)

        times = schedule(self._shape("detail_steps"), self._shape("detail_bend"))
        code = integrate(velocity, noise, times, cancel)
        return code * np.asarray(self._shape("detail_scale"), np.float32)[:, None, None]

    # codes ------------------------------------------------------------------------------------

    def encode(self, pictures: npt.NDArray[np.uint8]) -> Code:
        """Aligned portraits uint8 [n, 256, 256, 3] to their codes."""
        small = np.stack([_to_side(p, SIDE) for p in pictures])
        coordinates = self.basis.encode(to_signal(small))
        bases = self.basis.decode(coordinates)
        detail = [
            self._all_cores("encoder", {"picture": to_signal(p[None]), "base": b[None]})
            for p, b in zip(pictures, bases, strict=True)
        ]
        return Code(coordinates=coordinates, detail=np.concatenate(detail))

    def decode(self, code: Code) -> npt.NDArray[np.uint8]:
        """Codes to portraits uint8 [n, 256, 256, 3]."""
        return to_pictures(self._paint(code, self.basis.decode(code.coordinates), self._all_cores))

    def _paint(self, code: Code, bases: Floats, run: _Run) -> Signal:
        painted = [
            varnish(run("painter", {"base": b[None], "detail": d[None]}), self._shape("varnish"))
            for b, d in zip(bases, code.detail, strict=True)
        ]
        return np.concatenate(painted)

    def invert(self, code: Code, dials: Sequence[Mapping[str, float]]) -> Code:
        """The noise from which the flows would make `code` under `dials`."""
        return self._travel(code, dials, backwards=True)

    def regrow(self, noise: Code, dials: Sequence[Mapping[str, float]]) -> Code:
        """The code that the flows make of `noise` under `dials`."""
        return self._travel(noise, dials, backwards=False)

    def _travel(self, code: Code, dials: Sequence[Mapping[str, float]], *, backwards: bool) -> Code:
        inputs = self._inputs([""] * len(dials), dials)
        scale = np.asarray(self._shape("detail_scale"), np.float32)[:, None, None]
        zero = np.zeros(len(dials), np.float32)
        times = np.linspace(0, 1, 33) if backwards else np.linspace(1, 0, 33)

        def coarse(x: Floats, t: float) -> Floats:
            return self._all_cores("flow", {"x": x, "t": np.full(len(x), t, np.float32)} | inputs)

        coordinates = integrate(coarse, code.coordinates, times, Cancel())
        bases = self.basis.decode(code.coordinates if backwards else coordinates)

        def fine(x: Floats, t: float) -> Floats:
            more = {"x": x, "t": np.full(len(x), t, np.float32), "base": bases, "disturb": zero}
            return self._all_cores("detail", more | inputs)

        start = code.detail / scale if backwards else code.detail
        detail = integrate(fine, start, times, Cancel())
        return Code(coordinates=coordinates, detail=detail if backwards else detail * scale)

    # helpers ----------------------------------------------------------------------------------

    @cached_property
    def basis(self) -> Basis:
        """The linear code of base pictures."""
        return Basis.read(check_file(self.folder, self.card, "basis.npz"))

    @cached_property
    def habits(self) -> Habits:
        """What dials do together."""
        return Habits.read(check_file(self.folder, self.card, "habits.npz"), dial_table().names)

    @cached_property
    def _detail_shape(self) -> tuple[int, int, int]:
        side = NATIVE // 16
        return (len(self._shape("detail_scale")), side, side)

    def _shape(self, name: str) -> Any:
        try:
            return self.card.shape[name]
        except KeyError:
            raise WeightsError(f"The card in {self.folder} lacks the number {name!r}.") from None

    @cached_property
    def _cores(self) -> int:
        """How many portraits of a batch are painted at once: one a core."""
        return self._threads or usable_cores()

    def _all_cores(self, name: str, inputs: Mapping[str, Floats]) -> Floats:
        """Run a network on every core: soonest for one portrait."""
        return self._network(name, self._threads)(inputs)

    def _one_core(self, name: str, inputs: Mapping[str, Floats]) -> Floats:
        """Run a network in the calling thread alone: most portraits a second."""
        return self._network(name, 1)(inputs)

    def _network(self, name: str, threads: int) -> Network:
        with self._opening:
            network = self._networks.get((name, threads))
            if network is None:
                path = check_file(self.folder, self.card, f"{name}.onnx")
                network = open_network(path, runtime=self._runtime, threads=threads)
                self._networks[name, threads] = network
        return network

    def _check(self, recipe: Recipe) -> None:
        if recipe.engine != ID:
            raise RecipeError(f"This recipe is for the engine {recipe.engine!r}, not for {ID!r}.")
        if recipe.weights != self.weights:
            raise RecipeError(
                f"This recipe was painted with other weights ({recipe.weights[:12]}) than those at hand "
                f"({self.weights[:12]}).",
                "Point --weights to a folder that holds them, or paint its words anew.",
            )

    def _inputs(self, texts: Sequence[str], dials: Sequence[Mapping[str, float]]) -> _Inputs:
        names = dial_table().names
        n, width = len(texts), self._shape("text")
        text = np.zeros((n, width), np.float32)
        known = np.zeros(n, np.float32)
        values = np.zeros((n, len(names)), np.float32)
        mask = np.zeros((n, len(names)), np.float32)
        for row, (packed, settings) in enumerate(zip(texts, dials, strict=True)):
            if packed:
                vector = unpack_vector(packed)
                if len(vector) != width:
                    raise RecipeError(f"The text vector has {len(vector)} values; these weights need {width}.")
                text[row], known[row] = vector, 1
            for name, setting in settings.items():
                column = names.index(name)
                values[row, column], mask[row, column] = score(setting), 1
        return {"text": text, "known": known, "dials": values, "mask": mask}


_Inputs = dict[str, Floats]
_Run = Callable[[str, Mapping[str, Floats]], Floats]


def shipped_weights() -> Path:
    """The weights folder inside the package."""
    return Path(str(resources.files("limner.engines.eigen").joinpath("weights")))


def varnish(signal: Floats, strength: float) -> Floats:
    """Finest texture made a little stronger, by the share that the painter paints it too weak.

    Args:
        signal: [n, 3, h, w].
        strength: weight of the Laplacian that is taken away; a frequency of f cycles a px along one side grows
            by 1 + 2 * strength * (1 - cos(2 pi f)), and the finest by 1 + 4 * strength.
    """
    out = signal * np.float32(1 + 4 * strength)
    part = signal * np.float32(strength)
    for axis in (2, 3):
        ahead, behind = np.moveaxis(out, axis, 0), np.moveaxis(part, axis, 0)
        ahead[1:] -= behind[:-1]
        ahead[0] -= behind[0]
        ahead[:-1] -= behind[1:]
        ahead[-1] -= behind[-1]
    return out


def _noise(recipe: Recipe, stream: str, shape: tuple[int, ...], variety: float) -> Floats:
    return gaussian(recipe.seed, stream, shape) * np.float32(variety)


def _to_side(picture: Picture, side: int) -> Picture:
    return np.asarray(Image.fromarray(picture).resize((side, side), Image.Resampling.BOX))


def _enlarge(picture: Picture, size: int) -> Picture:
    if size == NATIVE:
        return picture
    return np.asarray(Image.fromarray(picture).resize((size, size), _filter(size)))


def _resized(plane: Floats, size: int) -> Floats:
    """One channel of a signal at another size."""
    if size == NATIVE:
        return plane
    return np.asarray(Image.fromarray(plane).resize((size, size), _filter(size)))


def _filter(size: int) -> Image.Resampling:
    return Image.Resampling.LANCZOS if size > NATIVE else Image.Resampling.BOX
