"""Runs fixers and formatters on the sandbox's copy and sends what they made of the named files.

What a tool did that was killed or flooded its output is undone, for nobody knows how far it came.
"""

import base64
import os
import stat
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from quantumlayer.qtest.payload.session import Session
from quantumlayer.qtest.payload.steps import Finished, ended_with, run

Contents = dict[str, bytes]


def session(project: Session) -> None:
    """Do every step, then tell of each file that is not what it was."""
    plan = project.plan
    original = contents(project.workspace, plan["files"], plan["largest"])
    reached, tools = original, dict[str, list[str]]()
    for step in plan["steps"]:
        before = reached
        complaint = tidied(project, step)
        reached = before | contents(project.workspace, before, plan["largest"])
        if complaint is not None:
            restore(project.workspace, before)
            reached = before
            project.emit("noted", name=step["name"], **complaint)
        for path in before:
            if reached[path] != before[path]:
                tools.setdefault(path, []).append(step["name"])
    tell(project, original, reached, tools)


def tidied(project: Session, step: Mapping[str, Any]) -> dict[str, str] | None:
    """Run a step; what is wrong with it where its work must not be kept."""
    try:
        done = run(step["command"], folder=project.workspace)
    except OSError as error:
        return {"ended": "could not be started", "said": str(error)}
    if done.flooded:
        return {"ended": "was ended, because it wrote too much", "said": ""}
    if done.status < 0:
        return {"ended": f"ended with {ended_with(done.status)}", "said": done.said}
    if done.status > 0:
        remark(project, step["name"], done)
    return None


def remark(project: Session, name: str, done: Finished) -> None:
    """Fixers and formatters end like this for what they leave to people, and do the rest."""
    project.emit("noted", name=name, ended=f"ended with {ended_with(done.status)}", said=done.said)


def tell(
    project: Session, original: Contents, reached: Contents, tools: Mapping[str, list[str]]
) -> None:
    """Send the changed files, unless they are more than anybody wants."""
    changed = {path: content for path, content in reached.items() if content != original[path]}
    total = sum(map(len, changed.values()))
    if total > project.plan["altogether"]:
        project.emit("noted", name="all tools", ended="changed too much", said=f"{total} bytes")
        return
    for path, content in changed.items():
        encoded = base64.b64encode(content).decode()
        project.emit("changed", path=path, content=encoded, tools=tools[path])


def contents(workspace: str, paths: Iterable[str], largest: int) -> Contents:
    """The bytes of those that are regular files, and not too large."""
    read = ((path, content_of(Path(workspace, path), largest)) for path in paths)
    return {path: content for path, content in read if content is not None}


def content_of(place: Path, largest: int) -> bytes | None:
    """A tool may have put a link or a pipe in the place of a file."""
    try:
        descriptor = os.open(place, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return None
    with open(descriptor, "rb") as stream:  # noqa: PTH123 - a descriptor
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            return None
        content = stream.read(largest + 1)
    return content if len(content) <= largest else None


def restore(workspace: str, before: Contents) -> None:
    """Give the files what stood in them before a step."""
    for path, content in before.items():
        place = Path(workspace, path)
        if content_of(place, len(content)) == content:
            continue
        place.unlink(missing_ok=True)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
