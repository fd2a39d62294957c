"""Trains the landmark network: 478 points and "is there a face" from a 128 px crop.

It learns from the training portraits under strong augmentation (turned, scaled, shifted, pasted on
other backgrounds, recoloured, blurred, partly hidden), so that it holds beyond them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from limner.anatomy import regions
from limner.core.picture import Picture
from limner.trainer.learner import Learner
from limner.trainer.likeness import Block, cutout, recolour
from limner.trainer.loop import cosine

SIDE = 128


class Landmarks(nn.Module):
    """Crops in -1..1 [n, 3, 128, 128] to points [n, 956] (x, y in units of the crop's side) and a logit [n, 1]."""

    def __init__(self, mean: Tensor, widths: tuple[int, int, int, int] = (24, 40, 80, 112)) -> None:
        super().__init__()
        a, b, c, d = widths
        self.body = nn.Sequential(
            nn.Conv2d(3, a, 3, 2, 1),
            nn.SiLU(),
            Block(a, a, 1),
            Block(a, b, 2),
            Block(b, b, 1),
            Block(b, c, 2),
            Block(c, c, 1),
            Block(c, d, 2),
            Block(d, d, 1),
            nn.Conv2d(d, 32, 1),
            nn.SiLU(),
        )
        self.hidden = nn.Linear(32 * 64, 192)
        self.points = nn.Linear(192, mean.numel())
        self.face = nn.Linear(192, 1)
        self.register_buffer("mean", mean.flatten())
        nn.init.zeros_(self.points.bias)
        with torch.no_grad():
            self.points.weight.mul_(0.1)

    mean: Tensor

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        h = F.silu(self.hidden(self.body(x).flatten(1)))
        return self.mean + self.points(h), self.face(h)


@dataclass(frozen=True, slots=True, kw_only=True)
class LandmarkOptions:
    """Options of a landmark run."""

    widths: tuple[int, int, int, int] = (24, 40, 80, 112)
    steps: int = 6000
    batch: int = 96
    rate: float = 2e-3
    turn: float = 0.30
    """Standard deviation of the rotation in radians."""
    zoom: float = 0.35
    """Standard deviation of the log-scale."""
    shift: float = 0.16
    """Standard deviation of the shift in sides of the crop."""
    empty: float = 0.1
    """Share of crops without a face."""
    seed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class LandmarkData:
    """What the task learns from."""

    pictures: Tensor
    """uint8 [n, 256, 256, 3]."""
    landmarks: Tensor
    """float32 [n, 478, 2] in units of the side."""
    twin: Tensor
    """int64 [478]: the landmark that each becomes under a mirror."""
    train: Tensor
    held_out: Tensor


def point_weights() -> Tensor:
    """Weight of every landmark: the parts that dials read count more."""
    weights = torch.ones(478)
    for part in (regions.LEFT_EYE, regions.RIGHT_EYE, regions.LIPS, regions.LEFT_BROW, regions.RIGHT_BROW):
        weights[list(part)] = 3
    weights[[13, 14, 61, 291, 78, 308]] = 5
    weights[[159, 145, 386, 374]] = 6
    weights[468:] = 6
    return weights / weights.mean()


class LandmarkTask:
    """Trains a `Landmarks`."""

    name = "landmarks"

    def __init__(self, options: LandmarkOptions, data: LandmarkData, device: torch.device) -> None:
        self.options, self.data, self.device = options, data, device
        self.steps = options.steps
        torch.manual_seed(options.seed)
        self.learner = Learner(self._new, device, decay=0.999, weight_decay=0.01, clip=2.0)
        self.weights = point_weights().to(device)

    def _new(self) -> Landmarks:
        return Landmarks(self.data.landmarks.mean(0), self.options.widths)

    def step(self, step: int, generator: torch.Generator) -> dict[str, float]:
        o = self.options
        pick = torch.randint(len(self.data.train), (o.batch,), generator=generator, device=self.device)
        crops, points, face = self.crops(self.data.train[pick.cpu()], generator)
        with torch.autocast(self.device.type, torch.bfloat16):
            found, logit = self.learner.network.train()(crops.contiguous(memory_format=torch.channels_last))
        losses = self._losses(found.float(), logit.float(), points, face)
        loss = losses["points"] + 0.05 * losses["face"]
        self.learner.improve(loss, cosine(step, o.steps, peak=o.rate, floor=1e-6, warmup=200))
        return {k: float(v.detach()) for k, v in losses.items()}

    def _losses(self, found: Tensor, logit: Tensor, points: Tensor, face: Tensor) -> dict[str, Tensor]:
        size = (points[:, 33] - points[:, 263]).norm(dim=1)[:, None, None].clamp(min=0.05)
        away = (found.view(-1, 478, 2) - points) / size
        near = F.smooth_l1_loss(away, torch.zeros_like(away), beta=0.02, reduction="none").sum(2)
        each = (near * self.weights).mean(1)
        return {
            "points": (each * face).sum() / face.sum().clamp(min=1),
            "face": F.binary_cross_entropy_with_logits(logit[:, 0], face),
        }

    def crops(self, rows: Tensor, generator: torch.Generator, *, wild: bool = True) -> tuple[Tensor, Tensor, Tensor]:
        """Augmented crops [n, 3, 128, 128], their points [n, 478, 2], and whether they show a face [n]."""
        o, d, n, device = self.options, self.data, len(rows), self.device

        def randn(*shape: int) -> Tensor:
            return torch.randn(*shape, generator=generator, device=device)

        def rand(*shape: int) -> Tensor:
            return torch.rand(*shape, generator=generator, device=device)

        x = d.pictures[rows].to(device).permute(0, 3, 1, 2).float() / 127.5 - 1
        points = d.landmarks[rows].to(device)
        flip = rand(n) < 0.5
        mirrored = points[:, d.twin.to(device)] * torch.tensor([-1.0, 1.0], device=device)
        mirrored = mirrored + torch.tensor([1.0, 0.0], device=device)
        points = torch.where(flip[:, None, None], mirrored, points)
        x = torch.where(flip[:, None, None, None], x.flip(3), x)
        strength = 1.0 if wild else 0.15
        angle = randn(n) * o.turn * strength
        scale = torch.exp(randn(n) * o.zoom * strength + 0.1 * strength)
        shift = randn(n, 2) * o.shift * strength
        face = (rand(n) >= (o.empty if wild else 0)).float()
        away = (torch.sign(randn(n, 2)) * (1.0 + 0.5 * rand(n, 2))) * (1 - face)[:, None]
        shift = shift + away
        # grid: crop coordinates -> picture coordinates, both -1..1
        cos, sin = angle.cos() * scale, angle.sin() * scale
        theta = torch.stack(
            [
                torch.stack([cos, -sin, shift[:, 0] * 2 * scale], 1),
                torch.stack([sin, cos, shift[:, 1] * 2 * scale], 1),
            ],
            1,
        )
        grid = F.affine_grid(theta, [n, 3, SIDE, SIDE], align_corners=False)
        crop = F.grid_sample(x, grid, padding_mode="zeros", align_corners=False)
        inside = F.grid_sample(torch.ones_like(x[:, :1]), grid, padding_mode="zeros", align_corners=False)
        crop = crop + (1 - inside) * self._elsewhere(x, generator)
        blank = (face < 0.5) & (rand(n) < 0.5)
        crop = torch.where(blank[:, None, None, None], self._texture(n, generator), crop)
        # points: picture coordinates -> crop coordinates
        inverse = torch.linalg.inv(theta[:, :, :2])
        p = (points * 2 - 1) - theta[:, None, :, 2]
        points = (torch.einsum("nij,npj->npi", inverse, p) + 1) / 2
        if wild:
            crop = roughen(crop, generator)
        return crop, points, face

    def _elsewhere(self, x: Tensor, generator: torch.Generator) -> Tensor:
        """Something to stand around a pasted picture: another picture's corner, enlarged, or one colour."""
        n = len(x)
        other = x.roll(1, 0)[:, :, :48, :48]
        ground = F.interpolate(other, size=(SIDE, SIDE), mode="bilinear", align_corners=False)
        plain = torch.rand(n, 3, 1, 1, generator=generator, device=x.device) * 2 - 1
        use = torch.rand(n, 1, 1, 1, generator=generator, device=x.device) < 0.5
        return torch.where(use, ground, plain.expand_as(ground))

    def _texture(self, n: int, generator: torch.Generator) -> Tensor:
        """Patterns that are no face: noise of a random coarseness, in one colour or in many."""
        device = self.device
        size = int(2 ** (1 + 6 * torch.rand((), generator=generator, device=device)))
        coarse = torch.randn(n, 3, size, size, generator=generator, device=device)
        many = torch.rand(n, 1, 1, 1, generator=generator, device=device)
        coarse = coarse * many + coarse.mean(1, keepdim=True) * (1 - many)
        level = torch.rand(n, 3, 1, 1, generator=generator, device=device) * 2 - 1
        fine = F.interpolate(coarse, size=(SIDE, SIDE), mode="bilinear", align_corners=False)
        strength = torch.rand(n, 1, 1, 1, generator=generator, device=device)
        return (level + fine * strength).clamp(-1, 1)

    @torch.no_grad()
    def validate(self, step: int) -> dict[str, float]:
        network = self.learner.averaged()
        figures: dict[str, float] = {}
        for name, wild in (("aligned", False), ("wild", True)):
            generator = torch.Generator(self.device).manual_seed(2)
            errors, hits = [], []
            for rows in self.data.held_out.split(128):
                crops, points, face = self.crops(rows, generator, wild=wild)
                found, logit = network(crops)
                size = (points[:, 33] - points[:, 263]).norm(dim=1)[:, None]
                away = (found.view(-1, 478, 2) - points).norm(dim=2) / size
                errors.append(away.mean(1)[face > 0])
                hits.append(((logit[:, 0] > 0) == (face > 0)).float())
            figures[f"val_{name}_nme"] = float(torch.cat(errors).mean())
            figures[f"val_{name}_face"] = float(torch.cat(hits).mean())
        return figures

    @torch.no_grad()
    def sheet(self, step: int) -> Picture | None:
        network = self.learner.averaged()
        generator = torch.Generator(self.device).manual_seed(3)
        crops, _, _ = self.crops(self.data.held_out[:16], generator)
        found, _ = network(crops)
        shown = F.interpolate(crops, scale_factor=2).clamp(-1, 1)
        at = (found.view(-1, 478, 2) * 256).long().clamp(0, 255)
        for k in range(len(shown)):
            shown[k, :, at[k, :, 1], at[k, :, 0]] = torch.tensor([[-1.0], [1.0], [-1.0]], device=shown.device)
        strip = torch.cat([torch.cat(list(part), 2) for part in shown.split(8)], 1)
        return ((strip + 1) * 127.5).round().byte().permute(1, 2, 0).cpu().numpy()

    def state(self) -> dict[str, Any]:
        return self.learner.state()

    def load(self, state: dict[str, Any]) -> None:
        self.learner.load(state)


def roughen(crop: Tensor, generator: torch.Generator) -> Tensor:
    """Crops as worse cameras and other painters would show them: recoloured, grey, blurred, noisy, partly hidden."""
    n = len(crop)

    def chance(p: float) -> Tensor:
        return torch.rand(n, 1, 1, 1, generator=generator, device=crop.device) < p

    crop = recolour(crop, generator, 0.35)
    crop = torch.where(chance(0.15), crop.mean(1, keepdim=True).expand_as(crop), crop)
    small = F.avg_pool2d(F.pad(crop, (1, 1, 1, 1), mode="replicate"), 3, 1)
    crop = torch.where(chance(0.25), small, crop)
    noise = torch.randn(crop.shape, generator=generator, device=crop.device) * 0.08
    crop = torch.where(chance(0.25), (crop + noise).clamp(-1, 1), crop)
    return torch.where(chance(0.35), cutout(crop, generator, 0.25), crop)


def mirror_twins(landmarks: Tensor) -> Tensor:
    """Which landmark each becomes under a mirror: nearest to its reflection in the mean shape.

    Args:
        landmarks: [n, 478, 2] in units of the side.
    """
    mean = landmarks.mean(0).double()
    middle = mean[[10, 152, 1, 168], 0].mean()
    mirrored = mean * torch.tensor([-1.0, 1.0]) + torch.tensor([2.0, 0.0]) * middle
    return torch.cdist(mirrored, mean).argmin(1)
