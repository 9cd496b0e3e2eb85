"""Tests a C or C++ project inside the sandbox: with CMake, with Make, or by plain compilation.

There is no common test library, so the evidence is the end of each test program. It passes only if
its exit status is 0 and its own `main` has returned 0, which the guard inside of it says with a
secret (see `witness`); a test program that leaves through `exit` has therefore not passed, wherever
the call stands. With CMake the list of tests is ctest's own, read before any of them runs. Asserts
are kept: nothing is built with NDEBUG unless the project insists. Output that says "FAIL" in so
many words is a failure whatever the status.
"""

import contextlib
import json
import os
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from quantumlayer.qtest.payload.guarded import distrust, guarded, problem_with, run_guarded
from quantumlayer.qtest.payload.session import Complaint, Session
from quantumlayer.qtest.payload.steps import Finished, run
from quantumlayer.qtest.payload.witness import Testimony, Witness

SCRATCH = "/tmp/"  # noqa: S108 - the sandbox's own
BUILD = "/tmp/build"  # noqa: S108 - the sandbox's own
REPORT = "/tmp/ctest.xml"  # noqa: S108 - as above
PLACE = re.compile(
    r"^(?P<path>[^\s:]+):(?P<line>\d+):(?:(?P<column>\d+):)? (?:fatal )?error: (?P<message>.+)$"
    r"|^CMake Error at (?P<cpath>[^\s:]+):(?P<cline>\d+)[^\n]*\n+\s+(?P<cmessage>[^\n]+)",
    re.MULTILINE,
)
LINKER = re.compile(r"^.*(undefined reference to .*|multiple definition of .*)$", re.MULTILINE)
FAILURE_PLACE = re.compile(
    r"^(?:\S+: )?(?P<path>[\w./+-]+\.(?:c|cc|cpp|cxx|h|hpp)):(?P<line>\d+):(?P<message>.*)$",
    re.MULTILINE,
)
SAYS_FAILURE = re.compile(
    r"^\s*(?:\[\s*)?(?:FAIL(?:ED|URE)?|not ok)\b(?!\s*[:=]?\s*0\b)|^\s*[✗✘]"
    r"|(?i:\b(?!0\b)\d+ (?:(?:tests?|checks?|assertions?|cases?) )?(?:have |has )?failed\b)"
    r"|(?i:\b(?:failed|failures?)\s*[:=]\s*(?!0\b)\d+)|: Assertion .* failed",
    re.MULTILINE,
)


def session(project: Session) -> None:
    """Build and test in the way the project itself is built."""
    with Witness() as witness:
        {"cmake": with_cmake, "make": with_make, "plain": plainly}[project.plan["build"]](
            project, witness
        )


def compiler_complaints(output: str) -> list[Complaint]:
    """Places of gcc and of CMake; for the linker, what it misses."""
    found = [
        Complaint(
            path=match["path"] or match["cpath"],
            line=int(match["line"] or match["cline"]),
            column=int(match["column"]) if match["column"] else None,
            message=(match["message"] or match["cmessage"]).strip(),
        )
        for match in PLACE.finditer(output)
    ]
    return found or [Complaint("", None, None, match[1]) for match in LINKER.finditer(output)]


def build_step(project: Session, command: Sequence[str], folder: str) -> bool:
    """Run a step of the build; whether it worked."""
    done = run(command, folder=folder)
    if done.status == 0:
        return True
    project.refuse(compiler_complaints(f"{done.errors}\n{done.output}"), done.said)
    return False


def with_cmake(project: Session, witness: Witness) -> None:
    """Configure, build, ask ctest for the list, then have it run one test after the other."""
    optimised = [
        f"-DCMAKE_{language}_FLAGS_{kind}=-O1 -g"
        for language in ("C", "CXX")
        for kind in ("RELEASE", "RELWITHDEBINFO", "MINSIZEREL")
    ]
    configure = ["cmake", "-S", project.workspace, "-B", BUILD, "-DCMAKE_BUILD_TYPE=Debug"]
    configure += ["-DBUILD_TESTING=ON", *optimised, "-G", "Unix Makefiles"]
    if not build_step(project, configure, project.workspace):
        return
    if not build_step(project, ["cmake", "--build", BUILD, "-j", "2"], project.workspace):
        return
    project.check_sources()
    listing = run(["ctest", "--show-only=json-v1"], folder=BUILD)
    tests: list[dict[str, Any]] = []
    with contextlib.suppress(ValueError, KeyError):
        tests = json.loads(listing.output)["tests"]
    names = [str(test["name"]) for test in tests]
    project.emit("collected", names=names)
    witness.take()
    for position, test in enumerate(tests, start=1):
        run_ctest(project, witness, test, position)


def run_ctest(project: Session, witness: Witness, test: Mapping[str, Any], position: int) -> None:
    """One test by ctest, which knows what its properties mean; its end is believed if ours is."""
    name = str(test["name"])
    properties = {entry["name"]: entry["value"] for entry in test.get("properties", ())}
    project.emit("started", name=name)
    command = ["ctest", "-I", f"{position},{position}", "--output-junit", REPORT]
    Path(REPORT).unlink(missing_ok=True)
    done = run(
        [*command, "--output-on-failure", "--no-tests=error"],
        folder=BUILD,
        variables=guarded(witness),
        cap=project.plan["output_bytes"],
    )
    heard = witness.take()
    status, output = junit_result(REPORT, name)
    said = output or done.said
    if status in ("disabled", "notrun") or "SKIP" in status.upper():
        project.case(name, "skipped" if status != "notrun" else "error", details=said,
                     message="It is disabled." if status == "disabled" else status)  # fmt: skip
        return
    problem = ""
    if done.status != 0 or status != "run":
        problem = first_complaint(said) or f"ctest says: {status or 'nothing'}."
    elif not properties.get("WILL_FAIL") and not properties.get("PASS_REGULAR_EXPRESSION"):
        problem = ending_of(test.get("command", [""])[0], heard) or admitted(said)
    report_program(project, name, problem, said)


