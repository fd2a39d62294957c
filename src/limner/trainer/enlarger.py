"""Trains the enlarger: a small network that doubles a picture's side.

It writes what interpolation leaves out: the difference between a picture and the Lanczos enlargement of its
half.  Halves are made from the portraits in many ways (averaged, bicubic, Lanczos, blurred; grainy, blotched, latticed,
pressed into a JPEG), and a number beside the picture says how worn it is, so that whoever enlarges can choose
how far it is cleaned.  Now and then it is shown its own work, since larger prints are made by doubling again.

The loss is the mean difference of pixels, of slopes and of Fourier coefficients (Cho et al. 2021); for the last
part of a run a small critic joins (relativistic pairing with R1 and R2 penalties, as the painter's), which sees
the half beside the whole, so that only what the half could mean passes for real.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import cv2
import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from limner.core.picture import Picture
from limner.media.raster import resize
from limner.trainer.learner import Learner
from limner.trainer.loop import cosine, placed, set_rate
from limner.trainer.painter_networks import Residual, zero

SIDE = 256
_TAPS = 16  # length of the kernels that halve


class Enlarger(nn.Module):
    """A picture in 0..1 [n, 3, h, w] and how worn it is, 0..1 [n], to what its Lanczos enlargement lacks
    [n, 3, 2h, 2w].

    A px of the result depends on the px up to `reach` away, so pictures can be enlarged in tiles.
    """

    def __init__(self, width: int = 48, blocks: int = 3) -> None:
        super().__init__()
        self.reach = 2 + 2 * blocks
        self.enter = nn.Conv2d(4, width, 3, padding=1)
        self.first = nn.ModuleList(nn.Conv2d(width, width, 3, padding=1) for _ in range(blocks))
        self.second = nn.ModuleList(nn.Conv2d(width, width, 3, padding=1) for _ in range(blocks))
        self.leave = nn.Conv2d(width, 12, 3, padding=1)
        zero(self.leave)
        with torch.no_grad():
            for layer in self.second:
                assert isinstance(layer, nn.Conv2d)
                layer.weight.mul_(0.3)

    def forward(self, picture: Tensor, worn: Tensor) -> Tensor:
        n, _, high, wide = picture.shape
        x = torch.cat([picture - 0.5, worn[:, None, None, None].expand(n, 1, high, wide)], 1)
        x = F.relu(self.enter(x))
        for first, second in zip(self.first, self.second, strict=True):
            x = F.relu(x + second(F.relu(first(x))))
        return F.pixel_shuffle(self.leave(x), 2)


class EnlargerCritic(nn.Module):
    """How real does each 8 x 8 px cell of a picture look, given its half?"""

    def __init__(self, width: int = 48) -> None:
        super().__init__()
        self.enter = nn.Conv2d(12 + 3, width, 3, padding=1)
        self.near = Residual(width)
        self.down = nn.Conv2d(width * 4, width, 1)
        self.mid = Residual(width)
        self.far = nn.Conv2d(width * 4, width, 1)
        self.leave = nn.Conv2d(width, 1, 3, padding=1)

    def forward(self, picture: Tensor, half: Tensor) -> Tensor:
        """[n, 3, 2h, 2w], [n, 3, h, w] to logits [n, 1, h/4, w/4]."""
        x = self.near(self.enter(torch.cat([F.pixel_unshuffle(picture, 2), half], 1) * 2 - 1))
        x = self.mid(self.down(F.pixel_unshuffle(x, 2)))
        return self.leave(F.silu(self.far(F.pixel_unshuffle(x, 2))))


@dataclass(frozen=True, slots=True, kw_only=True)
class EnlargerOptions:
    """Options of an enlarger run."""

    width: int = 48
    blocks: int = 3
    steps: int = 6500
    batch: int = 16
    crop: int = 96
    """Side of the training crops in px, a multiple of 8."""
    finest: float = 0.95
    """Largest scale of the portraits; below 1, for they were once enlarged a little and are soft at 1."""
    coarsest: float = 0.6
    """Smallest scale of the portraits."""
    rate: float = 1e-3
    slopes: float = 0.5
    """Weight of the difference of slopes."""
    spectrum: float = 0.02
    """Weight of the difference of Fourier coefficients."""
    again: float = 0.25
    """Share of the steps at which the network enlarges its own work."""
    alone: float = 0.65
    """Share of the run before the critic joins."""
    adversarial: float = 0.0
    """Weight of the critic's opinion; 0 trains without one."""
    critic_width: int = 32
    critic_rate: float = 5e-4
    penalty: float = 0.02
    """Weight of R1 and R2 (mean over cells of the squared gradient norm)."""
    penalty_every: int = 16
    decay: float = 0.998
    seed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class EnlargerData:
    """What the task learns from."""

    pictures: Tensor
    """uint8 [n, 256, 256, 3]."""
    train: Tensor
    """int64 rows to learn from."""
    held_out: Tensor
    """int64 rows to validate on."""


