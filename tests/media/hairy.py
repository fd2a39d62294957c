"""Heads with single hairs whose matte is known, over backgrounds that are known."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from limner.core.features import Features


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    picture: npt.NDArray[np.uint8]
    alpha: npt.NDArray[np.float32]
    front: npt.NDArray[np.float32]
    """The sitter's own colours, 0..1."""
    back: npt.NDArray[np.float32]
    """The background's own colours, 0..1."""
    features: Features


def head(side: int, seed: int, *, hair: tuple[float, float, float], ground: tuple[float, float, float]) -> Head:
    """A head with some hundred hairs that fly beyond its hairdo."""
    rng = np.random.default_rng(seed)
    scale = side / 1024
    alpha = np.zeros((side, side), np.uint8)
    shift = 6
    one = 1 << shift

    def at(x: float, y: float) -> tuple[int, int]:
        return round(x * side * one), round(y * side * one)

    cv2.ellipse(alpha, at(0.5, 0.46), at(0.27, 0.34), 0, 0, 360, 255, -1, cv2.LINE_AA, shift)
    body = np.array([at(0.40, 0.7), at(0.60, 0.7), at(0.92, 1.05), at(0.08, 1.05)], np.int32)
    cv2.fillPoly(alpha, [body], 255, cv2.LINE_AA, shift)
    super_side = side  # strands are drawn at twice the size and averaged, so thin ones are half there
    strands = np.zeros((super_side * 2, super_side * 2), np.uint8)
    for _ in range(420):
        turn = rng.uniform(np.pi * 0.95, np.pi * 2.05)
        x, y = 0.5 + 0.26 * np.cos(turn), 0.46 + 0.33 * np.sin(turn)
        heading = turn + rng.normal(0, 0.7)
        curl = rng.normal(0, 0.5)
        points = [(x, y)]
        for _ in range(14):
            x, y = x + 0.009 * np.cos(heading), y + 0.009 * np.sin(heading)
            heading += curl * 0.25 + rng.normal(0, 0.08)
            points.append((x, y))
        length = rng.integers(5, 15)
        path = np.array(
            [(round(px * side * 2 * one), round(py * side * 2 * one)) for px, py in points[:length]], np.int32
        )
        thick = max(1, round(rng.uniform(1.0, 4.0) * scale))
        cv2.polylines(strands, [path], False, 255, thick, cv2.LINE_AA, shift)
    thin = cv2.resize(strands, (side, side), interpolation=cv2.INTER_AREA)
    matte = np.maximum(alpha, thin).astype(np.float32) / 255
    unrest = [_unrest(rng, side, 2.0), _unrest(rng, side, 40.0)]
    y, x = np.mgrid[0:side, 0:side].astype(np.float32) / side
    back = np.array(ground) + 0.10 * (x - 0.5)[..., None] + 0.012 * unrest[0] + 0.10 * unrest[1]
    front = np.array(hair) + 0.06 * (y - 0.5)[..., None] + 0.03 * unrest[0][::-1]
    face = ((x - 0.5) / 0.17) ** 2 + ((y - 0.52) / 0.24) ** 2 < 1
    front[face] = np.array([0.78, 0.6, 0.5]) + 0.05 * unrest[0][face]
    front, back = np.clip(front, 0, 1).astype(np.float32), np.clip(back, 0, 1).astype(np.float32)
    share = matte[..., None]
    picture = np.rint((share * front + (1 - share) * back) * 255).astype(np.uint8)
    return Head(picture=picture, alpha=matte, front=front, back=back, features=_features())


def _features() -> Features:
    turn = np.linspace(0, 2 * np.pi, 36, endpoint=False)
    face = np.stack([0.5 + 0.17 * np.cos(turn), 0.52 + 0.24 * np.sin(turn)], -1).astype(np.float32)
    parts = ("left_eye", "right_eye", "left_iris", "right_iris", "left_brow", "right_brow", "nose", "lips", "mouth")
    return Features(face=face, **dict.fromkeys(parts, face))


def _unrest(rng: np.random.Generator, side: int, reach: float) -> npt.NDArray[np.float32]:
    """Smooth noise of unit strength whose spots are `reach` thousandths of the side wide, made small and enlarged."""
    small = min(side, round(4096 / reach))
    noise = cv2.GaussianBlur(rng.normal(0, 1, (small, small, 3)).astype(np.float32), (0, 0), reach / 1024 * small)
    noise = noise / noise.std() * np.float32(0.28)
    return np.asarray(cv2.resize(noise, (side, side), interpolation=cv2.INTER_CUBIC), np.float32)
