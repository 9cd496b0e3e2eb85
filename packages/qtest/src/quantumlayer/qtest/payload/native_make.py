"""Tests that Make runs, whatever the rule is called and wherever it stands.

Make itself says which targets there are, so included files, aliases and variables are known. The
programs that the target runs are the tests; the status of Make alone proves nothing. Programs whose
output is compared by what runs them are no tests: there the target as a whole is one, if something
was compared and nothing was forgotten.
"""

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from quantumlayer.qtest.payload.guarded import guarded, problem_with
from quantumlayer.qtest.payload.native_absences import absence
from quantumlayer.qtest.payload.native_ends import (
    COMPARERS,
    LOOKS_AT_OUTPUT,
    contexts,
    differences,
    is_compared,
    is_skip,
    may_fail,
    problem_of_end,
    was_looked_at,
)
from quantumlayer.qtest.payload.native_output import (
    admitted,
    compiler_complaints,
    first_complaint,
    refuse,
    report_program,
)
from quantumlayer.qtest.payload.session import Session
from quantumlayer.qtest.payload.steps import Finished, run
from quantumlayer.qtest.payload.witness import Testimony, Witness

# Those that say "test" in so many words, the ones that people and packagers call first.
TARGETS = (
    "test", "check", "tests", "run-tests", "run_tests", "runtests", "runtest", "test-all",
    "unittest", "unit-test", "unittests", "unit-tests", "unit_tests", "all-tests", "alltests",
)  # fmt: skip
RULE = re.compile(r"^(?P<names>[^\s#:=%][^:=#]*?)\s*::?(?![:=])(?P<needs>[^=]*)$")
VARIABLE = re.compile(r"^(?P<name>[\w.-]+) :?:?= (?P<value>.*)$", re.MULTILINE)
IGNORED = re.compile(r"\[(?P<file>[^\]:\s]+):(?P<line>\d+): [^\]]+\] Error \d+ \(ignored\)")
COMMANDS = re.compile(r"#  recipe to execute \(from (?P<place>.*)\)")
STOPS = re.compile(r"\*\*\* .*\bStop\.")
ASKED = "what-is-there-to-make"


@dataclass(frozen=True)
class Rules:
    """What Make knows of a folder: target → what it needs, target → where its commands stand, and
    variables. `trouble`: how it said that it cannot read the makefiles."""

    needs: Mapping[str, Sequence[str]]
    commands: Mapping[str, str]
    variables: Mapping[str, str]
    trouble: Finished | None = None

    def targets(self) -> list[str]:
        """The targets that run tests: those that no other of them runs anyway."""
        found = [name for name in TARGETS if name in self.needs]
        inner = {each for name in found for each in self.reached(name)}
        apart: dict[str, str] = {}
        for name in found:
            if name not in inner:
                # One rule may have two names.
                apart.setdefault(self.commands.get(name, name), name)
        return list(apart.values())

    def reached(self, name: str) -> set[str]:
        """Everything that a target needs, near or far."""
        seen: set[str] = set()
        pending = list(self.needs.get(name, ()))
        while pending:
            each = pending.pop()
            if each not in seen and each != name:
                seen.add(each)
                pending += self.needs.get(each, ())
        return seen


def rules_of(folder: str) -> Rules:
    """Ask Make what it has read; nothing is made but makefiles that it makes itself."""
    done = run(["make", "-npq", ASKED], folder=folder, variables={"LC_ALL": "C"})
    head, _, files = done.output.partition("\n# Files\n")
    needs: dict[str, list[str]] = {}
    commands: dict[str, str] = {}
    above = last = ""
    for line in files.split("\n"):
        found = RULE.match(line)
        if found and above != "# Not a target:":
            words = found["needs"].replace("|", " ").split()
            for name in found["names"].split():
                needs.setdefault(name, []).extend(words)
                last = name
        elif (place := COMMANDS.match(line)) and last:
            commands[last] = place["place"]
        above = line
    variables = {found["name"]: found["value"] for found in VARIABLE.finditer(head)}
    stops = [line for line in done.errors.split("\n") if STOPS.search(line)]
    trouble = done if any(ASKED not in line for line in stops) else None
    return Rules(needs, commands, variables, trouble)


def run_make(project: Session, witness: Witness, folder: str, rules: Rules) -> bool:
    """Run the targets that run tests; whether any of them did."""
    built = prebuilt(folder, rules)
    found, told = False, set[str]()
    for target in rules.targets():
        found |= run_target(project, witness, folder, rules, target, told=told)
    if not found and built is not None and built.status != 0:
        refuse(project, built)
        return True
    return found


def prebuilt(folder: str, rules: Rules) -> Finished | None:
    """Build what the project builds by itself, so that programs which only build are not heard."""
    goal = "all" if "all" in rules.needs else rules.variables.get(".DEFAULT_GOAL", "")
    if not goal or {goal, *rules.reached(goal)} & set(TARGETS):
        return None
    return run(["make", "-k", "-j2", goal], folder=folder)


