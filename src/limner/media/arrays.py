"""Array types of this layer."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.floating[Any]]
"""Real numbers: float32 wherever docstrings say so or a kernel reads them; numpy's own arithmetic may widen them."""

Whole = npt.NDArray[np.int32]
"""Indices that kernels read."""
