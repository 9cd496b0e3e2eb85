"""Compiling test programs by hand, where a project does not say how it is built."""

import re
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from quantumlayer.qtest.payload.absences import HEADER, absence
from quantumlayer.qtest.payload.guarded import run_guarded
from quantumlayer.qtest.payload.native_output import (
    admitted,
    compiler_complaints,
    explained,
    refuse,
    report_program,
)
from quantumlayer.qtest.payload.session import Session
from quantumlayer.qtest.payload.steps import Finished, run
from quantumlayer.qtest.payload.witness import Witness

BUILD = "/tmp/by-hand"  # noqa: S108 - the sandbox's own
MOST_ATTEMPTS = 8
UNDEFINED = re.compile(r"undefined reference to \W(?P<name>\w+)")
LIBRARY_FOLDERS = (
    "/usr/lib/x86_64-linux-gnu",
    "/usr/lib/aarch64-linux-gnu",
    "/usr/lib64",
    "/usr/lib",
)
LIBRARY = re.compile(r"^lib(?P<name>[\w+.-]+)\.so$")


def plainly(project: Session, witness: Witness) -> bool:
    """Compile the sources together with each test file that has a `main`, and run each."""
    programs: Mapping[str, Sequence[str]] = project.plan["programs"]
    project.emit("collected", names=list(programs))
    Path(BUILD).mkdir(exist_ok=True)
    if not programs and project.plan["unbuilt_tests"]:
        project.emit("absent", reason=project.plan["builder"])
    built: list[tuple[str, str]] = []
    for number, (name, sources) in enumerate(programs.items()):
        program = f"{BUILD}/{number}-{Path(name).stem}"
        if compiled(project, name, sources, program):
            built.append((name, program))
    for name, program in built:
        project.emit("started", name=name)
        ending = run_guarded(
            witness, [program], folder=project.workspace, cap=project.plan["output_bytes"]
        )
        said = ending.finished.said
        problem = ending.problem and (explained(ending.finished) or ending.problem)
        report_program(project, name, problem or admitted(said), said, path=name)
    return True


def compiled(project: Session, test: str, sources: Sequence[str], program: str) -> bool:
    """Compile and link a test by hand; whether it worked.

    A source that needs a header which is not on this machine may not be needed by the test, and a
    library of the system is found by the symbols that are missing.
    """
    plan = project.plan
    taken, libraries = list(sources), list(plan["libraries"])
    first: Finished | None = None
    for _ in range(MOST_ATTEMPTS):
        command = [plan["compiler"], "-g", "-I.", *(f"-I{folder}" for folder in plan["includes"])]
        done = run([*command, "-o", program, *taken, *libraries], folder=project.workspace)
        if done.status == 0:
            return True
        first = first or done
        without = [path for path in taken if path not in hopeless(done, project) or path == test]
        more = [] if without != taken else [f"-l{name}" for name in libraries_with(undefined(done))]
        if without == taken and not set(more) - set(libraries):
            break
        taken, libraries = without, [*libraries, *more]
    told(project, first or done)
    return False


def told(project: Session, done: Finished) -> None:
    """Why a test could not be compiled: a fault of the project only if nothing else is told of its
    build."""
    said, builder = f"{done.errors}\n{done.output}", project.plan["builder"]
    if not builder or absence(said, project.workspace):
        refuse(project, done)
        return
    first = next((each.message for each in compiler_complaints(said)), "it does not compile")
    project.emit("absent", reason=f"{builder} Compiled by hand: {first}.")


def hopeless(done: Finished, project: Session) -> set[str]:
    """The sources that ask for a header which is not on this machine."""
    said = f"{done.errors}\n{done.output}"
    return {
        found["path"].removeprefix("./")
        for found in HEADER.finditer(said)
        if absence(found[0], project.workspace)
    }


def undefined(done: Finished) -> set[str]:
    return {found["name"] for found in UNDEFINED.finditer(f"{done.errors}\n{done.output}")}


def libraries_with(symbols: set[str]) -> list[str]:
    """The libraries of the system, among those that can be linked, that define some symbols."""
    left = set(symbols)
    found = []
    for path in linkable() if left else ():
        defined = left & defined_in(path)
        if defined:
            found.append(LIBRARY.sub(r"\g<name>", path.name))
            left -= defined
    return found


def linkable() -> Iterator[Path]:
    for folder in map(Path, LIBRARY_FOLDERS):
        if folder.is_dir():
            yield from sorted(path for path in folder.iterdir() if LIBRARY.match(path.name))


def defined_in(path: Path) -> set[str]:
    done = subprocess.run(  # noqa: S603 - a tool of the system on a library of the system
        ["/usr/bin/nm", "-D", "--defined-only", "--format=posix", str(path)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    return {line.split(" ", 1)[0].partition("@")[0] for line in done.stdout.splitlines()}
