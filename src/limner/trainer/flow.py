"""The flow: words and dials become the coordinates of a portrait's base.

A rectified flow (Liu et al. 2022; Lipman et al. 2022) over the coordinates of the basis:
`x_t = (1 - t) x + t e` with `e` a unit Gaussian, and a residual network predicts `e - x`.  The
condition is a text vector and the dials, each of which may be missing; what is missing at random
while training can be left out, or guided towards, while sampling (Ho & Salimans 2022).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from limner.core.picture import Picture
from limner.trainer.conditions import Conditions, Withholding, disturbed
from limner.trainer.learner import Learner
from limner.trainer.loop import cosine


def time_features(t: Tensor, width: int = 64) -> Tensor:
    """Sines and cosines of `t` in 0..1 at geometric frequencies, [n, width]."""
    rate = torch.exp(torch.linspace(0, math.log(200), width // 2, device=t.device))
    angle = t[:, None] * rate * math.pi
    return torch.cat([angle.sin(), angle.cos()], 1)


class Step(nn.Module):
    """One residual block, scaled and shifted by the condition (FiLM, Perez et al. 2018)."""

    def __init__(self, width: int, hidden: int, rank: int, dropout: float) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(width, elementwise_affine=False)
        self.film = nn.Linear(rank, 3 * width)
        self.widen = nn.Linear(width, hidden)
        self.dropout = nn.Dropout(dropout)
        self.narrow = nn.Linear(hidden, width)
        nn.init.zeros_(self.film.weight)
        nn.init.zeros_(self.film.bias)

    def forward(self, x: Tensor, condition: Tensor) -> Tensor:
        scale, shift, gate = self.film(condition).chunk(3, -1)
        y = self.norm(x) * (1 + scale) + shift
        return x + (1 + gate) * self.narrow(self.dropout(F.silu(self.widen(y))))


class Flow(nn.Module):
    """Velocity of the flow.

    Args:
        coordinates: width of the code.
        text: width of the text vector.
        dials: number of dials.
    """

    def __init__(
        self,
        coordinates: int,
        text: int,
        dials: int,
        *,
        width: int = 512,
        hidden: int = 1536,
        blocks: int = 5,
        rank: int = 96,
        dropout: float = 0.1,
    ) -> None:
        super().__init__()
        self.time = nn.Sequential(nn.Linear(64, 256), nn.SiLU(), nn.Linear(256, 256))
        self.text = nn.Sequential(nn.Linear(text + 1, 384), nn.SiLU(), nn.Linear(384, 256))
        self.dials = nn.Sequential(nn.Linear(2 * dials, 256), nn.SiLU(), nn.Linear(256, 256))
        self.mix = nn.Sequential(nn.SiLU(), nn.Linear(256, 384), nn.SiLU(), nn.Linear(384, rank))
        self.enter = nn.Linear(coordinates, width)
        self.enter_condition = nn.Linear(256, width)
        self.blocks = nn.ModuleList(Step(width, hidden, rank, dropout) for _ in range(blocks))
        self.norm = nn.LayerNorm(width)
        self.leave = nn.Linear(width, coordinates)
        nn.init.zeros_(self.leave.weight)
        nn.init.zeros_(self.leave.bias)

    def forward(self, x: Tensor, t: Tensor, text: Tensor, known: Tensor, dials: Tensor, mask: Tensor) -> Tensor:
        """Velocity at `x`.

        Args:
            x: [n, k] disturbed coordinates.
            t: [n] time, 0 = portrait, 1 = noise.
            text: [n, w] text vectors (zero where unknown).
            known: [n] 1 where a text is given, else 0.
            dials: [n, d] normal scores (zero where not set).
            mask: [n, d] 1 where a dial is set, else 0.
        """
        words = self.text(torch.cat([text * known[:, None], known[:, None]], 1))
        knobs = self.dials(torch.cat([dials * mask, mask], 1))
        inner = self.time(time_features(t)) + words + knobs
        condition = self.mix(inner)
        h = self.enter(x) + self.enter_condition(F.silu(words + knobs))
        for block in self.blocks:
            h = block(h, condition)
        return self.leave(self.norm(h))


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowOptions:
    """Options of a flow run."""

    steps: int = 12_000
    batch: int = 512
    width: int = 512
    hidden: int = 1536
    blocks: int = 5
    rank: int = 96
    dropout: float = 0.1
    rate: float = 6e-4
    weight_decay: float = 0.05
    recoloured: float = 0.45
    """Share of recoloured versions in a batch."""
    text_dropout: float = 0.2
    """Share of examples whose words are withheld."""
    text_noise: float = 0.15
    """Noise on the text vector, relative to its length."""
    dials_dropout: float = 0.3
    """Share of examples whose dials are all withheld."""
    readout: float = 0.3
    """Weight of the error along the directions of pose and expression: they hold little variance and
    much meaning."""
    decay: float = 0.9995
    seed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowData:
    """What the task learns from.  Rows are versions of portraits (as they are, recoloured, mirrored)."""

    coordinates: Tensor
    """float32 [m, k]."""
    conditions: Conditions
    """Words and dials of the rows."""
    readout: Tensor
    """float32 [k, r]: directions along which pose and expression are read off the coordinates, each
    scaled to unit variance over the portraits."""
    train: Tensor
    """int64 versions of the portraits as they are, to learn from."""
    recoloured: Tensor
    """int64 recoloured versions to learn from."""
    held_out: Tensor
    """int64 versions to validate on."""


class FlowTask:
    """Trains a `Flow`.

    Args:
        name: "flow", or "rough" for the small, briefly trained flow that painting steers away from.
    """

    def __init__(self, options: FlowOptions, data: FlowData, device: torch.device, name: str = "flow") -> None:
        self.name = name
        self.options, self.data, self.device = options, data, device
        self.steps = options.steps
        torch.manual_seed(options.seed)
        self.learner = Learner(
            self._new, device, decay=options.decay, weight_decay=options.weight_decay, betas=(0.9, 0.99)
        )

    def _new(self) -> Flow:
        o, d = self.options, self.data
        return Flow(
            d.coordinates.shape[1],
            d.conditions.text.shape[1],
            d.conditions.dials.shape[1],
            width=o.width,
            hidden=o.hidden,
            blocks=o.blocks,
            rank=o.rank,
            dropout=o.dropout,
        )

    def step(self, step: int, generator: torch.Generator) -> dict[str, float]:
        o, d = self.options, self.data
        own = o.batch - round(o.recoloured * o.batch)
        rows = torch.cat([_pick(d.train, own, generator), _pick(d.recoloured, o.batch - own, generator)])
        loss = self._loss(self.learner.network.train(), rows, generator, noise=o.text_noise)
        self.learner.improve(loss, cosine(step, o.steps, peak=o.rate, floor=1e-6, warmup=300))
        return {"loss": float(loss.detach())}

    def _loss(self, network: Flow, rows: Tensor, generator: torch.Generator, *, noise: float) -> Tensor:
        o, d = self.options, self.data
        withholding = Withholding(text=o.text_dropout, noise=noise, dials=o.dials_dropout)
        conditions = d.conditions.draw(rows, withholding, generator)
        t, xt, velocity = disturbed(d.coordinates[rows].to(self.device), generator)
        with torch.autocast(self.device.type, torch.bfloat16):
            found = network(xt, t, *conditions)
        away = found.float() - velocity
        return away.square().mean() + o.readout * (away @ d.readout.to(self.device)).square().mean()

    @torch.no_grad()
    def validate(self, step: int) -> dict[str, float]:
        network = self.learner.averaged()
        generator = torch.Generator(self.device).manual_seed(1)
        losses = [
            self._loss(network, rows, generator, noise=0.0) for _ in range(4) for rows in self.data.held_out.split(512)
        ]
        return {"val_loss": float(torch.stack(losses).mean())}

    def sheet(self, step: int) -> Picture | None:
        return None

    def state(self) -> dict[str, Any]:
        return self.learner.state()

    def load(self, state: dict[str, Any]) -> None:
        self.learner.load(state)


def _pick(rows: Tensor, count: int, generator: torch.Generator) -> Tensor:
    """`count` random rows, with replacement."""
    at = torch.randint(max(1, len(rows)), (count,), generator=generator, device=generator.device).cpu()
    return rows[at] if len(rows) else rows
