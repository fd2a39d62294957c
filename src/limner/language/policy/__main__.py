"""Checks the policy's lists and compiles them: `python -m limner.language.policy`."""

from pathlib import Path

from limner.language.policy.index import compiled
from limner.language.policy.judge import COMPILED, source_rules

place = Path(__file__).parent / "data" / COMPILED
rules = source_rules()
place.write_text(compiled(rules), "utf-8")
print(f"{sum(len(r.phrases) for r in rules):,} phrases -> {place}")
