"""Do pictures look like the training portraits?  Spectra and kernel distances, beside calibration rows."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageFilter

from limner.anatomy.likeness import LikenessMeter
from limner.core.picture import Picture
from limner.evaluation.statistics import kernel_distance, octave_power


@dataclass(frozen=True, slots=True, kw_only=True)
class LookReport:
    """How the painted pictures compare with real ones."""

    octaves: tuple[float, ...]
    """Spectral power of painted over real pictures, by octave from 1-2 to 64-128 cycles per picture."""
    kernel: Mapping[str, tuple[float, float]]
    """Kernel distance to real portraits, mean and deviation, times 1000: painted, and calibration."""


def evaluate_look(
    painted: Sequence[Picture], real: Sequence[Picture], others: Sequence[Picture], witness: LikenessMeter
) -> LookReport:
    """Compare painted pictures with real ones.

    Args:
        painted: at 256 px.
        real: training portraits at 256 px.
        others: further training portraits, for the row "real against real".
        witness: whose features are compared.
    """
    ratio = octave_power(np.stack(painted)) / octave_power(np.stack(real))
    truth = _features(real, witness)
    rows = {
        "painted": painted,
        "real": others,
        "jpeg 30": [_jpeg(p, 30) for p in others],
        "blur 2": [_blur(p, 2.0) for p in others],
    }
    kernel: dict[str, tuple[float, float]] = {}
    for name, pictures in rows.items():
        mean, deviation = kernel_distance(_features(pictures, witness), truth)
        kernel[name] = (1000 * mean, 1000 * deviation)
    return LookReport(octaves=tuple(float(r) for r in ratio), kernel=kernel)


def _features(pictures: Sequence[Picture], witness: LikenessMeter) -> npt.NDArray[np.float64]:
    vectors, traits = witness.look(list(pictures))
    return np.concatenate([vectors * np.sqrt(vectors.shape[1]), traits * 0.3], 1).astype(float)


def _jpeg(picture: Picture, quality: int) -> Picture:
    out = io.BytesIO()
    Image.fromarray(picture).save(out, "JPEG", quality=quality)
    return np.asarray(Image.open(out).convert("RGB"))


def _blur(picture: Picture, radius: float) -> Picture:
    return np.asarray(Image.fromarray(picture).filter(ImageFilter.GaussianBlur(radius)))
