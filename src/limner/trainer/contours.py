"""Trains the contour network: a second, closer look at eyes, brows, irises, lips and outline.

The landmark network sees a whole face in 128 px and finds it anywhere.  This one is shown an aligned
portrait, where eyes and mouth lie in known strips, and reads their contours at full resolution: a small
U-net per strip draws one heat map a point, and the point is the map's mean (integral regression, Sun et
al. 2018), so that it is exact below the pixel.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from limner.anatomy.contours import POINTS, STRIPS, Strip
from limner.core.picture import Picture
from limner.trainer.landmarks import LandmarkData, point_weights
from limner.trainer.learner import Learner
from limner.trainer.likeness import Block, recolour
from limner.trainer.loop import cosine

SIDE = 256


class StripReader(nn.Module):
    """One strip in -1..1 [n, 3, h, w] to points [n, k, 2] in units of the strip's sides."""

    def __init__(self, points: int, widths: tuple[int, int, int, int]) -> None:
        super().__init__()
        a, b, c, d = widths
        self.enter = nn.Sequential(nn.Conv2d(3, a, 3, 2, 1), nn.SiLU(), Block(a, b, 2))
        self.down1 = Block(b, c, 2)
        self.down2 = nn.Sequential(Block(c, d, 2), Block(d, d, 1))
        self.up1 = nn.Conv2d(d, c, 1)
        self.join1 = Block(c, c, 1)
        self.up2 = nn.Conv2d(c, b, 1)
        self.join2 = Block(b, b, 1)
        self.heat = nn.Conv2d(b, points, 1)

    def forward(self, x: Tensor) -> Tensor:
        quarter = self.enter(x)
        eighth = self.down1(quarter)
        deep = self.up1(self.down2(eighth))
        eighth = self.join1(eighth + F.interpolate(deep, size=eighth.shape[2:], mode="nearest"))
        quarter = self.join2(quarter + F.interpolate(self.up2(eighth), size=quarter.shape[2:], mode="nearest"))
        heat = self.heat(quarter)
        rows, columns = heat.shape[2:]
        share = heat.flatten(2).float().softmax(2)
        # the grid reaches beyond the strip, so that points on its edge can be means too
        x_at = (torch.arange(columns, device=x.device, dtype=share.dtype) + 0.5) / columns * 1.2 - 0.1
        y_at = (torch.arange(rows, device=x.device, dtype=share.dtype) + 0.5) / rows * 1.2 - 0.1
        grid = torch.stack([x_at.repeat(rows), y_at.repeat_interleave(columns)], 1)
        with torch.autocast(x.device.type, enabled=False):  # a pixel is finer than bf16 can say
            return share @ grid


class Contours(nn.Module):
    """Aligned portraits in -1..1 [n, 3, 256, 256] to points [n, p, 2] in units of the portrait's side, in the
    order of `limner.anatomy.contours.POINTS`."""

    def __init__(self, widths: tuple[int, int, int, int] = (12, 20, 28, 40)) -> None:
        super().__init__()
        self.readers = nn.ModuleList(StripReader(len(strip.points), widths) for strip in STRIPS)

    def forward(self, picture: Tensor) -> Tensor:
        found = [
            _to_frame(reader(_seen(picture, strip)), strip) for reader, strip in zip(self.readers, STRIPS, strict=True)
        ]
        return torch.cat(found, 1)


def _seen(picture: Tensor, strip: Strip) -> Tensor:
    part = picture[:, :, strip.top : strip.bottom, strip.left : strip.right]
    return F.avg_pool2d(part, strip.reduce) if strip.reduce > 1 else part


def _to_frame(points: Tensor, strip: Strip) -> Tensor:
    size = points.new_tensor([strip.right - strip.left, strip.bottom - strip.top])
    corner = points.new_tensor([strip.left, strip.top])
    return (points * size + corner) / SIDE


@dataclass(frozen=True, slots=True, kw_only=True)
class ContourOptions:
    """Options of a contour run."""

    widths: tuple[int, int, int, int] = (12, 20, 28, 40)
    steps: int = 4000
    batch: int = 32
    rate: float = 3e-3
    turn: float = 0.05
    """Standard deviation of the rotation in radians."""
    zoom: float = 0.05
    """Standard deviation of the log-scale."""
    shift: float = 0.012
    """Standard deviation of the shift in sides of the portrait."""
    seed: int = 0


