"""Limner paints portraits of people who do not exist.

import limner

studio = limner.open()
portraits = studio.paint("a melancholic poet at twilight", n=8)
portraits[0].save("poet.png")
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from limner._version import __version__

if TYPE_CHECKING:
    from limner.core.errors import LimnerError
    from limner.core.progress import Cancel, Progress
    from limner.core.reading import Reading
    from limner.core.recipe import Recipe
    from limner.studio.portrait import Portrait
    from limner.studio.studio import Studio

__all__ = [
    "Cancel",
    "LimnerError",
    "Portrait",
    "Progress",
    "Reading",
    "Recipe",
    "Studio",
    "__version__",
    "open",
]

_HOMES = {
    "Cancel": "limner.core.progress",
    "LimnerError": "limner.core.errors",
    "Portrait": "limner.studio.portrait",
    "Progress": "limner.core.progress",
    "Reading": "limner.core.reading",
    "Recipe": "limner.core.recipe",
    "Studio": "limner.studio.studio",
}


def open(**settings: Any) -> Studio:
    """Open a studio.

    Args:
        settings: values for `limner.core.settings.SETTINGS` by name (`threads=1`); what is not given
            comes from variables, the settings file, or defaults.

    Raises:
        InputError: an unknown setting or a value that is not allowed.
    """
    from limner.core.settings import Settings
    from limner.studio.studio import Studio

    return Studio(Settings(settings))


def __getattr__(name: str) -> Any:
    # numpy and Pillow are only imported once something is used: `limner --help` stays quick
    if name in _HOMES:
        from importlib import import_module

        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'limner' has no attribute {name!r}")
