"""Asks languages' own checkers, inside the sandbox, whether sources are well formed.

Nothing of the project is run. Each job of the plan names a tier, the commands that are tried, the
files, and patterns for what is printed: `place` finds complaints, `undecided` says that the
checker lacks something that is not the file's fault. A file is content when any of its commands is.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from quantumlayer.qtest.payload.session import Complaint, Session
from quantumlayer.qtest.payload.steps import run

AT_ONCE = 2
MOST_IN_A_FILE = 20


def session(project: Session) -> None:
    """Do every job; each answer is sent as soon as it is known."""
    parts = [(job, files) for job in project.plan["jobs"] for files in portions(job)]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for records in pool.map(lambda part: answers(project, *part), parts):
            for event, fields in records:
                project.emit(event, **fields)


def portions(job: Mapping[str, Any]) -> list[list[str]]:
    """The files that one command is given: all of them, or each alone."""
    files: list[str] = job["files"]
    return [files] if job["together"] else [[path] for path in files]


def answers(
    project: Session, job: Mapping[str, Any], files: Sequence[str]
) -> list[tuple[str, dict[str, Any]]]:
    """What the checker says of some files; nothing of those it cannot judge."""
    first: list[Complaint] = []
    for command in job["commands"]:
        # A file could be called like an option.
        names = [f"./{path}" for path in files]
        done = run([*command, *names], folder=project.workspace, variables=job["variables"])
        if done.flooded:
            return []
        if done.status == 0:
            return [("judged", {"tier": job["tier"], "paths": list(files)})]
        said = f"{done.errors}\n{done.output}"
        if job["undecided"] and re.search(job["undecided"], said):
            continue
        first = first or list(complaints(said, job["place"]))
    known = set(files)
    told = [(project.relative(each.path), each) for each in first]
    if not any(path in known for path, _ in told):
        return []
    records: list[tuple[str, dict[str, Any]]] = [
        ("complaint", {
            "tier": job["tier"], "path": path, "line": each.line, "column": each.column,
            "message": each.message,
        })
        for path, each in told
        if path in known
    ]  # fmt: skip
    return [*records, ("judged", {"tier": job["tier"], "paths": list(files)})]


def complaints(said: str, pattern: str) -> Iterator[Complaint]:
    """The places that a checker names, once each, a bounded number for each file."""
    seen: dict[str, set[Complaint]] = {}
    for match in re.finditer(pattern, said, re.MULTILINE):
        parts = match.groupdict()
        found = Complaint(
            path=parts["path"],
            line=int(parts["line"]),
            column=int(parts["column"]) if parts.get("column") else None,
            message=parts["message"].strip(),
        )
        known = seen.setdefault(found.path, set())
        if found not in known and len(known) < MOST_IN_A_FILE:
            known.add(found)
            yield found
