"""From run folders to weights folders: what the package ships, each with a card.

weights/language/text.npz
weights/anatomy/landmarks.onnx contours.onnx likeness.onnx witness.onnx card.json
weights/media/enlarger.onnx card.json
weights/eigen/basis.npz habits.npz flow.onnx rough.onnx detail.onnx painter.onnx encoder.onnx card.json
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from limner.anatomy.likeness import TRAITS
from limner.core.card import Card, file_hash, write_card
from limner.core.dials import dial_table, score
from limner.trainer.basis import Basis
from limner.trainer.config import Config
from limner.trainer.contours import Contours
from limner.trainer.detail import DetailFlow
from limner.trainer.enlarger import Enlarger
from limner.trainer.export import export_onnx
from limner.trainer.flow import Flow
from limner.trainer.landmarks import Landmarks
from limner.trainer.likeness import Likeness
from limner.trainer.loop import write_arrays
from limner.trainer.painter_networks import Encoder, Painter
from limner.trainer.prepare import features, load_likeness
from limner.trainer.stages import load_painter, options_of, read_basis
from limner.trainer.traits import fit_trait, read_traits
from limner.trainer.workspace import Workspace

CREDIT = "Portraits: artflow.ai, CC BY 4.0, via initiative-sh/artflow-portraits"
"""Attribution that the training portraits' licence asks for."""


def publish_text(workspace: Workspace) -> Path:
    """The text encoder."""
    from limner.trainer.text import export_student

    folder = workspace.weights / "language"
    folder.mkdir(parents=True, exist_ok=True)
    saved = _averaged(workspace.checkpoint("text"))
    export_student({k.removeprefix("0."): v for k, v in saved.items() if k.startswith("0.")}, folder / "text.npz")
    return folder


class _LikenessHead(nn.Module):
    """Likeness vector and traits in one output."""

    def __init__(self, network: Likeness, weights: Tensor, bias: Tensor) -> None:
        super().__init__()
        self.network = network
        self.traits = nn.Linear(weights.shape[1], weights.shape[0])
        with torch.no_grad():
            self.traits.weight.copy_(weights)
            self.traits.bias.copy_(bias)

    def forward(self, picture: Tensor) -> Tensor:
        pooled = self.network.maps(picture)[-1].mean((2, 3))
        embed = self.network.embed(pooled)
        embed = embed / embed.norm(dim=1, keepdim=True)
        return torch.cat([embed, self.traits(pooled)], 1)


class _LandmarkHead(nn.Module):
    """Points and logit in one output."""

    def __init__(self, network: Landmarks) -> None:
        super().__init__()
        self.network = network

    def forward(self, crop: Tensor) -> Tensor:
        return torch.cat(self.network(crop), 1)


def publish_anatomy(workspace: Workspace, config: Config) -> Path:
    """Landmark network, likeness network with traits, and the witness that evaluation uses."""
    folder = workspace.weights / "anatomy"
    folder.mkdir(parents=True, exist_ok=True)
    example = torch.zeros(2, 3, 128, 128)
    landmarks = load_landmarks(workspace, config)
    export_onnx(_LandmarkHead(landmarks), {"crop": example}, ["face"], folder / "landmarks.onnx")
    export_onnx(
        load_contours(workspace, config), {"picture": torch.zeros(2, 3, 256, 256)}, ["points"], folder / "contours.onnx"
    )
    traits = workspace.arrays("traits", "traits")
    likeness = load_likeness(workspace.checkpoint("likeness"), options_of("likeness", config))
    head = _LikenessHead(
        likeness, torch.from_numpy(traits["weights"]).float(), torch.from_numpy(traits["bias"]).float()
    )
    export_onnx(head.eval(), {"picture": example}, ["look"], folder / "likeness.onnx")
    # the witness has probes of its own, so that traits are re-measured by a network that took no part
    witness = load_likeness(workspace.checkpoint("witness"), options_of("witness", config))
    seen = features(witness, workspace.array("portraits", "data"))
    records = workspace.records()
    held_out = np.array([r.split == "val" for r in records])
    probes = [fit_trait(seen, [r.caption for r in records], held_out, t) for t in read_traits()]
    weights = torch.from_numpy(np.stack([p.weights for p in probes])).float()
    bias = torch.tensor([p.bias for p in probes]).float()
    head = _LikenessHead(witness, weights, bias)
    values = np.stack([seen @ p.weights + p.bias for p in probes], 1)
    quantiles = {name: np.quantile(values[:, k], np.linspace(0, 1, 101)) for k, name in enumerate(TRAITS)}
    export_onnx(head.eval(), {"picture": example}, ["look"], folder / "witness.onnx")
    files = ("landmarks.onnx", "contours.onnx", "likeness.onnx", "witness.onnx")
    write_card(
        folder,
        Card(
            engine="anatomy",
            title="Landmarks, likeness and traits of portraits",
            licence="CC-BY-4.0",
            credit=CREDIT,
            files={name: file_hash(folder / name) for name in files},
            shape={
                "traits": list(TRAITS),
                "embed": 64,
                "landmarks": 478,
                "witness_quantiles": {k: [round(float(x), 5) for x in v] for k, v in quantiles.items()},
            },
        ),
    )
    return folder


