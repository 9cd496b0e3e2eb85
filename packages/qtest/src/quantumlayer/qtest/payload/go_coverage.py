"""Lines of each file from the blocks of Go's coverage profiles."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

BLOCK = re.compile(
    r"^(?P<path>.+):(?P<first>\d+)\.\d+,(?P<last>\d+)\.\d+ (?P<statements>\d+) (?P<count>\d+)$"
)


def coverage(profiles: Iterable[str], file_of: Callable[[str], str]) -> Iterator[dict[str, object]]:
    """A record for each file; a block ran if any package's tests ran it.

    A block is what lies between two branches, so blocks are counted as branches. `file_of` makes
    the path in the project of an import path with a file's name.
    """
    blocks: dict[str, dict[tuple[int, int, str], int]] = defaultdict(dict)
    for row in rows(profiles):
        match = BLOCK.match(row)
        if match and int(match["statements"]):
            key = (int(match["first"]), int(match["last"]), row.partition(" ")[0])
            found = blocks[match["path"]]
            found[key] = max(found.get(key, 0), int(match["count"]))
    for path, found in blocks.items():
        ran = {line for (first, last, _), count in found.items() if count
               for line in range(first, last + 1)}  # fmt: skip
        missed = {line for (first, last, _), count in found.items() if not count
                  for line in range(first, last + 1)} - ran  # fmt: skip
        yield {
            "path": file_of(path),
            "statements": len(ran | missed),
            "covered": len(ran),
            "branches": len(found),
            "covered_branches": sum(count > 0 for count in found.values()),
            "missing": sorted(missed),
        }


def rows(profiles: Iterable[str]) -> Iterator[str]:
    """The lines of those profiles that were written."""
    for profile in profiles:
        if Path(profile).is_file():
            yield from Path(profile).read_text(errors="replace").splitlines()