class ContourTask:
    """Trains a `Contours`."""

    name = "contours"

    def __init__(self, options: ContourOptions, data: LandmarkData, device: torch.device) -> None:
        self.options, self.data, self.device = options, data, device
        self.steps = options.steps
        torch.manual_seed(options.seed)
        self.learner = Learner(lambda: Contours(options.widths), device, decay=0.998, weight_decay=0.01, clip=2.0)
        self.weights = point_weights()[list(POINTS)].to(device)

    def step(self, step: int, generator: torch.Generator) -> dict[str, float]:
        o = self.options
        pick = torch.randint(len(self.data.train), (o.batch,), generator=generator, device=self.device)
        pictures, points = self.portraits(self.data.train[pick.cpu()], generator)
        with torch.autocast(self.device.type, torch.bfloat16):
            found = self.learner.network.train()(pictures.contiguous(memory_format=torch.channels_last))
        loss = self._loss(found.float(), points)
        self.learner.improve(loss, cosine(step, o.steps, peak=o.rate, floor=1e-6, warmup=150))
        return {"points": float(loss.detach())}

    def _loss(self, found: Tensor, points: Tensor) -> Tensor:
        away = (found - points) / _between_eyes(points)
        near = F.smooth_l1_loss(away, torch.zeros_like(away), beta=0.02, reduction="none").sum(2)
        return (near * self.weights).mean()

    def portraits(self, rows: Tensor, generator: torch.Generator, *, moved: bool = True) -> tuple[Tensor, Tensor]:
        """Portraits [n, 3, 256, 256], a little off the training frame, and their points [n, p, 2]."""
        o, d, n, device = self.options, self.data, len(rows), self.device
        x = d.pictures[rows].to(device).permute(0, 3, 1, 2).float() / 127.5 - 1
        points = d.landmarks[rows].to(device)
        if not moved:
            return x, points[:, list(POINTS)]
        flip = torch.rand(n, generator=generator, device=device) < 0.5
        mirrored = points[:, d.twin.to(device)] * torch.tensor([-1.0, 1.0], device=device)
        mirrored = mirrored + torch.tensor([1.0, 0.0], device=device)
        points = torch.where(flip[:, None, None], mirrored, points)[:, list(POINTS)]
        x = torch.where(flip[:, None, None, None], x.flip(3), x)
        noise = torch.randn(n, 4, generator=generator, device=device)
        angle, scale = noise[:, 0] * o.turn, torch.exp(noise[:, 1] * o.zoom)
        shift = noise[:, 2:] * o.shift * 2
        cos, sin = angle.cos() * scale, angle.sin() * scale
        theta = torch.stack([torch.stack([cos, -sin, shift[:, 0]], 1), torch.stack([sin, cos, shift[:, 1]], 1)], 1)
        grid = F.affine_grid(theta, [n, 3, SIDE, SIDE], align_corners=False)
        x = F.grid_sample(x, grid, padding_mode="border", align_corners=False)
        inverse = torch.linalg.inv(theta[:, :, :2])
        points = (torch.einsum("nij,npj->npi", inverse, points * 2 - 1 - theta[:, None, :, 2]) + 1) / 2
        return self._worn(x, generator), points

    def _worn(self, x: Tensor, generator: torch.Generator) -> Tensor:
        """Portraits recoloured, some of them grey; now and then the whole batch blurred or noisy."""
        dice = torch.rand(2, generator=generator, device=x.device)
        x = recolour(x, generator, 0.35)
        grey = torch.rand(len(x), 1, 1, 1, generator=generator, device=x.device) < 0.15
        x = torch.where(grey, x.mean(1, keepdim=True).expand_as(x), x)
        if dice[0] < 0.25:
            x = F.avg_pool2d(x, 3, 1, 1, count_include_pad=False)
        if dice[1] < 0.2:
            x = (x + 0.08 * torch.randn(x.shape, generator=generator, device=x.device)).clamp(-1, 1)
        return x

    @torch.no_grad()
    def validate(self, step: int) -> dict[str, float]:
        network = self.learner.averaged()
        generator = torch.Generator(self.device).manual_seed(2)
        errors: list[Tensor] = []
        for rows in self.data.held_out.split(64):
            pictures, points = self.portraits(rows, generator, moved=False)
            away = (network(pictures) - points) / _between_eyes(points)
            errors.append(away.norm(dim=2).mean(1))
        return {"val_nme": float(torch.cat(errors).mean())}

    @torch.no_grad()
    def sheet(self, step: int) -> Picture | None:
        network = self.learner.averaged()
        shown, _ = self.portraits(self.data.held_out[:8], torch.Generator(self.device).manual_seed(3), moved=False)
        at = (network(shown) * SIDE).long().clamp(0, SIDE - 1)
        for k in range(len(shown)):
            shown[k, :, at[k, :, 1], at[k, :, 0]] = torch.tensor([[-1.0], [1.0], [-1.0]], device=shown.device)
        strip = torch.cat([torch.cat(list(part), 2) for part in shown.split(4)], 1)
        return ((strip + 1) * 127.5).round().byte().permute(1, 2, 0).cpu().numpy()

    def state(self) -> dict[str, Any]:
        return self.learner.state()

    def load(self, state: dict[str, Any]) -> None:
        self.learner.load(state)


_OUTER = (POINTS.index(33), POINTS.index(263))


def _between_eyes(points: Tensor) -> Tensor:
    """Distance of the outer eye corners [n, 1, 1]."""
    return (points[:, _OUTER[0]] - points[:, _OUTER[1]]).norm(dim=1)[:, None, None].clamp(min=0.05)
