"""Tests a Go project inside the sandbox.

What is trusted: `go test` compiles each package's tests against a `testing` package with a few
lines of ours, which says over a socket which tests the compiler put into the binary, how each one
ended in the truth of its own `T`, and that `M.Run` came to its end. The address and the secret are
taken by package `syscall` before any code that could use them runs. What `go test -json` prints is
used for messages, and to find failures; a pass is never read from it.
"""

import os
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from quantumlayer.qtest.payload.go_coverage import coverage
from quantumlayer.qtest.payload.go_events import Stream, display
from quantumlayer.qtest.payload.go_testimony import Said, endings, left_early, place_in
from quantumlayer.qtest.payload.session import Session, complaints_in
from quantumlayer.qtest.payload.steps import Finished, run
from quantumlayer.qtest.payload.witness import Testimony, Witness

PROFILE = "/tmp/coverage-{}.out"  # noqa: S108 - the sandbox's own
CACHE = "/tmp/go-cache"  # noqa: S108 - as above
PLACE = re.compile(
    r"^(?:vet: )?(?P<path>[^\s:]+\.go):(?P<line>\d+)(?::(?P<column>\d+))?: (?P<message>.+)$",
    re.MULTILINE,
)
FRAME = re.compile(r"^\t(?P<path>/\S+\.go):(?P<line>\d+)", re.MULTILINE)
NO_SUM = re.compile(
    r"missing go\.sum entry for (?:go\.mod file|module providing package (?P<package>\S+))"
    r"[^\n]*|[\w./-]+@\S+: missing go\.sum entry[^\n]*"
)
NEWER_GO = re.compile(r"requires go >= \S+ \(running go [^)]*\)")
NO_MODULE = re.compile(r"no required module provides package (?P<package>[^\s;:]+)")
# The module that loose files become.
MADE_UP = {"project": "."}
LEFT_EARLY = "TestMain ended the program with status 0 and ran no test."


def session(project: Session) -> None:
    """Build, run, and report every package of every root."""
    copied()
    provide_module(project)
    profiles = []
    for number, root in enumerate(project.plan["roots"]):
        profiles.append(PROFILE.format(number))
        if not test_root(project, root, profiles[-1]):
            return
    for record in coverage(profiles, lambda path: file_of(project, path)):
        project.emit("file_coverage", **record)


def copied() -> None:
    """Wait for the private cache, whose entries are links into the shared, read-only one."""
    if not Path(CACHE).is_dir() or os.waitpid(-1, 0)[1] != 0:
        raise RuntimeError("the compiled library cannot be linked")


def provide_module(project: Session) -> None:
    """Loose files become a module."""
    if not project.plan["modules"]:
        project.plan["modules"] = MADE_UP
        project.plan["roots"] = [{"folder": ".", "patterns": ["./..."], "workspace": False}]
        content = f"module project\n\ngo {project.plan['version']}\n"
        Path(project.workspace, "go.mod").write_text(content)


def test_root(project: Session, root: Mapping[str, Any], profile: str) -> bool:
    """Run `go test` from a root and report; False when nothing more is to be run."""
    covered = ",".join(root["patterns"])
    ended = run_root(project, root, f"-coverpkg={covered}", f"-coverprofile={profile}")
    if ended.stream.broken and not ended.finished.flooded:
        # What is measured is compiled for every test; without, the packages stand for themselves.
        ended = run_root(project, root)
    stream, finished = ended.stream, ended.finished
    if finished.flooded:
        project.emit("flooded")
        return False
    sessions: dict[str, list[Said]] = defaultdict(list)
    for testimony in ended.testimonies:
        words = [line.split("\t") for line in testimony.lines]
        if not testimony.genuine:
            project.emit("forged", name=testimony.program)
        if words and words[0][0] == "opened":
            sessions[words[0][1]].append(words)
    refused = refuse_build(project, ended, str(root["folder"]), bool(sessions))
    # In the order in which Go ended them; a program can speak that Go does not tell of.
    for package in dict.fromkeys((*stream.ran, *(name for name, _ in stream.failed), *sessions)):
        if not (refused and package in stream.broken and package not in sessions):
            report_package(project, package, sessions.get(package, []), stream)
    return True


class Ended(NamedTuple):
    """A `go test` that has ended: what it printed, how, and what its test programs said."""

    stream: Stream
    finished: Finished
    testimonies: list[Testimony]


def run_root(project: Session, root: Mapping[str, Any], *measuring: str) -> Ended:
    stream = Stream(project)
    flags = ["-json", "-timeout=0", *project.plan["flags"], *measuring]
    variables = {} if root["workspace"] else {"GOWORK": "off"}
    with Witness() as witness:
        finished = run(
            ["go", "test", *flags, *root["patterns"]],
            folder=f"{project.workspace}/{root['folder']}",
            variables={"QL_WITNESS": witness.address, **variables},
            on_line=stream.take,
            cap=project.plan["output_bytes"],
        )
        return Ended(stream, finished, witness.take())


