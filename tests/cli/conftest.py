from __future__ import annotations

from dataclasses import dataclass

import pytest

from limner.cli.main import main


@dataclass
class Result:
    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        return self.out.splitlines()


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], here):
    """Run the command line in an empty folder, as the entry point does."""

    def run(*arguments: str) -> Result:
        monkeypatch.setattr("sys.argv", ["limner", *arguments])
        with pytest.raises(SystemExit) as stop:
            main()
        captured = capsys.readouterr()
        code = stop.value.code
        return Result(code if isinstance(code, int) else 0, captured.out, captured.err)

    return run
