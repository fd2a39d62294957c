"""Laying a family out in layers, one generation below the other.

Sugiyama, Tagawa and Toda (1981), in four steps: every portrait gets a layer below all its parents; links
that pass over layers get a waypoint in each (links of one parent share theirs, as in a family tree; in a
lineage of thousands of generations the longest go straight); the order within layers is improved by
barycentres, keeping the order with the fewest crossings; and places follow from repeated least squares: each
portrait wants to stand in the middle of its relatives, at least one step from its neighbours (pool adjacent
violators, Ayer et al. 1955).
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from limner.studio.lineage.family import Family

_SWEEPS = 8  # of the order
_ROUNDS = 10  # of the places
_WAYPOINTS = 60_000  # at most; the longest links then go straight, whatever they cross


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A place on the page, in steps: portraits of one layer stand at least 1 apart."""

    x: float
    y: float
    """The layer, 0 at the top."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Where everything stands."""

    places: Mapping[str, Point]
    """By portrait."""
    ways: Sequence[tuple[int, tuple[Point, ...]]]
    """For every link (by its number in the family) the points that it goes through, parent first."""
    width: float
    """Largest x."""
    height: float
    """Largest y."""
    crossings: int
    """How often links cross each other; those without waypoints are not counted."""


def lay_out(family: Family) -> Layout:
    """Lay a family out; the same family is laid out alike."""
    graph = _Graph(family)
    graph.arrange()
    xs = graph.place()
    n = len(family.members)
    places = {id: Point(x=xs[k], y=graph.layer[k]) for k, id in enumerate(family.members)}
    number = {id: k for k, id in enumerate(family.members)}
    ways = [
        (k, tuple(Point(x=xs[node], y=graph.layer[node]) for node in graph.way(number[e.parent], number[e.child])))
        for k, e in enumerate(family.edges)
    ]
    return Layout(
        places=places,
        ways=ways,
        width=max(xs[:n], default=0.0),
        height=max(graph.layer[:n], default=0),
        crossings=graph.crossings(),
    )


