import logging
import tomllib
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from limner.core.errors import InputError
from limner.media import registry as module
from limner.media.registry import Registry, registry
from limner.media.shipped import media


def test_media_are_found_by_id():
    found = Registry(media())
    assert found["oil"].title == "Oil, alla prima"
    assert "oil" in found
    assert "fresco secco" not in found
    assert next(iter(found)).id == "none"
    assert len(found) == len(media()) >= 20


def test_an_unknown_medium_names_its_neighbours():
    with pytest.raises(InputError, match="watercolour"):
        Registry(media())["watercolor"]
    with pytest.raises(InputError, match="Known are: none, oil"):
        Registry(media())["xyzzy"]


def test_media_are_added_all_or_none():
    found = Registry(media()[:3])
    with pytest.raises(InputError, match="oil"):
        found.add(media()[1:6])
    assert len(found) == 3


def _points(monkeypatch, *values: str) -> None:
    points = [EntryPoint(name=f"p{k}", value=value, group=module.GROUP) for k, value in enumerate(values)]
    monkeypatch.setattr(module, "entry_points", lambda group: points)


def test_packages_offer_media_by_entry_points(monkeypatch):
    _points(monkeypatch, "limner.media.shipped:media")
    assert "oil" in registry()


def test_a_package_that_fails_is_left_out_with_a_warning(monkeypatch, caplog):
    _points(monkeypatch, "limner.media.shipped:media", "limner.media.nothing:media")
    with caplog.at_level(logging.WARNING):
        assert "oil" in registry()
    assert "limner.media.nothing" in caplog.text


def test_ours_take_the_same_path():
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text("utf-8"))["project"]
    offered = project.get("entry-points", {}).get(module.GROUP)
    if offered is None:
        pytest.skip("pyproject.toml does not offer limner.media yet")
    assert offered == {"limner": "limner.media.shipped:media"}
