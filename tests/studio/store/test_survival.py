"""Killed, crowded, full, read-only: nothing that was finished is lost, and what is wrong is said."""

import errno
import multiprocessing
import os
import random
import subprocess
import time
from multiprocessing.forkserver import ensure_running
from pathlib import Path

import busy_process
import pytest
from studio_world import facts, picture_file, snapshot, work

from limner.core.errors import StorageError
from limner.studio.curation.marks import rate
from limner.studio.store.check import check
from limner.studio.store.database import Database
from limner.studio.store.place import place_at
from limner.studio.store.portraits import count, fetch, latest
from limner.studio.store.recovery import recover
from limner.studio.store.store import Store
from limner.studio.store.values import Work


@pytest.fixture(scope="module", autouse=True)
def _forks_quickly():
    """Processes come from one that has imported everything; it must find the helpers of these tests."""
    before = os.environ.get("PYTHONPATH", "")
    os.environ["PYTHONPATH"] = os.pathsep.join([str(Path(busy_process.__file__).parent), before])
    multiprocessing.set_forkserver_preload(["busy_process"])
    ensure_running()
    os.environ["PYTHONPATH"] = before


class Busy:
    """A process at work, and what it has said."""

    def __init__(self, place, seed, steps=100_000):
        processes = multiprocessing.get_context("forkserver")
        self.ear, mouth = processes.Pipe(duplex=False)
        self.process = processes.Process(target=busy_process.run, args=(place, seed, steps, mouth), daemon=True)
        self.process.start()
        mouth.close()
        self.kept: set[str] = set()
        self.doomed: set[str] = set()
        self.heard = 0

    def listen(self, seconds):
        """Hear what it says for a while, or until it ends."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            try:
                if not self.ear.poll(left):
                    return
                what, ids = self.ear.recv()
            except EOFError:
                return
            self.heard += 1
            {"kept": self.kept, "doomed": self.doomed}.get(what, set()).update(ids)

    def kill(self):
        self.process.kill()
        self.process.join()
        self.listen(0.5)
        self.process.close()
        self.ear.close()


def survive(place, kills, seed=0):
    """Kill a working process again and again; what it announced is there every time."""
    draw = random.Random(seed)
    kept: set[str] = set()
    doomed: set[str] = set()
    for k in range(kills):
        busy = Busy(place, seed=1000 + k)
        # half of them are killed after something was announced, half at any time after the studio was opened
        while not (busy.kept if k % 2 else busy.heard):
            busy.listen(0.02)
        busy.listen(draw.uniform(0, 0.2))
        busy.kill()
        kept |= busy.kept
        doomed |= busy.doomed
        with Store(place) as store:
            assert check(store, quick=True) == []
            wanted = sorted(kept - doomed)
            with store.read() as c:
                assert all(found.picture for found in fetch(c, wanted))
    with Store(place) as store:
        assert check(store) == []
        assert store.pictures.intents() == {}
        assert not list(Path(place.pictures).rglob("*.part"))
    assert len(kept) >= kills // 2


def test_ten_kills_lose_nothing(place):
    survive(place, 10)


@pytest.mark.slow
def test_two_hundred_kills_lose_nothing(place):
    survive(place, 200, seed=7)


def test_two_processes_on_one_studio_corrupt_nothing(place):
    Store(place).close()
    crew = [Busy(place, seed, steps=25) for seed in (1, 2)]
    for busy in crew:
        busy.listen(120)
        busy.process.join()
        assert busy.process.exitcode == 0
    with Store(place) as store, store.read() as c:
        assert check(store) == []
        wanted = sorted((crew[0].kept | crew[1].kept) - crew[0].doomed - crew[1].doomed)
        assert all(found.picture for found in fetch(c, wanted))
        assert len(wanted) > 20


def test_two_processes_may_found_one_studio_at_once(tmp_path):
    place = place_at(tmp_path / "new")
    crew = [Busy(place, seed, steps=3) for seed in (1, 2, 3)]
    for busy in crew:
        busy.listen(60)
        busy.process.join()
        assert busy.process.exitcode == 0
    with Store(place) as store:
        assert check(store) == []


def test_what_was_on_disk_before_the_database_knew_is_taken_in(store, monkeypatch):
    """A process that dies between the rename and the commit."""
    (parent,) = store.keep([work(1)])

    class Killed(BaseException):
        pass

    def die(*_):
        raise Killed

    intents = store.pictures.intents
    with monkeypatch.context() as m:
        m.setattr("limner.studio.store.keep.insert_entries", die)
        m.setattr(type(store.pictures), "remove", lambda *_: None)  # the dead do not clear up
        m.setattr(type(store.pictures), "forget", lambda *_: None)
        with pytest.raises(Killed):
            store.keep([work(2), work(3, "webp")])
    assert len(intents()) == 1
    assert recover(store.database, store.pictures) == 2
    assert intents() == {}
    with store.read() as c:
        assert {k.recipe for k in latest(c)} == {parent.recipe, *(picture_file(s)[0].id for s in (2, 3))}
    assert check(store) == []


def test_emptying_that_was_cut_off_is_finished(store):
    kept = store.keep([work(1), work(2)])
    path = f"{kept[0].picture[:2]}/{kept[0].picture}.png"
    lost = "aa/" + "a" * 64 + ".png"
    store.pictures.write({lost: b"left over"})
    store.pictures.intend("drop", [path, lost])
    recover(store.database, store.pictures)
    assert store.pictures.exists(path)
    assert not store.pictures.exists(lost)


def test_a_full_disk_keeps_what_came_before(store, monkeypatch):
    first = store.keep([work(1)])
    before = snapshot(store)
    calls = iter(range(100))

    def full(_handle):
        if next(calls) > 2:
            raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as m:
        m.setattr(os, "fsync", full)
        with pytest.raises(StorageError, match="disk is full"):
            store.keep([work(seed) for seed in range(2, 12)])
    assert snapshot(store) == before
    assert len(list(store.pictures.listing())) == 1
    assert check(store) == []
    assert len(store.keep([work(seed) for seed in range(2, 12)])) == 10
    assert store.picture_of(first[0])


def test_a_full_database_keeps_what_came_before(tmp_path, clock):
    place = place_at(tmp_path / "studio")
    with Store(place, clock=clock) as store:
        store.keep([work(1)])
        before = facts(store)
        with store.database.engine.connect() as c:
            pages = c.exec_driver_sql("PRAGMA page_count").scalar()
        database = Database(place, clock=clock)
        from sqlalchemy import event

        def small(connection, _):
            connection.execute(f"PRAGMA max_page_count = {pages + 2}")

        event.listen(store.database.engine, "connect", small)
        store.database.engine.dispose()
        with pytest.raises(StorageError, match="disk is full"):
            store.keep([work(seed) for seed in range(2, 60)])
        event.remove(store.database.engine, "connect", small)
        store.database.engine.dispose()
        database.close()
        assert facts(store) == before
        assert check(store) == []


def _mounted(folder: Path, *options: str) -> bool:
    """Mount a small disk of memory; False where that is not allowed."""
    command = ["mount", "-t", "tmpfs", *options, "tmpfs", str(folder)]
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        return False


@pytest.fixture
def small_disk(tmp_path):
    folder = tmp_path / "disk"
    folder.mkdir()
    if not _mounted(folder, "-o", "size=3m"):
        pytest.skip("disks cannot be mounted here")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_disk_that_really_is_full(small_disk, clock):
    place = place_at(small_disk / "studio")
    kept = []
    with Store(place, clock=clock) as store:

        def fill():
            for seed in range(10_000):
                kept.extend(store.keep([work(seed, reason="x" * 5000)]))

        with pytest.raises(StorageError, match="disk is full"):
            fill()
        assert len(kept) > 20
        with store.read() as c:
            assert count(c) == len(kept)
    with Store(place, clock=clock) as store:  # full as it is, one can look
        with store.read() as c:
            assert {k.id for k in fetch(c, [k.id for k in kept])} == {k.id for k in kept}
        assert all(store.picture_of(k) for k in kept)
    for folder in list(Path(place.pictures).glob("??"))[:20]:
        for file in folder.iterdir():
            file.unlink()
    with Store(place, clock=clock) as store:
        assert {fault.kind for fault in check(store)} == {"missing"}
        store.keep([work(99_999)])


def test_read_only_media(small_disk, clock):
    place = place_at(small_disk / "studio")
    with Store(place, clock=clock) as store:
        kept = store.keep([work(1), work(2)])
        before = snapshot(store)
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    with pytest.raises(StorageError, match="read-only"), Store(place, clock=clock) as store:
        store.keep([work(3)])
    with Store(place, clock=clock, read_only=True) as store:
        assert snapshot(store) == before
        assert store.picture_of(kept[0])
        assert check(store) == []
        with pytest.raises(StorageError, match="read-only"), store.write() as w:
            rate(w, [kept[0].id], 1)


def test_no_studio_to_read(tmp_path):
    with pytest.raises(StorageError, match="no studio"):
        Store(place_at(tmp_path / "none"), read_only=True)
    assert not (tmp_path / "none").exists()


def test_a_studio_that_is_a_file(tmp_path):
    from limner.core.errors import LimnerError

    (tmp_path / "studio").write_text("x")
    with pytest.raises(LimnerError, match="file"):
        Store(place_at(tmp_path / "studio"))


def test_a_writer_waits_its_turn_and_then_gives_up(tmp_path, monkeypatch, clock):
    from limner.studio.store import database

    monkeypatch.setattr(database, "WAIT", 0.2)
    place = place_at(tmp_path / "studio")
    with Store(place, clock=clock) as one, Store(place, clock=clock) as two:
        with one.write() as w:
            w.c.exec_driver_sql("UPDATE studio SET name = 'x'")
            with pytest.raises(StorageError, match="Another process"), two.write():
                pass
        two.keep([work(1)])


def test_pictures_in_a_bucket(tmp_path, clock):
    place = place_at(tmp_path / "studio", pictures="memory://portraits")
    with Store(place, clock=clock) as store:
        (kept,) = store.keep([work(1)])
        assert store.file_of(kept) is None
        assert store.picture_of(kept).startswith(b"\x89PNG")
        assert check(store) == []
        assert store.pictures.intents() == {}
        _, other = picture_file(2)
        store.keep([Work(data=other)])
        assert len(list(store.pictures.listing())) == 2
        store.pictures.remove([f"{kept.picture[:2]}/{kept.picture}.png"])
        assert [f.kind for f in check(store)] == ["missing"]
    from limner.studio.store.reindex import reindex

    assert reindex(place, clock=clock).emptied == (kept.id,)
