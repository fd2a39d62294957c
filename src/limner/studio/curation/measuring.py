"""What is measured on portraits, so that they can be found by their look."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select

from limner.anatomy.scale import DialMeter
from limner.core.dials import dial_table
from limner.core.errors import LimnerError
from limner.core.picture import Picture, read_picture
from limner.core.progress import Cancel, Listener, Progress, silent
from limner.studio.curation.colours import palette_of
from limner.studio.portrait import Portrait
from limner.studio.store.entries import add_traits
from limner.studio.store.portraits import fetch
from limner.studio.store.rows import chunks
from limner.studio.store.schema import portraits, traits
from limner.studio.store.store import Store
from limner.studio.store.values import Traits, pack_likeness

_BATCH = 16

Measure = Callable[[Picture], Traits]
"""Measures a picture."""


def measured(portrait: Portrait) -> Traits:
    """What is measured on a freshly painted portrait; one without a face has only its colours."""
    colours = palette_of(portrait.picture)
    try:
        return Traits(dials=dict(portrait.dials), palette=colours, likeness=pack_likeness(portrait.look.identity))
    except LimnerError:
        return Traits(palette=colours)


def measurer(meter: DialMeter) -> Measure:
    """Measures pictures; one without a face has only its colours."""
    table = dial_table()

    def measure(picture: Picture) -> Traits:
        colours = palette_of(picture)
        try:
            raw, likeness = meter.examine(picture)
        except LimnerError:
            return Traits(palette=colours)
        dials = {name: round(table[name].setting(raw[name]), 3) for name in table.names}
        return Traits(dials=dials, palette=colours, likeness=pack_likeness(likeness))

    return measure


def unmeasured(store: Store) -> list[str]:
    """Portraits outside the trash on which nothing was measured yet, the newest first."""
    joined = portraits.outerjoin(traits, traits.c.portrait == portraits.c.id)
    query = select(portraits.c.id).select_from(joined).where(traits.c.portrait.is_(None))
    query = query.where(portraits.c.picture.is_not(None), portraits.c.trashed.is_(None))
    with store.read() as c:
        return [row.id for row in c.execute(query.order_by(portraits.c.number.desc()))]


def measure_missing(store: Store, measure: Measure, *, listen: Listener = silent, cancel: Cancel | None = None) -> int:
    """Measure what was not measured; returns the number of portraits.

    Raises:
        Cancelled: `cancel` was requested; what was measured stays.
    """
    cancel = cancel or Cancel()
    ids = unmeasured(store)
    done = 0
    for part in chunks(ids, _BATCH):
        cancel.check()
        with store.read() as c:
            kept = fetch(c, part)
        found = {k.id: measure(read_picture(store.picture_of(k), k.id[:12])) for k in kept}
        with store.write(actor="measuring") as w:
            add_traits(w.c, found)
        done += len(found)
        listen(Progress(stage="measuring", done=done, total=len(ids), unit="portraits"))
    return done