class _Graph:
    """Nodes by number: portraits first, then waypoints."""

    def __init__(self, family: Family) -> None:
        number = {id: k for k, id in enumerate(family.members)}
        pairs = list(dict.fromkeys((number[e.parent], number[e.child]) for e in family.edges))
        self.layer = _layers(len(number), pairs)
        self.above: list[list[int]] = [[] for _ in number]
        self.below: list[list[int]] = [[] for _ in number]
        self._chains: dict[int, list[int]] = {}
        self._longest = _longest(self.layer, pairs)
        for parent, child in pairs:
            if self._straight(parent, child):
                continue
            last = self._reach(parent, self.layer[child] - 1)
            self.below[last].append(child)
            self.above[child].append(last)
        self.rows: list[list[int]] = [[] for _ in range(max(self.layer, default=-1) + 1)]
        for node in self._by_descent():
            self.rows[self.layer[node]].append(node)

    def _reach(self, parent: int, layer: int) -> int:
        """The parent's waypoint in a layer; itself in its own."""
        chain = self._chains.setdefault(parent, [parent])
        while self.layer[chain[-1]] < layer:
            node = len(self.layer)
            self.layer.append(self.layer[chain[-1]] + 1)
            self.above.append([chain[-1]])
            self.below.append([])
            self.below[chain[-1]].append(node)
            chain.append(node)
        return chain[layer - self.layer[parent]]

    def _straight(self, parent: int, child: int) -> bool:
        return self.layer[child] - self.layer[parent] > self._longest

    def way(self, parent: int, child: int) -> list[int]:
        """The nodes that a link passes."""
        if self._straight(parent, child):
            return [parent, child]
        return [*self._chains[parent][: self.layer[child] - self.layer[parent]], child]

    def _by_descent(self) -> list[int]:
        """Nodes as a walk from each root downwards meets them: a forest comes without crossings."""
        order: list[int] = []
        seen = [False] * len(self.layer)
        stack = [node for node in reversed(range(len(self.layer))) if not self.above[node]]
        while stack:
            node = stack.pop()
            if seen[node]:
                continue
            seen[node] = True
            order.append(node)
            stack.extend(reversed(self.below[node]))
        return order

    # order ------------------------------------------------------------------------------------

    def arrange(self) -> None:
        """Improve the order within rows; the best that was met stays."""
        best, fewest = [list(row) for row in self.rows], self.crossings()
        for sweep in range(_SWEEPS):
            if not fewest:
                break
            down = sweep % 2 == 0
            place = self._places()
            for row in self.rows[1:] if down else self.rows[-2::-1]:
                self._sort(row, self.above if down else self.below, place)
            crossings = self.crossings()
            if crossings < fewest:
                best, fewest = [list(row) for row in self.rows], crossings
        self.rows = best

    def _sort(self, row: list[int], near: list[list[int]], place: list[int]) -> None:
        mean = {n: sum(place[m] for m in near[n]) / len(near[n]) if near[n] else float(place[n]) for n in row}
        row.sort(key=lambda node: mean[node])
        for k, node in enumerate(row):
            place[node] = k

    def _places(self) -> list[int]:
        place = [0] * len(self.layer)
        for row in self.rows:
            for k, node in enumerate(row):
                place[node] = k
        return place

    def crossings(self) -> int:
        """Pairs of links between neighbouring rows that cross (inversions of their lower ends)."""
        place = self._places()
        total = 0
        for row in self.rows[:-1]:
            seen: list[int] = []
            for node in row:
                ends = sorted(place[m] for m in self.below[node])
                for end in ends:
                    total += len(seen) - bisect_right(seen, end)
                for end in ends:
                    insort(seen, end)
        return total

    # places -----------------------------------------------------------------------------------

    def place(self) -> list[float]:
        """x of every node."""
        xs = [0.0] * len(self.layer)
        for row in self.rows:
            for k, node in enumerate(row):
                xs[node] = k - (len(row) - 1) / 2
        for turn in range(_ROUNDS):
            down = turn % 2 == 0
            for row in self.rows if down else reversed(self.rows):
                wanted = [self._wanted(node, xs, down=down, both=turn >= _ROUNDS - 3) for node in row]
                for node, x in zip(row, _apart(wanted), strict=True):
                    xs[node] = x
        left = min(xs, default=0.0)
        return [x - left for x in xs]

    def _wanted(self, node: int, xs: list[float], *, down: bool, both: bool) -> float:
        near = self.above[node] if down else self.below[node]
        if both or not near:
            near = [*self.above[node], *self.below[node]]
        return sum(xs[m] for m in near) / len(near) if near else xs[node]


def _layers(n: int, pairs: Sequence[tuple[int, int]]) -> list[int]:
    """Layer of every node: below all parents; roots stand right above their topmost child."""
    layer = [0] * n
    below: list[list[int]] = [[] for _ in range(n)]
    has_parent = [False] * n
    for parent, child in pairs:
        below[parent].append(child)
        has_parent[child] = True
    for node in range(n):  # numbers are in topological order
        for child in below[node]:
            layer[child] = max(layer[child], layer[node] + 1)
    for node in range(n):
        if below[node] and not has_parent[node]:
            layer[node] = min(layer[child] for child in below[node]) - 1
    return layer


def _longest(layer: Sequence[int], pairs: Sequence[tuple[int, int]]) -> int:
    """The longest link, in layers, that gets waypoints, so that there are not too many of them."""

    spans = [layer[child] - layer[parent] for parent, child in pairs]

    def waypoints(longest: int) -> int:
        return sum(span - 1 for span in spans if span <= longest)

    few, many = 1, max(layer, default=0) + 1
    if waypoints(many) <= _WAYPOINTS:
        return many
    while many - few > 1:
        middle = (few + many) // 2
        few, many = (middle, many) if waypoints(middle) <= _WAYPOINTS else (few, middle)
    return few


def _apart(wanted: Sequence[float]) -> list[float]:
    """The places nearest to the wanted ones (least squares) that keep the order and stand 1 apart.

    With the steps taken off this is isotonic regression, solved by pooling adjacent violators.
    """
    sums: list[float] = []
    counts: list[int] = []
    for k, x in enumerate(wanted):
        total, count = x - k, 1
        while sums and sums[-1] / counts[-1] >= total / count:
            total += sums.pop()
            count += counts.pop()
        sums.append(total)
        counts.append(count)
    means = [total / count for total, count in zip(sums, counts, strict=True) for _ in range(count)]
    return [mean + k for k, mean in enumerate(means)]
