"""The figures: rank correlation, spectra, kernel distances, a linear classifier."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def spearman(x: npt.ArrayLike, y: npt.ArrayLike) -> float:
    """Spearman's rank correlation; ties share their mean rank."""
    a, b = _ranks(np.asarray(x, float)), _ranks(np.asarray(y, float))
    a, b = a - a.mean(), b - b.mean()
    size = np.sqrt((a @ a) * (b @ b))
    return float(a @ b / size) if size > 0 else 0.0


def _ranks(values: Floats) -> Floats:
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    return ((ends - counts + ends - 1) / 2)[inverse]


def octave_power(pictures: npt.NDArray[np.uint8]) -> Floats:
    """Mean spectral power of luma by octave of spatial frequency.

    Args:
        pictures: uint8 [n, s, s, 3].

    Returns:
        [o] power in 1-2, 2-4, ... cycles per picture, the last octave ending at s/2.
    """
    side = pictures.shape[1]
    frequency = np.fft.fftfreq(side) * side
    radius = np.hypot(frequency[:, None], frequency[None, :])
    edges = [2.0**k for k in range(int(np.log2(side)))]
    window = np.hanning(side)[:, None] * np.hanning(side)[None, :]
    power = np.zeros((side, side))
    for picture in pictures:
        luma = picture.astype(float) @ np.array([0.299, 0.587, 0.114])
        power += np.abs(np.fft.fft2((luma - luma.mean()) * window)) ** 2
    power /= len(pictures)
    return np.array([power[(radius >= e) & (radius < 2 * e)].mean() for e in edges])


def kernel_distance(x: Floats, y: Floats, *, subsets: int = 50, size: int = 500, seed: int = 0) -> tuple[float, float]:
    """Kernel inception distance with a cubic kernel, mean and standard deviation over subsets.

    Binkowski et al. 2018: unbiased squared maximum mean discrepancy under `(x.y / d + 1)^3`; the
    features come from a network of ours instead of Inception.
    """
    rng = np.random.default_rng(seed)
    size = min(size, len(x), len(y))
    values: list[float] = []
    for _ in range(subsets):
        a = x[rng.choice(len(x), size, replace=False)]
        b = y[rng.choice(len(y), size, replace=False)]
        values.append(_mmd(a, b))
    return float(np.mean(values)), float(np.std(values))


def _mmd(a: Floats, b: Floats) -> float:
    d, n = a.shape[1], len(a)

    def kernel(p: Floats, q: Floats) -> Floats:
        return (p @ q.T / d + 1) ** 3

    aa, bb, ab = kernel(a, a), kernel(b, b), kernel(a, b)
    within = (aa.sum() - np.trace(aa) + bb.sum() - np.trace(bb)) / (n * (n - 1))
    return float(within - 2 * ab.mean())


def discriminant(known: Floats, labels: npt.NDArray[np.int_], unknown: Floats, shrink: float = 0.2) -> Floats:
    """Linear discriminant analysis (Fisher 1936) with the common covariance shrunk towards its diagonal.

    Args:
        known: float64 [n, d] features of examples.
        labels: [n] their classes, 0..k-1.
        unknown: float64 [m, d] features of what is to be classified.
        shrink: weight of the diagonal, 0..1 (as in Schaefer and Strimmer 2005, but fixed).

    Returns:
        float64 [m, k]: log-likelihood of each class up to a constant; classes count alike.
    """
    middle, spread = known.mean(0), known.std(0) + 1e-9
    known, unknown = (known - middle) / spread, (unknown - middle) / spread
    centres = np.stack([known[labels == k].mean(0) for k in range(labels.max() + 1)])
    rest = known - centres[labels]
    common = rest.T @ rest / max(len(rest) - len(centres), 1)
    common = (1 - shrink) * common + shrink * np.diag(np.diag(common)) + 1e-6 * np.eye(len(common))
    weights = np.linalg.solve(common, centres.T)
    return unknown @ weights - 0.5 * (centres.T * weights).sum(0)
