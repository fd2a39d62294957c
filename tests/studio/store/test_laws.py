"""The store against a plain dictionary, under random operations; and the laws that hold for all studios."""

import copy
import shutil
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select
from studio_world import Time, facts, snapshot, work

from limner.studio.curation.marks import mark, name_sitter, note, rate, star, tag
from limner.studio.curation.sets import (
    add_to_set,
    arrange_set,
    drop_set,
    find_set,
    list_sets,
    make_set,
    members_of,
    remove_from_set,
)
from limner.studio.store.acts import redo, undo
from limner.studio.store.check import check
from limner.studio.store.export import export
from limner.studio.store.importing import import_archive
from limner.studio.store.place import place_at
from limner.studio.store.portraits import fetch, origins_of, tags_of
from limner.studio.store.reindex import reindex
from limner.studio.store.schema import portraits, sitters
from limner.studio.store.store import Store
from limner.studio.store.trash import take_back, throw_away
from limner.studio.store.values import Origin

WORDS = st.sampled_from(["blue", "north", "ada", "wall", "gold", "late"])
some = st.lists(st.integers(0, 50), min_size=1, max_size=4)


class Model(RuleBasedStateMachine):
    """Operations on the store and on dictionaries, side by side."""

    place_for = None  # set by the tests: makes a place from a name
    count = 0

    @initialize()
    def begin(self):
        Model.count += 1
        self.clock = Time()
        self.place = type(self).place_for(f"studio{Model.count}")
        self.store = Store(self.place, clock=self.clock)
        self.model = {"portraits": {}, "sets": {}, "sitters": {}}
        self.done, self.undone = [], []
        self.seed = 0

    def teardown(self):
        if hasattr(self, "store"):
            assert check(self.store) == []
            self.store.close()
            shutil.rmtree(self.place.folder, ignore_errors=True)

    # helpers

    def act(self, change):
        """Change the model as the store was changed; no act if nothing changed."""
        before = copy.deepcopy(self.model)
        change()
        if self.model != before:
            self.done.append((before, copy.deepcopy(self.model)))
            self.undone.clear()

    def chosen(self, numbers, *, trashed=False):
        ids = [id for id, p in self.model["portraits"].items() if p["trashed"] == trashed and not p["slot"]]
        return list(dict.fromkeys(ids[n % len(ids)] for n in numbers)) if ids else []

    def set_named(self, number):
        names = sorted(self.model["sets"])
        return names[number % len(names)] if names else None

    # portraits

    @rule(n=st.integers(1, 3), parents=some, kind=st.sampled_from(["bred", "edited"]), again=st.booleans())
    def keep(self, n, parents, kind, again):
        cited = self.chosen(parents)
        origins = tuple(Origin(parent=id, kind=kind) for id in cited)
        seeds = range(max(0, self.seed - 1) if again else self.seed, self.seed + n)
        self.seed += n
        kept = self.store.keep([work(seed, origins=origins) for seed in seeds])

        def change():
            for k in kept:
                known = self.model["portraits"].get(k.id)
                if known and not known["slot"]:
                    known["trashed"] = False
                    continue
                same = kind == "edited" and cited
                sitter = self.model["portraits"][cited[0]]["sitter"] if same else k.id
                self.model["sitters"].setdefault(sitter, "")
                self.model["portraits"][k.id] = {
                    "rating": None, "star": False, "mark": "", "note": "", "tags": set(), "trashed": False,
                    "slot": False, "origins": tuple(cited), "sitter": sitter,
                }  # fmt: skip

        self.act(change)

    @rule(which=some, rating=st.one_of(st.none(), st.integers(1, 5)))
    def rate(self, which, rating):
        self._mark(which, lambda w, ids: rate(w, ids, rating), "rating", rating)

    @rule(which=some, on=st.booleans())
    def star(self, which, on):
        self._mark(which, lambda w, ids: star(w, ids, on), "star", on)

    @rule(which=some, verdict=st.sampled_from(["keep", "kill", ""]))
    def judge(self, which, verdict):
        self._mark(which, lambda w, ids: mark(w, ids, verdict), "mark", verdict)

    @rule(which=st.integers(0, 50), text=st.sampled_from(["", "two\nlines", "\u5915\u66ae \U0001f3a8"]))
    def note(self, which, text):
        self._mark([which], lambda w, ids: note(w, ids[0], text), "note", text)

    def _mark(self, which, act, name, value):
        if ids := self.chosen(which):
            with self.store.write() as w:
                act(w, ids)
            self.act(lambda: [self.model["portraits"][id].update({name: value}) for id in ids])

    @rule(which=some, add=st.sets(WORDS, max_size=2), remove=st.sets(WORDS, max_size=2))
    def tag(self, which, add, remove):
        remove = remove - add
        if ids := self.chosen(which):
            with self.store.write() as w:
                tag(w, ids, add=sorted(add), remove=sorted(remove))

            def change():
                for id in ids:
                    self.model["portraits"][id]["tags"] |= add
                    self.model["portraits"][id]["tags"] -= remove

            self.act(change)

    @rule(which=st.integers(0, 50), name=WORDS)
    def name_sitter(self, which, name):
        if ids := self.chosen([which]):
            sitter = self.model["portraits"][ids[0]]["sitter"]
            with self.store.write() as w:
                name_sitter(w, sitter, name)
            self.act(lambda: self.model["sitters"].update({sitter: name}))

    # sets

    @rule(name=WORDS, which=some)
    def make_set(self, name, which):
        if name not in self.model["sets"]:
            ids = self.chosen(which)
            with self.store.write() as w:
                make_set(w, name, ids=ids)
            self.act(lambda: self.model["sets"].update({name: ids}))

    @rule(number=st.integers(0, 9), which=some)
    def add_to_set(self, number, which):
        if name := self.set_named(number):
            ids = self.chosen(which)
            with self.store.write() as w:
                add_to_set(w, find_set(w.c, name), ids)
            inside = self.model["sets"][name]
            self.act(lambda: inside.extend(id for id in ids if id not in inside))

    @rule(number=st.integers(0, 9), which=some)
    def remove_from_set(self, number, which):
        if (name := self.set_named(number)) and (inside := self.model["sets"][name]):
            ids = [inside[n % len(inside)] for n in which]
            with self.store.write() as w:
                remove_from_set(w, find_set(w.c, name), ids)
            self.act(lambda: self.model["sets"].update({name: [id for id in inside if id not in ids]}))

    @rule(number=st.integers(0, 9), which=some, at=st.integers(0, 5))
    def arrange_set(self, number, which, at):
        if (name := self.set_named(number)) and (inside := self.model["sets"][name]):
            ids = list(dict.fromkeys(inside[n % len(inside)] for n in which))
            rest = [id for id in inside if id not in ids]
            with self.store.write() as w:
                arrange_set(w, find_set(w.c, name), ids, at=at)
            at = min(at, len(rest))
            # an arrangement that changes places without changing the order is an act, too
            before = copy.deepcopy(self.model)
            self.model["sets"][name] = [*rest[:at], *ids, *rest[at:]]
            self._count_act(before)

    @rule(number=st.integers(0, 9))
    def drop_set(self, number):
        if name := self.set_named(number):
            with self.store.write() as w:
                drop_set(w, find_set(w.c, name))
            self.act(lambda: self.model["sets"].pop(name))

    def _count_act(self, before):
        """An act whose effect on the model may be nothing: ask the journal whether it was one."""
        from limner.studio.store.schema import acts

        with self.store.read() as c:
            number = len(c.execute(select(acts.c.number).where(acts.c.state == "done")).all())
        if number == len(self.done) + self.floor + 1:
            self.done.append((before, copy.deepcopy(self.model)))
            self.undone.clear()

    @property
    def floor(self):
        return getattr(self, "_floor", 0)

    # trash, undo

    @rule(which=some)
    def throw_away(self, which):
        if ids := self.chosen(which):
            with self.store.write() as w:
                throw_away(w, ids)
            self.act(lambda: [self.model["portraits"][id].update(trashed=True) for id in ids])

    @rule(which=some)
    def take_back(self, which):
        if ids := self.chosen(which, trashed=True):
            with self.store.write() as w:
                take_back(w, ids)
            self.act(lambda: [self.model["portraits"][id].update(trashed=False) for id in ids])

    @precondition(lambda self: self.done)
    @rule()
    def undo(self):
        with self.store.write() as w:
            assert undo(w).passed_over == 0
        before, after = self.done.pop()
        self.undone.append((before, after))
        new = {id: p | {"trashed": True} for id, p in after["portraits"].items() if id not in before["portraits"]}
        self._go_to(before, new)

    @precondition(lambda self: self.undone)
    @rule()
    def redo(self):
        with self.store.write() as w:
            assert redo(w).passed_over == 0
        before, after = self.undone.pop()
        self.done.append((before, after))
        self._go_to(after, {})

    def _go_to(self, state, new):
        """Another state; portraits that it does not know yet were kept once, and wait in the trash."""
        now = self.model
        self.model = copy.deepcopy(state)
        self.model["portraits"] = copy.deepcopy({**now["portraits"], **new, **state["portraits"]})
        self.model["sitters"] = {**dict.fromkeys(now["sitters"], ""), **state["sitters"]}

    @rule()
    def empty_trash(self):
        self.store.empty_trash(older_than=timedelta(0))
        known = self.model["portraits"]
        for portrait in known.values():
            if portrait["trashed"]:
                blank = {"rating": None, "star": False, "mark": "", "note": "", "tags": set()}
                portrait.update(slot=True, **blank)
        while bare := [i for i, p in known.items() if p["slot"] and not any(i in q["origins"] for q in known.values())]:
            for id in bare:
                del known[id]
        for inside in self.model["sets"].values():
            inside[:] = [id for id in inside if id in known and not known[id]["slot"]]
        shown = {p["sitter"] for p in known.values()}
        self.model["sitters"] = {id: name for id, name in self.model["sitters"].items() if name or id in shown}
        self.done, self.undone = [], []
        from limner.studio.store.schema import acts

        with self.store.write() as w:
            w.c.execute(acts.delete())

    # closing, rebuilding, moving

    @rule()
    def reopen(self):
        self.store.close()
        self.store = Store(self.place, clock=self.clock)

    @rule()
    def reindex(self):
        before = snapshot(self.store)
        reindex(self.place, clock=self.clock)
        assert snapshot(self.store) == before

    @rule()
    def move(self):
        """import(export(x)) = x"""
        file = export(self.store, self.place.folder / "all.limner").file
        place = place_at(self.place.folder / "moved")
        with Store(place, clock=self.clock) as other:
            import_archive(other, file)
            here, there = snapshot(self.store), snapshot(other)
            there["order"] = here["order"] = sorted(here["order"])
            for one in (here, there):
                one["portraits"].sort(key=lambda p: p["id"])
                one["sitters"] = {id: said for id, said in one["sitters"].items() if said != ("", "")}
            assert there == here
        shutil.rmtree(place.folder)

    # comparing

    @invariant()
    def the_store_says_what_the_model_says(self):
        if not hasattr(self, "store"):
            return
        with self.store.read() as c:
            ids = [row.id for row in c.execute(select(portraits.c.id))]
            tags, parents = tags_of(c, ids), origins_of(c, ids)
            found = {
                k.id: {
                    "rating": k.rating, "star": k.star, "mark": k.mark, "note": k.note, "tags": set(tags[k.id]),
                    "trashed": k.trashed is not None, "slot": k.picture is None, "sitter": k.sitter,
                    "origins": tuple(o.parent for o in parents[k.id]),
                }
                for k in fetch(c, ids)
            }  # fmt: skip
            assert found == self.model["portraits"]
            shelves = {s.name: members_of(c, s.id) for s in list_sets(c)}
            live = {id for id, p in found.items() if not p["trashed"]}
            assert shelves == {n: [i for i in ids if i in live] for n, ids in self.model["sets"].items()}
            assert {r.id: r.name for r in c.execute(select(sitters))} == self.model["sitters"]


def run(place_for, examples, steps):
    Model.place_for = staticmethod(place_for)
    run_state_machine_as_test(
        Model,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.explicit, Phase.reuse, Phase.generate],  # every step syncs a disk: shrinking takes hours
        ),
    )


def test_the_store_and_a_dictionary_agree(new_place):
    run(new_place, 6, 25)


@pytest.mark.slow
def test_the_store_and_a_dictionary_agree_for_long(new_place):
    run(new_place, 60, 50)


@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.lists(st.integers(0, 30), max_size=3), min_size=1, max_size=12))
def test_lineage_never_cycles_and_comes_back_from_the_pictures(tmp_path_factory, parents):
    place = place_at(tmp_path_factory.mktemp("family"))
    clock = Time()
    with Store(place, clock=clock) as store:
        ids = []
        for seed, cited in enumerate(parents):
            origins = tuple(Origin(parent=ids[n % len(ids)], kind="bred") for n in dict.fromkeys(cited) if ids)
            ids += [k.id for k in store.keep([work(seed, origins=origins)])]
        assert check(store) == []
        before = facts(store)
    for file in place.folder.glob("studio.db*"):
        file.unlink()
    reindex(place, clock=clock)
    with Store(place, clock=clock) as store:
        assert facts(store) == before
