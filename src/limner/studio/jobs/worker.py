"""The worker: one a device, paints what the queue holds in small batches.

    take up -> paint -> keep, send, tell (one transaction) -> take up ...

Between batches it looks for more urgent work; within a batch the engine is asked to stop once every job in
it was cancelled or the worker is to end.  Whenever the process dies, what was kept is kept and the rest
goes back into the queue.
"""

from __future__ import annotations

import logging
import secrets
import threading
import time
from collections.abc import Callable, Sequence
from types import TracebackType

from limner.core.errors import Cancelled, StorageError
from limner.core.progress import Cancel, Listener, silent
from limner.core.recipe import Recipe
from limner.studio.jobs.events import JobListener
from limner.studio.jobs.queue import pause, read_job
from limner.studio.jobs.units import (
    LEASE,
    Unit,
    beat,
    collect_orphans,
    enlist,
    fail,
    finish,
    finish_known,
    known_already,
    leave,
    open_work,
    own_name,
    put_down,
    take_up,
)
from limner.studio.store.recipes import read_recipe
from limner.studio.store.store import Store
from limner.studio.store.values import Work

_log = logging.getLogger(__name__)

Paint = Callable[[Sequence[Recipe], Listener, Cancel], list[Work]]
"""Paints recipes: one finished file for each, in order."""

MOST, MOST_URGENT = 16, 4
"""Portraits in a batch, and in one for the person at the screen."""

_POLL = 0.5  # seconds between looks into the queue while it is empty, and at cancelled jobs while painting


