from pathlib import Path

from limner.cli.reference import page
from limner.core.errors import LimnerError


def test_the_reference_page_is_up_to_date():
    written = (Path(__file__).parents[2] / "docs" / "commands.md").read_text("utf-8")
    assert written.rstrip() == page().rstrip(), "run: python -m limner.cli.reference > docs/commands.md"


def test_the_reference_page_lists_every_exit_code():
    codes = {LimnerError.exit_code}
    waiting = [LimnerError]
    while waiting:
        kind = waiting.pop()
        codes.add(kind.exit_code)
        waiting += kind.__subclasses__()
    for code in codes:
        assert f"| {code} |" in page()