def refuse_build(project: Session, ended: Ended, folder: str, ran: bool) -> bool:
    """Report what does not compile, in any package; whether there is anything."""
    stream, finished = ended.stream, ended.finished
    if finished.status == 0 or (not stream.broken and (ran or stream.failed or stream.ran)):
        return False
    spoken = dict.fromkeys((*stream.broken, *(name for name, _ in stream.said)))
    said = finished.errors + "".join(
        stream.text(package, "") for package in spoken if package not in stream.ran
    )
    from quantumlayer.qtest.payload.absences import absence  # noqa: PLC0415 - only where something is wrong: its patterns are slow to load

    lacks = unobtainable(project, said) or absence(said, project.workspace)
    if lacks:
        project.emit("absent", reason=lacks)
    # Go names files from where it was started.
    complaints = [
        one._replace(path=one.path if one.path.startswith("/") else os.path.normpath(
            f"{folder}/{one.path}"))
        for one in complaints_in(said, PLACE)
    ]  # fmt: skip
    project.refuse(complaints, said)
    return True


def unobtainable(project: Session, said: str) -> str:
    """Why modules could not be used though they are declared, with the place that declares them."""
    newer = NEWER_GO.search(said)
    if newer:
        return f"A module {newer[0]}."
    unknown = NO_MODULE.search(said)
    if unknown and project.plan["modules"] == MADE_UP:
        return f"There is no go.mod that says where {unknown['package']} comes from."
    missing = NO_SUM.search(said)
    if missing is None:
        return ""
    required: Mapping[str, str] = project.plan["required"]
    words = missing["package"] or missing[0]
    named = [name for name in required if name in words]
    where = f"{required[max(named, key=len)]}: " if named else ""
    return f"{where}{missing[0]}; `go mod tidy` writes what go.sum lacks"


def report_package(
    project: Session, package: str, sessions: Sequence[Said], stream: Stream
) -> None:
    """Hold what the compiler put into the binary against what was reported."""
    failed = (package, "") in stream.failed
    if len(sessions) > 1 or (sessions and package not in stream.ran and not failed):
        project.emit("forged", name=package)
    words = sessions[0] if sessions else []
    expected = [rest[0] for kind, *rest in words if kind == "test"]
    ended = endings(words)
    project.emit("collected", names=[display(package, name) for name in expected])
    root = folder_of(project, package)
    if left_early(words):
        for name in expected:
            project.case(display(package, name), "skipped", path=root, message=LEFT_EARLY)
        return
    for name, (outcome, duration) in ended.items():
        path, line, message = place_in(stream.text(package, name))
        project.case(
            display(package, name), outcome, path=within(root, path),
            line=line, message=message if outcome != "passed" else "",
            details=stream.text(package, name) if outcome != "passed" else "",
            duration=float(duration),
        )  # fmt: skip
    for failed_package, name in stream.failed:
        if failed_package == package and name and ended.get(name, [""])[0] != "failed":
            report_broken(project, package, name, stream, root)
    closed = any(kind == "closed" for kind, *_ in words)
    if not words and not failed:
        project.case(
            package, "error", path=root, details=stream.text(package, ""),
            message="The test program ended without running its tests to their end.",
        )  # fmt: skip
    elif failed or not closed:
        broken = any(owner == package for owner, name in stream.failed if name)
        if not broken and not any(result == "failed" for result, _ in ended.values()):
            report_broken(project, package, "", stream, root)


def report_broken(project: Session, package: str, test: str, stream: Stream, root: str) -> None:
    """A test, or a whole package, that did not come to its own end."""
    said = stream.text(package, test) or stream.text(package, "")
    path, line, message = place_in(said)
    path = within(root, path)
    panic = re.search(r"^(panic: .*|fatal error: .*|runtime: .*exceeds.*)$", said, re.MULTILINE)
    if panic:
        message = panic[1]
        for frame in FRAME.finditer(said):
            if frame["path"].startswith(f"{project.workspace}/"):
                path, line = frame["path"], int(frame["line"])
                break
    last = [each.strip() for each in said.splitlines() if each.strip()]
    project.case(
        display(package, test), "failed" if test else "error", path=path, line=line, details=said,
        message=message or (last[-1] if last else "The test program ended too early."),
    )  # fmt: skip


def folder_of(project: Session, package: str) -> str:
    """The folder of a package, `.` for the project's own."""
    modules: Mapping[str, str] = project.plan["modules"]
    names = [name for name in modules if package == name or package.startswith(f"{name}/")]
    if not names:
        return "."
    module = max(names, key=len)
    return os.path.normpath(f"{modules[module]}/{package.removeprefix(module)}")


def within(folder: str, path: str) -> str:
    """A file of a folder, or the folder itself, as the project knows it."""
    return os.path.normpath(f"{folder}/{path}") if path else folder


def file_of(project: Session, path: str) -> str:
    """A file of a profile, which begins with the import path, as a path in the project."""
    package, _, name = path.rpartition("/")
    return within(folder_of(project, package), name)
