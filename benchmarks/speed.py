"""Speed, memory and size of Limner on this machine."""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path


def seconds(action: Callable[[], object], runs: int) -> list[float]:
    """Wall seconds of every run."""
    times = []
    for _ in range(runs):
        began = time.perf_counter()
        action()
        times.append(time.perf_counter() - began)
    return times


def command(*arguments: str) -> Callable[[], object]:
    """A cold start of the command line."""
    return lambda: subprocess.run([sys.executable, "-m", "limner", *arguments], check=True, capture_output=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    rows: dict[str, tuple[list[float], str, float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        paint = command("paint", "a melancholic poet at twilight", "-n", "8", "--out", folder)
        rows["first 8 portraits from a cold start"] = (seconds(paint, options.runs), "s", 4.0)
    rows["limner --help"] = (seconds(command("--help"), options.runs), "s", 0.4)

    import limner

    with limner.open(threads=options.threads) as studio:
        studio.paint("a young poet", n=16, seed=1)
        one = seconds(lambda: studio.paint("a young poet", seed=2), 4 * options.runs)
        many = seconds(lambda: studio.paint("a young poet", n=64, seed=3), options.runs)
        recipes = studio.plan("a young poet", seed=4)
        studio.engine.draft(recipes)
        draft = seconds(lambda: studio.engine.draft(recipes), 4 * options.runs)
        distinct = seconds(lambda: studio.paint("", n=200, seed=5, distinct=True), 1)
    rows["one portrait, warm"] = ([t * 1000 for t in one], "ms", 80.0)
    rows["64 portraits, warm"] = (many, "s", 2.0)
    rows["draft for a moving slider"] = ([t * 1000 for t in draft], "ms", 15.0)
    rows["200 distinct portraits"] = (distinct, "s", 15.0)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    rows["resident memory"] = ([peak], "MB", 800.0)
    report(rows, options.json)


def report(rows: dict[str, tuple[list[float], str, float]], as_json: bool) -> None:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    if as_json:
        print(json.dumps({k: {"median": statistics.median(v), "unit": u, "floor": f} for k, (v, u, f) in rows.items()}))
        return
    print(f"{cores} cores, load {os.getloadavg()[0]:.1f}")
    print(f"{'':<38}{'median':>9} {'min':>8} {'max':>8}   floor")
    for name, (values, unit, floor) in rows.items():
        middle = statistics.median(values)
        mark = "ok" if middle <= floor else "MISSED"
        print(f"{name:<38}{middle:>9.2f} {min(values):>8.2f} {max(values):>8.2f} {unit:<3} <= {floor:g} {mark}")


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1] / "src"))
    main()
