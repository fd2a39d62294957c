"""Versions of the training portraits: each as it is, and recoloured, with its dials measured."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt

from limner.anatomy.measure import MEASURED, colours, measure
from limner.trainer.recolour import recolour

Floats = npt.NDArray[np.float32]
_CHUNK = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Versions:
    """All versions, grouped by portrait; arrays share their first dimension."""

    portrait: npt.NDArray[np.int32]
    """Row of the portrait that a version shows."""
    bases: npt.NDArray[np.uint8]
    """[m, 64, 64, 3]"""
    raw: Floats
    """[m, len(MEASURED)] raw values."""
    moved: list[str]
    """What was recoloured: parts joined by "+", "" for the portrait as it is."""


def make_versions(
    pictures: npt.NDArray[np.uint8],
    bases: npt.NDArray[np.uint8],
    landmarks: Floats,
    parts: npt.NDArray[np.uint8],
    *,
    each: int,
    seed: int,
    workers: int,
    on_done: Callable[[int], None] = lambda _: None,
) -> Versions:
    """Measure every portrait and `each` recoloured versions of it.

    Args:
        pictures: uint8 [n, 256, 256, 3].
        bases: uint8 [n, 64, 64, 3], the pictures averaged down.
        landmarks: [n, 478, 2] in units of the side.
        parts: uint8 [n, 4, 64, 64], shares of the parts times 255.
        each: recoloured versions of every portrait.
        seed: source of the choices.
        workers: processes.
        on_done: told the number of finished portraits.
    """
    n = len(pictures)
    items: Iterator[_Item] = (
        (
            s,
            np.asarray(pictures[s : s + _CHUNK]),
            np.asarray(bases[s : s + _CHUNK]),
            landmarks[s : s + _CHUNK],
            np.asarray(parts[s : s + _CHUNK]),
        )
        for s in range(0, n, _CHUNK)
    )
    job = partial(_chunk, each=each, seed=seed)
    results: list[Versions] = []
    with ProcessPoolExecutor(workers) if workers > 1 else nullcontext() as pool:
        for result in pool.map(job, items) if pool else map(job, items):
            results.append(result)
            on_done(min(n, len(results) * _CHUNK))
    return Versions(
        portrait=np.concatenate([r.portrait for r in results]),
        bases=np.concatenate([r.bases for r in results]),
        raw=np.concatenate([r.raw for r in results]),
        moved=[m for r in results for m in r.moved],
    )


_Item = tuple[int, npt.NDArray[np.uint8], npt.NDArray[np.uint8], Floats, npt.NDArray[np.uint8]]


def _chunk(item: _Item, *, each: int, seed: int) -> Versions:
    start, pictures, bases, landmarks, parts = item
    portrait: list[int] = []
    small: list[npt.NDArray[np.uint8]] = []
    raw: list[list[float]] = []
    moved: list[str] = []
    for k in range(len(pictures)):
        rng = np.random.default_rng([seed, start + k])
        values = measure(pictures[k], landmarks[k])
        portrait.append(start + k)
        small.append(bases[k])
        raw.append([values[name] for name in MEASURED])
        moved.append("")
        shares = parts[k].astype(np.float32) / 255
        for _ in range(each):
            version = recolour(bases[k], shares, landmarks[k], rng)
            fresh = values | colours(version.picture, landmarks[k])
            portrait.append(start + k)
            small.append(version.picture)
            raw.append([fresh[name] for name in MEASURED])
            moved.append("+".join(sorted(version.moved)))
    return Versions(
        portrait=np.array(portrait, np.int32),
        bases=np.stack(small),
        raw=np.array(raw, np.float32),
        moved=moved,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Recoloured:
    """One recoloured version of every portrait at full size; arrays share their first dimension."""

    pictures: npt.NDArray[np.uint8]
    """[n, 256, 256, 3]"""
    raw: Floats
    """[n, len(MEASURED)]"""
    moved: list[str]


def recolour_whole(
    pictures: npt.NDArray[np.uint8],
    landmarks: Floats,
    parts: npt.NDArray[np.uint8],
    raw: Floats,
    *,
    seed: int,
    on_done: Callable[[int], None] = lambda _: None,
) -> Recoloured:
    """Recolour every portrait once at full size, for the detail flow and the painter.

    Args:
        pictures: uint8 [n, 256, 256, 3].
        landmarks: [n, 478, 2] in units of the side.
        parts: uint8 [n, 4, 64, 64].
        raw: raw dials of the portraits as they are, [n, len(MEASURED)].
        seed: source of the choices.
        on_done: told the number of finished portraits.
    """
    out = np.empty(pictures.shape, np.uint8)
    values: list[list[float]] = []
    moved: list[str] = []
    for k, picture in enumerate(pictures):
        rng = np.random.default_rng([seed, k, 256])
        version = recolour(np.asarray(picture), parts[k].astype(np.float32) / 255, landmarks[k], rng)
        out[k] = version.picture
        fresh = dict(zip(MEASURED, raw[k].tolist(), strict=True)) | colours(version.picture, landmarks[k])
        values.append([fresh[name] for name in MEASURED])
        moved.append("+".join(sorted(version.moved)))
        if k % 100 == 99:
            on_done(k + 1)
    return Recoloured(pictures=out, raw=np.array(values, np.float32), moved=moved)
