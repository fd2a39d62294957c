"""The likeness network: what a portrait looks like, as a vector.

It learns four things at once from the same features: to tell a portrait from all others under
changes of crop and colour (contrastive instance discrimination, Chen et al. 2020, "SimCLR"), where
the landmarks are, what the dials read, and which caption belongs (InfoNCE against frozen sentence
embeddings).  Its uses: distances for distinct sets, features for evaluation (KID), and a perceptual
distance while the painter trains.  For an honest report the painter is trained with one network and
measured with another, of a different seed and width.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from limner.core.picture import Picture
from limner.trainer.learner import Learner
from limner.trainer.loop import cosine

SIDE = 128  # px of the network's input


class Block(nn.Module):
    """Two 3x3 convolutions with batch norm around a shortcut."""

    def __init__(self, width_in: int, width: int, stride: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(width_in, width, 3, stride, 1, bias=False)
        self.norm1 = nn.BatchNorm2d(width)
        self.second = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.norm2 = nn.BatchNorm2d(width)
        same = width_in == width and stride == 1
        self.short = nn.Identity() if same else nn.Conv2d(width_in, width, 1, stride, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        y = F.silu(self.norm1(self.first(x)))
        return F.silu(self.norm2(self.second(y)) + self.short(x))


class Likeness(nn.Module):
    """Pictures in -1..1 [n, 3, 128, 128] to features and heads.

    Args:
        widths: channels at 1/2, 1/4, 1/8 and 1/16 of the input.
        dials: number of dials to regress.
        mesh: number of coordinates of the landmark shape to regress.
        text: width of the sentence embedding.
        embed: width of the likeness vector.
    """

    def __init__(
        self,
        widths: tuple[int, int, int, int] = (24, 48, 96, 160),
        dials: int = 29,
        mesh: int = 40,
        text: int = 384,
        embed: int = 64,
    ) -> None:
        super().__init__()
        a, b, c, d = widths
        self.stem = nn.Conv2d(3, a, 3, 2, 1)
        self.stages = nn.ModuleList(
            [
                Block(a, a, 1),
                nn.Sequential(Block(a, b, 2), Block(b, b, 1)),
                nn.Sequential(Block(b, c, 2), Block(c, c, 1)),
                nn.Sequential(Block(c, d, 2), Block(d, d, 1)),
            ]
        )
        flat = d * 16
        self.squeeze = nn.Conv2d(d, d, 1)
        self.embed = nn.Linear(d, embed)
        self.text = nn.Sequential(nn.Linear(d, 2 * d), nn.SiLU(), nn.Linear(2 * d, text))
        self.dials = nn.Sequential(nn.Linear(flat, 128), nn.SiLU(), nn.Linear(128, dials))
        self.mesh = nn.Sequential(nn.Linear(flat, 128), nn.SiLU(), nn.Linear(128, mesh))

    def maps(self, x: Tensor) -> list[Tensor]:
        """Feature maps at 1/2, 1/4, 1/8 and 1/16 of the input."""
        maps = []
        x = F.silu(self.stem(x))
        for stage in self.stages:
            x = stage(x)
            maps.append(x)
        return maps

    def forward(self, x: Tensor) -> dict[str, Tensor]:
        top = self.maps(x)[-1]
        pooled = top.mean((2, 3))
        grid = F.adaptive_avg_pool2d(F.silu(self.squeeze(top)), 4).flatten(1)
        return {
            "pooled": pooled,
            "embed": F.normalize(self.embed(pooled), dim=1),
            "text": F.normalize(self.text(pooled), dim=1),
            "dials": self.dials(grid),
            "mesh": self.mesh(grid),
        }


def warp(x: Tensor, generator: torch.Generator, *, turn: float, zoom: float, shift: float) -> Tensor:
    """Random similarity transform of every picture (radians, log-scale, half-sides)."""
    n = len(x)
    u = torch.rand(n, 4, generator=generator, device=x.device) * 2 - 1
    angle, scale = u[:, 0] * turn, torch.exp(u[:, 1] * zoom)
    cos, sin = torch.cos(angle) * scale, torch.sin(angle) * scale
    theta = torch.stack([torch.stack([cos, -sin, u[:, 2] * shift], 1), torch.stack([sin, cos, u[:, 3] * shift], 1)], 1)
    grid = F.affine_grid(theta, list(x.shape), align_corners=False)
    return F.grid_sample(x, grid, padding_mode="border", align_corners=False)


def recolour(x: Tensor, generator: torch.Generator, strength: float) -> Tensor:
    """Random brightness, contrast, saturation and channel gains."""
    n = len(x)
    u = (torch.rand(n, 6, 1, 1, generator=generator, device=x.device) * 2 - 1) * strength
    grey = x.mean(1, keepdim=True)
    x = grey + (x - grey) * (1 + 1.5 * u[:, 0:1])
    mean = x.mean((1, 2, 3), keepdim=True)
    x = mean + (x - mean) * (1 + u[:, 1:2])
    return (x + 0.6 * u[:, 2:3] + 0.4 * u[:, 3:6]).clamp(-1, 1)


def cutout(x: Tensor, generator: torch.Generator, share: float) -> Tensor:
    """Grey out one random square of `share` of the side in every picture."""
    n, _, h, w = x.shape
    side = int(h * share)
    corner = torch.rand(n, 2, generator=generator, device=x.device) * (h - side)
    rows = torch.arange(h, device=x.device)[None, :, None]
    cols = torch.arange(w, device=x.device)[None, None, :]
    top, left = corner[:, 0, None, None], corner[:, 1, None, None]
    hole = (rows >= top) & (rows < top + side) & (cols >= left) & (cols < left + side)
    return x.masked_fill(hole[:, None], 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class LikenessOptions:
    """Options of a likeness run."""

    widths: tuple[int, int, int, int] = (24, 48, 96, 160)
    steps: int = 3000
    batch: int = 96
    rate: float = 2e-3
    temperature: float = 0.15
    seed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class LikenessData:
    """What the task learns from; tensors share their first dimension."""

    pictures: Tensor
    """uint8 [n, 3, 128, 128]."""
    dials: Tensor
    """float32 [n, d] normal scores."""
    mirror: Tensor
    """float32 [d]: -1 for dials whose sign turns under a flip, else 1."""
    mesh: Tensor
    """float32 [n, m] standardised shape coordinates."""
    mesh_mirror: Tensor
    """float32 [n, m]: the same of the mirrored portraits."""
    text: Tensor
    """float32 [n, 384] unit sentence embeddings."""
    captioned: Tensor
    """bool [n]."""
    train: Tensor
    """int64 rows to learn from."""
    held_out: Tensor
    """int64 rows to validate on."""


class LikenessTask:
    """Trains a `Likeness`."""

    name = "likeness"

    def __init__(self, options: LikenessOptions, data: LikenessData, device: torch.device) -> None:
        self.options, self.data, self.device = options, data, device
        self.steps = options.steps
        torch.manual_seed(options.seed)
        self.learner = Learner(self._new, device, decay=0.998, weight_decay=0.02, clip=5.0)

    def _new(self) -> Likeness:
        d = self.data
        return Likeness(self.options.widths, d.dials.shape[1], d.mesh.shape[1], d.text.shape[1])

    def step(self, step: int, generator: torch.Generator) -> dict[str, float]:
        o, d = self.options, self.data
        pick = torch.randint(len(d.train), (o.batch,), generator=generator, device=generator.device)
        rows = d.train[pick.to(d.train.device)]
        flip = torch.rand(o.batch, generator=generator, device=self.device) < 0.5
        x = self._pictures(rows)
        x = torch.where(flip[:, None, None, None], x.flip(3), x)
        plain = warp(x, generator, turn=0.02, zoom=0.02, shift=0.015)
        wild = warp(x, generator, turn=0.15, zoom=0.15, shift=0.08)
        wild = cutout(recolour(wild, generator, 0.25), generator, 0.3)
        both = torch.cat([plain, wild]).contiguous(memory_format=torch.channels_last)
        with torch.autocast(self.device.type, torch.bfloat16):
            out = self.learner.network.train()(both)
        n = o.batch
        losses = self._losses({k: v.float() for k, v in out.items()}, rows, flip, n)
        loss = losses["instance"] + 0.5 * losses["text"] + losses["dials"] + losses["mesh"]
        self.learner.improve(loss, cosine(step, o.steps, peak=o.rate, floor=1e-5, warmup=200))
        return {"loss": float(loss.detach())} | {k: float(v.detach()) for k, v in losses.items()}

    def _losses(self, out: dict[str, Tensor], rows: Tensor, flip: Tensor, n: int) -> dict[str, Tensor]:
        o, d = self.options, self.data
        z = out["embed"]
        similar = z @ z.T / o.temperature
        similar.fill_diagonal_(-1e4)
        target = torch.arange(2 * n, device=z.device).roll(n)
        text = d.text[rows].to(self.device)
        known = d.captioned[rows].to(self.device)
        logits = out["text"][:n] @ text.T / 0.1
        soft = F.softmax(text @ text.T / 0.1, dim=1)
        text_loss = -(soft * F.log_softmax(logits, 1)).sum(1)
        sign = torch.where(flip[:, None], d.mirror.to(self.device), torch.ones_like(d.mirror))
        mesh = torch.where(flip[:, None].cpu(), d.mesh_mirror[rows], d.mesh[rows]).to(self.device)
        return {
            "instance": F.cross_entropy(similar, target),
            "text": (text_loss * known).sum() / known.sum().clamp(min=1),
            "dials": F.smooth_l1_loss(out["dials"][:n], d.dials[rows].to(self.device) * sign),
            "mesh": F.smooth_l1_loss(out["mesh"][:n], mesh),
        }

    def _pictures(self, rows: Tensor) -> Tensor:
        return self.data.pictures[rows].to(self.device).float() / 127.5 - 1

    @torch.no_grad()
    def validate(self, step: int) -> dict[str, float]:
        d = self.data
        network = self.learner.averaged()
        outs = [network(self._pictures(rows)) for rows in d.held_out.split(128)]
        rows = d.held_out
        dials = torch.cat([o["dials"] for o in outs]).cpu()
        mesh = torch.cat([o["mesh"] for o in outs]).cpu()
        text = torch.cat([o["text"] for o in outs]).cpu()
        truth = d.dials[rows].cpu()
        r2 = 1 - ((dials - truth) ** 2).mean(0) / truth.var(0)
        own = (text * d.text[rows].cpu()).sum(1, keepdim=True)
        others = text @ d.text[rows].cpu().T
        rank = (others > own).float().mean(1)[d.captioned[rows].cpu()]
        return {
            "val_dials_r2": float(r2.mean()),
            "val_dials_worst_r2": float(r2.min()),
            "val_mesh_mse": float(((mesh - d.mesh[rows].cpu()) ** 2).mean()),
            "val_text_rank": float(rank.mean()),
        }

    def sheet(self, step: int) -> Picture | None:
        return None

    def state(self) -> dict[str, Any]:
        return self.learner.state()

    def load(self, state: dict[str, Any]) -> None:
        self.learner.load(state)


def perceptual(network: Likeness, x: Tensor, y: Tensor) -> Tensor:
    """Distance of two batches in the network's feature maps (unit-normalised over channels).

    The form of LPIPS (Zhang et al. 2018) without its calibration.  Inputs may have any size that is
    a multiple of 16.
    """
    total = x.new_zeros(())
    for a, b in zip(network.maps(x), network.maps(y), strict=True):
        a = a * torch.rsqrt(a.square().sum(1, keepdim=True) + 1e-6)
        b = b * torch.rsqrt(b.square().sum(1, keepdim=True) + 1e-6)
        total = total + (a - b).square().sum(1).mean()
    return total


def shape_coordinates(landmarks: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """PCA coordinates of the landmark shapes [n, 478, 2]; returns (mean [956], axes [count, 956])."""
    flat = landmarks.reshape(len(landmarks), -1).astype(np.float64)
    mean = flat.mean(0)
    _, _, vt = np.linalg.svd(flat[:4000] - mean, full_matrices=False)
    return mean, vt[:count]
