"""Tests a Go project inside the sandbox.

What is trusted: `go test` compiles each package's tests against a `testing` package with a few
lines of ours, which says over a socket which tests the compiler put into the binary, how each one
ended in the truth of its own `T`, and that `M.Run` came to its end. The address and the secret are
taken by package `syscall` before any code that could use them runs. What `go test -json` prints is
used for messages, and to find failures; a pass is never read from it.
"""

import contextlib
import json
import os
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from quantumlayer.qtest.payload.session import Session, complaints_in
from quantumlayer.qtest.payload.steps import Finished, run
from quantumlayer.qtest.payload.witness import Testimony, Witness

PROFILE = "/tmp/coverage.out"  # noqa: S108 - the sandbox's own
CACHE = "/tmp/go-cache"  # noqa: S108 - as above
PLACE = re.compile(
    r"^(?:vet: )?(?P<path>[^\s:]+\.go):(?P<line>\d+)(?::(?P<column>\d+))?: (?P<message>.+)$",
    re.MULTILINE,
)
TEST_LINE = re.compile(r"^\s*(?P<path>[\w./-]+_test\.go):(?P<line>\d+): ?(?P<message>.*)$")
BLOCK = re.compile(
    r"^(?P<path>.+):(?P<first>\d+)\.\d+,(?P<last>\d+)\.\d+ (?P<statements>\d+) (?P<count>\d+)$"
)
FRAME = re.compile(r"^\t(?P<path>/\S+\.go):(?P<line>\d+)", re.MULTILINE)
FRAMING = re.compile(r"^\s*(=== \w+ |--- \w+: )")

Event = Mapping[str, Any]


def session(project: Session) -> None:
    """Build, run, and report every package that has tests."""
    copy_cache(project.plan.get("cache"))
    provide_module(project)
    stream = Stream(project)
    command = ["go", "test", "-json", "-timeout=0", *project.plan["flags"]]
    with Witness() as witness, ThreadPoolExecutor(max_workers=1) as beside:
        # The list is only needed at the end, and takes a fifth of the time.
        listed = beside.submit(listed_packages, project)
        finished = run(
            [*command, "-coverpkg=./...", f"-coverprofile={PROFILE}", "./..."],
            folder=project.workspace,
            variables={"QL_WITNESS": witness.address},
            on_line=stream.take,
            cap=project.plan["output_bytes"],
        )
        testimonies = witness.take()
        packages = listed.result()
    if finished.flooded:
        project.emit("flooded")
        return
    if packages is None:
        return
    if not any(packages.values()) and not testimonies:
        refuse_build(project, packages, stream, finished)
        project.emit("collected", names=[])
        return
    report(project, packages, stream, testimonies, finished)
    for record in coverage(project):
        project.emit("file_coverage", **record)


def copy_cache(source: str | None) -> None:
    """A private cache whose entries are links into the shared, read-only one."""
    if source is not None:
        run(["cp", "-rs", source, CACHE], folder="/")


def provide_module(project: Session) -> None:
    """Loose files become a module."""
    root = Path(project.workspace)
    if not any((root / name).exists() for name in ("go.mod", "go.work")):
        (root / "go.mod").write_text(f"module project\n\ngo {project.plan['version']}\n")


def listed_packages(project: Session) -> dict[str, dict[str, Any]] | None:
    """Each package by its import path; only those with tests have a content. None: refused."""
    fields = "-json=ImportPath,Dir,TestGoFiles,XTestGoFiles,Module,Error"
    listing = run(["go", "list", "-e", fields, "./..."], folder=project.workspace)
    found: dict[str, dict[str, Any]] = {}
    decoder, rest = json.JSONDecoder(), listing.output.lstrip()
    while rest:
        with contextlib.suppress(json.JSONDecodeError):
            package, end = decoder.raw_decode(rest)
            rest = rest[end:].lstrip()
            tested = package.get("TestGoFiles") or package.get("XTestGoFiles")
            found[package["ImportPath"]] = package if tested else {}
            continue
        break
    if listing.status != 0:
        project.refuse(complaints_in(listing.errors, PLACE), listing.errors)
        return None
    return found


class Stream:
    """What `go test -json` prints, by package and test. Evidence for people, not proof."""

    def __init__(self, project: Session) -> None:
        """Announce each test that starts, so that a hang has a name."""
        self.project = project
        self.said: dict[tuple[str, str], list[str]] = defaultdict(list)
        self.failed: dict[tuple[str, str], None] = {}
        self.broken: dict[str, None] = {}

    def take(self, line: bytes) -> None:
        try:
            event = json.loads(line)
        except ValueError:
            return
        if not isinstance(event, dict):
            return
        package, test = str(event.get("Package", "")), str(event.get("Test", ""))
        action = event.get("Action")
        if action in ("output", "build-output"):
            owner = package or str(event.get("ImportPath", "")).partition(" ")[0]
            lines = self.said[owner, test]
            if len(lines) < 2_000:
                lines.append(str(event.get("Output", "")))
        elif action == "run":
            self.project.emit("started", name=display(package, test))
        elif action == "fail":
            self.failed[package, test] = None
        if action == "build-fail":
            self.broken[str(event.get("ImportPath", "")).partition(" ")[0]] = None
        if event.get("FailedBuild"):
            self.broken[package] = None

    def text(self, package: str, test: str) -> str:
        return "".join(self.said[package, test])


