"""Tests a Java project inside the sandbox: javac, then every JUnit test that can be found.

What is trusted: a main class of ours asks JUnit's launcher for the tests before it runs any, and
reports over a socket, with a secret that it was given before any class of the project was loaded,
which tests there are, how each one ended, and that all had ended. `System.exit`, `Runtime.halt` or
a crash leave that last word unsaid; report files and printed text are not looked at. Maven and
Gradle are not run: their plug-ins are code that the project chooses, and their reports are files
that tests can write. All modules are compiled before any test runs, and classes that were changed
since are not run.
"""

import base64
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from quantumlayer.qtest.payload.java_compiling import compile_part
from quantumlayer.qtest.payload.java_resources import copy_resources
from quantumlayer.qtest.payload.session import Session
from quantumlayer.qtest.payload.steps import ended_with, run
from quantumlayer.qtest.payload.tampering import digest
from quantumlayer.qtest.payload.witness import Testimony, Witness

SESSION = "/opt/java-session"
QUICK = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-XX:-UsePerfData", "-Xshare:auto")


def session(project: Session) -> None:
    """Compile every module, each after those that it leans on; then run the tests of each."""
    modules = project.plan["modules"]
    for module in modules:
        for part in (module["main"], module["tests"]):
            prepare(project, part)
            if not compile_part(project, module, part):
                return
    project.check_sources()
    compiled = {
        module["tests"]["output"]: dict(classes_in(project, module["tests"]["output"]))
        for module in modules
    }
    report = Report(project)
    for module in modules:
        for test_run in module["runs"] if module["tests"]["sources"] else ():
            folder = module["tests"]["output"]
            changed = compiled[folder].items() ^ dict(classes_in(project, folder)).items()
            if changed:
                project.emit("tampered", paths=sorted({path for path, _ in changed})[:20])
                return
            if not run_tests(project, module, test_run, report):
                return
    report.leave_out()


def prepare(project: Session, part: dict[str, Any]) -> None:
    """An empty folder for the classes, with the resources in it."""
    output = Path(project.workspace, part["output"])
    shutil.rmtree(output, ignore_errors=True)
    output.mkdir(parents=True, exist_ok=True)
    for resource in part["resources"]:
        copy_resources(Path(project.workspace), output, resource)


def classes_in(project: Session, output: str) -> Iterator[tuple[str, str]]:
    """(path in the project, digest) of every class in a folder."""
    root = Path(project.workspace, output)
    for path in sorted(root.rglob("*.class")):
        yield os.path.relpath(path, project.workspace), digest(path)


def run_tests(
    project: Session, module: dict[str, Any], test_run: dict[str, Any], report: "Report"
) -> bool:
    """Run one module's tests in a machine of their own; whether what was said can be believed."""
    # What judges stands before whatever the project could put in its place.
    path = [f"{SESSION}/classes", *module["first"], *(
        f"{project.workspace}/{part['output']}" for part in (module["tests"], module["main"])
    ), *module["rest"]]  # fmt: skip
    with Witness() as witness:
        done = run(
            ["java", *QUICK, f"-Xmx{project.plan['heap']}", "-ea", "-Djava.awt.headless=true",
             f"-Dbasedir={project.workspace}/{module['folder']}", *test_run["words"],
             "-cp", ":".join(path), "QuantumLayerSession", witness.address,
             f"{project.workspace}/{module['tests']['output']}", *test_run["choice"]],
            folder=str(Path(project.workspace, test_run["folder"])),
            variables=test_run["variables"],
            cap=project.plan["output_bytes"],
        )  # fmt: skip
        heard = witness.take()
    if done.flooded:
        project.emit("flooded")
        return False
    if not heard:
        project.case(
            "the test run", "error", details=done.said,
            message=f"The Java process ended ({ended_with(done.status)}) before it ran a test.",
        )  # fmt: skip
        return True
    if len(heard) != 1 or not heard[0].genuine:
        project.emit("forged", name="java")
        return False
    report.take(heard[0], module, done.said, done.status)
    return True


class Report:
    """Holds the tests that were found against those that ended, over all modules."""

    def __init__(self, project: Session) -> None:
        """Nothing has been heard yet."""
        self.project = project
        self.taken: set[str] = set()
        self.names: dict[str, str] = {}
        self.found: set[tuple[str, str]] = set()
        self.left: dict[tuple[str, str], tuple[str, str, str]] = {}

    def take(self, testimony: Testimony, module: dict[str, Any], said: str, status: int) -> None:
        """What one run said, passed on."""
        words = [
            [base64.b64decode(word.rstrip(".")).decode(errors="replace") for word in each.split()]
            for each in testimony.lines
        ]
        self.names.clear()
        for kind, *rest in words:
            if kind == "test":
                self.found.add((module["folder"], rest[0]))
                self.project.emit("collected", names=[self.name(rest[0], rest[1], rest[2])])
            elif kind == "left":
                place = source_of(module, rest[2], "")
                self.left[module["folder"], rest[0]] = (rest[1], place, rest[3])
            elif kind == "started":
                self.project.emit("started", name=self.name(rest[0], rest[1], rest[2]))
            elif kind == "ended":
                self.ended(module, *rest)
        if not words or words[-1] != ["closed"]:
            self.project.case(
                "the test run", "error", details=said,
                message=f"The Java process ended ({ended_with(status)}) before its tests had "
                "ended.",
            )  # fmt: skip

    def ended(self, module: dict[str, Any], *words: str) -> None:
        unique, name, owner, place, outcome, seconds, file, line, message, details = words
        self.project.case(
            self.name(unique, name, owner),
            outcome,
            path=source_of(module, place or owner, file),
            message=message,
            line=int(line) or None,
            details=details,
            duration=float(seconds),
        )

    def name(self, unique: str, name: str, owner: str) -> str:
        """A name that no other test of the project has."""
        if unique in self.names:
            return self.names[unique]
        package = owner.rpartition(".")[0]
        shown = name if name not in self.taken or not package else f"{package}.{name}"
        number = 2
        while shown in self.taken:
            shown = re.sub(r"( #\d+)?$", f" #{number}", shown, count=1)
            number += 1
        self.taken.add(shown)
        self.names[unique] = shown
        return shown

    def leave_out(self) -> None:
        """Tell of the tests that the build leaves out: they prove nothing, and fail nothing."""
        for (folder, unique), (name, place, reason) in self.left.items():
            if (folder, unique) not in self.found:
                self.project.case(
                    self.name(f"{folder} {unique}", name, ""), "skipped", path=place,
                    message=reason or "The build leaves it out.",
                )  # fmt: skip


def source_of(module: dict[str, Any], owner: str, file: str) -> str:
    """The source file of a class, by its package and its outermost name."""
    package = owner.rpartition(".")[0].replace(".", "/")
    name = file or f"{owner.rpartition('.')[2].partition('$')[0]}.java"
    wanted = f"{package}/{name}" if package else name
    known: list[str] = [*module["tests"]["sources"], *module["main"]["sources"]]
    for path in known:
        if path == wanted or path.endswith(f"/{wanted}"):
            return path
    return next((path for path in known if path.endswith(f"/{name}") or path == name), "")
