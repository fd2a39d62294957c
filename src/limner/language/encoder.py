"""The text encoder: a brief to a vector, in numpy, in well under a millisecond.

A static table of word and letter-group vectors, two small convolutions over neighbouring words (so
that "red hair, green eyes" and "green hair, red eyes" differ), attention pooling and two dense
layers.  It is distilled from a sentence model and from a grammar of portrait descriptions by
`limner train text`; see `limner.trainer.text`.
"""

from __future__ import annotations

from importlib import resources
from pathlib import Path

import numpy as np
import numpy.typing as npt

from limner.core.arrays import read_arrays
from limner.core.blas import one_blas_thread
from limner.core.errors import WeightsError
from limner.language.tokens import gram_rows, tokenise, word_row

Floats = npt.NDArray[np.float32]

_REMEMBERED = 20_000  # tokens whose vectors are kept: 10 MB at 128 numbers each


def _silu(x: Floats) -> Floats:
    lower = np.minimum(-x, 60)  # no overflow; what is left out is below the last bit
    np.exp(lower, out=lower)
    lower += 1
    return np.divide(x, lower, out=lower)


class TextEncoder:
    """Turns words into vectors.

    Args:
        arrays: weights by name, as written by the trainer.
    """

    def __init__(self, arrays: dict[str, npt.NDArray[np.generic]]) -> None:
        try:
            self._words = arrays["words"]
            self._grams = arrays["grams"]
            self._scale = float(arrays["scale"])
            names = [n for n in arrays if n not in ("words", "grams", "scale")]
            self._dense = {n: np.asarray(arrays[n], np.float32) for n in names}
            self._layers = sum(1 for n in names if n.startswith("mix") and n.endswith(".in.weight"))
            self._embedded: dict[str, Floats] = {}
            self.width = int(self._dense["out.bias"].shape[0])
            """Length of the vectors."""
        except KeyError as exc:
            raise WeightsError(
                f"The text encoder's weights lack {exc}.", "Reinstall Limner: pip install --force-reinstall limner"
            ) from exc

    @classmethod
    def read(cls, path: Path) -> TextEncoder:
        """Load from an `.npz` file.

        Raises:
            WeightsError: the file is missing or damaged.
        """
        return cls(read_arrays(path))

    def encode(self, text: str) -> Floats:
        """Vector of one brief, float32 [width]; all zeros for a text without words."""
        tokens = tokenise(text)
        if not tokens:
            return np.zeros(self.width, np.float32)
        with one_blas_thread:
            x = self._embed(tokens)
            for k in range(self._layers):
                x = x + self._mix(x, k)
            return self._pool(x)

    def encode_all(self, texts: list[str]) -> Floats:
        """Vectors of several briefs, float32 [n, width]."""
        return np.stack([self.encode(t) for t in texts]) if texts else np.zeros((0, self.width), np.float32)

    def _embed(self, tokens: list[str]) -> Floats:
        """Vectors of the tokens, float32 [tokens, word width]; those of earlier briefs are remembered."""
        if len(self._embedded) > _REMEMBERED:
            self._embedded = {}
        known = self._embedded  # a thread that forgets all takes nothing from this one
        for token in tokens:
            if token not in known:
                known[token] = self._vector(token)
        return np.concatenate([known[token] for token in tokens]).reshape(len(tokens), -1)

    def _vector(self, token: str) -> Floats:
        near = self._grams[list(gram_rows(token, len(self._grams)))].astype(np.float32)
        word = self._words[word_row(token, len(self._words))].astype(np.float32)
        return np.asarray((word + near.mean(0)) * np.float32(self._scale), np.float32)

    def _mix(self, x: Floats, layer: int) -> Floats:
        d = self._dense
        width = x.shape[1]
        wide = np.zeros((len(x), 3 * width), np.float32)  # every word between its neighbours
        wide[1:, :width] = x[:-1]
        wide[:, width : 2 * width] = x
        wide[:-1, 2 * width :] = x[1:]
        name = f"mix{layer}"
        hidden = _silu(wide @ d[f"{name}.in.weight"].T + d[f"{name}.in.bias"])
        return hidden @ d[f"{name}.out.weight"].T + d[f"{name}.out.bias"]

    def _pool(self, x: Floats) -> Floats:
        d = self._dense
        score = x @ d["query.weight"].T  # [tokens, heads]
        score = np.exp(score - score.max(0))
        weight = score / score.sum(0)
        pooled = (weight.T @ x).reshape(-1)
        mean = x.mean(0)
        h = np.concatenate([pooled, mean])
        h = _silu(d["hidden.weight"] @ h + d["hidden.bias"])
        out = d["out.weight"] @ h + d["out.bias"]
        return np.asarray(out / (np.linalg.norm(out) + 1e-6) * np.sqrt(self.width), np.float32)


def shipped_weights() -> Path:
    """The weights folder inside the package."""
    return Path(str(resources.files("limner.language").joinpath("weights")))
