import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from limner.core.errors import InputError, StorageError
from limner.core.reading import Reading
from limner.core.recipe import Recipe
from limner.studio.files import check_folder, file_name, format_of, slug, write_file


@given(st.text(max_size=200))
def test_slugs_are_safe_file_names(words):
    name = slug(words)
    assert 0 < len(name) <= 40
    assert not set(name) & set('/\\:*?"<>|\x00\n.')
    assert name not in ("", ".", "..")


def test_names_differ_when_recipes_do():
    one = Recipe(engine="e", weights="w", reading=Reading(words="a poet"), seed=1)
    assert file_name(one, "png").startswith("a-poet-1-")
    assert file_name(one, "png") != file_name(Recipe(engine="e", weights="x", reading=one.reading, seed=1), "png")
    assert file_name(one, "jpeg").endswith(".jpg")


def test_a_failed_write_leaves_the_old_file(tmp_path: Path, monkeypatch):
    path = write_file(tmp_path / "a" / "x.png", b"old")

    def fail(_descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(StorageError, match="disk is full"):
        write_file(path, b"new")
    assert path.read_bytes() == b"old"
    assert [p.name for p in path.parent.iterdir()] == ["x.png"]


def test_an_interrupted_write_leaves_nothing(tmp_path: Path, monkeypatch):
    def stop(_descriptor):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", stop)
    with pytest.raises(KeyboardInterrupt):
        write_file(tmp_path / "x.png", b"new")
    assert list(tmp_path.iterdir()) == []


def test_files_get_the_usual_permissions(tmp_path: Path):
    (tmp_path / "plain").write_bytes(b"")
    path = write_file(tmp_path / "x", b"")
    assert path.stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_folders_are_checked_before_work(tmp_path: Path):
    check_folder(tmp_path / "new" / "deep")
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError):
        check_folder(tmp_path / "file" / "x")


@pytest.mark.parametrize(("name", "format"), [("a.PNG", "png"), ("a.jpg", "jpeg"), ("a.webp", "webp")])
def test_formats_follow_the_ending(name, format):
    assert format_of(Path(name)) == format


@pytest.mark.parametrize("name", ["a", "a.gif", ".png"])
def test_other_endings_are_refused(name):
    with pytest.raises(InputError):
        format_of(Path(name))
