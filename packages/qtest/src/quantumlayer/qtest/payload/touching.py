"""Which test ran which line: what coverage has seen, taken away between one test and the next.

coverage.py has contexts for this, at the price of a database that is written for each test. Here
its sets of lines are emptied instead, and put back together at the end.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable

import coverage
from coverage.collector import Collector

LOADING = ""
# The price of telling tests apart grows with the square of their number.
MOST_CONTEXTS = 10_000
# How arcs are packed into one number; the width changed once between versions.
SHIFT = next((bits for bits in (28, 20) if bits in Collector.flush_data.__code__.co_consts), 0)


class Touching:
    """The bookkeeping. A context is a test, a fixture that several tests share, or loading."""

    def __init__(self, measured: coverage.Coverage) -> None:
        """`measured` has been started."""
        collector: Collector | None = getattr(measured, "_collector", None)
        packed = getattr(getattr(collector, "core", None), "packed_arcs", False)
        # Without this inner knowledge nothing is told; coverage itself is not concerned.
        self.data: dict[str, set[int]] | None = (
            collector.data if collector is not None and packed and SHIFT else None  # type: ignore[assignment]  # coverage names no type
        )
        self.current = LOADING
        self.contexts: dict[str, int] = {LOADING: 0}
        self.masks: dict[str, dict[int, int]] = defaultdict(lambda: defaultdict(int))
        self.users: dict[str, int] = defaultdict(int)

    def test(self, name: str, fixtures: Iterable[str]) -> None:
        """From now on a test runs, with these fixtures."""
        if self.data is not None and len(self.contexts) > MOST_CONTEXTS:
            self.end()
            self.data = None
        self.switch(name)
        bit = 1 << self.contexts[name]
        for fixture in fixtures:
            self.users[f"fixture {fixture}"] |= bit

    def switch(self, context: str) -> str:
        """Book what has run to the context until now; returns that context."""
        before, self.current = self.current, context
        self.contexts.setdefault(context, len(self.contexts))
        if self.data is not None:
            bit = 1 << self.contexts[before]
            for path, arcs in list(self.data.items()):
                if arcs:
                    masks = self.masks[path]
                    for arc in arcs.copy():
                        masks[arc] |= bit
                    arcs.clear()
        return before

    def end(self) -> None:
        """Give back to coverage what is its own."""
        self.switch(LOADING)
        if self.data is not None:
            for path, masks in self.masks.items():
                self.data[path].update(masks)

    def report(self, workspace: str, emit: Callable[..., None]) -> None:
        """Send the names of the tests, then for each file which of them ran its lines."""
        if self.data is None:
            return
        names = list(self.contexts)
        shared = {
            1 << self.contexts[name]: users
            for name, users in self.users.items()
            if name in self.contexts
        }
        for start in range(0, len(names), 200):
            emit("touching", names=names[start : start + 200])
        for path, masks in self.masks.items():
            if not path.startswith(workspace):
                continue
            lines: dict[int, int] = defaultdict(int)
            for arc, mask in masks.items():
                for line in lines_of(arc):
                    lines[line] |= mask
            groups: dict[int, list[int]] = defaultdict(list)
            for line in sorted(lines):
                mask = lines[line]
                for bit, users in shared.items():
                    if mask & bit:
                        mask = (mask & ~bit) | users
                groups[mask].append(line)
            found = [[f"{mask:x}", where] for mask, where in groups.items()]
            emit("touched", path=path, lines=found)


def lines_of(arc: int) -> list[int]:
    """The lines at both ends of a packed arc; an end outside of the code is negative."""
    size = (1 << SHIFT) - 1
    first, second = arc & size, (arc >> SHIFT) & size
    ends = ((first, arc >> (2 * SHIFT) & 1), (second, arc >> (2 * SHIFT) & 2))
    return [line for line, negative in ends if line and not negative]
