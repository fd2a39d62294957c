import threading
import time
from datetime import timedelta

import pytest
from studio_world import picture_file, work

from limner.core.errors import InputError, RecipeError, StorageError
from limner.studio.curation.sets import drop_set, make_set, members_of
from limner.studio.jobs.queue import SCREEN, Destination, Task, cancel, pause, read_job, resume, retry, submit
from limner.studio.jobs.units import LEASE, TRIES, enlist, own_name, take_up
from limner.studio.jobs.worker import Worker
from limner.studio.store.acts import history, undo
from limner.studio.store.check import check
from limner.studio.store.entry import portrait_id
from limner.studio.store.portraits import count, fetch, latest, origins_of, tags_of
from limner.studio.store.store import Store
from limner.studio.store.trash import throw_away
from limner.studio.store.values import Origin


def tasks(*seeds, **values):
    return [Task(recipe=picture_file(seed)[0], **values) for seed in seeds]


class Painter:
    """Paints at once, remembers what, and can be told to misbehave."""

    def __init__(self):
        self.batches = []
        self.before = lambda recipes, cancel: None

    def __call__(self, recipes, listen, cancel):
        self.batches.append([r.seed for r in recipes])
        self.before(recipes, cancel)
        cancel.check()
        return [work(r.seed) for r in recipes]


@pytest.fixture
def paint():
    return Painter()


def drained(store, paint, **options):
    heard = []
    with Worker(store, paint, listen=heard.append, **options) as worker:
        worker.run(until_empty=True)
    return heard


def test_jobs_are_painted_in_micro_batches(store, paint):
    with store.write() as w:
        id = submit(w, tasks(*range(10)), title="ten")
    heard = drained(store, paint, most=4)
    assert paint.batches == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]]
    with store.read() as c:
        job = read_job(c, id)
        assert (job.state, job.done) == ("done", 10)
        assert job.seconds > 0
        assert count(c) == 10
    assert [e.kind for e in heard] == ["started", "kept", "kept", "kept", "done"]
    assert [e.data.get("done") for e in heard[1:]] == [4, 8, 10, 10]
    with store.read() as c:
        assert {i for e in heard for i in e.data.get("portraits", ())} == {k.id for k in latest(c)}
    assert check(store) == []


def test_a_portrait_is_announced_when_it_is_safe(store, paint):
    with store.write() as w:
        submit(w, tasks(1, 2), title="x")

    def listen(event):
        with store.read() as c:
            for kept in fetch(c, event.data.get("portraits", ())):
                assert store.picture_of(kept)

    with Worker(store, paint, listen=listen) as worker:
        assert worker.run(until_empty=True) == 2


def test_the_person_at_the_screen_comes_first(store, paint):
    with store.write() as w:
        submit(w, tasks(*range(6)), title="batch")

    def interrupt(recipes, cancel):
        if len(paint.batches) == 1:
            with store.write() as w:
                submit(w, tasks(100, 101, 102), title="now", urgency=SCREEN)

    paint.before = interrupt
    drained(store, paint, most=2, most_urgent=2)
    assert paint.batches == [[0, 1], [100, 101], [102], [2, 3], [4, 5]]


def test_portraits_go_where_the_job_said(store, paint):
    (parent,) = store.keep([work(50)])
    origin = (Origin(parent=parent.id, kind="edited"),)
    with store.write() as w:
        wall = make_set(w, "wall", ids=[parent.id])
        goal = Destination(set=wall, tags=("blue",), reason="for the hall")
        submit(w, tasks(1, 2, origins=origin), title="x", destination=goal)
    drained(store, paint)
    with store.read() as c:
        inside = fetch(c, members_of(c, wall))
        assert [k.id for k in inside[:1]] == [parent.id]
        assert [k.reason for k in inside[1:]] == ["for the hall"] * 2
        assert [k.sitter for k in inside] == [parent.sitter] * 3
        assert origins_of(c, [inside[1].id])[inside[1].id] == origin
        assert tags_of(c, [inside[1].id])[inside[1].id] == ["blue"]


