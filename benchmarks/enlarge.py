"""Enlarging: the network of the medium `none` beside interpolation, on held-out portraits; speed, memory, sameness.

Portraits are averaged down to a size at which they are crisp (240 px), halved or quartered, and enlarged back by
each peer; what comes out is compared with the original.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import cv2
import numpy as np

Enlarging = Callable[[np.ndarray, int], np.ndarray]
CRISP = 240  # px: the collection's portraits were enlarged from 238 px once


def held_out(workspace: Path, count: int) -> list[np.ndarray]:
    """Portraits that no training saw, float32 0..1 [240, 240, 3]."""
    records = [json.loads(line) for line in (workspace / "data" / "records.jsonl").read_text("utf-8").splitlines()]
    rows = [k for k, r in enumerate(records) if r["split"] == "val"][:count]
    pictures = np.load(workspace / "data" / "portraits.npy", mmap_mode="r")
    return [cv2.resize(np.float32(pictures[k]) / 255, (CRISP, CRISP), interpolation=cv2.INTER_AREA) for k in rows]


def engine_portraits() -> list[np.ndarray]:
    """Our own sitters, float32 0..1 [256, 256, 3]."""
    import limner
    from limner.studio.samples import SITTERS

    with limner.open() as studio:
        return [np.float32(studio.paint(w, seed=s, medium="none")[0].picture) / 255 for w, s in SITTERS]


# peers ------------------------------------------------------------------------------------------


def network(**values: float) -> Enlarging:
    """Our medium as it ships."""
    from limner.media.enlarge import Enlarge, enlarged
    from limner.media.hands import Hands

    parameters = Enlarge.of(values)
    return lambda small, side: enlarged(np.ascontiguousarray(small), (side, side), parameters, Hands())


def interpolation(how: int) -> Enlarging:
    return lambda small, side: np.clip(cv2.resize(small, (side, side), interpolation=how), 0, 1)


def steepened(small: np.ndarray, side: int) -> np.ndarray:
    """What the medium did before it had a network: Lanczos, and edges made steep without overshooting."""
    from limner.media.enlarge import resampled
    from limner.media.enlarge import steepened as steepen

    return steepen(resampled(np.ascontiguousarray(small), (side, side)), side / small.shape[0], 0.6)


def peers() -> dict[str, Enlarging]:
    return {
        "OpenCV bicubic": interpolation(cv2.INTER_CUBIC),
        "OpenCV Lanczos": interpolation(cv2.INTER_LANCZOS4),
        "Lanczos steepened (before)": steepened,
        "network, as shipped": network(),
        "network, nothing to clean": network(clean=0),
    }


# measures ---------------------------------------------------------------------------------------


def psnr(a: np.ndarray, b: np.ndarray) -> float:
    return float(-10 * np.log10(np.square(a - b).mean()))


def grey(picture: np.ndarray) -> np.ndarray:
    return cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)


def slope_psnr(a: np.ndarray, b: np.ndarray) -> float:
    """Of Sobel slopes, across and down together."""
    slopes = [np.stack([cv2.Sobel(grey(x), cv2.CV_32F, *d, scale=0.125) for d in ((1, 0), (0, 1))]) for x in (a, b)]
    return psnr(*slopes)


def ssim(a: np.ndarray, b: np.ndarray) -> float:
    """Structural similarity (Wang et al., 2004), on luma."""
    a, b = grey(a), grey(b)

    def blur(x: np.ndarray) -> np.ndarray:
        return cv2.GaussianBlur(x, (11, 11), 1.5)

    ma, mb = blur(a), blur(b)
    va, vb, c = blur(a * a) - ma * ma, blur(b * b) - mb * mb, blur(a * b) - ma * mb
    return float((((2 * ma * mb + 1e-4) * (2 * c + 9e-4)) / ((ma**2 + mb**2 + 1e-4) * (va + vb + 9e-4))).mean())


def fine(picture: np.ndarray) -> float:
    """Energy of the finest octave: mean absolute difference from a slight blur."""
    return float(np.abs(grey(picture) - cv2.GaussianBlur(grey(picture), (0, 0), 1.0)).mean())


def smaller(picture: np.ndarray, factor: int, how: int, quality: int = 0) -> np.ndarray:
    """A picture at 1 / factor of the side, in whole grey levels, perhaps after JPEG."""
    side = picture.shape[0] // factor
    if how == cv2.INTER_AREA:
        small = cv2.resize(picture, (side, side), interpolation=how)
    else:
        small = cv2.resize(cv2.GaussianBlur(picture, (0, 0), 0.4 * factor), (side, side), interpolation=how)
    small = np.rint(np.clip(small, 0, 1) * 255).astype(np.uint8)
    if quality:
        small = cv2.imdecode(cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, quality])[1], cv2.IMREAD_COLOR)
    return np.float32(small) / 255


def quality(pictures: list[np.ndarray], what: str) -> None:
    """Means over pictures, one line for each peer and way of making smaller."""
    ways: dict[str, Callable[[np.ndarray], np.ndarray]] = {
        "x2, averaged": lambda p: smaller(p, 2, cv2.INTER_AREA),
        "x2, blurred": lambda p: smaller(p, 2, cv2.INTER_CUBIC),
        "x2, JPEG 80": lambda p: smaller(p, 2, cv2.INTER_AREA, 80),
        "x4, averaged": lambda p: smaller(p, 4, cv2.INTER_AREA),
    }
    for way, make in ways.items():
        for name, enlarge in peers().items():
            rows = []
            for picture in pictures:
                back = enlarge(make(picture), picture.shape[0])
                rows.append(
                    (psnr(back, picture), slope_psnr(back, picture), ssim(back, picture), fine(back) / fine(picture))
                )
            mean = np.mean(rows, axis=0)
            figures = dict(zip(("psnr", "slope psnr", "ssim", "fine detail"), mean.round(3).tolist(), strict=True))
            print(json.dumps({"pictures": what, "way": way, "by": name} | figures), flush=True)


# speed and sameness -----------------------------------------------------------------------------


def paint(picture: np.ndarray, size: int, threads: int = 0) -> np.ndarray:
    from limner.media.easel import Easel
    from limner.media.enlarge import ENLARGE
    from limner.media.guide import Guide
    from limner.media.hands import Hands

    return np.asarray(Easel(ENLARGE, Guide.of(picture), hands=Hands(threads=threads)).picture(size))


def speed(picture: np.ndarray, sizes: list[int]) -> None:
    paint(picture, 512)
    for size in sizes:
        times = []
        for _ in range(3 if size < 4096 else 1):
            began, before = time.perf_counter(), time.process_time()
            paint(picture, size)
            times.append((time.perf_counter() - began, time.process_time() - before))
        wall, used = min(times)
        row: dict[str, Any] = {"size": size, "seconds": round(wall, 3), "processor": round(used, 3)}
        for name, enlarge in peers().items():
            if name.startswith(("OpenCV", "Lanczos")):
                began = time.perf_counter()
                enlarge(picture, size)
                row[f"times {name}"] = round(wall / (time.perf_counter() - began), 1)
        print(json.dumps(row), flush=True)


def memory(size: int) -> None:
    """Peak resident memory of a process that does nothing else."""
    code = (
        "import sys, numpy as np; sys.path[:0] = ['benchmarks', 'src']; import enlarge\n"
        f"enlarge.paint(np.random.default_rng(1).random((256, 256, 3), np.float32), {size})\n"
        "print(next(line.split()[1] for line in open('/proc/self/status') if line.startswith('VmHWM')))"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    print(json.dumps({"size": size, "peak MiB": int(done.stdout) // 1024}), flush=True)


def sameness(picture: np.ndarray) -> None:
    """Draft and print agree; one thread, two, and nine paintings at once make the same bytes."""
    large, small = paint(picture, 2048), paint(picture, 512)
    down = np.float32(cv2.resize(large, (512, 512), interpolation=cv2.INTER_AREA)) / 255
    alike = ssim(down, np.float32(small) / 255)

    def digest(threads: int) -> str:
        return hashlib.sha256(paint(picture, 700, threads).tobytes()).hexdigest()

    with ThreadPoolExecutor(9) as pool:
        found = {digest(1), digest(2), digest(5), *pool.map(digest, [2, 1, 3] * 3)}
    print(json.dumps({"ssim of 2048 averaged to 512": round(alike, 4), "different bytes": len(found) - 1}), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workspace", type=Path, default=Path("training"), help="training folder, for held-out faces")
    parser.add_argument("--count", type=int, default=100, help="held-out portraits")
    parser.add_argument("--sizes", default="384,1024,2048,4096", help="longer sides in px")
    parser.add_argument("--skip", default="", help="any of quality, engine, speed, memory, sameness")
    options = parser.parse_args()
    skip = options.skip.split(",")
    print(f"{len(os.sched_getaffinity(0))} cores, load {os.getloadavg()[0]:.1f}")
    if "quality" not in skip:
        quality(held_out(options.workspace, options.count), "held-out")
    sitters = engine_portraits()
    if "engine" not in skip:
        quality(sitters, "engine")
    if "speed" not in skip:
        speed(sitters[0], [int(s) for s in options.sizes.split(",")])
    if "memory" not in skip:
        memory(4096)
    if "sameness" not in skip:
        sameness(sitters[0])


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1] / "src"))
    main()
