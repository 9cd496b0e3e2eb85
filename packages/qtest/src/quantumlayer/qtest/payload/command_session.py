"""Runs one command on the sandbox's copy and sends the files that are not what they were."""

import base64
import contextlib
import hashlib
import os
import stat
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from quantumlayer.qtest.payload.session import Session
from quantumlayer.qtest.payload.steps import ended_with, kill_group, run

MOST_LOOKED_AT = 20_000
OUTPUT_CHARACTERS = 400_000
MOST_NAMED = 10
LARGEST_READ = 16 * 1024 * 1024
LEFT_BEHIND = "; what it changed is left behind"


def session(project: Session) -> None:
    """Link packages, run the command, then tell of every file that it changed."""
    plan = project.plan
    for link, target in plan["links"]:
        place = Path(project.workspace, link)
        with contextlib.suppress(OSError):
            place.parent.mkdir(parents=True, exist_ok=True)
            place.symlink_to(target)
    for command in plan["before"]:
        run(command, folder=project.workspace)
    before = digests(project.workspace, plan)
    ended, output, status = outcome(project)
    # What judges a test run is the command's own affair here.
    project.known = {}
    project.emit("ended", status=status, ended=ended, output=output[-OUTPUT_CHARACTERS:])
    if status >= 0:
        tell(project, before)


def outcome(project: Session) -> tuple[str, str, int]:
    """How the command ended, in words, what it said, and its status: negative where it was ended.

    What it has changed then is left behind, as nobody knows how far it came.
    """
    seconds, timers = project.plan["seconds"], list[threading.Timer]()

    def watch(process: int) -> None:
        timers.append(threading.Timer(seconds, kill_group, (process,)))
        timers[0].start()

    try:
        done = run(project.plan["command"], folder=project.workspace, on_start=watch)
    except OSError as error:
        return f"could not be started: {error}", "", -1
    late = bool(timers) and timers[0].finished.is_set()
    for timer in timers:
        timer.cancel()
    output = f"{done.output}\n{done.errors}".strip("\n")
    if late:
        return f"was ended after {seconds:g} s{LEFT_BEHIND}", output, -1
    if done.flooded:
        return f"was ended, because it wrote too much{LEFT_BEHIND}", output, -1
    behind = LEFT_BEHIND if done.status < 0 else ""
    return f"ended with {ended_with(done.status)}{behind}", output, done.status


def tell(project: Session, before: Mapping[str, str]) -> None:
    """Send what has changed, as far as anybody wants it."""
    plan, after = project.plan, digests(project.workspace, project.plan)
    changed = [path for path, digest in sorted(after.items()) if before.get(path) != digest]
    gone = sorted(before.keys() - after.keys())
    contents = {path: content_of(Path(project.workspace, path)) for path in changed}
    read = {path: content for path, content in contents.items() if content is not None}
    total = sum(map(len, read.values()))
    if len(read) + len(gone) > plan["most"] or total > plan["altogether"]:
        note(project, f"It changed too much to be kept: {len(read) + len(gone)} files, "
                      f"{total} bytes. All of it is left behind.")  # fmt: skip
        return
    large = [path for path, content in read.items() if len(content) > plan["largest"]]
    if large:
        note(project, f"Too large to be kept: {', '.join(large[:MOST_NAMED])}.")
    for path, content in read.items():
        if path not in large:
            project.emit("changed", path=path, content=base64.b64encode(content).decode())
    for path in gone:
        project.emit("changed", path=path, content=None)


def note(project: Session, words: str) -> None:
    project.emit("noted", words=words)


def digests(workspace: str, plan: Mapping[str, Any]) -> dict[str, str]:
    """What stands in each file of the project that may belong to its sources."""
    found: dict[str, str] = {}
    for path in files(workspace, plan):
        content = content_of(Path(workspace, path))
        if content is not None:
            found[path] = hashlib.sha256(content).hexdigest()
    return found


def files(workspace: str, plan: Mapping[str, Any]) -> Iterator[str]:
    """The paths of what is neither made by tools nor lies where they put it."""
    made, suffixes, seen = frozenset(plan["made"]), tuple(plan["suffixes"]), 0
    for folder, inner, names in os.walk(workspace):
        inner[:] = [name for name in inner if name not in made]
        place = os.path.relpath(folder, workspace)
        for name in names:
            seen += 1
            if seen > MOST_LOOKED_AT:
                return
            if not name.endswith(suffixes):
                yield name if place == "." else f"{place}/{name}"


def content_of(place: Path) -> bytes | None:
    """The bytes of a regular file; a command may have put a link or a pipe there."""
    try:
        descriptor = os.open(place, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return None
    with open(descriptor, "rb") as stream:  # noqa: PTH123 - a descriptor
        return stream.read(LARGEST_READ) if stat.S_ISREG(os.fstat(descriptor).st_mode) else None
