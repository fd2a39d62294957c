"""The stages before any painting is learned: measuring, traits, words."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch

from limner.anatomy.likeness import TRAITS
from limner.anatomy.measure import MEASURED
from limner.core.dials import dial_table
from limner.core.picture import box_resize
from limner.core.progress import Listener, Progress, silent
from limner.trainer.basis import SIDE as BASE_SIDE
from limner.trainer.captions import Captioner
from limner.trainer.config import Config
from limner.trainer.landmarks import mirror_twins
from limner.trainer.likeness import Likeness, LikenessData, LikenessOptions, shape_coordinates
from limner.trainer.parts import find_parts
from limner.trainer.scale import MIRRORED, scores_of, settings_of, write_table
from limner.trainer.traits import fit_trait, read_traits
from limner.trainer.versions import make_versions, recolour_whole
from limner.trainer.workspace import Workspace

_MESH = 40  # coordinates of the landmark shape that the likeness network regresses


def measure_portraits(workspace: Workspace, config: Config, listen: Listener = silent) -> None:
    """Base pictures, parts, recoloured versions, and the raw dials of all of them."""
    pictures = workspace.array("portraits", "data")
    landmarks = workspace.array("landmarks", "data").astype(np.float32)
    n = len(pictures)
    bases = np.stack([box_resize(np.asarray(p), BASE_SIDE) for p in pictures])
    workspace.save_array("bases", bases)
    listen(Progress(stage="finding parts", done=0, total=n, unit="portraits"))
    parts = (find_parts(bases, landmarks) * 255).round().astype(np.uint8)
    workspace.save_array("parts", parts)
    versions = make_versions(
        pictures,
        bases,
        landmarks,
        parts,
        each=config.get("measure", "versions", 4),
        seed=0,
        workers=min(os.cpu_count() or 1, config.get("measure", "workers", 64)),
        on_done=lambda k: listen(Progress(stage="measuring", done=k, total=n, unit="portraits")),
    )
    workspace.save_arrays(
        "versions",
        portrait=versions.portrait,
        bases=versions.bases,
        raw=versions.raw,
        moved=np.array(versions.moved),
    )
    plain = versions.raw[[m == "" for m in versions.moved]]
    whole = recolour_whole(
        pictures,
        landmarks,
        parts,
        plain,
        seed=1,
        on_done=lambda k: listen(Progress(stage="recolouring", done=k, total=n, unit="portraits")),
    )
    workspace.save_array("recoloured", whole.pictures)
    workspace.save_arrays("recoloured-dials", raw=whole.raw, moved=np.array(whole.moved))


def likeness_data(workspace: Workspace, meanings: npt.NDArray[np.float32]) -> LikenessData:
    """What the likeness network learns from."""
    pictures = workspace.array("portraits", "data")
    small = np.stack([box_resize(np.asarray(p), 128) for p in pictures])
    versions = workspace.arrays("versions", "measure")
    plain = versions["raw"][versions["moved"] == ""]
    rank = plain.argsort(0).argsort(0)
    settings = (2 * (rank + 0.5) / len(plain) - 1).astype(np.float32)
    landmarks = torch.from_numpy(workspace.array("landmarks", "data").astype(np.float32))
    mirrored = landmarks[:, mirror_twins(landmarks)] * torch.tensor([-1.0, 1.0]) + torch.tensor([1.0, 0.0])
    mean, axes = shape_coordinates(landmarks.numpy(), min(_MESH, len(pictures) - 1))
    mesh = (landmarks.flatten(1).double().numpy() - mean) @ axes.T
    unit = mesh.std(0).mean()
    mesh_mirror = (mirrored.flatten(1).double().numpy() - mean) @ axes.T
    records = workspace.records()
    mirror = np.array([-1.0 if name in MIRRORED else 1.0 for name in MEASURED], np.float32)
    return LikenessData(
        pictures=torch.from_numpy(small).permute(0, 3, 1, 2),
        dials=torch.from_numpy(scores_of(settings)),
        mirror=torch.from_numpy(mirror),
        mesh=torch.from_numpy((mesh / unit).astype(np.float32)),
        mesh_mirror=torch.from_numpy((mesh_mirror / unit).astype(np.float32)),
        text=torch.from_numpy(meanings),
        captioned=torch.tensor([r.caption is not None for r in records]),
        train=torch.from_numpy(workspace.split("train")),
        held_out=torch.from_numpy(workspace.split("val")),
    )


def load_likeness(checkpoint: Path, options: LikenessOptions) -> Likeness:
    """The averaged network of a likeness run, in evaluation mode."""
    saved = torch.load(checkpoint, map_location="cpu", weights_only=True)
    weights = saved["state"]["average"]["weights"]
    network = Likeness(
        options.widths, weights["dials.2.bias"].numel(), weights["mesh.2.bias"].numel(), weights["text.2.bias"].numel()
    )
    network.load_state_dict(weights)
    return network.eval()


@torch.no_grad()
def features(network: Likeness, pictures: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    """Pooled features of aligned portraits of any size, [n, f]."""
    rows: list[npt.NDArray[np.float32]] = []
    for start in range(0, len(pictures), 128):
        small = np.stack([box_resize(np.asarray(p), 128) for p in pictures[start : start + 128]])
        x = torch.from_numpy(small).permute(0, 3, 1, 2).float() / 127.5 - 1
        rows.append(network(x)["pooled"].numpy())
    return np.concatenate(rows)


def fit_traits(workspace: Workspace, likeness: Likeness, table: Path | None) -> dict[str, float]:
    """Fit the traits, write settings of all versions, and (for the standard set) the quantile table.

    Args:
        workspace: the training folder.
        likeness: the network whose features are probed.
        table: where to write the quantile table; None keeps the one that ships.

    Returns:
        Area under the ROC curve by trait.
    """
    pictures = workspace.array("portraits", "data")
    records = workspace.records()
    captions = [r.caption for r in records]
    held_out = np.array([r.split == "val" for r in records])
    seen = features(likeness, pictures)
    probes = [fit_trait(seen, captions, held_out, trait) for trait in read_traits()]
    values = np.stack([seen @ p.weights + p.bias for p in probes], 1).astype(np.float32)
    workspace.save_arrays(
        "traits",
        values=values,
        weights=np.stack([p.weights for p in probes]),
        bias=np.array([p.bias for p in probes]),
    )
    versions = workspace.arrays("versions", "measure")
    if table is not None:
        plain = versions["raw"][versions["moved"] == ""]
        raw = {name: plain[:, k] for k, name in enumerate(MEASURED)}
        raw |= {name: values[:, k] for k, name in enumerate(TRAITS)}
        table.write_text(write_table(raw, len(plain)), "utf-8")
        dial_table.cache_clear()
    return {trait.name: probe.auc for trait, probe in zip(read_traits(), probes, strict=True)}


def write_settings(workspace: Workspace) -> None:
    """Settings of every version, by the quantile table in force."""
    versions = workspace.arrays("versions", "measure")
    traits = workspace.arrays("traits", "traits")["values"]
    names = dial_table().names
    both = np.concatenate([versions["raw"], traits[versions["portrait"]]], 1)
    order = [(*MEASURED, *TRAITS).index(name) for name in names]
    workspace.save_array("settings", settings_of(both[:, order], names))
    whole = np.concatenate([workspace.arrays("recoloured-dials", "measure")["raw"], traits], 1)
    workspace.save_array("recoloured-settings", settings_of(whole[:, order], names))


def write_captions(workspace: Workspace, config: Config, listen: Listener = silent) -> None:
    """Captions of every version and of its mirror image, from its settings and its own caption."""
    versions = workspace.arrays("versions", "measure")
    settings = np.asarray(workspace.array("settings", "traits"))
    records = workspace.records()
    names = dial_table().names
    captioner = Captioner()
    count = config.get("words", "captions", 4)
    turned = [names.index(n) for n in MIRRORED]
    path = workspace.data / "captions.jsonl"
    with path.open("w", encoding="utf-8") as file:
        for mirrored in (False, True):
            for row, values in enumerate(settings):
                rng = np.random.default_rng([7, row, int(mirrored)])
                own = records[int(versions["portrait"][row])].caption
                if own and versions["moved"][row] and captioner.names_colour(own):
                    own = None
                if mirrored:
                    values = values.copy()
                    values[turned] *= -1
                    own = _swap_sides(own) if own else None
                state = dict(zip(names, map(float, values), strict=True))
                texts = captioner.describe(state, rng, own, count)
                file.write(json.dumps([own, *texts] if own else texts, ensure_ascii=False) + "\n")
                if row % 2000 == 0:
                    done = row + mirrored * len(settings)
                    listen(Progress(stage="writing captions", done=done, total=2 * len(settings), unit="versions"))


def _swap_sides(caption: str) -> str:
    turn = {"left": "right", "right": "left"}
    return " ".join(turn.get(w, w) for w in caption.split())