def test_what_a_job_did_is_not_in_the_way_of_a_persons_undo(store, paint):
    with store.write() as w:
        wall = make_set(w, "wall")
        submit(w, tasks(1), title="x", destination=Destination(set=wall))
    drained(store, paint)
    with store.write() as w, pytest.raises(InputError, match="changed since"):
        undo(w)  # the set is no longer empty
    with store.read() as c:
        assert {a.actor for a in history(c)} == {"person", "jobs"}
        assert len(members_of(c, wall)) == 1


def test_a_set_that_was_thrown_away_still_gets_its_portraits(store, paint):
    with store.write() as w:
        wall = make_set(w, "wall")
        submit(w, tasks(1), title="x", destination=Destination(set=wall))
        drop_set(w, wall)
    drained(store, paint)
    with store.write() as w:
        undo(w)
        assert len(members_of(w.c, wall)) == 1


def test_what_the_studio_has_is_not_painted_again(store, paint):
    one, two = store.keep([work(1), work(2)])
    with store.write() as w:
        throw_away(w, [two.id])
        wall = make_set(w, "wall")
        id = submit(w, tasks(1, 2, 3), title="x", destination=Destination(set=wall))
    drained(store, paint)
    assert paint.batches == [[3]]
    with store.read() as c:
        assert read_job(c, id).done == 3
        assert members_of(c, wall)[:2] == [one.id, two.id]
        assert fetch(c, [two.id])[0].trashed is None


def test_one_that_cannot_be_painted_does_not_spoil_the_others(store, paint):
    def spoil(recipes, cancel):
        if any(r.seed == 2 for r in recipes):
            raise RecipeError("This recipe needs other weights.")

    paint.before = spoil
    with store.write() as w:
        id = submit(w, tasks(1, 2, 3), title="x")
    heard = drained(store, paint)
    with store.read() as c:
        job = read_job(c, id)
        assert (job.state, job.counts) == ("failed", {"done": 2, "failed": 1})
    assert [e.data["error"] for e in heard if e.kind == "failed"] == ["This recipe needs other weights."]
    assert [e.data["code"] for e in heard if e.kind == "failed"] == ["recipe"]
    paint.before = lambda *_: None
    with store.write() as w:
        retry(w, id)
    drained(store, paint)
    with store.read() as c:
        assert read_job(c, id).state == "done"


def test_any_error_of_an_engine_only_fails_its_portrait(store, paint):
    def crash(recipes, cancel):
        raise ZeroDivisionError

    paint.before = crash
    with store.write() as w:
        id = submit(w, tasks(1), title="x")
    drained(store, paint)
    with store.read() as c:
        assert read_job(c, id).counts == {"failed": 1}


def test_cancelling_drops_what_is_in_work_and_keeps_what_is_finished(store, paint):
    with store.write() as w:
        id = submit(w, tasks(*range(6)), title="x")

    def stop(recipes, cancel_):
        if len(paint.batches) == 2:
            with store.write() as w:
                cancel(w, id)

    paint.before = stop
    drained(store, paint, most=2)
    assert paint.batches == [[0, 1], [2, 3]]
    with store.read() as c:
        job = read_job(c, id)
        assert (job.state, job.counts) == ("cancelled", {"done": 2, "skipped": 4})
        assert count(c) == 2


def test_an_engine_in_the_middle_of_a_batch_is_asked_to_stop(store, paint, monkeypatch):
    from limner.studio.jobs import worker

    monkeypatch.setattr(worker, "_POLL", 0)
    with store.write() as w:
        id = submit(w, tasks(1, 2), title="x")
    seen = []

    def long(recipes, watch):
        assert not watch.requested
        with store.write() as w:
            cancel(w, id)
        seen.append(watch.requested)

    paint.before = long
    drained(store, paint)
    assert seen == [True]


