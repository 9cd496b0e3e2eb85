"""What C and C++ builds and their test programs print: places of errors, and admitted failures."""

import re
from collections.abc import Sequence

from quantumlayer.qtest.payload.absences import absence
from quantumlayer.qtest.payload.own_files import own_of
from quantumlayer.qtest.payload.session import Complaint, Session
from quantumlayer.qtest.payload.steps import Finished, kill_group, run

PLACE = re.compile(
    r"^(?P<path>[^\s:]+):(?P<line>\d+):(?:(?P<column>\d+):)? (?:fatal )?error: (?P<message>.+)$"
    r"|^CMake Error at (?P<cpath>[^\s:]+):(?P<cline>\d+)[^\n]*\n+\s+(?P<cmessage>[^\n]+)"
    r"|^(?P<mpath>[^\s:]+):(?P<mline>\d+): \*\*\* (?P<mmessage>.+?)\.?  ?Stop\.$",
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


def compiler_complaints(output: str) -> list[Complaint]:
    """Places of gcc, CMake and Make; for the linker, what it misses."""
    found = [
        Complaint(
            path=match["path"] or match["cpath"] or match["mpath"],
            line=int(match["line"] or match["cline"] or match["mline"]),
            column=int(match["column"]) if match["column"] else None,
            message=(match["message"] or match["cmessage"] or match["mmessage"]).strip(),
        )
        for match in PLACE.finditer(output)
    ]
    return found or [Complaint("", None, None, match[1]) for match in LINKER.finditer(output)]


def build_step(command: Sequence[str], folder: str) -> Finished:
    """Run a step of the build."""
    started: list[int] = []

    def watch(line: bytes) -> None:
        # There is no network, and CMake would wait for minutes before it tries once more.
        if line.startswith(b"-- Retry after "):
            kill_group(started[0])

    return run(command, folder=folder, on_start=started.append, on_line=watch)


def refuse(project: Session, done: Finished) -> None:
    """A build that failed: for what the machine lacks, or with the compiler's words."""
    said = f"{done.errors}\n{done.output}"
    lacks = absence(said, project.workspace)
    if lacks:
        project.emit("absent", reason=lacks)
    else:
        own = own_of(project.workspace)
        found = (one._replace(path=one.path and own.locate(one.path))
                 for one in compiler_complaints(said))  # fmt: skip
        project.refuse(found, done.said)


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