def display(package: str, test: str) -> str:
    return f"{package}: {test}" if test else package


def report(
    project: Session,
    packages: Mapping[str, Mapping[str, Any]],
    stream: Stream,
    testimonies: Iterable[Testimony],
    finished: Finished,
) -> None:
    """One case for each result that a package's own binary gave."""
    by_package: dict[str, list[list[list[str]]]] = defaultdict(list)
    for testimony in testimonies:
        words = [line.split("\t") for line in testimony.lines]
        if not testimony.genuine:
            project.emit("forged", name=testimony.program)
        if words:
            by_package[words[0][1]].append(words)
    if stream.broken or (finished.status != 0 and not by_package and not stream.failed):
        refuse_build(project, packages, stream, finished)
    for package, content in packages.items():
        if not content:
            continue
        sessions = by_package.pop(package, [])
        report_package(project, package, content, sessions, stream)
    for package in by_package:
        project.emit("forged", name=package)
    project.emit("ended_with", status=finished.status)


def refuse_build(
    project: Session, packages: Iterable[str], stream: Stream, finished: Finished
) -> None:
    """Report what does not compile, in packages with tests and without, if anything does not."""
    if finished.status == 0:
        return
    refused = finished.errors + "".join(
        stream.text(package, "") for package in dict.fromkeys((*packages, *stream.broken))
    )
    project.refuse(complaints_in(refused, PLACE), refused)


def report_package(
    project: Session,
    package: str,
    content: Mapping[str, Any],
    sessions: list[list[list[str]]],
    stream: Stream,
) -> None:
    """Hold what the compiler put into the binary against what was reported."""
    if len(sessions) > 1:
        project.emit("forged", name=package)
    words = sessions[0] if sessions else []
    expected = [name for kind, name, *_ in words if kind == "test"]
    ended = {rest[0]: rest[1:] for kind, *rest in words if kind == "ended"}
    closed = any(kind == "closed" for kind, *_ in words)
    project.emit("collected", names=[display(package, name) for name in expected])
    root = f"{project.relative(str(content['Dir']))}/".removeprefix(f"{project.workspace}/")
    for name, (outcome, duration) in ended.items():
        path, line, message = place_in(stream.text(package, name))
        project.case(
            display(package, name), outcome, path=f"{root}{path}" if path else root.rstrip("/"),
            line=line, message=message if outcome != "passed" else "",
            details=stream.text(package, name) if outcome != "passed" else "",
            duration=float(duration),
        )  # fmt: skip
    for failed_package, name in stream.failed:
        if failed_package == package and name and ended.get(name, [""])[0] != "failed":
            report_broken(project, package, name, stream, root)
    if not words and (package, "") not in stream.failed:
        project.case(
            package, "error", path=root.rstrip("/"),
            message="The test program ended without running its tests to their end.",
            details=stream.text(package, ""),
        )  # fmt: skip
    elif (package, "") in stream.failed or not closed:
        broken = any(owner == package for owner, name in stream.failed if name)
        if not broken and not any(result == "failed" for result, _ in ended.values()):
            report_broken(project, package, "", stream, root)


def report_broken(project: Session, package: str, test: str, stream: Stream, root: str) -> None:
    """A test, or a whole package, that did not come to its own end."""
    said = stream.text(package, test) or stream.text(package, "")
    path, line, message = place_in(said)
    panic = re.search(r"^(panic: .*|fatal error: .*|runtime: .*exceeds.*)$", said, re.MULTILINE)
    if panic:
        message = panic[1]
        for frame in FRAME.finditer(said):
            if frame["path"].startswith(f"{project.workspace}/"):
                path, line = frame["path"], int(frame["line"])
                break
    elif path:
        path = f"{root}{path}"
    last = [each.strip() for each in said.splitlines() if each.strip()]
    project.case(
        display(package, test), "failed" if test else "error", path=path or root.rstrip("/"),
        line=line, details=said,
        message=message or (last[-1] if last else "The test program ended too early."),
    )  # fmt: skip


def place_in(said: str) -> tuple[str, int | None, str]:
    """Where a test logged first, and what."""
    for each in said.splitlines():
        match = TEST_LINE.match(each)
        if match:
            return match["path"], int(match["line"]), match["message"]
    lines = [each.strip() for each in said.splitlines() if not FRAMING.match(each)]
    return "", None, next((each for each in lines if each), "")


def coverage(project: Session) -> Iterable[dict[str, object]]:
    """Lines of each file from the profile's blocks; a block ran if any package's tests ran it.

    A block is what lies between two branches, so blocks are counted as branches.
    """
    if not Path(PROFILE).is_file():
        return
    blocks: dict[str, dict[tuple[int, int, str], int]] = defaultdict(dict)
    for row in Path(PROFILE).read_text(errors="replace").splitlines():
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
            "path": file_of(path, project),
            "statements": len(ran | missed),
            "covered": len(ran),
            "branches": len(found),
            "covered_branches": sum(count > 0 for count in found.values()),
            "missing": sorted(missed),
        }


def file_of(path: str, project: Session) -> str:
    """A file of the profile, which begins with the module's name, as a path in the project."""
    words = path.split("/")
    for start in range(1, len(words)):
        candidate = "/".join(words[start:])
        if os.path.exists(os.path.join(project.workspace, candidate)):  # noqa: PTH110, PTH118
            return candidate
    return path
