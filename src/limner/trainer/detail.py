"""The detail flow: from a base to the detail code that the painter needs.

A second rectified flow, over the grid of the detail code, given the base picture, the text vector and
the dials.  Like the first flow it is an invertible map between noise and code, so the same noise
gives the same freckles when a dial moves.  While training, the base's coordinates are disturbed by a
known amount (conditioning augmentation, Ho et al. 2021), because at run time they come from the
first flow and are never perfect.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from limner.core.picture import Picture
from limner.trainer.basis import Basis
from limner.trainer.conditions import Conditions, Withholding, disturbed
from limner.trainer.flow import time_features
from limner.trainer.learner import Learner
from limner.trainer.loop import cosine, placed
from limner.trainer.painter_networks import Painter, Position, zero


class Cell(nn.Module):
    """Two 3x3 convolutions around a shortcut, scaled and shifted by the condition."""

    def __init__(self, width: int, rank: int, dropout: float) -> None:
        super().__init__()
        self.norm = nn.GroupNorm(8, width, affine=False)
        self.film = nn.Linear(rank, 2 * width)
        self.first = nn.Conv2d(width, width, 3, padding=1)
        self.dropout = nn.Dropout(dropout)
        self.second = nn.Conv2d(width, width, 3, padding=1)
        nn.init.zeros_(self.film.weight)
        nn.init.zeros_(self.film.bias)
        zero(self.second)

    def forward(self, x: Tensor, condition: Tensor) -> Tensor:
        scale, shift = self.film(condition)[..., None, None].chunk(2, 1)
        y = F.silu(self.norm(x) * (1 + scale) + shift)
        return x + self.second(self.dropout(F.silu(self.first(y))))


class DetailFlow(nn.Module):
    """Velocity of the detail flow."""

    def __init__(
        self, detail: int, text: int, dials: int, *, width: int = 128, deep: int = 192, dropout: float = 0.1
    ) -> None:
        super().__init__()
        rank = 192
        self.time = nn.Sequential(nn.Linear(64, 192), nn.SiLU(), nn.Linear(192, rank))
        self.words = nn.Sequential(nn.Linear(text + 1, 256), nn.SiLU(), nn.Linear(256, rank))
        self.dials = nn.Sequential(nn.Linear(2 * dials, 192), nn.SiLU(), nn.Linear(192, rank))
        self.trust = nn.Linear(1, rank)
        self.place = Position(8, 16)
        self.look = nn.Sequential(nn.Conv2d(48, 96, 1), nn.SiLU(), nn.Conv2d(96, 64, 3, padding=1))
        self.enter = nn.Conv2d(detail + 64 + 8, width, 3, padding=1)
        self.early = nn.ModuleList(Cell(width, rank, dropout) for _ in range(2))
        self.down = nn.Sequential(nn.PixelUnshuffle(2), nn.Conv2d(width * 4, deep, 1))
        self.middle = nn.ModuleList(Cell(deep, rank, dropout) for _ in range(3))
        self.up = nn.Sequential(nn.Conv2d(deep, width * 4, 1), nn.PixelShuffle(2))
        self.late = nn.ModuleList(Cell(width, rank, dropout) for _ in range(2))
        self.leave = nn.Conv2d(width, detail, 3, padding=1)
        zero(self.leave)

    def forward(
        self,
        x: Tensor,
        t: Tensor,
        base: Tensor,
        disturb: Tensor,
        text: Tensor,
        known: Tensor,
        dials: Tensor,
        mask: Tensor,
    ) -> Tensor:
        """Velocity at `x`.

        Args:
            x: [n, c, 16, 16] disturbed code.
            t: [n] time, 0 = code, 1 = noise.
            base: [n, 3, 64, 64].
            disturb: [n] size of the noise on the base's coordinates.
            text, known, dials, mask: as in `limner.trainer.flow.Flow`.
        """
        condition = F.silu(
            self.time(time_features(t))
            + self.words(torch.cat([text * known[:, None], known[:, None]], 1))
            + self.dials(torch.cat([dials * mask, mask], 1))
            + self.trust(disturb[:, None] * 4 - 0.5)
        )
        seen = self.look(F.pixel_unshuffle(base, 4))
        h = self.enter(self.place(torch.cat([x, seen], 1), (0, 0)))
        for cell in self.early:
            h = cell(h, condition)
        deep = self.down(h)
        for cell in self.middle:
            deep = cell(deep, condition)
        h = h + self.up(deep)
        for cell in self.late:
            h = cell(h, condition)
        return self.leave(F.silu(h))


@dataclass(frozen=True, slots=True, kw_only=True)
class DetailOptions:
    """Options of a detail-flow run."""

    steps: int = 30_000
    batch: int = 64
    width: int = 128
    deep: int = 192
    dropout: float = 0.1
    rate: float = 5e-4
    weight_decay: float = 0.02
    disturb: float = 0.35
    """Largest standard deviation of the noise on the base's coordinates."""
    text_dropout: float = 0.3
    text_noise: float = 0.15
    dials_dropout: float = 0.4
    features: float = 3.0
    """Weight of the cells of eyes and mouth against the others' 1."""
    decay: float = 0.9995
    seed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class DetailData:
    """What the task learns from; the codes are standardised; all but `scale` share rows."""

    codes: Tensor
    """float16 [m, c, 16, 16] means of the encoder, divided by `scale`."""
    spreads: Tensor
    """float16 [m, c, 16, 16] standard deviations of the encoder, likewise divided."""
    scale: Tensor
    """float32 [c]"""
    coordinates: Tensor
    """float32 [m, k]"""
    conditions: Conditions
    """Words and dials of the rows."""
    train: Tensor
    """int64 rows to learn from."""
    held_out: Tensor
    """int64 rows to validate on."""


