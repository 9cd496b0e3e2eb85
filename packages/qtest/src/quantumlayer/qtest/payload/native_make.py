"""Tests that Make runs, whatever the rule is called and wherever it stands.

Make itself says which targets there are, so included files, aliases and variables are known. The
programs that the target runs are the tests; the status of Make alone proves nothing. Programs whose
output is compared by what runs them are no tests: there the target as a whole is one, if something
was compared and nothing was forgotten.
"""

import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from quantumlayer.qtest.payload.absences import absence
from quantumlayer.qtest.payload.guarded import guarded, problem_with
from quantumlayer.qtest.payload.make_rules import TARGETS, Rules
from quantumlayer.qtest.payload.native_ends import (
    COMPARERS,
    LOOKS_AT_OUTPUT,
    contexts,
    differences,
    is_compared,
    is_skip,
    makes_sources,
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
from quantumlayer.qtest.payload.native_products import expect_products, take_as_built
from quantumlayer.qtest.payload.session import Session
from quantumlayer.qtest.payload.steps import Finished, run
from quantumlayer.qtest.payload.witness import Testimony, Witness

IGNORED = re.compile(r"\[(?P<file>[^\]:\s]+):(?P<line>\d+): [^\]]+\] Error \d+ \(ignored\)")


def run_make(project: Session, witness: Witness, folder: str, rules: Rules) -> bool | Finished:
    """Run the targets that run tests; whether any of them did.

    Gives the build that failed, where one did and there are no tests.
    """
    built = prebuilt(folder, rules)
    take_as_built(project)
    expect_products(project, folder, rules.needs)
    found, told = False, set[str]()
    for target in rules.targets():
        found |= run_target(project, witness, folder, rules, target, told=told)
    return built if not found and built is not None and built.status != 0 else found


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
    heard = [each for each in witness.take() if not makes_sources(each)]
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
    return testimony.program.startswith("/tmp/") or testimony.program in COMPARERS  # noqa: S108 - inside the sandbox


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
