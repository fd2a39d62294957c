"""Adversarial training of the painter (generator) with its encoder and critic (discriminator).

The encoder looks at a portrait and its base and writes a detail code; the painter turns base and
code back into the portrait; the critic judges every 16 px cell against real ones.  The losses:

* L1 at full size and on the 4x pooled picture, and a perceptual distance in the features of the
  likeness network;
* the relativistic pairing loss with R1 and R2 penalties on real and painted pictures (Jolicoeur-
  Martineau 2018; Huang et al. 2024, "R3GAN"), the penalties lazily (Karras et al. 2020) in fp32;
* a small Kullback-Leibler term that keeps the detail code near a unit Gaussian, so that a flow can
  sample it later (Kingma & Welling 2013).

The base's coordinates are disturbed a little: the painter must not trust them blindly, because at
run time they come from the flow.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from limner.core.picture import Picture
from limner.trainer.basis import Basis
from limner.trainer.likeness import Likeness, perceptual
from limner.trainer.loop import Average, cosine, placed, set_rate
from limner.trainer.painter_networks import Critic, Encoder, Painter


@dataclass(frozen=True, slots=True, kw_only=True)
class PainterOptions:
    """Options of a painter run."""

    steps: int = 40_000
    batch: int = 12
    crop: int = 128
    """Side of the training crops in px (a multiple of 16; 256 = whole pictures)."""
    whole_from: float = 0.8
    """Share of the run after which whole pictures are used, in batches of the same area."""
    painter_widths: tuple[int, int, int, int] = (192, 96, 64, 32)
    encoder_widths: tuple[int, int, int] = (48, 96, 128)
    critic_widths: tuple[int, int, int] = (64, 128, 224)
    detail: int = 8
    """Channels of the detail code."""
    rate: float = 3e-4
    critic_rate: float = 3e-4
    settle: float = 0.36
    """Share of the run after which the encoder rests, so that the detail flow can begin to learn."""
    alone: float = 0.05
    """Share of the run before the critic joins."""
    adversarial: float = 0.05
    perceptual: float = 0.15
    pooled: float = 1.0
    divergence: float = 0.004
    """Weight of the Kullback-Leibler term, mean per element of the code."""
    disturb: float = 0.25
    """Largest standard deviation of the noise on the base's coordinates."""
    penalty: float = 0.02
    """Weight of R1 and R2 (mean over cells of the squared gradient norm)."""
    penalty_every: int = 8
    decay: float = 0.999
    seed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PainterData:
    """What the task learns from."""

    pictures: Tensor
    """uint8 [n, 256, 256, 3]."""
    train: Tensor
    """int64 rows to learn from."""
    held_out: Tensor
    """int64 rows to validate on."""