class DetailTask:
    """Trains a `DetailFlow`."""

    name = "detail"

    def __init__(
        self, options: DetailOptions, data: DetailData, basis: Basis, painter: Painter, device: torch.device
    ) -> None:
        self.options, self.data, self.device = options, data, device
        self.steps = options.steps
        self.basis = basis.to(device)
        self.weights = cell_weights(options.features).to(device)
        self.painter = placed(painter, device).eval().requires_grad_(False)
        torch.manual_seed(options.seed)
        self.learner = Learner(
            self._new, device, decay=options.decay, weight_decay=options.weight_decay, betas=(0.9, 0.99)
        )

    def _new(self) -> DetailFlow:
        o, d = self.options, self.data
        text, dials = d.conditions.text.shape[1], d.conditions.dials.shape[1]
        return DetailFlow(d.codes.shape[1], text, dials, width=o.width, deep=o.deep, dropout=o.dropout)

    def step(self, step: int, generator: torch.Generator) -> dict[str, float]:
        o, d = self.options, self.data
        pick = torch.randint(len(d.train), (o.batch,), generator=generator, device=self.device)
        loss = self._loss(self.learner.network.train(), d.train[pick.cpu()], generator, noise=o.text_noise)
        self.learner.improve(loss, cosine(step, o.steps, peak=o.rate, floor=1e-6, warmup=300))
        return {"loss": float(loss.detach())}

    def _loss(self, network: DetailFlow, rows: Tensor, generator: torch.Generator, *, noise: float) -> Tensor:
        o, d, device = self.options, self.data, self.device
        n = len(rows)

        def randn(like: Tensor) -> Tensor:
            return torch.randn(like.shape, generator=generator, device=device)

        x = d.codes[rows].to(device).float()
        x = x + d.spreads[rows].to(device).float() * randn(x)
        coordinates = d.coordinates[rows].to(device)
        size = torch.rand(2, n, generator=generator, device=device)
        disturb = size[0] * o.disturb * (size[1] > 0.1)
        base = self.basis.decode(coordinates + disturb[:, None] * randn(coordinates))
        withholding = Withholding(text=o.text_dropout, noise=noise, dials=o.dials_dropout)
        conditions = d.conditions.draw(rows, withholding, generator)
        t, xt, velocity = disturbed(x, generator)
        with torch.autocast(device.type, torch.bfloat16):
            found = network(xt.contiguous(memory_format=torch.channels_last), t, base, disturb, *conditions)
        return ((found.float() - velocity).square() * self.weights).mean()

    @torch.no_grad()
    def validate(self, step: int) -> dict[str, float]:
        network = self.learner.averaged()
        generator = torch.Generator(self.device).manual_seed(1)
        losses = [self._loss(network, rows, generator, noise=0.0) for rows in self.data.held_out.split(128)]
        return {"val_loss": float(torch.stack(losses).mean())}

    @torch.no_grad()
    def sheet(self, step: int) -> Picture | None:
        """Rows: bases of held-out portraits, painted with sampled codes (two noises), with their own codes."""
        network, d = self.learner.averaged(), self.data
        rows = d.held_out[:8]
        base = self.basis.decode(d.coordinates[rows].to(self.device))
        scale = d.scale.to(self.device)[:, None, None]
        pictures = [F.interpolate(base, scale_factor=4)]
        for seed in (0, 1):
            noise = torch.Generator(self.device).manual_seed(seed)
            x = torch.randn(d.codes[rows].shape, generator=noise, device=self.device)
            pictures.append(self.painter(base, self._sample(network, x, base, rows) * scale))
        pictures.append(self.painter(base, d.codes[rows].to(self.device).float() * scale))
        strip = torch.cat([torch.cat(list(p), 2) for p in pictures], 1).clamp(-1, 1)
        return ((strip + 1) * 127.5).round().byte().permute(1, 2, 0).cpu().numpy()

    def _sample(self, network: DetailFlow, x: Tensor, base: Tensor, rows: Tensor, steps: int = 12) -> Tensor:
        """Codes by Euler's rule, given the first caption and all dials of every row."""
        c = self.data.conditions
        text = c.text[c.first[rows].clamp(max=len(c.text) - 1)].to(self.device).float()
        known = (c.count[rows] > 0).float().to(self.device)
        dials = c.dials[rows].to(self.device)
        zero = torch.zeros(len(x), device=self.device)
        for k in range(steps):
            v = network(x, zero + (1 - k / steps), base, zero, text, known, dials, torch.ones_like(dials))
            x = x - v / steps
        return x

    def state(self) -> dict[str, Any]:
        return self.learner.state() | {"scale": self.data.scale}

    def load(self, state: dict[str, Any]) -> None:
        self.learner.load(state)


def cell_weights(features: float) -> Tensor:
    """Weight of every cell of the detail code, [16, 16], mean 1: eyes and mouth count `features` times."""
    rows, cols = torch.meshgrid(torch.arange(16) + 0.5, torch.arange(16) + 0.5, indexing="ij")
    near = torch.zeros(16, 16)
    for x, y, wide, high in ((5.9, 7.9, 1.7, 1.2), (10.1, 7.9, 1.7, 1.2), (8.0, 12.0, 2.4, 1.4)):
        near = torch.maximum(near, torch.exp(-0.5 * (((cols - x) / wide) ** 2 + ((rows - y) / high) ** 2)))
    weights = 1 + (features - 1) * near
    return weights / weights.mean()
