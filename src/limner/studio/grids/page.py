"""A grid as one HTML page that needs nothing else: to look at, to swap axes, to keep and to send."""

from __future__ import annotations

import base64
import io
import json
from html import escape
from importlib import resources

from PIL import Image

from limner._version import __version__
from limner.core.errors import LimnerError
from limner.core.picture import read_picture
from limner.studio.grids.grid import Grid, axis_json
from limner.studio.store.portraits import fetch
from limner.studio.store.rows import chunks
from limner.studio.store.schema import portraits
from limner.studio.store.store import Store

SIDE = 256
"""Side of the pictures on the page in px."""


def grid_page(store: Store, grid: Grid, *, side: int = SIDE) -> bytes:
    """The page, with whatever is painted by now.

    Args:
        store: the open store.
        grid: the grid.
        side: side of the pictures in px; larger ones are reduced.
    """
    pictures = _pictures(store, grid, side)
    data = {
        "name": grid.name,
        "words": grid.request.words,
        "axes": [axis_json(axis) for axis in grid.axes],
        "cells": [{"at": list(at), "portraits": list(ids)} for at, ids in grid.cells.items()],
        "pictures": pictures,
    }
    # "</script>" inside a brief must not end the script
    told = json.dumps(data, ensure_ascii=True).replace("<", "\\u003c")
    template = resources.files("limner.studio.grids").joinpath("page.html").read_text("utf-8")
    page = template.replace("{{name}}", escape(grid.name)).replace("{{version}}", escape(__version__))
    return page.replace("{{data}}", told).encode()


def _pictures(store: Store, grid: Grid, side: int) -> dict[str, dict[str, str]]:
    """Picture and caption by portrait; those that are not painted yet are left out."""
    from sqlalchemy import select

    found: dict[str, dict[str, str]] = {}
    with store.read() as c:
        query = select(portraits.c.id).where(portraits.c.picture.is_not(None), portraits.c.trashed.is_(None))
        there = [r.id for part in chunks(grid.portraits) for r in c.execute(query.where(portraits.c.id.in_(part)))]
        kept = fetch(c, there)
    for one in kept:
        try:
            picture = read_picture(store.picture_of(one), one.id[:12])
        except LimnerError:  # a file that was lost leaves its cell empty
            continue
        image = Image.fromarray(picture)
        image.thumbnail((side, side), Image.Resampling.LANCZOS)
        out = io.BytesIO()
        image.save(out, "WEBP", quality=82, method=2)
        source = f"data:image/webp;base64,{base64.b64encode(out.getvalue()).decode()}"
        found[one.id] = {"source": source, "words": one.words, "stars": "\u2605" * (one.rating or 0)}
    return found