class EnlargerTask:
    """Trains an `Enlarger`."""

    name = "enlarger"

    def __init__(self, options: EnlargerOptions, data: EnlargerData, device: torch.device) -> None:
        o = options
        self.options, self.data, self.device = o, data, device
        self.steps = o.steps
        torch.manual_seed(o.seed)
        self.learner = Learner(lambda: Enlarger(o.width, o.blocks), device, decay=o.decay, weight_decay=0.0)
        self.critic = placed(EnlargerCritic(o.critic_width), device)
        self.critic_optimiser = torch.optim.Adam(self.critic.parameters(), betas=(0.0, 0.99), eps=1e-8)

    # one step ---------------------------------------------------------------------------------

    def step(self, step: int, generator: torch.Generator) -> dict[str, float]:
        o = self.options
        target = self._crops(generator)
        half, worn = self._halved(target, generator)
        with torch.autocast(self.device.type, torch.bfloat16):
            missing = self.learner.network(_last(half), worn)
        made = interpolated(half) + missing.float()
        figures: dict[str, float] = {}
        judged = o.adversarial > 0 and step >= o.alone * o.steps
        if judged:
            figures = self._judge(step, target, made.detach(), half)
        losses = {
            "l1": (made - target).abs().mean(),
            "slopes": slope_difference(made, target),
            "spectrum": (torch.fft.rfft2(made, norm="ortho") - torch.fft.rfft2(target, norm="ortho")).abs().mean(),
        }
        if judged:
            losses["adversarial"] = self._opinion(target, made, half)
        weights = {"l1": 1.0, "slopes": o.slopes, "spectrum": o.spectrum, "adversarial": o.adversarial}
        total = sum((weights[k] * v for k, v in losses.items()), torch.zeros((), device=self.device))
        self.learner.improve(total, cosine(step, o.steps, peak=o.rate, floor=1e-5, warmup=200))
        return figures | {k: float(v.detach()) for k, v in losses.items()}

    def _judge(self, step: int, real: Tensor, made: Tensor, half: Tensor) -> dict[str, float]:
        """Train the critic on one batch."""
        o = self.options
        penalise = step % o.penalty_every == 0
        if penalise:
            real, made = real.detach().requires_grad_(), made.requires_grad_()
        with torch.autocast(self.device.type, torch.bfloat16, enabled=not penalise):
            logits = self.critic(_last(torch.cat([real, made])), torch.cat([half, half])).float()
        true, false = logits.chunk(2)
        loss = F.softplus(false - true).mean()
        figures = {"critic": float(loss.detach()), "sign": float((true > false).float().mean().detach())}
        if penalise:
            found = torch.autograd.grad(logits.sum(), [real, made], create_graph=True)
            size = torch.stack([s.square().sum((1, 2, 3)).mean() for s in found]).sum() / true[0].numel()
            loss = loss + 0.5 * o.penalty * o.penalty_every * size
        set_rate(self.critic_optimiser, cosine(step, o.steps, peak=o.critic_rate, floor=2e-5, warmup=100))
        self.critic_optimiser.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(self.critic.parameters(), 10.0)
        self.critic_optimiser.step()
        return figures

    def _opinion(self, real: Tensor, made: Tensor, half: Tensor) -> Tensor:
        self.critic.requires_grad_(False)
        with torch.autocast(self.device.type, torch.bfloat16):
            with torch.no_grad():
                true = self.critic(_last(real), half).float()
            false = self.critic(_last(made), half).float()
        self.critic.requires_grad_(True)
        return F.softplus(true - false).mean()

    # pictures and their halves ----------------------------------------------------------------

    def _crops(self, generator: torch.Generator) -> Tensor:
        """Pieces of portraits [n, 3, crop, crop] at a drawn scale, turned over at random; 0..1."""
        o, d = self.options, self.data
        dice = torch.rand(4, generator=generator, device=self.device).tolist()
        scale = o.coarsest + (o.finest - o.coarsest) * dice[0]
        side = min(SIDE, round(o.crop / scale))
        top, left = (int(x * (SIDE - side + 1)) for x in dice[1:3])
        pick = torch.randint(len(d.train), (o.batch,), generator=generator, device=self.device)
        part = d.pictures[d.train[pick.cpu()], top : top + side, left : left + side]
        x = part.to(self.device).permute(0, 3, 1, 2).float() / 255
        x = F.interpolate(x, size=(o.crop, o.crop), mode="bicubic", antialias=True).clamp(0, 1)
        x = x.flip(3) if dice[3] < 0.5 else x
        turn = torch.rand(o.batch, 1, 1, 1, generator=generator, device=self.device)
        return torch.where(turn < 0.2, x.transpose(2, 3), x)

    def _halved(self, x: Tensor, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        """Halves of pictures, made in many ways, and how worn they are."""
        n = len(x)
        half = halved(x, self._kernels(n, generator))
        dice = torch.rand(n + 1, generator=generator, device=self.device)
        worn = (dice[:n] * 1.5 - 0.5).clamp(min=0)  # one in three is clean
        if dice[n] < self.options.again:
            quarter, more = self._worn(halved(half, self._kernels(n, generator)), worn, generator)
            with torch.no_grad(), torch.autocast(self.device.type, torch.bfloat16):
                missing = self.learner.network(_last(quarter), more)
            return (interpolated(quarter) + missing.float()).clamp(0, 1), torch.zeros_like(worn)
        return self._worn(half, worn, generator)

    def _kernels(self, n: int, generator: torch.Generator) -> Tensor:
        """A kernel for each picture, [n, taps]: half of them box, bicubic or Lanczos, half Gaussian."""
        dice = torch.rand(n, 2, generator=generator, device=self.device)
        fixed = _fixed_kernels().to(self.device)
        away = torch.arange(_TAPS, device=self.device) - (_TAPS - 1) / 2
        soft = torch.exp(-0.5 * (away / (0.6 + 0.7 * dice[:, 1:])).square())
        which = (dice[:, 0] * 2 * len(fixed)).long()
        chosen = fixed[which.clamp(max=len(fixed) - 1)]
        return torch.where(which[:, None] < len(fixed), chosen, soft / soft.sum(1, keepdim=True))

    def _worn(self, half: Tensor, worn: Tensor, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        """Grain, blotches, lattices (as networks that shuffle pixels leave them) and JPEG, as far as `worn` says;
        whole grey levels."""
        n, _, high, wide = half.shape
        device = self.device

        def noise(*shape: int) -> Tensor:
            return torch.randn(shape, generator=generator, device=device)

        share = torch.rand(n, 4, generator=generator, device=device)
        grain = noise(n, 3, high, wide) * 0.5 + noise(n, 1, high, wide) * 0.7
        spots = noise(n, 3, high // 2, wide // 2) * 0.5 + noise(n, 1, high // 2, wide // 2) * 0.7
        spots = F.interpolate(spots, size=(high, wide), mode="bicubic")
        woven = F.interpolate(noise(n, 3, high // 8, wide // 8), size=(high, wide), mode="bicubic")
        woven = (woven[:, :, None] * _lattices(high, wide).to(device)).sum(2) * (0.4 + 12 * _unrest(half))
        mix = share[:, :3].square() / share[:, :3].square().sum(1, keepdim=True)
        mix = (0.035 * worn[:, None] * mix.sqrt())[:, :, None, None]
        half = half + mix[:, :1] * grain + mix[:, 1:2] * spots + mix[:, 2:3] * woven
        grey = (half.clamp(0, 1) * 255).round()
        pressed = (worn > 0.05) & (share[:, 3] < 0.4)
        if pressed.any():
            grey = torch.where(pressed[:, None, None, None], _jpeg(grey, worn), grey)
        return grey / 255, worn

    # looking at it ----------------------------------------------------------------------------

    @torch.no_grad()
    def validate(self, step: int) -> dict[str, float]:
        """Decibels on clean halves of held-out portraits: the network's, and its gain over Lanczos."""
        network = self.learner.averaged()
        mine: list[float] = []
        plain: list[float] = []
        for rows in self.data.held_out[:96].split(16):
            target = self._whole(rows)
            half = (halved(target, _fixed_kernels()[:1].expand(len(rows), -1).to(self.device)) * 255).round() / 255
            base = interpolated(half)
            made = base + network(_last(half), torch.zeros(len(rows), device=self.device))
            mine += decibels(made, target)
            plain += decibels(base, target)
        return {"val_psnr": float(np.mean(mine)), "val_gain": float(np.mean(mine) - np.mean(plain))}

    def _whole(self, rows: Tensor) -> Tensor:
        """Portraits at the size at which they are crisp, [n, 3, 240, 240]."""
        x = self.data.pictures[rows].to(self.device).permute(0, 3, 1, 2).float() / 255
        return F.interpolate(x, size=(240, 240), mode="bicubic", antialias=True).clamp(0, 1)

    @torch.no_grad()
    def sheet(self, step: int) -> Picture | None:
        """Rows: halves of held-out portraits enlarged by Lanczos, by the network, and the portraits."""
        network = self.learner.averaged()
        target = self._whole(self.data.held_out[:6])
        half = halved(target, _fixed_kernels()[:1].expand(len(target), -1).to(self.device))
        base = interpolated(half)
        made = base + network(_last(half), torch.zeros(len(half), device=self.device))
        rows = [x.clamp(0, 1)[:, :, 60:180, 40:200] for x in (base, made, target)]
        strip = torch.cat([torch.cat(list(r), 2) for r in rows], 1)
        strip = F.interpolate(strip[None], scale_factor=2, mode="nearest")[0]
        return (strip * 255).round().byte().permute(1, 2, 0).cpu().numpy()

    def state(self) -> dict[str, Any]:
        return self.learner.state() | {
            "critic": self.critic.state_dict(),
            "critic_optimiser": self.critic_optimiser.state_dict(),
        }

    def load(self, state: dict[str, Any]) -> None:
        self.learner.load(state)
        self.critic.load_state_dict(state["critic"])
        self.critic_optimiser.load_state_dict(state["critic_optimiser"])


# arithmetic -------------------------------------------------------------------------------------


def interpolated(half: Tensor) -> Tensor:
    """The Lanczos enlargement of pictures [n, 3, h, w] to twice the side, exactly as the medium makes it."""
    tall = torch.from_numpy(_lanczos(half.shape[2])).to(half.device)
    broad = torch.from_numpy(_lanczos(half.shape[3])).to(half.device)
    return tall @ half.float() @ broad.T


@cache
def _lanczos(side: int) -> np.ndarray[Any, np.dtype[np.float32]]:
    """[2 side, side]: what OpenCV's interpolation does to a column."""
    return resize(np.eye(side, dtype=np.float32), (2 * side, side), "lanczos")


def halved(x: Tensor, kernels: Tensor) -> Tensor:
    """Pictures [n, 3, h, w] at half the side, each under its own kernel [n, taps], both ways."""
    n, c, high, wide = x.shape
    taps = kernels.repeat_interleave(c, 0)
    margin = _TAPS // 2 - 1
    flat = F.pad(x, (margin, margin, margin, margin), mode="reflect").reshape(1, n * c, high + 2 * margin, -1)
    flat = F.conv2d(flat, taps[:, None, None, :], stride=(1, 2), groups=n * c)
    flat = F.conv2d(flat, taps[:, None, :, None], stride=(2, 1), groups=n * c)
    return flat.reshape(n, c, high // 2, wide // 2)


@cache
def _fixed_kernels() -> Tensor:
    """Box, bicubic (a = -0.5) and Lanczos (3 lobes) for half the side, [3, taps]."""

    def cubic(x: float) -> float:
        if x < 1:
            return 1.5 * x**3 - 2.5 * x**2 + 1
        return -0.5 * x**3 + 2.5 * x**2 - 4 * x + 2 if x < 2 else 0.0

    def lanczos(x: float) -> float:
        return float(np.sinc(x) * np.sinc(x / 3)) if x < 3 else 0.0

    shapes: tuple[Callable[[float], float], ...] = (lambda x: float(x < 0.5), cubic, lanczos)
    away = [abs(k - (_TAPS - 1) / 2) / 2 for k in range(_TAPS)]
    kernels = torch.tensor([[shape(x) for x in away] for shape in shapes])
    return kernels / kernels.sum(1, keepdim=True)


@cache
def _lattices(high: int, wide: int) -> Tensor:
    """Stripes across, stripes down and a chequerboard of single px, [1, 3, h, w] of -1 and 1."""
    down, across = torch.arange(high)[:, None] % 2, torch.arange(wide)[None] % 2
    signs = [down.expand(high, wide), across.expand(high, wide), (down + across) % 2]
    return (torch.stack(signs).float() * 2 - 1)[None]


def _unrest(x: Tensor) -> Tensor:
    """How far each px stands out of its surroundings, [n, 1, h, w]."""
    away = (x - F.avg_pool2d(x, 3, 1, 1, count_include_pad=False)).abs().mean(1, keepdim=True)
    return F.avg_pool2d(away, 3, 1, 1, count_include_pad=False)


def slope_difference(a: Tensor, b: Tensor) -> Tensor:
    """Mean difference of the slopes of two pictures, across and down."""
    d = a - b
    return (d[..., 1:] - d[..., :-1]).abs().mean() + (d[..., 1:, :] - d[..., :-1, :]).abs().mean()


def decibels(made: Tensor, target: Tensor) -> list[float]:
    """Peak signal-to-noise ratio of each picture."""
    errors = (made.clamp(0, 1) - target).square().mean((1, 2, 3))
    return [-10 * math.log10(max(float(e), 1e-10)) for e in errors]


def _jpeg(grey: Tensor, worn: Tensor) -> Tensor:
    """Pictures 0..255 after JPEG, at qualities from 92 down to 45."""
    pressed: list[Tensor] = []
    for x, w in zip(grey, worn.tolist(), strict=True):
        picture = x.byte().permute(1, 2, 0).cpu().numpy()[..., ::-1]
        _, file = cv2.imencode(".jpg", np.ascontiguousarray(picture), [cv2.IMWRITE_JPEG_QUALITY, round(92 - 47 * w)])
        read = cv2.imdecode(file, cv2.IMREAD_COLOR)
        assert read is not None
        pressed.append(torch.from_numpy(np.ascontiguousarray(read[..., ::-1])).permute(2, 0, 1))
    return torch.stack(pressed).float().to(grey.device)


def _last(x: Tensor) -> Tensor:
    return x.contiguous(memory_format=torch.channels_last)
