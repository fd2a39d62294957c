"""Which pixel belongs to background, hair, skin or garment, found without labels.

The portraits are aligned, so a pixel's place is already a guess.  Expectation-maximisation refines
it: every portrait has one Gaussian per part over (Lab, x, y), all portraits share a map of where
parts usually lie, and the two explain each other in turns (Dempster, Laird & Rubin 1977).  The parts
are used to recolour training portraits and to teach the region network.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import torch
import torch.nn.functional as F
from torch import Tensor

from limner.anatomy import regions
from limner.core.palette import rgb_to_lab

PARTS = ("background", "hair", "skin", "garment")
SIDE = 64

_PLACE = 9.0  # weight of a pixel's place against its colour: one picture side counts as this many Lab units


def first_guess(landmarks: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Where the parts of one portrait lie judging by its landmarks alone, [4, 64, 64], sums to 1.

    Args:
        landmarks: [478, 2] in units of the side.
    """
    p = landmarks * SIDE
    oval = regions.fill(regions.scaled(p[list(regions.FACE_OVAL)], 0.97), SIDE)
    brow = p[[105, 334], 1].mean()
    chin, left, right = p[152, 1], p[234, 0], p[454, 0]
    rows, cols = np.mgrid[0:SIDE, 0:SIDE] + 0.5
    middle = (left + right) / 2
    half = (right - left) / 2
    reach = np.hypot((cols - middle) / (half * 1.45), (rows - brow) / (half * 1.75))
    guess = np.full((4, SIDE, SIDE), 0.02, np.float32)
    head = reach < 1
    guess[0] += np.where(head, 0.08, np.where(reach < 1.5, 0.6, 0.97))
    guess[1] += np.where(head, 0.88, np.where(reach < 1.5, 0.38, 0.03))
    neck = (rows > chin - 2) & (np.abs(cols - middle) < half * 0.62)
    low = rows > chin - 3
    guess[:, low] = np.array([0.46, 0.30, 0.03, 0.21], np.float32)[:, None]
    guess[:, neck] = np.array([0.03, 0.07, 0.6, 0.3], np.float32)[:, None]
    ears = (np.abs(cols - middle) < half * 1.22) & (rows > brow) & (rows < p[2, 1]) & ~oval
    guess[:, ears] = np.array([0.15, 0.45, 0.38, 0.02], np.float32)[:, None]
    brim = regions.fill(regions.scaled(p[list(regions.FACE_OVAL)], 1.2), SIDE) & ~oval & (rows < brow)
    guess[:, brim] = np.array([0.01, 0.47, 0.51, 0.01], np.float32)[:, None]
    guess[:, oval] = np.array([0.005, 0.1, 0.89, 0.005], np.float32)[:, None]
    beard = oval & (rows > p[2, 1])
    guess[:, beard] = np.array([0.005, 0.24, 0.75, 0.005], np.float32)[:, None]
    guess[:, oval & (rows < brow - half * 0.3)] = np.array([0.005, 0.14, 0.85, 0.005], np.float32)[:, None]
    return guess / guess.sum(0)


def find_parts(
    pictures: npt.NDArray[np.uint8], landmarks: npt.NDArray[np.float32], rounds: int = 8
) -> npt.NDArray[np.float32]:
    """Share of every part in every pixel.

    Args:
        pictures: uint8 [n, 64, 64, 3].
        landmarks: [n, 478, 2] in units of the side.
        rounds: turns of expectation-maximisation.

    Returns:
        float32 [n, 4, 64, 64], sums to 1 over the parts.
    """
    n = len(pictures)
    guess = torch.from_numpy(np.stack([first_guess(p) for p in landmarks]))
    lab = torch.from_numpy(rgb_to_lab(pictures)).reshape(n, -1, 3)
    rows, cols = torch.meshgrid(torch.arange(SIDE), torch.arange(SIDE), indexing="ij")
    place = torch.stack([cols, rows], -1).reshape(1, -1, 2).float() / SIDE * _PLACE
    feature = torch.cat([lab, place.expand(n, -1, -1)], 2)
    share = guess.clone()
    usual = guess.mean(0, keepdim=True)
    for _ in range(rounds):
        fresh = []
        for f, s, g in zip(feature.split(256), share.split(256), guess.split(256), strict=True):
            fresh.append(_round(f, s, g * usual**0.3))
        share = torch.cat(fresh)
        usual = share.mean(0, keepdim=True).clamp(min=0.01)
    return share.numpy()


def _round(feature: Tensor, share: Tensor, prior: Tensor) -> Tensor:
    """One maximisation and one expectation: [n, p, 5], [n, 4, 64, 64] twice, to [n, 4, 64, 64]."""
    n = len(feature)
    weight = share.reshape(n, 4, -1)
    total = weight.sum(2, keepdim=True) + 1e-3
    mean = weight @ feature / total  # [n, 4, 5]
    away = feature[:, None] - mean[:, :, None]
    spread = torch.einsum("ncp,ncpi,ncpj->ncij", weight, away, away) / total[..., None]
    spread = spread + torch.diag(torch.tensor([12.0, 8.0, 8.0, 2.0, 2.0]))
    root = torch.linalg.cholesky(spread)
    solved = torch.linalg.solve_triangular(root, away.transpose(2, 3), upper=False)
    log = -0.5 * solved.square().sum(2) - torch.diagonal(root, dim1=2, dim2=3).log().sum(-1)[..., None]
    log = log.reshape(n, 4, SIDE, SIDE) + prior.clamp(min=1e-4).log() * 0.7
    post = F.softmax(log, 1)
    post = F.avg_pool2d(F.pad(post, (1, 1, 1, 1), mode="replicate"), 3, 1) * 0.6 + post * 0.4
    return post / post.sum(1, keepdim=True)
