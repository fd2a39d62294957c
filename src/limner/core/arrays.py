"""Reading `.npz` files of weights."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from limner.core.errors import WeightsError


def read_arrays(path: Path) -> dict[str, npt.NDArray[Any]]:
    """All arrays of an `.npz` file.

    Raises:
        WeightsError: the file is missing or damaged.
    """
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as data:
            return {name: data[name] for name in data.files}
    except (OSError, ValueError, EOFError, AttributeError, zipfile.BadZipFile, zlib.error) as exc:
        raise WeightsError(
            f"The weights {path} cannot be read ({exc}).",
            "Reinstall Limner: pip install --force-reinstall limner",
        ) from exc