class PainterTask:
    """Trains `Encoder`, `Painter` and `Critic` together."""

    name = "painter"

    def __init__(
        self,
        options: PainterOptions,
        data: PainterData,
        basis: Basis,
        likeness: Likeness,
        device: torch.device,
    ) -> None:
        o = options
        self.options, self.data, self.device = o, data, device
        self.steps = o.steps
        self.basis = basis.to(device)
        self.likeness = placed(likeness, device).eval().requires_grad_(False)
        torch.manual_seed(o.seed)
        self.encoder = placed(Encoder(o.encoder_widths, o.detail), device)
        self.painter = placed(Painter(o.painter_widths, o.detail), device)
        self.critic = placed(Critic(o.critic_widths), device)
        self.both = nn.ModuleDict({"encoder": self.encoder, "painter": self.painter})
        self.average = Average(self.both, o.decay)
        self.optimiser = torch.optim.Adam(self.both.parameters(), betas=(0.0, 0.99), eps=1e-8)
        self.critic_optimiser = torch.optim.Adam(self.critic.parameters(), betas=(0.0, 0.99), eps=1e-8)

    # one step ---------------------------------------------------------------------------------

    def step(self, step: int, generator: torch.Generator) -> dict[str, float]:
        x, base, origin = self._batch(step, generator)
        self._settle(step)
        with torch.autocast(self.device.type, torch.bfloat16):
            mean, spread = self.encoder(x, base, origin)
            noise = torch.randn(mean.shape, generator=generator, device=self.device)
            detail = mean.float() + torch.exp(0.5 * spread.float()) * noise
            y = self.painter(base, detail, origin).float()
        figures = self._judge(step, x, y.detach(), base, origin)
        figures |= self._improve(step, x, y, base, origin, mean.float(), spread.float())
        return figures

    def _settle(self, step: int) -> None:
        """Rest the encoder, with its averaged weights, from its share of the run on."""
        start = round(self.options.settle * self.steps)
        if step == start:
            weights = self.average.weights
            prefix = "encoder."
            mine = {k.removeprefix(prefix): v for k, v in weights.items() if k.startswith(prefix)}
            self.encoder.load_state_dict(mine)
        self.encoder.requires_grad_(step < start)

    def _judge(self, step: int, x: Tensor, y: Tensor, base: Tensor, origin: tuple[int, int]) -> dict[str, float]:
        """Train the critic on one batch of real (`x`) and painted (`y`) pictures."""
        o = self.options
        if step < o.alone * o.steps:
            return {}
        penalise = step % o.penalty_every == 0
        if penalise:
            x, y = x.detach().requires_grad_(), y.requires_grad_()
        with torch.autocast(self.device.type, torch.bfloat16, enabled=not penalise):
            logits = self.critic(torch.cat([x, y]), torch.cat([base, base]), origin).float()
        real, painted = logits.chunk(2)
        loss = F.softplus(painted - real).mean()
        figures = {
            "critic": float(loss.detach()),
            "sign": float((real > painted).float().mean().detach()),
        }
        if penalise:
            cells = real[0].numel()
            slopes = torch.autograd.grad(logits.sum(), [x, y], create_graph=True)
            size = sum(s.square().sum((1, 2, 3)).mean() for s in slopes) / cells
            assert isinstance(size, Tensor)
            loss = loss + 0.5 * o.penalty * o.penalty_every * size
            figures["slope"] = float(size.detach()) * o.penalty_every
        set_rate(self.critic_optimiser, cosine(step, o.steps, peak=o.critic_rate, floor=2e-5, warmup=100))
        self.critic_optimiser.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(self.critic.parameters(), 10.0)
        self.critic_optimiser.step()
        return figures

    def _improve(
        self,
        step: int,
        x: Tensor,
        y: Tensor,
        base: Tensor,
        origin: tuple[int, int],
        mean: Tensor,
        spread: Tensor,
    ) -> dict[str, float]:
        """Train encoder and painter on the same batch."""
        o = self.options
        losses = {
            "l1": (y - x).abs().mean(),
            "pooled": (F.avg_pool2d(y, 4) - F.avg_pool2d(x, 4)).abs().mean(),
            "divergence": 0.5 * (mean.square() + spread.exp() - 1 - spread).mean(),
        }
        with torch.autocast(self.device.type, torch.bfloat16):
            losses["perceptual"] = perceptual(self.likeness, y, x).float()
            if step >= o.alone * o.steps:
                self.critic.requires_grad_(False)
                painted = self.critic(y, base, origin).float()
                with torch.no_grad():
                    real = self.critic(x, base, origin).float()
                losses["adversarial"] = F.softplus(real - painted).mean()
                self.critic.requires_grad_(True)
        weights = {
            "l1": 1.0,
            "pooled": o.pooled,
            "divergence": o.divergence,
            "perceptual": o.perceptual,
            "adversarial": o.adversarial,
        }
        total = sum(weights[k] * v for k, v in losses.items())
        assert isinstance(total, Tensor)
        set_rate(self.optimiser, cosine(step, o.steps, peak=o.rate, floor=1e-5, warmup=100))
        self.optimiser.zero_grad(set_to_none=True)
        total.backward()
        nn.utils.clip_grad_norm_([p for p in self.both.parameters() if p.grad is not None], 1.0)
        self.optimiser.step()
        self.average.update(self.both)
        return {k: float(v.detach()) for k, v in losses.items()}

    def _batch(self, step: int, generator: torch.Generator) -> tuple[Tensor, Tensor, tuple[int, int]]:
        o, d = self.options, self.data
        crop, batch = o.crop, o.batch
        if step >= o.whole_from * o.steps:
            crop, batch = 256, max(1, o.batch * o.crop**2 // 256**2)
        pick = torch.randint(len(d.train), (batch,), generator=generator, device=self.device)
        rows = d.train[pick.cpu()]
        x = self._pictures(rows)
        if torch.rand((), generator=generator, device=self.device) < 0.5:
            x = x.flip(3)
        base = self._base(x, generator, o.disturb)
        cells = (256 - crop) // 16 + 1
        place = torch.randint(cells, (2,), generator=generator, device=self.device)
        top, left = int(place[0]), int(place[1])
        x = x[:, :, top * 16 : top * 16 + crop, left * 16 : left * 16 + crop]
        side = crop // 4
        base = base[:, :, top * 4 : top * 4 + side, left * 4 : left * 4 + side]
        layout = torch.channels_last
        return x.contiguous(memory_format=layout), base.contiguous(memory_format=layout), (top, left)

    def _pictures(self, rows: Tensor) -> Tensor:
        return self.data.pictures[rows].to(self.device).permute(0, 3, 1, 2).float() / 127.5 - 1

    def _base(self, x: Tensor, generator: torch.Generator | None, disturb: float) -> Tensor:
        coordinates = self.basis.encode(F.avg_pool2d(x, 4))
        if generator is not None and disturb > 0:
            size = torch.rand(len(x), 1, generator=generator, device=self.device) * disturb
            noise = torch.randn(coordinates.shape, generator=generator, device=self.device)
            coordinates = coordinates + size * noise
        return self.basis.decode(coordinates)

    # looking at it ----------------------------------------------------------------------------

    def averaged(self) -> tuple[Encoder, Painter]:
        """Encoder and painter with averaged weights, in evaluation mode."""
        o = self.options
        both = nn.ModuleDict(
            {
                "encoder": Encoder(o.encoder_widths, o.detail),
                "painter": Painter(o.painter_widths, o.detail),
            }
        )
        self.average.copy_to(both)
        both = placed(both, self.device).eval()
        encoder, painter = both["encoder"], both["painter"]
        assert isinstance(encoder, Encoder)
        assert isinstance(painter, Painter)
        return encoder, painter

    @torch.no_grad()
    def validate(self, step: int) -> dict[str, float]:
        encoder, painter = self.averaged()
        l1, near, energy = 0.0, 0.0, torch.zeros(2)
        batches = self.data.held_out[:128].split(16)
        for rows in batches:
            x = self._pictures(rows)
            base = self._base(x, None, 0)
            y = painter(base, encoder(x, base)[0]).clamp(-1, 1)
            l1 += float((y - x).abs().mean()) / len(batches)
            near += float(perceptual(self.likeness, y, x)) / len(batches)
            energy += torch.stack([_fine(y), _fine(x)]).cpu()
        return {"val_l1": l1, "val_perceptual": near, "val_fine": float(energy[0] / energy[1])}

    @torch.no_grad()
    def sheet(self, step: int) -> Picture | None:
        """Rows: held-out portraits, their bases, repainted, and painted with the mean code (zero)."""
        encoder, painter = self.averaged()
        x = self._pictures(self.data.held_out[:8])
        base = self._base(x, None, 0)
        code = encoder(x, base)[0]
        rows = [x, F.interpolate(base, scale_factor=4), painter(base, code), painter(base, code * 0)]
        strip = torch.cat([torch.cat(list(r), 2) for r in rows], 1).clamp(-1, 1)
        return ((strip + 1) * 127.5).round().byte().permute(1, 2, 0).cpu().numpy()

    def state(self) -> dict[str, Any]:
        return {
            "both": self.both.state_dict(),
            "critic": self.critic.state_dict(),
            "optimiser": self.optimiser.state_dict(),
            "critic_optimiser": self.critic_optimiser.state_dict(),
            "average": self.average.state(),
        }

    def load(self, state: dict[str, Any]) -> None:
        self.both.load_state_dict(state["both"])
        self.critic.load_state_dict(state["critic"])
        self.optimiser.load_state_dict(state["optimiser"])
        self.critic_optimiser.load_state_dict(state["critic_optimiser"])
        self.average.load(state["average"])


def _fine(x: Tensor) -> Tensor:
    """Mean absolute difference of neighbouring pixels: the energy of the finest octave."""
    return (x[..., 1:] - x[..., :-1]).abs().mean()
