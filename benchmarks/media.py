"""Media: speed, memory, sameness at every size, and faithfulness against filters, on this machine."""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

BRIEFS = (
    "young woman, dark brown hair, soft window light", "old fisherman, white beard", "black woman, warm light",
    "young man, red hair, blue background", "elderly woman, grey hair", "asian woman, black hair, serene",
    "dark skinned man, beard", "elf queen, silver hair", "girl with blonde hair, smiling", "middle aged man, moustache",
    "boy with curly hair", "old woman, wrinkled, headscarf",
)  # fmt: skip
PAINT = ("oil", "oil-glazed", "oil-knife", "acrylic", "gouache")


def sitters() -> list[tuple[np.ndarray, Any]]:
    """Portraits of our own engine with their features."""
    import limner
    from limner.anatomy.features import features_of

    with limner.open() as studio:
        found = []
        for k, brief in enumerate(BRIEFS):
            picture = studio.paint(brief, seed=100 * k, medium="none")[0].picture
            found.append((picture, features_of(studio.finder.in_portrait(picture))))
    return found


def speed(media: list[Any], picture: np.ndarray, face: Any, sizes: list[int], runs: int) -> None:
    """Seconds from a 256 px portrait to a picture, warm; and for light alone (as `limner media bench` takes them)."""
    from limner.media.bench import timings

    for timing in timings(media, picture, face, sizes, runs=runs):
        peak = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
        print(json.dumps({name: getattr(timing, name) for name in timing.__slots__} | {"peak MB": peak}), flush=True)


def sameness(media: list[Any], picture: np.ndarray, face: Any) -> None:
    """SSIM of 2048 px averaged to 512 px against 512 px."""
    import cv2

    from limner.media.guide import Guide
    from limner.media.hands import Hands
    from limner.media.light import show

    hands, guide = Hands(), Guide.of(picture, face)
    for medium in media:
        parameters = medium.parameters()
        plan = medium.plan(guide, parameters, 7, hands)
        large, small = (
            show(medium.deposit(plan, parameters, size, hands), medium.surface, medium.light, hands)
            for size in (2048, 512)
        )
        value = ssim(cv2.resize(large, (512, 512), interpolation=cv2.INTER_AREA), small)
        print(json.dumps({"medium": medium.id, "ssim": round(value, 3), "floor": 0.85}), flush=True)


def ssim(a: np.ndarray, b: np.ndarray) -> float:
    """Structural similarity (Wang et al., 2004), on luma."""
    import cv2

    def blur(x: np.ndarray) -> np.ndarray:
        return cv2.GaussianBlur(x, (11, 11), 1.5)

    a, b = (cv2.cvtColor(x, cv2.COLOR_RGB2GRAY).astype(np.float32) for x in (a, b))
    ma, mb = blur(a), blur(b)
    va, vb, c = blur(a * a) - ma * ma, blur(b * b) - mb * mb, blur(a * b) - ma * mb
    return float((((2 * ma * mb + 6.5) * (2 * c + 58.5)) / ((ma**2 + mb**2 + 6.5) * (va + vb + 58.5))).mean())


def faithful(source: np.ndarray, painted: np.ndarray, face: Any) -> dict[str, float]:
    """Face-edge correlation, low-pass colour difference, texture of the background; all at 512 px."""
    import cv2

    def at512(picture: np.ndarray) -> np.ndarray:
        small = picture.shape[0] < 512
        return cv2.resize(picture, (512, 512), interpolation=cv2.INTER_LANCZOS4 if small else cv2.INTER_AREA)

    a, b = at512(source), at512(painted)
    low, high = face.face.min(0) * 512, face.face.max(0) * 512
    eyes = min(face.left_eye[:, 1].min(), face.right_eye[:, 1].min()) * 512
    box = (slice(int(eyes) - 10, int(high[1])), slice(int(low[0]), int(high[0])))

    def edges(picture: np.ndarray) -> np.ndarray:
        grey = cv2.GaussianBlur(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY).astype(np.float32), (0, 0), 2)
        return np.hypot(cv2.Sobel(grey, cv2.CV_32F, 1, 0), cv2.Sobel(grey, cv2.CV_32F, 0, 1))[box].ravel()

    def lab(picture: np.ndarray) -> np.ndarray:
        soft = cv2.GaussianBlur(picture.astype(np.float32) / 255, (0, 0), 6)
        return cv2.cvtColor(soft, cv2.COLOR_RGB2LAB)

    grey = cv2.cvtColor(b, cv2.COLOR_RGB2GRAY).astype(np.float32)
    rest = grey - cv2.GaussianBlur(grey, (0, 0), 2)
    return {
        "face edges": float(np.corrcoef(edges(a), edges(b))[0, 1]),
        "low-pass dE": float(np.linalg.norm(lab(a) - lab(b), axis=2).mean()),
        "background sd": float((rest[4:60, 4:60].std() + rest[4:60, -60:-4].std()) / 2),
    }