class Worker:
    """Paints on one device; a context manager that holds the device while it is open.

    Args:
        store: the open store.
        paint: paints recipes.
        device: name of the device ("cpu", "cuda:0").
        listen: hears job events, once they are on disk.
        progress: hears the engine's progress within a batch.
        most: portraits in a batch.
        most_urgent: portraits in a batch for the person at the screen.

    Raises:
        InputError: another worker is at work on the device.
    """

    def __init__(
        self,
        store: Store,
        paint: Paint,
        *,
        device: str = "cpu",
        listen: JobListener | None = None,
        progress: Listener = silent,
        most: int = MOST,
        most_urgent: int = MOST_URGENT,
    ) -> None:
        self._store = store
        self._paint = paint
        self._device = device
        self._listen = listen
        self._progress = progress
        self._most, self._most_urgent = most, most_urgent
        self._owner = own_name(secrets.token_hex(4))
        self._stop = threading.Event()
        self._wake = threading.Event()
        self._heart: threading.Thread | None = None

    def __enter__(self) -> Worker:
        with self._store.write(actor="jobs") as w:
            enlist(w, self._device, self._owner)
            collect_orphans(w, self._listen)
        self._heart = threading.Thread(target=self._keep_beating, name="limner-worker-beat", daemon=True)
        self._heart.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        if self._heart is not None:
            self._heart.join()
        with self._store.write(actor="jobs") as w:
            leave(w, self._device, self._owner)

    # working ----------------------------------------------------------------------------------

    def run(self, *, until_empty: bool = False) -> int:
        """Work until `stop`, or until the queue holds nothing for this device.

        Returns:
            Number of portraits that were kept.

        Raises:
            StorageError: the disk is full or gone; the jobs at hand are paused.
        """
        kept = 0
        while not self._stop.is_set():
            step = self.step()
            if step is not None:
                kept += step
            elif until_empty:
                break
            else:
                self._wake.wait(_POLL)
                self._wake.clear()
        return kept

    def step(self) -> int | None:
        """One batch: the number of portraits that were kept, or None if there was nothing to do."""
        with self._store.read() as c:
            if not open_work(c):  # an idle worker keeps nobody from writing
                return None
        with self._store.write(actor="jobs") as w:
            collect_orphans(w, self._listen)
            taken = take_up(
                w, self._device, self._owner,
                most=self._most, most_urgent=self._most_urgent, listen=self._listen,
            )  # fmt: skip
        if not taken:
            return None
        try:
            return self._carry_out(taken)
        except StorageError as exc:
            self._pause_all(taken, exc)
            raise
        except BaseException:
            with self._store.write(actor="jobs") as w:
                put_down(w, taken)
            raise

    def stop(self) -> None:
        """Ask to end after what is in work; from any thread."""
        self._stop.set()
        self._wake.set()

    def wake(self) -> None:
        """Look into the queue at once: something was submitted."""
        self._wake.set()

    def _carry_out(self, taken: Sequence[Unit]) -> int:
        with self._store.read() as c:
            known = known_already(c, taken)
        if known:
            with self._store.write(actor="jobs") as w:
                finish_known(w, known, self._listen)
        new = [unit for unit in taken if unit not in known]
        return len(known) + (self._paint_batch(new) if new else 0)

    def _paint_batch(self, taken: Sequence[Unit]) -> int:
        began = time.perf_counter()
        readable: list[tuple[Unit, Recipe]] = []
        for unit in taken:
            try:
                with self._store.read() as c:
                    readable.append((unit, read_recipe(c, unit.recipe)))
            except StorageError:
                raise
            except Exception as exc:  # noqa: BLE001  # a recipe of another version: only this portrait fails
                self._fail(unit, exc)
        if not readable:
            return 0
        units, recipes = [unit for unit, _ in readable], [recipe for _, recipe in readable]
        watch = _Watch(self._store, units, self._stop)
        try:
            works = self._paint(recipes, self._progress, watch)
        except Cancelled:
            with self._store.write(actor="jobs") as w:
                put_down(w, units)
            return 0
        except StorageError:
            raise
        except Exception as exc:  # noqa: BLE001  # an engine may fail in any way; the queue goes on
            if len(units) == 1:
                _log.info("a portrait cannot be painted", exc_info=True)
                self._fail(units[0], exc)
                return 0
            # one of them spoils the batch: paint them one by one
            return sum(self._paint_batch([unit]) for unit in units)
        seconds = time.perf_counter() - began
        with self._store.write(actor="jobs") as w:
            kept = finish(w, self._store.pictures, units, works, seconds, self._listen)
        return len(kept)

    def _fail(self, unit: Unit, error: Exception) -> None:
        with self._store.write(actor="jobs") as w:
            fail(w, unit, error, self._listen)

    def _pause_all(self, taken: Sequence[Unit], error: StorageError) -> None:
        """The disk is full: nothing is lost, and nothing is tried again until a person has made room."""
        try:
            with self._store.write(actor="jobs") as w:
                put_down(w, taken)
                for job in dict.fromkeys(unit.job for unit in taken):
                    pause(w, job, error=str(error), listen=self._listen)
        except StorageError as exc:
            _log.warning("the jobs at hand could not be paused: %s", exc)

    def _keep_beating(self) -> None:
        while not self._stop.wait(LEASE.total_seconds() / 4):
            try:
                with self._store.write(actor="jobs") as w:
                    mine = beat(w, self._device, self._owner)
            except StorageError as exc:
                _log.warning("the worker's beat cannot be written: %s", exc)
                continue
            if not mine:
                _log.warning("another worker has taken %s; this one ends", self._device)
                self._stop.set()


class _Watch(Cancel):
    """Requested once the worker is to stop, or every job of the batch was cancelled."""

    def __init__(self, store: Store, units: Sequence[Unit], stop: threading.Event) -> None:
        super().__init__()
        self._store = store
        self._jobs = tuple(dict.fromkeys(unit.job for unit in units))
        self._stop = stop
        self._looked = time.monotonic()

    @property
    def requested(self) -> bool:
        if not super().requested and (self._stop.is_set() or self._all_cancelled()):
            self.request()
        return super().requested

    def check(self) -> None:
        if self.requested:
            super().check()

    def _all_cancelled(self) -> bool:
        now = time.monotonic()
        if now - self._looked < _POLL:
            return False
        self._looked = now
        with self._store.read() as c:
            return all(read_job(c, job).state == "cancelled" for job in self._jobs)