def ending_of(program: str, heard: Iterable[Testimony]) -> str:
    """Why the program of a test is not believed. Scripts speak for themselves."""
    if not program.startswith(SCRATCH) or not is_binary(program):
        return ""
    return distrust([each for each in heard if each.program == os.path.realpath(program)])


def is_binary(program: str) -> bool:
    try:
        with Path(program).open("rb") as stream:
            return stream.read(4) == b"\x7fELF"
    except OSError:
        return False


def junit_result(path: str, name: str) -> tuple[str, str]:
    """The status and the output that ctest wrote for a test."""
    try:
        root = ET.parse(path).getroot()  # noqa: S314 - of ctest, and bounded by the disk
    except (OSError, ET.ParseError):
        return "", ""
    for case in root.iter("testcase"):
        if case.get("name") == name:
            return case.get("status", ""), case.findtext("system-out") or ""
    return "", ""


def with_make(project: Session, witness: Witness) -> None:
    """`make test` or `make check`: each test program that it runs is a test, and so is the whole.

    Programs whose name says that they are tests have to end by returning from `main`; and so have
    all others, unless the target's commands compare what they print.
    """
    target = project.plan["target"]
    project.emit("collected", names=[f"make {target}"])
    run(["make", "-k", "-j2", "all"], folder=project.workspace)
    witness.take()
    project.emit("started", name=f"make {target}")
    done = run(
        ["make", target],
        folder=project.workspace,
        variables=guarded(witness),
        cap=project.plan["output_bytes"],
    )
    heard = witness.take()
    complaints = compiler_complaints(done.errors) if done.status != 0 else []
    if complaints and not heard:
        project.refuse(complaints, done.said)
        return
    programs: dict[str, list[Testimony]] = {}
    for testimony in heard:
        name = os.path.relpath(testimony.program, project.workspace)
        if project.plan["only_statuses"] or re.search(r"test|check|spec", name):
            programs.setdefault(testimony.program, []).append(testimony)
    for program, testimonies in programs.items():
        name = os.path.relpath(program, project.workspace)
        problems = [distrust_end(testimony) for testimony in testimonies]
        problem = next((each for each in problems if each), "")
        report_program(project, name, problem, done.said if problem else "")
    problem = ""
    if done.flooded or done.status != 0:
        problem = first_complaint(done.said) or problem_with(done, [])
    elif not heard:
        project.case(f"make {target}", "skipped", path="Makefile",
                     message="No program of the project was heard of (statically linked?).",
                     details=done.said)  # fmt: skip
        return
    report_program(project, f"make {target}", problem or admitted(done.said), done.said)


def distrust_end(testimony: Testimony) -> str:
    """Why a test program that Make ran has not passed."""
    if not testimony.genuine:
        return "Something other than the guard spoke for it: its result proves nothing."
    if not testimony.lines:
        return "It ended before its main function had returned."
    status = testimony.lines[-1].removeprefix("returned ")
    return "" if testimony.lines == ["returned 0"] else f"Its main function returned {status}."


def plainly(project: Session, witness: Witness) -> None:
    """Compile the sources together with each test file that has a `main`, and run each."""
    programs: Mapping[str, Sequence[str]] = project.plan["programs"]
    project.emit("collected", names=list(programs))
    flags = ["-g", "-I.", *(f"-I{folder}" for folder in project.plan["includes"])]
    Path(BUILD).mkdir(exist_ok=True)
    built: list[tuple[str, str]] = []
    for number, (name, sources) in enumerate(programs.items()):
        program = f"{BUILD}/{number}-{Path(name).stem}"
        command = [
            project.plan["compiler"],
            *flags,
            "-o",
            program,
            *sources,
            *project.plan["libraries"],
        ]
        if build_step(project, command, project.workspace):
            built.append((name, program))
    for name, program in built:
        project.emit("started", name=name)
        ending = run_guarded(
            witness, [program], folder=project.workspace, cap=project.plan["output_bytes"]
        )
        said = ending.finished.said
        problem = ending.problem and (explained(ending.finished) or ending.problem)
        report_program(project, name, problem or admitted(said), said, path=name)


def explained(finished: Finished) -> str:
    """The program's own words on why it failed, when it ended with a bad status."""
    return first_complaint(finished.said) if finished.status != 0 else ""


def first_complaint(said: str) -> str:
    """The line of an output that names a failure."""
    match = FAILURE_PLACE.search(said)
    if match:
        return match[0].strip()
    found = SAYS_FAILURE.search(said)
    if found:
        start = said.rfind("\n", 0, found.end()) + 1
        return said[start:].partition("\n")[0].strip()
    return ""


def admitted(said: str) -> str:
    """A failure that the output names although the status is 0."""
    found = SAYS_FAILURE.search(said)
    return f"It ended with exit status 0, but said: {first_complaint(said)}" if found else ""


def report_program(project: Session, name: str, problem: str, said: str, path: str = "") -> None:
    """One test program as a case."""
    place = FAILURE_PLACE.search(said) if problem else None
    project.case(
        name,
        "failed" if problem else "passed",
        path=place["path"] if place else path,
        line=int(place["line"]) if place else None,
        message=problem,
        details=said if problem else "",
    )
