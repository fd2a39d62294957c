"""Isolation and tiers for all tests."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from limner.studio.studio import Studio


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--slow", action="store_true", help="run slow tests, too")
    parser.addoption("--train", action="store_true", help="run tests that need torch, too")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for tier in ("slow", "train"):
        if not config.getoption(f"--{tier}"):
            skip = pytest.mark.skip(reason=f"run with --{tier}")
            for item in items:
                if tier in item.keywords:
                    item.add_marker(skip)


@pytest.fixture(autouse=True)
def _own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every test has a home directory of its own and no settings from outside."""
    for name in list(os.environ):
        if name.startswith("LIMNER_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("LIMNER_HOME", str(tmp_path_factory.mktemp("home")))


@pytest.fixture(scope="session")
def studio() -> Iterator[Studio]:
    """One studio with the shipped weights for tests that only paint."""
    with Studio() as studio:
        yield studio


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty current directory."""
    monkeypatch.chdir(tmp_path)
    return tmp_path
