"""Which processes another one has started, as the host's /proc tells it."""

import os
from collections.abc import Iterator


def descendants(root: int) -> Iterator[int]:
    """The process itself and everything below it, as far as it can be seen at this moment."""
    pending = [root]
    while pending:
        pid = pending.pop()
        yield pid
        pending.extend(children(pid))


def children(pid: int) -> list[int]:
    """Direct children; a process has one list of them for each of its threads."""
    found: list[int] = []
    try:
        tasks = os.listdir(f"/proc/{pid}/task")  # noqa: PTH208 - hot path
    except OSError:
        return found
    for task in tasks:
        try:
            with open(f"/proc/{pid}/task/{task}/children", "rb") as stream:  # noqa: PTH123 - hot path
                found.extend(int(child) for child in stream.read().split())
        except OSError:
            continue
    return found
