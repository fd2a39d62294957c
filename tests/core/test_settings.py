from pathlib import Path

import pytest

from limner.core.errors import InputError
from limner.core.settings import SETTINGS, Settings, home


def test_flag_over_variable_over_file_over_default(tmp_path: Path):
    environ = {"LIMNER_HOME": str(tmp_path)}
    assert Settings(environ=environ)["threads"] == 0
    (tmp_path / "settings.toml").write_text("threads = 1\n")
    assert Settings(environ=environ)["threads"] == 1
    environ["LIMNER_THREADS"] = "2"
    assert Settings(environ=environ)["threads"] == 2
    settings = Settings({"threads": 3}, environ=environ)
    assert settings["threads"] == 3
    assert settings.origin("threads") == "flag"
    assert settings.origin("engine") == "default"


def test_home_moves(tmp_path: Path):
    assert home({"LIMNER_HOME": str(tmp_path)}) == tmp_path
    assert "limner" in str(home({}))


@pytest.mark.parametrize(
    ("variable", "value"), [("LIMNER_THREADS", "many"), ("LIMNER_THREADS", "-1"), ("LIMNER_RUNTIME", "tpu")]
)
def test_a_bad_value_names_its_origin(variable, value):
    with pytest.raises(InputError, match=variable):
        Settings(environ={"LIMNER_HOME": "/nowhere", variable: value})


def test_unknown_names_are_refused(tmp_path: Path):
    with pytest.raises(InputError, match="colour"):
        Settings({"colour": 1})
    (tmp_path / "settings.toml").write_text("thread = 1\n")
    with pytest.raises(InputError, match="thread"):
        Settings(environ={"LIMNER_HOME": str(tmp_path)})


def test_a_damaged_file_is_named(tmp_path: Path):
    (tmp_path / "settings.toml").write_text("threads = = 1")
    with pytest.raises(InputError, match=r"settings\.toml"):
        Settings(environ={"LIMNER_HOME": str(tmp_path)})


def test_every_setting_is_documented():
    text = (Path(__file__).parents[2] / "docs" / "settings.md").read_text("utf-8")
    for setting in SETTINGS:
        assert f"`{setting.name}`" in text
        assert f"`{setting.variable}`" in text