def against_filters(media: list[Any], people: list[tuple[np.ndarray, Any]]) -> None:
    """Our paint against what filters make of the same 1024 px pictures: means over the sitters."""
    import cv2

    from limner.media.guide import Guide
    from limner.media.hands import Hands
    from limner.media.light import show

    hands = Hands()

    def ours(medium: Any) -> Callable[[np.ndarray, Any], np.ndarray]:
        def make(picture: np.ndarray, face: Any) -> np.ndarray:
            painted = medium.paint(Guide.of(picture, face), medium.parameters(), 7, 1024, hands)
            return np.asarray(show(painted, medium.surface, medium.light, hands))

        return make

    makers: dict[str, Callable[[np.ndarray, Any], np.ndarray]] = {m.id: ours(m) for m in media if m.id in PAINT}
    if hasattr(cv2, "stylization"):
        makers["OpenCV stylization"] = lambda picture, _: cv2.stylization(picture)
    if hasattr(cv2, "xphoto"):
        makers["OpenCV oilPainting"] = lambda picture, _: cv2.xphoto.oilPainting(picture, 7, 1)
    if importlib.util.find_spec("gmic"):
        makers["G'MIC brushify"] = lambda picture, _: brushify(picture)
    large = [(cv2.resize(p, (1024, 1024), interpolation=cv2.INTER_LANCZOS4), f) for p, f in people]
    for name, make in makers.items():
        make(*large[0])
        rows, seconds = [], []
        for (source, _), (picture, face) in zip(people, large, strict=True):
            began = time.perf_counter()
            painted = make(picture, face)
            seconds.append(time.perf_counter() - began)
            rows.append(faithful(source, painted, face))
        mean = {key: round(float(np.mean([row[key] for row in rows])), 3) for key in rows[0]}
        print(json.dumps({"by": name, "seconds": round(min(seconds), 2)} | mean), flush=True)


def brushify(picture: np.ndarray) -> np.ndarray:
    """What G'MIC's brushify makes of a picture (pip install gmic)."""
    import gmic
    from PIL import Image

    with tempfile.TemporaryDirectory() as folder:
        source, made = Path(folder) / "in.png", Path(folder) / "out.png"
        Image.fromarray(picture).save(source)
        gmic.run(f"{source} fx_brushify 7,0.25,4,64,25,12,0,2,4,0.2,0.5,30,1,1,1,5,0,0.2 output {made}")
        return np.asarray(Image.open(made).convert("RGB"))


def determinism(media: list[Any], picture: np.ndarray, face: Any) -> None:
    """Same bytes with 1 and 2 threads, in a worker process, and under nine paintings at once."""
    from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
    from multiprocessing import get_context

    wanted = {medium.id: digest(medium.id, picture, face, 1) for medium in media}
    odd = [id for id, text in wanted.items() if digest(id, picture, face, 2) != text]
    with ThreadPoolExecutor(9) as pool:
        at_once = list(pool.map(lambda name: digest(name, picture, face, 2), wanted))
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        elsewhere = [pool.submit(digest, id, picture, face, 2).result() for id in wanted]
    odd += [id for id, a, b in zip(wanted, at_once, elsewhere, strict=True) if not a == b == wanted[id]]
    print(json.dumps({"what": "media whose bytes differ", "of": len(media), "found": sorted(set(odd))}), flush=True)


def digest(id: str, picture: np.ndarray, face: Any, threads: int) -> str:
    """Hash of a painting of 256 px."""
    from limner.media.easel import Easel
    from limner.media.guide import Guide
    from limner.media.hands import Hands
    from limner.media.registry import registry

    easel = Easel(registry()[id], Guide.of(picture, face), seed=7, hands=Hands(threads=threads))
    return hashlib.sha256(easel.picture(256).tobytes()).hexdigest()


def first_paint() -> None:
    """Seconds from a cold cache, in a new process, to the first oil painting of 1024 px."""
    code = (
        "import time; began = time.perf_counter()\n"
        "import numpy as np\n"
        "from limner.media import warm; warm.prepare()\n"
        "from limner.media.easel import Easel; from limner.media.guide import Guide; from limner.media.oil import OIL\n"
        "y = np.linspace(40, 220, 256).astype(np.uint8)[:, None, None]\n"
        "Easel(OIL, Guide.of(np.broadcast_to(y, (256, 256, 3)))).picture(1024)\n"
        "print(time.perf_counter() - began)"
    )
    with tempfile.TemporaryDirectory() as folder:
        environ = os.environ | {"NUMBA_CACHE_DIR": folder, "XDG_CACHE_HOME": folder}
        for name, floor in (("first paint after install", 3.0), ("first paint of a later start", 1.5)):
            done = subprocess.run([sys.executable, "-c", code], env=environ, check=True, capture_output=True, text=True)
            print(json.dumps({"what": name, "seconds": round(float(done.stdout), 2), "floor": floor}), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="384,1024,2048", help="longer sides in px")
    parser.add_argument("--only", default="", help="ids of media, comma between")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--skip", default="", help="any of first, speed, sameness, determinism, filters")
    options = parser.parse_args()
    from limner.media.shipped import media

    chosen = [m for m in media() if not options.only or m.id in options.only.split(",")]
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    print(f"{cores} cores, load {os.getloadavg()[0]:.1f}")
    people = sitters()
    picture, face = people[-1]
    skip = options.skip.split(",")
    if "first" not in skip:
        first_paint()
    if "speed" not in skip:
        speed(chosen, picture, face, [int(s) for s in options.sizes.split(",")], options.runs)
    if "sameness" not in skip:
        sameness(chosen, picture, face)
    if "determinism" not in skip:
        determinism(chosen, picture, face)
    if "filters" not in skip:
        against_filters(chosen, people)


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1] / "src"))
    main()
