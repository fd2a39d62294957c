import pytest

from limner.core.progress import Progress
from limner.media import warm


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setattr(warm.platformdirs, "user_cache_dir", lambda *_, **__: str(tmp_path / "cache"))
    monkeypatch.setattr(warm, "_start_helper", lambda: None)
    return tmp_path / "cache"


def test_the_first_time_is_told_and_later_times_are_silent(cache):
    told: list[Progress] = []
    warm.prepare(told.append)
    assert told[0].done == 0
    assert told[-1].done == told[-1].total == len(warm.KERNELS)
    assert "once" in told[0].stage
    told.clear()
    warm.prepare(told.append)
    assert told == []


def test_a_changed_kernel_is_told_again(cache, monkeypatch):
    warm.prepare()
    monkeypatch.setattr(warm, "version", lambda _: "999")
    told: list[Progress] = []
    warm.prepare(told.append)
    assert told


def test_a_folder_that_cannot_be_written_does_no_harm(cache, monkeypatch):
    cache.write_text("a file is in the way")
    warm.prepare()


def test_it_can_run_in_the_background(cache):
    thread = warm.begin()
    thread.join(60)
    assert not thread.is_alive()
    assert list(cache.iterdir())