def test_pausing_finishes_what_is_in_work(store, paint):
    with store.write() as w:
        id = submit(w, tasks(*range(4)), title="x")

    def halt(recipes, _):
        if len(paint.batches) == 1:
            with store.write() as w:
                pause(w, id)

    paint.before = halt
    drained(store, paint, most=2)
    with store.read() as c:
        assert (read_job(c, id).state, read_job(c, id).done) == ("paused", 2)
    with store.write() as w:
        resume(w, id)
    drained(store, paint, most=2)
    with store.read() as c:
        assert read_job(c, id).state == "done"


def test_a_full_disk_pauses_the_job(store, paint, monkeypatch):
    import errno
    import os

    with store.write() as w:
        id = submit(w, tasks(1, 2), title="x")

    def full(_):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as m:
        m.setattr(os, "fsync", full)
        with Worker(store, paint) as worker, pytest.raises(StorageError, match="disk is full"):
            worker.run(until_empty=True)
    with store.read() as c:
        job = read_job(c, id)
        assert (job.state, job.counts) == ("paused", {"waiting": 2})
        assert "disk is full" in job.error
    with store.write() as w:
        resume(w, id)
    drained(store, paint)
    with store.read() as c:
        assert read_job(c, id).state == "done"


def test_one_worker_a_device(store, paint):
    with Worker(store, paint, device="cpu"):
        with Worker(store, paint, device="cuda:0"):
            pass
        with pytest.raises(InputError, match="at work on 'cpu' already"), Worker(store, paint, device="cpu"):
            pass
    with Worker(store, paint, device="cpu"):
        pass


def test_what_a_dead_worker_left_is_painted_by_the_next(store, paint, clock):
    with store.write() as w:
        id = submit(w, tasks(1, 2, 3), title="x")
        enlist(w, "cpu", "elsewhere:1:dead")
        take_up(w, "cpu", "elsewhere:1:dead", most=2, most_urgent=2)
    with pytest.raises(InputError, match="already"), Worker(store, paint):
        pass
    clock.now += LEASE + timedelta(seconds=1)
    drained(store, paint)
    with store.read() as c:
        assert read_job(c, id).state == "done"


def test_a_dead_process_of_this_machine_is_known_at_once(store, paint):
    import os

    child = os.fork() if hasattr(os, "fork") else pytest.skip("no fork here")
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)
    name = own_name("x").replace(f":{os.getpid()}:", f":{child}:")
    with store.write() as w:
        id = submit(w, tasks(1), title="x")
        enlist(w, "cpu", name)
        take_up(w, "cpu", name, most=2, most_urgent=2)
    drained(store, paint)
    with store.read() as c:
        assert read_job(c, id).state == "done"


def test_a_portrait_that_kills_its_worker_again_and_again_is_given_up(store, paint, clock):
    with store.write() as w:
        id = submit(w, tasks(1), title="x")
    for k in range(TRIES):
        with store.write() as w:
            enlist(w, "cpu", f"elsewhere:1:{k}")
            from limner.studio.jobs.units import collect_orphans

            collect_orphans(w)
            take_up(w, "cpu", f"elsewhere:1:{k}", most=2, most_urgent=2)
        clock.now += LEASE + timedelta(seconds=1)
    drained(store, paint)
    assert paint.batches == []
    with store.read() as c:
        job = read_job(c, id)
        assert (job.state, job.counts) == ("failed", {"failed": 1})


def test_jobs_survive_a_restart(place, clock, paint):
    with Store(place, clock=clock) as store:
        with store.write() as w:
            id = submit(w, tasks(*range(5)), title="x")
        with Worker(store, paint, most=2) as worker:
            worker.step()
    with Store(place, clock=clock) as store:
        drained(store, paint)
        with store.read() as c:
            assert read_job(c, id).done == 5
        assert [s for batch in paint.batches for s in batch] == [0, 1, 2, 3, 4]


def test_parents_and_children_of_one_job(store, paint):
    father = picture_file(1)[0]
    name = portrait_id(father.id, "", ())
    origin = (Origin(parent=name, kind="aged"),)
    with store.write() as w:
        submit(w, [*tasks(1), *tasks(2, origins=origin)], title="a life")
    drained(store, paint)
    with store.read() as c:
        child = latest(c, limit=1)[0]
        assert (child.sitter, origins_of(c, [child.id])[child.id]) == (name, origin)


