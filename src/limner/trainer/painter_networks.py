"""The networks around the painter: encoder, painter (the generator) and critic (the discriminator).

All three work on pixel-unshuffled grids, so that most arithmetic happens at 64 px and below, and all
three are told where in the picture they are (learned position channels): the portraits are aligned,
so a place is a part of the face.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

DETAIL = 8  # channels of the detail code
GRID = 16  # rows and columns of the detail code; one cell covers 16 x 16 px


def zero(layer: nn.Conv2d) -> None:
    """Let a convolution begin as nothing."""
    nn.init.zeros_(layer.weight)
    if layer.bias is not None:
        nn.init.zeros_(layer.bias)


class Residual(nn.Module):
    """Two 3x3 convolutions beside an identity; the second starts at zero."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(width, width, 3, padding=1)
        self.second = nn.Conv2d(width, width, 3, padding=1)
        zero(self.second)

    def forward(self, x: Tensor) -> Tensor:
        return x + self.second(F.silu(self.first(F.silu(x))))


class Position(nn.Module):
    """Learned channels that say which part of the picture a cell covers."""

    def __init__(self, channels: int, side: int) -> None:
        super().__init__()
        self.grid = nn.Parameter(torch.randn(1, channels, side, side) * 0.1)

    def forward(self, x: Tensor, origin: tuple[int, int]) -> Tensor:
        """Append the channels to `x`, whose first cell is at `origin` (row, column) in 16 px cells."""
        step = self.grid.shape[2] // GRID
        top, left = origin[0] * step, origin[1] * step
        h, w = int(x.shape[2]), int(x.shape[3])
        part = self.grid[:, :, top : top + h, left : left + w]
        return torch.cat([x, part.expand(x.shape[0], -1, -1, -1).to(x.dtype)], 1)


def _down(width_in: int, width: int) -> nn.Module:
    return nn.Sequential(nn.PixelUnshuffle(2), nn.Conv2d(width_in * 4, width, 1))


def _up(width_in: int, width: int) -> nn.Module:
    return nn.Sequential(nn.Conv2d(width_in, width * 4, 1), nn.PixelShuffle(2))


class Encoder(nn.Module):
    """A portrait and its base to the mean and log-variance of its detail code."""

    def __init__(self, widths: tuple[int, int, int] = (48, 96, 128), detail: int = DETAIL) -> None:
        super().__init__()
        a, b, c = widths
        self.place = Position(4, 64)
        self.enter = nn.Conv2d(48 + 3 + 4, a, 3, padding=1)
        self.body = nn.Sequential(
            Residual(a), _down(a, b), Residual(b), _down(b, c), Residual(c), Residual(c), nn.SiLU()
        )
        self.leave = nn.Conv2d(c, 2 * detail, 3, padding=1)

    def forward(self, x: Tensor, base: Tensor, origin: tuple[int, int] = (0, 0)) -> tuple[Tensor, Tensor]:
        """[n, 3, h, w], [n, 3, h/4, w/4] to two [n, detail, h/16, w/16]."""
        fine = torch.cat([F.pixel_unshuffle(x, 4), base], 1)
        mean, spread = self.leave(self.body(self.enter(self.place(fine, origin)))).chunk(2, 1)
        return mean, spread.clamp(-8, 2)


class Painter(nn.Module):
    """The generator: base picture and detail code to the portrait."""

    def __init__(self, widths: tuple[int, int, int, int] = (192, 96, 64, 32), detail: int = DETAIL) -> None:
        super().__init__()
        a, b, c, d = widths
        self.place16, self.place32, self.place64 = Position(8, 16), Position(4, 32), Position(4, 64)
        self.enter16 = nn.Conv2d(detail + 48 + 8, a, 3, padding=1)
        self.body16 = nn.Sequential(Residual(a), Residual(a), Residual(a))
        self.up32 = _up(a, b)
        self.enter32 = nn.Conv2d(b + 12 + 4, b, 3, padding=1)
        self.body32 = nn.Sequential(Residual(b), Residual(b))
        self.up64 = _up(b, c)
        self.enter64 = nn.Conv2d(c + 3 + 4, c, 3, padding=1)
        self.body64 = nn.Sequential(Residual(c), Residual(c))
        self.up128 = _up(c, d)
        self.body128 = Residual(d)
        self.leave = nn.Conv2d(d, 12, 3, padding=1)
        with torch.no_grad():
            self.leave.weight.mul_(0.1)

    def forward(self, base: Tensor, detail: Tensor, origin: tuple[int, int] = (0, 0)) -> Tensor:
        """[n, 3, h, w], [n, detail, h/4, w/4] to [n, 3, 4h, 4w] in about -1..1."""
        x = torch.cat([detail, F.pixel_unshuffle(base, 4)], 1)
        x = self.body16(self.enter16(self.place16(x, origin)))
        x = torch.cat([self.up32(x), F.pixel_unshuffle(base, 2)], 1)
        x = self.body32(self.enter32(self.place32(x, origin)))
        x = torch.cat([self.up64(x), base], 1)
        x = self.body64(self.enter64(self.place64(x, origin)))
        x = self.body128(self.up128(x))
        fine = F.pixel_shuffle(self.leave(F.silu(x)), 2)
        return F.interpolate(base, scale_factor=4, mode="bilinear") + fine


class Critic(nn.Module):
    """The discriminator: how real does each 16 x 16 px cell of a portrait look, given its base?"""

    def __init__(self, widths: tuple[int, int, int] = (64, 128, 224)) -> None:
        super().__init__()
        a, b, c = widths
        self.place = Position(8, 64)
        self.enter = nn.Conv2d(48 + 3 + 8, a, 3, padding=1)
        self.body = nn.Sequential(Residual(a), _down(a, b), Residual(b), _down(b, c), Residual(c), nn.SiLU())
        self.leave = nn.Conv2d(c, 1, 3, padding=1)

    def forward(self, x: Tensor, base: Tensor, origin: tuple[int, int] = (0, 0)) -> Tensor:
        """[n, 3, h, w], [n, 3, h/4, w/4] to logits [n, 1, h/16, w/16]."""
        fine = torch.cat([F.pixel_unshuffle(x, 4), base], 1)
        return self.leave(self.body(self.enter(self.place(fine, origin))))
