import pytest
from studio_world import picture_file, work

from limner.core.errors import InputError
from limner.studio.curation.sets import make_set
from limner.studio.jobs.events import events_after, last_event
from limner.studio.jobs.queue import (
    SCREEN,
    Destination,
    Task,
    cancel,
    find_job,
    is_paused,
    list_jobs,
    move,
    pause,
    prune,
    read_job,
    resume,
    retry,
    seconds_each,
    set_paused,
    submit,
)
from limner.studio.jobs.units import enlist, fail, finish, take_up
from limner.studio.store.check import check
from limner.studio.store.trash import empty


def tasks(*seeds):
    return [Task(recipe=picture_file(seed)[0]) for seed in seeds]


def titles(c):
    return [job.title for job in list_jobs(c, ended=False)]


def test_jobs_stand_in_line(store):
    with store.write() as w:
        a, b = (submit(w, tasks(1), title=t) for t in "ab")
        submit(w, tasks(2), title="c", front=True)
        submit(w, tasks(3), title="now", urgency=SCREEN)
        assert titles(w.c) == ["now", "c", "a", "b"]
        move(w, b, front=True)
        assert titles(w.c) == ["now", "b", "c", "a"]
        move(w, b, front=False)
        assert titles(w.c) == ["now", "c", "a", "b"]
        assert find_job(w.c, a[:8]) == a
        with pytest.raises(InputError, match="no job"):
            find_job(w.c, "00000000")


def test_a_job_remembers_what_was_asked(store):
    with store.write() as w:
        wall = make_set(w, "wall")
        goal = Destination(set=wall, tags=("Blue",), reason="for the hall")
        id = submit(w, tasks(1, 2), title="poets", destination=goal, request={"words": "a poet"}, device="cuda:0")
        job = read_job(w.c, id)
    assert (job.state, job.total, job.done, job.counts) == ("queued", 2, 0, {"waiting": 2})
    assert job.destination == Destination(set=wall, tags=("blue",), reason="for the hall")
    assert (job.request, job.device) == ({"words": "a poet"}, "cuda:0")
    assert job.to_json()["destination"]["tags"] == ("blue",)


@pytest.mark.parametrize(
    ("what", "said"),
    [
        (lambda w: submit(w, [], title="x"), "holds 1 to"),
        (lambda w: submit(w, tasks(1), title="x", destination=Destination(set="00" * 16)), "no set"),
        (lambda w: submit(w, tasks(1), title="x", destination=Destination(tags=("a,b",))), "comma"),
        (
            lambda w: submit(
                w, tasks(1), title="x", destination=Destination(set=make_set(w, "smart", rule="rating:5"))
            ),
            "smart",
        ),
    ],
)
def test_what_cannot_be_submitted(store, what, said):
    with store.write() as w, pytest.raises(InputError, match=said):
        what(w)


def test_the_verbs_and_what_they_tell(store):
    heard = []
    with store.write() as w:
        id = submit(w, tasks(1, 2), title="x", listen=heard.append)
        assert heard == []
    with store.write() as w:
        pause(w, id, listen=heard.append)
        pause(w, id, listen=heard.append)
        assert take_up(w, "cpu", "me", most=9, most_urgent=9) == []
        resume(w, id, listen=heard.append)
        assert len(take_up(w, "cpu", "me", most=1, most_urgent=9, listen=heard.append)) == 1
        assert read_job(w.c, id).state == "running"
        cancel(w, id, listen=heard.append)
        assert read_job(w.c, id).counts == {"skipped": 2}
        for act in (pause, cancel):
            with pytest.raises(InputError, match="has ended"):
                act(w, id)
        with pytest.raises(InputError, match="not paused"):
            resume(w, id)
        retry(w, id, listen=heard.append)
        with pytest.raises(InputError, match="nothing to try"):
            retry(w, id)
    kinds = ["queued", "paused", "resumed", "started", "cancelled", "retried"]
    assert [event.kind for event in heard] == kinds
    with store.read() as c:
        told = events_after(c, 0)
        assert told == heard
        assert events_after(c, told[2].number, job=id) == heard[3:]
        assert last_event(c) == told[-1].number
        assert told[0].to_json()["data"] == {"done": 0, "total": 2}


def test_the_whole_queue_can_be_paused(store):
    with store.write() as w:
        submit(w, tasks(1), title="x")
        set_paused(w, True)
        assert is_paused(w.c)
        assert take_up(w, "cpu", "me", most=9, most_urgent=9) == []
        set_paused(w, False)
        assert len(take_up(w, "cpu", "me", most=9, most_urgent=9)) == 1


def test_batches_hold_several_jobs_of_one_urgency(store):
    with store.write() as w:
        submit(w, tasks(1, 2), title="a")
        submit(w, tasks(3, 4, 5), title="b")
        submit(w, tasks(6), title="elsewhere", device="cuda:0")
        submit(w, tasks(7, 8, 9), title="now", urgency=SCREEN)
        taken = [take_up(w, "cpu", "me", most=4, most_urgent=2) for _ in range(4)]
        assert [[u.urgency for u in batch] for batch in taken] == [[0, 0], [0], [1, 1, 1, 1], [1]]
        assert len(take_up(w, "cuda:0", "you", most=4, most_urgent=2)) == 1


def test_ended_jobs_are_forgotten_and_their_portraits_stay(store):
    with store.write() as w:
        enlist(w, "cpu", "me")
        id = submit(w, tasks(1, 2), title="x")
        taken = take_up(w, "cpu", "me", most=9, most_urgent=9)
        finish(w, store.pictures, taken[:1], [work(1)], 1.5)
        fail(w, taken[1], ValueError("no paint"))
        job = read_job(w.c, id)
        assert (job.state, job.counts) == ("failed", {"done": 1, "failed": 1})
        assert job.error == "1 of 2 portraits could not be painted"
        assert seconds_each(w.c) == 1.5
        waiting = submit(w, tasks(3), title="y")
        assert prune(w) == 1
        assert [j.id for j in list_jobs(w.c)] == [waiting]
        assert events_after(w.c, 0, job=id) == []
    assert check(store) == []


def test_recipes_of_waiting_jobs_outlive_the_trash(store):
    from datetime import timedelta

    with store.write() as w:
        id = submit(w, tasks(1), title="x")
        empty(w, store.pictures, older_than=timedelta(0))
        assert read_job(w.c, id).total == 1
        assert len(take_up(w, "cpu", "me", most=9, most_urgent=9)) == 1
