"""Do pictures follow the words?  Sixty briefs, sixteen seeds each, judged by rules on the picture."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from limner.core.errors import InputError
from limner.core.progress import Cancel, Listener, Progress, silent
from limner.evaluation.judge import Judge, Rule
from limner.studio.studio import Studio


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """A brief and what its pictures must measure."""

    words: str
    category: str
    rules: tuple[Rule, ...]


def read_prompts(path: Path | None = None) -> list[Prompt]:
    """The prompts that ship, or those of a TOML file of the same form.

    Raises:
        InputError: not such a file.
    """
    try:
        if path is None:
            text = resources.files("limner.evaluation").joinpath("prompts.toml").read_text("utf-8")
        else:
            text = path.read_text("utf-8")
        return [
            Prompt(
                words=p["words"],
                category=p["category"],
                rules=tuple(
                    Rule(of=r["of"], low=r.get("from", float("-inf")), high=r.get("to", float("inf")))
                    for r in p["rules"]
                ),
            )
            for p in tomllib.loads(text)["prompt"]
        ]
    except (OSError, KeyError, TypeError, tomllib.TOMLDecodeError) as exc:
        raise InputError(f"{path} is not a file of prompts ({exc!r}).") from exc


@dataclass(frozen=True, slots=True, kw_only=True)
class WordsReport:
    """Shares of right pictures."""

    overall: float
    by_category: Mapping[str, float]
    by_prompt: Mapping[str, float]


def evaluate_words(
    studio: Studio,
    judge: Judge,
    prompts: list[Prompt],
    *,
    seeds: int = 16,
    first_seed: int = 1000,
    listen: Listener = silent,
    cancel: Cancel | None = None,
) -> WordsReport:
    """Paint and judge every prompt."""
    by_prompt: dict[str, float] = {}
    groups: dict[str, list[float]] = {}
    for k, prompt in enumerate(prompts):
        portraits = studio.paint(prompt.words, n=seeds, seed=first_seed, medium="none", cancel=cancel)
        right = [all(r.holds(judge.values(p.picture)) for r in prompt.rules) for p in portraits]
        share = sum(right) / len(right)
        by_prompt[prompt.words] = share
        groups.setdefault(prompt.category, []).append(share)
        listen(Progress(stage="judging words", done=k + 1, total=len(prompts), unit="briefs", note=prompt.words))
    shares = list(by_prompt.values())
    return WordsReport(
        overall=sum(shares) / len(shares),
        by_category={name: sum(v) / len(v) for name, v in groups.items()},
        by_prompt=by_prompt,
    )