def test_a_parent_that_was_removed_meanwhile_leaves_a_slot(store, paint):
    origin = (Origin(parent="ab" * 32, kind="aged"),)
    with store.write() as w:
        id = submit(w, tasks(2, origins=origin), title="x")
    drained(store, paint)
    with store.read() as c:
        assert read_job(c, id).state == "done"
        assert fetch(c, ["ab" * 32])[0].picture is None


def test_a_worker_waits_for_work_until_it_is_stopped(store, paint):
    with Worker(store, paint) as worker:
        thread = threading.Thread(target=worker.run)
        thread.start()
        with store.write() as w:
            id = submit(w, tasks(1), title="x")
        worker.wake()
        for _ in range(1000):
            with store.read() as c:
                if read_job(c, id).state == "done":
                    break
            time.sleep(0.01)
        worker.stop()
        thread.join(10)
        assert not thread.is_alive()
    with store.read() as c:
        assert read_job(c, id).state == "done"


def test_painting_with_a_studio(store):
    from limner.studio.jobs.painting import painter
    from limner.studio.studio import Studio
    from limner.testing.engine import FakeEngine

    with Studio(engine=FakeEngine()) as studio:
        recipes = studio.plan("a poet", n=3, seed=5)
        with store.write() as w:
            id = submit(w, [Task(recipe=r) for r in recipes], title="poets")
        with Worker(store, painter(studio.paint_recipes, format="webp")) as worker:
            worker.run(until_empty=True)
    with store.read() as c:
        assert read_job(c, id).state == "done"
        assert {k.format for k in latest(c)} == {"webp"}
        assert {k.words for k in latest(c)} == {"a poet"}
    assert check(store) == []


def test_a_persons_portraits_are_one_act(store):
    from limner.studio.jobs.painting import keep_painted
    from limner.studio.studio import Studio
    from limner.testing.engine import FakeEngine

    with Studio(engine=FakeEngine()) as studio:
        painted = studio.paint_recipes(studio.plan("a poet", n=7, seed=5))
        seen = []
        for portrait, kept in keep_painted(store, painted, format="webp", reason="a study", batch=3):
            assert store.picture_of(kept)
            assert kept.recipe == portrait.id
            seen.append(kept.id)
    with store.read() as c:
        assert [(a.kind, a.summary) for a in history(c)] == [("keep", "kept 7 portraits")]
        assert {k.reason for k in fetch(c, seen)} == {"a study"}
    with store.write() as w:
        undo(w)
        assert count(w.c) == 0


def test_an_act_is_not_grown_once_another_came_between(store):
    from limner.studio.jobs.painting import keep_painted
    from limner.studio.studio import Studio
    from limner.testing.engine import FakeEngine

    with Studio(engine=FakeEngine()) as studio:
        painted = studio.paint_recipes(studio.plan("a poet", n=4, seed=5))
        for k, _ in enumerate(keep_painted(store, painted, batch=2)):
            if k == 1:
                with store.write() as w:
                    make_set(w, "meanwhile")
    with store.read() as c:
        assert [a.kind for a in history(c)] == ["keep", "set", "keep"]


def test_what_was_painted_before_a_stop_is_kept(store):
    from limner.core.errors import Cancelled
    from limner.studio.jobs.painting import keep_painted
    from limner.studio.studio import Studio
    from limner.testing.engine import FakeEngine

    def stopped(portraits):
        yield from portraits[:5]
        raise Cancelled("Stopped on request.")

    with Studio(engine=FakeEngine()) as studio:
        painted = studio.paint("a poet", n=8, seed=5)
        seen = []

        def keep_all():
            seen.extend(kept.id for _, kept in keep_painted(store, stopped(painted), batch=3))

        with pytest.raises(Cancelled):
            keep_all()
    with store.read() as c:
        assert count(c) == 5
    assert len(seen) >= 3
