"""The suite behind `limner evaluate`: each part returns figures ready for printing."""

from __future__ import annotations

import contextlib
import itertools
import json
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from limner.anatomy.likeness import LikenessMeter
from limner.anatomy.likeness import shipped_weights as anatomy_weights
from limner.anatomy.measure import measure
from limner.core.card import read_card
from limner.core.dials import dial_table
from limner.core.errors import BriefError, InputError, RefusedError
from limner.core.network import open_networks
from limner.core.picture import Picture
from limner.core.progress import Cancel, Listener, Progress, silent
from limner.core.recipe import Recipe
from limner.evaluation.dials import dial_recipes, evaluate_dials
from limner.evaluation.judge import Judge
from limner.evaluation.look import evaluate_look
from limner.evaluation.variety import VarietyReport, evaluate_memory, pairwise
from limner.evaluation.words import evaluate_words, read_prompts
from limner.studio.distinct import Look, look_of
from limner.studio.studio import Studio


class Suite:
    """Measures an installed studio.

    Args:
        data: training folder with the data set; needed where real portraits are compared.
        listen: told the progress.
        cancel: asked at every step.
        studio: the studio to measure; None opens one.
    """

    def __init__(
        self,
        *,
        data: Path | None = None,
        listen: Listener = silent,
        cancel: Cancel | None = None,
        studio: Studio | None = None,
    ) -> None:
        self._data = data
        self._listen = listen
        self._cancel = cancel or Cancel()
        self.studio = studio or Studio()

    @cached_property
    def judge(self) -> Judge:
        """Measures pictures with formulas and with the witness."""
        folder = anatomy_weights()
        network = open_networks(folder, ("witness",), runtime="auto", threads=self.studio.settings["threads"])
        quantiles = read_card(folder).shape["witness_quantiles"]
        return Judge(self.studio, LikenessMeter(network["witness"]), quantiles)

    # parts ------------------------------------------------------------------------------------

    def words(self, *, prompts: Path | None = None, seeds: int = 16) -> dict[str, Any]:
        """Shares of pictures that follow their brief."""
        report = evaluate_words(
            self.studio,
            self.judge,
            read_prompts(prompts),
            seeds=seeds,
            listen=self._listen,
            cancel=self._cancel,
        )
        return {
            "overall": report.overall,
            "by category": dict(report.by_category),
            "by brief": dict(report.by_prompt),
        }

    def dials(self, *, sitters: int = 32, names: tuple[str, ...] = (), keep: Path | None = None) -> dict[str, Any]:
        """Spearman's correlation of settings and measures; `keep` writes the pictures for an oracle."""
        if keep is not None:
            self._keep_dials(keep, sitters, names or dial_table().names)
        report = evaluate_dials(
            self.studio, self.judge, sitters=sitters, names=names, listen=self._listen, cancel=self._cancel
        )
        return {"spearman": dict(report.rank_correlation), "drift of other dials": dict(report.drift)}

    def _keep_dials(self, folder: Path, sitters: int, names: tuple[str, ...]) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / "dials.jsonl").open("w", encoding="utf-8") as file:
            for name in names:
                recipes = dial_recipes(self.studio, name, sitters, 9, 5000)
                for k, portrait in enumerate(self.studio.paint_recipes(recipes, cancel=self._cancel)):
                    path = f"{name}-{k:04d}.png"
                    Image.fromarray(portrait.picture).save(folder / path)
                    setting = portrait.reading.dials[name]
                    file.write(
                        json.dumps({"dial": name, "setting": setting, "seed": portrait.seed, "file": path}) + "\n"
                    )

    def look(self, *, portraits: int = 1000) -> dict[str, Any]:
        """Spectra by octave and kernel distances, beside calibration rows."""
        painted = self._paint_by_captions(portraits, first_seed=20_000)
        real = self._real("train", portraits, seed=0)
        others = self._real("train", portraits, seed=1)
        report = evaluate_look(painted, real, others, self.judge.witness)
        names = [f"{2**k}-{2 ** (k + 1)} cycles" for k in range(len(report.octaves))]
        return {
            "power against real portraits": dict(zip(names, report.octaves, strict=True)),
            "kernel distance x 1000 (mean, deviation)": {k: list(v) for k, v in report.kernel.items()},
        }

    def variety(self) -> dict[str, Any]:
        """Spread of 64 readings of one brief against 64 real portraits."""
        real = pairwise([self._real_look(k) for k in self._rows("train", 64, seed=2)])
        figures: dict[str, Any] = {"real": float(real.mean())}
        for words in ("a poet", "an old wizard", "a young woman with red hair", ""):
            painted = pairwise([p.look for p in self.studio.paint(words, n=64, seed=1, medium="none")])
            report = VarietyReport(painted=float(painted.mean()), real=float(real.mean()))
            figures[words or "(no words)"] = [report.painted, report.share]
        return figures

    def distinct(self) -> dict[str, Any]:
        """The usual distances of real portraits, from which `limner.studio.distinct` takes its units."""
        rows = self._rows("train", 600, seed=3)
        looks = [self._real_look(k) for k in rows]
        pairs = [(a, b) for a in range(len(looks)) for b in range(a)]
        identity = [np.arccos(np.clip(looks[a].identity @ looks[b].identity, -1, 1)) for a, b in pairs]
        pose = [np.linalg.norm(looks[a].pose - looks[b].pose) for a, b in pairs]
        colour = [np.linalg.norm(looks[a].colour - looks[b].colour) for a, b in pairs]
        return {
            "usual identity": float(np.median(identity)),
            "usual pose": float(np.median(pose)),
            "usual colour": float(np.median(colour)),
            "5th percentile of distances": float(np.quantile(pairwise(looks), 0.05)),
        }

    def memory(self, *, portraits: int = 5000) -> dict[str, Any]:
        """Share of painted portraits that come too near to a training portrait."""
        meter = self.judge.witness
        seen: dict[str, npt.NDArray[np.float32]] = {}
        for split in ("train", "val"):
            rows = self._all_rows(split)
            vectors = [meter.look([self._picture(k), self._picture(k)[:, ::-1].copy()])[0] for k in rows]
            seen[split] = np.concatenate(vectors) if split == "train" else np.stack([v[0] for v in vectors])
        painted = self._paint_by_captions(portraits, first_seed=50_000)
        vectors = np.concatenate([meter.look([p])[0] for p in painted])
        report = evaluate_memory(vectors, seen["train"], seen["val"])
        return {"threshold (angle)": report.threshold, "share nearer": report.share, "portraits": portraits}

    # portraits --------------------------------------------------------------------------------

    def _paint_by_captions(self, count: int, first_seed: int) -> list[Picture]:
        """Portraits of held-out captions, one seed each, at the engine's defaults."""
        captions = [r["caption"] for r in self._records() if r["split"] == "val"]
        recipes: list[Recipe] = []
        for k, words in enumerate(itertools.cycle(captions)):
            if len(recipes) == count:
                break
            with contextlib.suppress(BriefError, RefusedError):  # people wrote them for another program
                recipes += self.studio.plan((words or "")[:500], n=1, seed=first_seed + k, medium="none")
        pictures: list[Picture] = []
        for portrait in self.studio.paint_recipes(recipes, cancel=self._cancel):
            pictures.append(portrait.picture)
            self._listen(Progress(stage="painting", done=len(pictures), total=count, unit="portraits"))
        return pictures

    def _folder(self) -> Path:
        if self._data is None or not (self._data / "data" / "records.jsonl").is_file():
            raise InputError(
                "This part compares with real portraits, and no data set was given.",
                "Build one with limner train data, and name its folder with --data.",
            )
        return self._data / "data"

    def _records(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in (self._folder() / "records.jsonl").read_text("utf-8").splitlines()]

    def _all_rows(self, split: str) -> list[int]:
        return [k for k, r in enumerate(self._records()) if r["split"] == split]

    def _rows(self, split: str, count: int, seed: int) -> list[int]:
        rows = np.random.default_rng(seed).permutation(self._all_rows(split))
        return [int(r) for r in rows[:count]]

    @cached_property
    def _pictures(self) -> npt.NDArray[np.uint8]:
        return np.load(self._folder() / "portraits.npy", mmap_mode="r")

    @cached_property
    def _landmarks(self) -> npt.NDArray[np.float32]:
        return np.load(self._folder() / "landmarks.npy").astype(np.float32)

    def _picture(self, row: int) -> Picture:
        return np.array(self._pictures[row])

    def _real(self, split: str, count: int, seed: int) -> list[Picture]:
        return [self._picture(k) for k in self._rows(split, count, seed)]

    def _real_look(self, row: int) -> Look:
        picture = self._picture(row)
        raw = measure(picture, self._landmarks[row])
        likeness, _ = self.studio.likeness.look([picture])
        return look_of(raw, likeness[0])
