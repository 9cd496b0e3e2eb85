"""Which test ran which line, as a test run has reported it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from quantumlayer.qtest.runners.readable import relative_path
from quantumlayer.qtest.runners.records import Record, text

LOADING = 1  # the bit of what ran while the project and its tests were loaded


@dataclass(frozen=True)
class Traces:
    """For each line of each file, a number whose bits are the contexts that ran it.

    Bit 0 stands for loading; bit n for `contexts[n]`, the name of a test or of a fixture that
    several tests share. What such a fixture runs is booked to all tests that use it.
    """

    contexts: tuple[str, ...]
    files: Mapping[str, Mapping[int, int]]

    def ran(self, path: str, first: int, last: int) -> int:
        """The contexts that ran any of these lines."""
        lines = self.files.get(path, {})
        found = 0
        for line in range(first, last + 1):
            found |= lines.get(line, 0)
        return found

    def named(self, contexts: int) -> Iterator[str]:
        """The names of contexts, without that of loading."""
        for number, name in enumerate(self.contexts):
            if number and contexts >> number & 1:
                yield name


def traces_from(names: Iterable[Record], files: Iterable[Record]) -> Traces | None:
    """The records' meaning; None when there are none."""
    contexts = tuple(str(name) for record in names for name in record.get("names", ()))
    if not contexts:
        return None
    found: dict[str, dict[int, int]] = {}
    for record in files:
        lines = found.setdefault(relative_path(text(record, "path")), {})
        for mask, where in record.get("lines", ()):
            lines.update(dict.fromkeys(where, int(mask, 16)))
    return Traces(contexts, found)
