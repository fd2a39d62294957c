"""A network with its optimiser and its average: what most tasks train."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic

import torch
from torch import Tensor, nn

from limner.trainer.loop import Average, Network, placed, set_rate


class Learner(Generic[Network]):
    """Improves a network step by step.

    Args:
        make: builds the network, the same way every time.
        device: where it lives.
        decay: of the average of its weights.
        weight_decay: of AdamW.
        betas: of AdamW.
        clip: largest norm of the gradient.
    """

    def __init__(
        self,
        make: Callable[[], Network],
        device: torch.device,
        *,
        decay: float,
        weight_decay: float,
        betas: tuple[float, float] = (0.9, 0.999),
        clip: float = 1.0,
    ) -> None:
        self._make, self._device, self._clip = make, device, clip
        self.network = placed(make(), device)
        self.average = Average(self.network, decay)
        self.optimiser = torch.optim.AdamW(self.network.parameters(), betas=betas, weight_decay=weight_decay)

    def improve(self, loss: Tensor, rate: float) -> None:
        """One optimiser step down the gradient of `loss`."""
        set_rate(self.optimiser, rate)
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(self.network.parameters(), self._clip)
        self.optimiser.step()
        self.average.update(self.network)

    def averaged(self) -> Network:
        """The network with averaged weights, in evaluation mode."""
        network = self._make()
        self.average.copy_to(network)
        return placed(network, self._device).eval()

    def state(self) -> dict[str, Any]:
        """Everything needed to go on."""
        return {
            "network": self.network.state_dict(),
            "optimiser": self.optimiser.state_dict(),
            "average": self.average.state(),
        }

    def load(self, state: dict[str, Any]) -> None:
        """The inverse of `state`."""
        self.network.load_state_dict(state["network"])
        self.optimiser.load_state_dict(state["optimiser"])
        self.average.load(state["average"])
