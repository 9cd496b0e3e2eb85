"""Tests a Java project inside the sandbox: javac, then every JUnit test that can be found.

What is trusted: a main class of ours asks JUnit's launcher for the tests before it runs any, and
reports over a socket, with a secret that it was given before any class of the project was loaded,
which tests there are, how each one ended, and that all had ended. `System.exit`, `Runtime.halt` or
a crash leave that last word unsaid; report files and printed text are not looked at. Maven itself
is not run: its plugins are code that the project chooses, and its reports are files that tests can
write.
"""

import base64
import re
from pathlib import Path

from quantumlayer.qtest.payload.session import Session, complaints_in
from quantumlayer.qtest.payload.steps import ended_with, run
from quantumlayer.qtest.payload.witness import Testimony, Witness

CLASSES = "/tmp/classes"  # noqa: S108 - the sandbox's own
TEST_CLASSES = "/tmp/test-classes"  # noqa: S108 - as above
SESSION = "/opt/java-session"
PLACE = re.compile(r"^(?P<path>\S+\.java):(?P<line>\d+): error: (?P<message>.+)$", re.MULTILINE)
QUICK = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-XX:-UsePerfData", "-Xshare:auto")


def session(project: Session) -> None:
    """Compile the application, compile the tests against it, run them."""
    plan = project.plan
    for folder in (CLASSES, TEST_CLASSES):
        Path(folder).mkdir()
    libraries = [f"{SESSION}/junit.jar", *plan["libraries"]]
    resources = [f"{project.workspace}/{folder}" for folder in plan["resources"]]
    if not compile_sources(project, plan["main"], CLASSES, libraries):
        return
    if not compile_sources(project, plan["tests"], TEST_CLASSES, [CLASSES, *libraries]):
        return
    project.check_sources()
    path = [TEST_CLASSES, CLASSES, *resources, *libraries, f"{SESSION}/classes"]
    with Witness() as witness:
        done = run(
            ["java", *QUICK, f"-Xmx{plan['heap']}", "-ea", "-Djava.awt.headless=true",
             "-cp", ":".join(path), "QuantumLayerSession", witness.address, TEST_CLASSES],
            folder=project.workspace,
            cap=plan["output_bytes"],
        )  # fmt: skip
        heard = witness.take()
    if done.flooded:
        project.emit("flooded")
        return
    if len(heard) != 1 or not heard[0].genuine:
        project.emit("forged", name="java")
        return
    report(project, heard[0], done.said, done.status)


def compile_sources(project: Session, sources: list[str], target: str, path: list[str]) -> bool:
    """Run javac; whether it was content."""
    if not sources:
        return True
    listing = Path(f"{target}.list")
    listing.write_text("".join(f'"{source}"\n' for source in sources))
    # A service file of the project could name a processor: only libraries may bring one.
    command = ["javac", "-J-XX:TieredStopAtLevel=1", "-J-XX:+UseSerialGC", "-g", "-nowarn"]
    command += ["-encoding", "UTF-8", "-parameters", "-d", target, "-cp", ":".join(path)]
    command += ["-processorpath", ":".join(project.plan["libraries"]) or SESSION]
    done = run([*command, f"@{listing}"], folder=project.workspace)
    if done.status != 0:
        project.refuse(complaints_in(done.said, PLACE), done.said)
    return done.status == 0


def report(project: Session, testimony: Testimony, said: str, status: int) -> None:
    """Hold the tests that were found against those that ended."""
    words = [
        [base64.b64decode(word.rstrip(".")).decode(errors="replace") for word in line.split(" ")]
        for line in testimony.lines
    ]
    found = {rest[0]: rest[1] for kind, *rest in words if kind == "test"}
    project.emit("collected", names=list(found.values()))
    for kind, *rest in words:
        if kind == "started":
            project.emit("started", name=rest[0])
        elif kind == "ended":
            _, name, owner, outcome, seconds, file, line, message, details = rest
            project.case(
                name, outcome, path=source_of(project, owner, file), message=message,
                line=int(line) or None, details=details, duration=float(seconds),
            )  # fmt: skip
    if not words or words[-1] != ["closed"] or status != 0:
        project.case(
            "the test run", "error", details=said,
            message=f"The Java process ended ({ended_with(status)}) before its tests had ended.",
        )  # fmt: skip


def source_of(project: Session, owner: str, file: str) -> str:
    """The source file of a class, by its package and its outermost name."""
    package = owner.rpartition(".")[0].replace(".", "/")
    name = file or f"{owner.rpartition('.')[2].partition('$')[0]}.java"
    wanted = f"{package}/{name}" if package else name
    known: list[str] = [*project.plan["tests"], *project.plan["main"]]
    for path in known:
        if path == wanted or path.endswith(f"/{wanted}"):
            return path
    return next((path for path in known if path.endswith(name)), "")
