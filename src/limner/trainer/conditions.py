"""What a flow is told while it trains: words and dials, each withheld at random."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True, slots=True, kw_only=True)
class Withholding:
    """How much is withheld and disturbed."""

    text: float
    """Share of examples whose words are withheld."""
    noise: float
    """Noise on the text vector, relative to its length; 0 while validating."""
    dials: float
    """Share of examples whose dials are all withheld."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """Words and dials of every row."""

    dials: Tensor
    """float32 [m, d] normal scores."""
    forced: Tensor
    """bool [m, d]: dials that are never withheld, because they say what was recoloured: without them a
    recoloured version would pass for an ordinary portrait."""
    text: Tensor
    """float16 [c, w] text vectors."""
    first: Tensor
    """int64 [m] first row of `text` that describes the row."""
    count: Tensor
    """int64 [m] how many rows of `text` describe it (0: none)."""

    def draw(
        self, rows: Tensor, withholding: Withholding, generator: torch.Generator
    ) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Text vectors [n, w], whether each is given [n], dials [n, d], and which are given [n, d].

        A dial is kept with probability q^2 (q uniform, one for each example): from "nearly none" to
        "all" in one batch; every fifth example keeps hardly any, so that one dial alone is learned.
        """
        n, device = len(rows), generator.device

        def rand(*shape: int) -> Tensor:
            return torch.rand(*shape, generator=generator, device=device)

        count = self.count[rows].to(device)
        which = self.first[rows].to(device) + (rand(n) * count).long()
        text = self.text[which.cpu().clamp(max=len(self.text) - 1)].to(device).float()
        known = ((count > 0) & (rand(n) > withholding.text)).float()
        if withholding.noise > 0:
            size = withholding.noise * text.norm(dim=1, keepdim=True) / math.sqrt(text.shape[1])
            text = text + size * torch.randn(text.shape, generator=generator, device=device)
        dials = self.dials[rows].to(device)
        keep = torch.where(rand(n, 1) < 0.2, 0.05 * torch.ones(n, 1, device=device), rand(n, 1).square())
        mask = (rand(n, dials.shape[1]) < keep) & (rand(n, 1) > withholding.dials)
        return text, known, dials, (mask | self.forced[rows].to(device)).float()


def disturbed(x: Tensor, generator: torch.Generator) -> tuple[Tensor, Tensor, Tensor]:
    """A point on the way from data to noise (rectified flow).

    Args:
        x: [n, ...] data.
        generator: source of time and noise.

    Returns:
        Time [n] (logit-normal, Esser et al. 2024), the point `(1 - t) x + t e`, and the velocity `e - x`.
    """
    n, device = len(x), generator.device
    t = torch.sigmoid(torch.randn(n, generator=generator, device=device))
    e = torch.randn(x.shape, generator=generator, device=device)
    share = t.view(n, *([1] * (x.dim() - 1)))
    return t, (1 - share) * x + share * e, e - x