TILE = 144
"""Side in px of the tiles that the enlarger sees."""


def publish_media(workspace: Workspace, config: Config) -> Path:
    """The enlarger of the medium `none`."""
    folder = workspace.weights / "media"
    folder.mkdir(parents=True, exist_ok=True)
    network = load_enlarger(workspace, config)
    example = {"picture": torch.zeros(2, 3, TILE, TILE), "worn": torch.zeros(2)}
    export_onnx(network, example, ["missing"], folder / "enlarger.onnx")
    write_card(
        folder,
        Card(
            engine="media",
            title="Enlarger: doubles the side of a portrait",
            licence="CC-BY-4.0",
            credit=CREDIT,
            files={"enlarger.onnx": file_hash(folder / "enlarger.onnx")},
            shape={"tile": TILE, "reach": network.reach},
            training=_history(workspace, config, ("enlarger",)),
        ),
    )
    return folder


def load_enlarger(workspace: Workspace, config: Config) -> Enlarger:
    """The averaged enlarger."""
    o = options_of("enlarger", config)
    network = Enlarger(o.width, o.blocks)
    network.load_state_dict(_averaged(workspace.checkpoint("enlarger")))
    return network.eval()


def load_landmarks(workspace: Workspace, config: Config) -> Landmarks:
    """The averaged landmark network."""
    weights = _averaged(workspace.checkpoint("landmarks"))
    network = Landmarks(weights["mean"], options_of("landmarks", config).widths)
    network.load_state_dict(weights)
    return network.eval()


def load_contours(workspace: Workspace, config: Config) -> Contours:
    """The averaged contour network."""
    network = Contours(options_of("contours", config).widths)
    network.load_state_dict(_averaged(workspace.checkpoint("contours")))
    return network.eval()


def load_flow(workspace: Workspace, config: Config, basis: Basis, stage: str = "flow") -> Flow:
    """The averaged flow ("flow" or "rough")."""
    weights = _averaged(workspace.checkpoint(stage))
    o = options_of(stage, config)
    network = Flow(
        len(basis.scale),
        weights["text.0.weight"].shape[1] - 1,
        weights["dials.0.weight"].shape[1] // 2,
        width=o.width,
        hidden=o.hidden,
        blocks=o.blocks,
        rank=o.rank,
        dropout=o.dropout,
    )
    network.load_state_dict(weights)
    return network.eval()


def load_detail(workspace: Workspace, config: Config, detail: int) -> DetailFlow:
    """The averaged detail flow."""
    weights = _averaged(workspace.checkpoint("detail"))
    o = options_of("detail", config)
    network = DetailFlow(
        detail,
        weights["words.0.weight"].shape[1] - 1,
        weights["dials.0.weight"].shape[1] // 2,
        width=o.width,
        deep=o.deep,
        dropout=o.dropout,
    )
    network.load_state_dict(weights)
    return network.eval()


class EncoderHead(nn.Module):
    """The mean of the detail code."""

    def __init__(self, network: Encoder) -> None:
        super().__init__()
        self.network = network

    def forward(self, picture: Tensor, base: Tensor) -> Tensor:
        return self.network(picture, base)[0]


class PainterHead(nn.Module):
    """The painter on whole pictures."""

    def __init__(self, network: Painter) -> None:
        super().__init__()
        self.network = network

    def forward(self, base: Tensor, detail: Tensor) -> Tensor:
        return self.network(base, detail)


