"""`limner doctor`: is everything in place?"""

from __future__ import annotations

import json
import os
import platform
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path

import click


@click.command(
    epilog="""\b
Examples:
  limner doctor
  limner doctor --json
"""
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per finding and line.")
def doctor(as_json: bool) -> None:
    """Check this installation: packages, weights, folders, speed.

    Ends with 0 if everything works, else with the exit code of the first failure.
    """
    from limner.core.errors import LimnerError

    worst = 0
    for name, check in _CHECKS.items():
        try:
            finding, good, code = check(), True, 0
        except LimnerError as exc:
            finding, good, code = str(exc), False, exc.exit_code
        worst = worst or code
        if as_json:
            click.echo(json.dumps({"check": name, "good": good, "finding": finding}, ensure_ascii=False))
        else:
            mark = click.style("ok  ", fg="green") if good else click.style("FAIL", fg="red")
            click.echo(f"{mark} {name:<10} {finding}")
    sys.exit(worst)


def _system() -> str:
    import limner

    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return f"Limner {limner.__version__}, Python {platform.python_version()}, {platform.platform()}, {cores} cores"


def _packages() -> str:
    from importlib.metadata import PackageNotFoundError, version

    def one(name: str) -> str:
        try:
            return f"{name} {version(name)}"
        except PackageNotFoundError:
            return f"{name} -"

    return ", ".join(
        one(n) for n in ("numpy", "pillow", "numba", "opencv-python-headless", "onnxruntime", "openvino", "torch")
    )


def _settings() -> str:
    from limner.core.settings import SETTINGS, Settings

    settings = Settings()
    changed = [
        f"{s.name}={'(hidden)' if s.secret else settings[s.name]} ({settings.origin(s.name)})"
        for s in SETTINGS
        if settings.origin(s.name) != "default"
    ]
    return f"home {settings.home}; " + (", ".join(changed) or "all settings at their defaults")


def _weights() -> str:
    from limner.anatomy.likeness import shipped_weights as anatomy_weights
    from limner.core.card import check_file, read_card
    from limner.core.settings import Settings
    from limner.engines.eigen.engine import shipped_weights as eigen_weights
    from limner.language.encoder import TextEncoder
    from limner.language.encoder import shipped_weights as language_weights

    chosen = Settings()["weights"]
    count = 0
    for folder in (Path(chosen) if chosen else eigen_weights(), anatomy_weights()):
        card = read_card(folder)
        for name in card.files:
            check_file(folder, card, name)
            count += 1
    TextEncoder.read(language_weights() / "text.npz")
    return f"{count + 1} files whole"


def _folder() -> str:
    from limner.studio.files import check_folder

    here = Path.cwd()
    check_folder(here)
    free = shutil.disk_usage(here).free / 1e9
    return f"{here} can be written, {free:.1f} GB free"


def _painting() -> str:
    import limner

    began = time.perf_counter()
    with limner.open() as studio:
        studio.paint("a young poet", seed=1)
        first = time.perf_counter()
        studio.paint("a young poet", seed=2)
        one = time.perf_counter()
        studio.paint("a young poet", seed=3, n=16)
        many = time.perf_counter()
    return (
        f"first portrait {first - began:.2f} s, next {1000 * (one - first):.0f} ms, "
        f"in a batch {1000 * (many - one) / 16:.0f} ms each"
    )


def _media() -> str:
    import limner

    with limner.open() as studio:
        began = time.perf_counter()
        (portrait,) = studio.paint("a young poet", seed=1, medium="oil", size=256)
        first = time.perf_counter()
        studio.repaint(studio.otherwise(portrait.recipe, size=1024))
        one = time.perf_counter()
        known = len(studio.atelier.media)
    return f"{known} media; first painting {first - began:.1f} s, then in oil at 1024 px {one - first:.1f} s"


_CHECKS: dict[str, Callable[[], str]] = {
    "system": _system,
    "packages": _packages,
    "settings": _settings,
    "weights": _weights,
    "folder": _folder,
    "painting": _painting,
    "media": _media,
}
