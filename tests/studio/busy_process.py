"""A process that works on a studio until it is killed, and says what it has finished."""

from __future__ import annotations

import random
from datetime import timedelta
from multiprocessing.connection import Connection

from studio_world import work

from limner.core.errors import InputError
from limner.studio.curation.marks import rate, star, tag
from limner.studio.curation.sets import add_to_set, list_sets, make_set
from limner.studio.store.acts import redo, undo
from limner.studio.store.place import Place
from limner.studio.store.portraits import latest
from limner.studio.store.store import Store
from limner.studio.store.trash import throw_away
from limner.studio.store.values import Origin


def run(place: Place, seed: int, steps: int, say: Connection) -> None:
    """Keep, rate, tag, collect, undo and throw away, `steps` times; finished portraits are announced."""
    draw = random.Random(seed)
    with Store(place) as store:
        say.send(("open", []))
        for step in range(steps):
            act = draw.choice(["keep", "keep", "keep", "rate", "tag", "set", "undo", "trash"])
            if act == "keep":
                keep(store, draw, seed * 100_000 + step * 16, say)
            else:
                others(store, draw, act, say)
    say.send(("done", []))


def keep(store: Store, draw: random.Random, first: int, say: Connection) -> None:
    with store.read() as c:
        parents = [kept.id for kept in latest(c, limit=20)]
    works = []
    for k in range(draw.randint(1, 8)):
        origins = tuple(Origin(parent=p, kind="bred") for p in draw.sample(parents, min(len(parents), 2)))
        works.append(work(first + k, origins=origins))
    try:
        say.send(("kept", [kept.id for kept in store.keep(works, actor="painter")]))
    except InputError:  # another process has emptied a parent out of the trash since
        return


def others(store: Store, draw: random.Random, act: str, say: Connection) -> None:
    with store.read() as c:
        kept = latest(c, limit=30)
    ids = [k.id for k in draw.sample(kept, min(len(kept), 5))]
    doomed = ids[:1] if act == "trash" else []
    say.send(("doomed", doomed))
    with store.write() as w:
        ids = [k.id for k in kept if k.id in ids and k.id in {found.id for found in latest(w.c, limit=1000)}]
        if act == "rate":
            rate(w, ids, draw.randint(1, 5))
            star(w, ids[:1])
        elif act == "tag":
            tag(w, ids, add=[draw.choice("abcdef")])
        elif act == "set":
            shelves = list_sets(w.c)
            set = shelves[0].id if shelves else make_set(w, f"set {draw.random()}")
            add_to_set(w, set, ids)
        elif act == "undo":
            try:
                undo(w) if draw.random() < 0.6 else redo(w)
            except InputError:
                return
        else:
            throw_away(w, [id for id in doomed if id in ids])
    if act == "trash":
        store.empty_trash(older_than=timedelta(0))