def publish_eigen(workspace: Workspace, config: Config, shape: dict[str, Any]) -> Path:
    """The engine's weights.

    Args:
        shape: numbers of the card that are chosen by measuring: steps, bends, guidance.
    """
    folder = workspace.weights / "eigen"
    folder.mkdir(parents=True, exist_ok=True)
    basis = read_basis(workspace)
    half = {
        "mean": basis.mean.half(),
        "axes": basis.axes.half(),
        "weights": basis.weights.half(),
        "scale": basis.scale,
    }
    write_arrays(folder / "basis.npz", {k: v.numpy() for k, v in half.items()})
    options = options_of("painter", config)
    encoder, painter = load_painter(workspace.checkpoint("painter"), options)
    flow = load_flow(workspace, config, basis)
    detail = load_detail(workspace, config, options.detail)
    n, names = 2, dial_table().names
    width: int = flow.text[0].in_features - 1  # pyright: ignore
    condition = {
        "text": torch.zeros(n, width),
        "known": torch.ones(n),
        "dials": torch.zeros(n, len(names)),
        "mask": torch.ones(n, len(names)),
    }
    time = torch.full((n,), 0.5)
    picture, base = torch.zeros(n, 3, 256, 256), torch.zeros(n, 3, 64, 64)
    code = torch.randn(n, options.detail, 16, 16)
    coordinates = torch.randn(n, len(basis.scale))
    export_onnx(flow, {"x": coordinates, "t": time} | condition, ["v"], folder / "flow.onnx")
    rough = load_flow(workspace, config, basis, "rough")
    export_onnx(rough, {"x": coordinates, "t": time} | condition, ["v"], folder / "rough.onnx")
    write_arrays(folder / "habits.npz", {"correlation": habits(workspace)})
    more = {"x": code, "t": time, "base": base, "disturb": torch.zeros(n)} | condition
    export_onnx(detail, more, ["v"], folder / "detail.onnx")
    export_onnx(PainterHead(painter).eval(), {"base": base, "detail": code}, ["picture"], folder / "painter.onnx")
    export_onnx(EncoderHead(encoder).eval(), {"picture": picture, "base": base}, ["detail"], folder / "encoder.onnx")
    files = ("basis.npz", "habits.npz", "flow.onnx", "rough.onnx", "detail.onnx", "painter.onnx", "encoder.onnx")
    saved = torch.load(workspace.checkpoint("detail"), map_location="cpu", weights_only=True)
    write_card(
        folder,
        Card(
            engine="eigen.portraits",
            title="Portraits of people who do not exist, 256 px",
            licence="CC-BY-4.0",
            credit=CREDIT,
            files={name: file_hash(folder / name) for name in files},
            shape={
                "dials": list(names),
                "text": width,
                "coordinates": len(basis.scale),
                "detail_scale": [round(float(v), 6) for v in saved["state"]["scale"]],
            }
            | shape,
            training=_history(workspace, config, ("flow", "rough", "painter", "detail")),
        ),
    )
    return folder


def habits(workspace: Workspace) -> npt.NDArray[np.float32]:
    """Correlations [d, d] of the dials' normal scores over the portraits as they are."""
    moved = workspace.arrays("versions", "measure")["moved"]
    settings = workspace.array("settings", "traits")[moved == ""]
    scores = np.vectorize(score, otypes=[np.float64])(settings)
    with np.errstate(invalid="ignore"):  # a dial that never moves hangs together with nothing
        found = np.nan_to_num(np.corrcoef(scores.T))
    np.fill_diagonal(found, 1)
    return found.astype(np.float32)


def _history(workspace: Workspace, config: Config, stages: tuple[str, ...]) -> dict[str, Any]:
    """Steps and last validation figures of some runs."""
    history: dict[str, Any] = {"configuration": Path(config.name).stem, "portraits": len(workspace.records())}
    for stage in stages:
        lines = (workspace.runs / stage / "metrics.jsonl").read_text().splitlines()
        rows = [json.loads(line) for line in lines]
        measured = [r for r in rows if any(k.startswith("val_") for k in r)]
        history[stage] = {"steps": rows[-1]["step"]} | {
            k: v for k, v in (measured[-1] if measured else {}).items() if k.startswith("val_")
        }
    return history


def _averaged(checkpoint: Path) -> dict[str, Tensor]:
    saved = torch.load(checkpoint, map_location="cpu", weights_only=True)
    return saved["state"]["average"]["weights"]