def run_target(
    project: Session, witness: Witness, folder: str, rules: Rules, target: str, *, told: set[str]
) -> bool:
    """Run one target; whether tests ran, or it failed where nothing else has run.

    `told`: the programs that have passed under another target.
    """
    witness.take()
    name = f"make {target}"
    project.emit("started", name=name)
    done = run(
        ["make", target],
        folder=folder,
        variables=guarded(witness),
        cap=project.plan["output_bytes"],
    )
    heard = witness.take()
    if not any(is_evidence(testimony) for testimony in heard):
        return not told and told_without_tests(project, done, name)
    told.add(name)
    expected = set(rules.variables.get("XFAIL_TESTS", "").split())
    broken = report_programs(project, heard, expected, done, told)
    if not broken:
        report_whole(project, done, heard, folder, name)
    return True


def is_evidence(testimony: Testimony) -> bool:
    """Whether a program of the project ran, or something was compared."""
    return testimony.program.startswith("/tmp/") or testimony.program in COMPARERS  # noqa: S108


def told_without_tests(project: Session, done: Finished, name: str) -> bool:
    """A target under which no program of the project was heard of; whether it failed."""
    if done.status == 0 and not done.flooded:
        return False
    said = f"{done.errors}\n{done.output}"
    if compiler_complaints(said) or absence(said, project.workspace):
        refuse(project, done)
    else:
        report_program(
            project, name, first_complaint(done.said) or problem_with(done, []), done.said
        )
    return True


def report_programs(
    project: Session, heard: Sequence[Testimony], expected: set[str], done: Finished, told: set[str]
) -> bool:
    """Each program that answers for itself, as a case; whether one of them has not passed."""
    programs: dict[str, list[Testimony]] = {}
    for testimony in heard:
        if testimony.program not in COMPARERS and not is_compared(testimony, heard):
            programs.setdefault(testimony.program, []).append(testimony)
    broken = False
    for program, ends in programs.items():
        name = os.path.relpath(program, project.workspace)
        wanted = bool({Path(program).name, name} & expected)
        why = skipped(ends, wanted=wanted)
        if why:
            project.case(name, "skipped", message=why)
            continue
        problem = next(filter(None, map(problem_of_end, ends)), "")
        if wanted and not problem:
            problem = "It was expected to fail, and has not."
        if not problem and name in told:
            continue
        told.add(name)
        broken |= bool(problem)
        report_program(project, name, problem and (first_complaint(done.said) or problem),
                       done.said if problem else "")  # fmt: skip
    return broken


def skipped(ends: Sequence[Testimony], *, wanted: bool) -> str:
    """Why the ends of a program that was not compared prove nothing, or nothing."""
    bad = [each for each in ends if problem_of_end(each)]
    if wanted and bad:
        return "It is expected to fail."
    if any(map(is_skip, bad)):
        return "It skipped itself."
    if bad and all(map(may_fail, bad)):
        return f"{problem_of_end(bad[0])} What ran it may have wanted that."
    return ""


def report_whole(
    project: Session, done: Finished, heard: Sequence[Testimony], folder: str, name: str
) -> None:
    """The target as a case: where it failed, and where something in it was compared."""
    said = done.said
    if done.flooded or done.status != 0:
        lacks = absence(f"{done.errors}\n{done.output}", project.workspace)
        if lacks:
            project.emit("absent", reason=lacks)
        else:
            report_program(project, name, first_complaint(said) or problem_with(done, []), said)
        return
    found = differences(heard)
    lost = [each for each in found if not was_looked_at(each)]
    problem = admitted(said) or ignored(done, folder)
    if lost and not problem:
        problem = f"{Path(lost[0].program).name} found a difference, and nothing came of it."
    compared = [
        each for each in heard
        if is_compared(each, heard) or (
            each.program in COMPARERS and all(context.can_fail for context in contexts(each))
        )
    ]  # fmt: skip
    if problem:
        report_program(project, name, problem, said)
    elif found:
        project.case(name, "skipped", details=said, message="Files differ, and it went on.")
    elif compared:
        report_program(project, name, "", said)


def ignored(done: Finished, folder: str) -> str:
    """A command that tested something, failed, and was ignored; or nothing."""
    for found in IGNORED.finditer(f"{done.errors}\n{done.output}"):
        for line in line_at(Path(folder, found["file"]), int(found["line"])):
            command = line.strip().lstrip("-@+ ")
            if "/" in command.split(" ")[0] or LOOKS_AT_OUTPUT.search(command):
                return f"Make ignored that this failed: {command[:200]}"
    return ""


def line_at(path: Path, number: int) -> Iterator[str]:
    """A line of a file, where there is one."""
    try:
        lines = path.read_text("utf-8", errors="replace").split("\n")
    except OSError:
        return
    yield from lines[number - 1 : number]
