"""The tools at work: (tree, call) → (tree, observation), whatever goes wrong in between."""

import shlex
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from quantumlayer.agents.integrator import (
    Arguments,
    Call,
    Edit,
    Finish,
    Observation,
    Patch,
    Plan,
    Read,
    Refused,
    Run,
    Search,
    Start,
    Test,
    Write,
    edited,
    grouped,
    patched,
)
from quantumlayer.qtest import TestReport
from quantumlayer.qtest.commands import ChangedFile, Command
from quantumlayer.qtest.delivered import Asked, Visit, Visited
from quantumlayer.worker.evidence import problems_of_tests
from quantumlayer.worker.integrator.bench import Bench
from quantumlayer.worker.parse_gate import ParseGate
from quantumlayer.worker.tester.dependencies import answered_for

_SEARCH_SECONDS = 20.0
_LINES_SHOWN = 60
_LONGEST_LINE = 300
_NOT_INSTALLED = "Its packages are not installed, as they cannot be trusted: "


@dataclass(frozen=True)
class Answer:
    """What a tool gave; `failed` as in `Observation`."""

    text: str
    failed: bool = False


async def use(bench: Bench, call: Call | Refused) -> Observation:
    """Makes one call on the bench, and tells what came of it."""
    if isinstance(call, Refused):
        answer = Answer(f"Not done: {call.reason}.", failed=True)
    else:
        answer = await _TOOLS[type(call.arguments)](bench, call.arguments)
    return Observation(tool=call.tool, text=answer.text, failed=answer.failed, id=call.id)


async def _run(bench: Bench, asked: Run) -> Answer:
    refused = await bench.refused()
    command = Command(line=asked.command, seconds=asked.seconds, installing=refused is None)
    async with bench.laid_out() as folder:
        done = await bench.runtime.run_command(folder, command)
    kept, left = await _taken(bench, done.changed)
    notes = [*([_NOT_INSTALLED + refused.output] if refused else []), *done.notes, *left]
    told = [done.output, f"It {done.ended}."]
    if kept:
        told.append(f"It changed: {', '.join(kept)}.")
    return Answer("\n".join(filter(None, [*told, *notes])), failed=not done.succeeded)


async def _taken(bench: Bench, changed: Sequence[ChangedFile]) -> tuple[list[str], list[str]]:
    """Takes over what a command changed; the paths that were, and why others were not."""
    kept: list[str] = []
    left: list[str] = []
    for one in changed:
        why = bench.guard.refuses(one.path, bench.contents)
        if not why and one.content is not None:
            why = await bench.put(one.path, one.content)
        elif not why:
            bench.remove(one.path)
        if why:
            left.append(f"Left as it was: {why}.")
        else:
            kept.append(one.path)
    return kept, left


async def _test(bench: Bench, asked: Test) -> Answer:
    report = await bench.refused()
    if report is None:
        async with bench.laid_out() as folder:
            report = (await bench.runtime.tests_of(bench.scope)(folder)).report
        if bench.runtime.traits(bench.scope.model).chooses_packages:
            report = answered_for(report)
    problems = [
        one
        for one in problems_of_tests(report)
        if asked.matching in one.place or asked.matching in one.cause
    ]
    told = f"{_counts(report, asked.matching)}\n\n{grouped(problems)}".strip()
    return Answer(told, failed=bool(problems))


def _counts(report: TestReport, matching: str) -> str:
    coverage = f", {report.coverage.lines_percent:.0f}% covered" if report.coverage else ""
    whole = (
        f"{report.executed} tests executed: {report.passed} passed, {report.failed} failed, "
        f"{report.errors} errors, {report.skipped} skipped{coverage}."
    )
    if not matching:
        return whole
    ended = Counter(
        case.outcome.value for case in report.cases if matching in f"{case.path}::{case.name}"
    )
    named = ", ".join(f"{number} {outcome}" for outcome, number in ended.items()) or "none"
    return f"{whole} With {matching!r} in path or name: {named}."


async def _read(bench: Bench, asked: Read) -> Answer:
    text = bench.texts.get(asked.path)
    if text is None:
        name = asked.path.rpartition("/")[2]
        near = [path for path in sorted(bench.contents) if path.rpartition("/")[2] == name]
        meant = f" There is {', '.join(near)}." if near else ""
        return Answer(f"There is no file {asked.path!r}.{meant}", failed=True)
    lines = text.splitlines(keepends=True)
    first = asked.from_line - 1
    shown = lines[first : first + asked.lines]
    last = first + len(shown)
    return Answer(f"{asked.path}, lines {first + 1} to {last} of {len(lines)}:\n{''.join(shown)}")


async def _search(bench: Bench, asked: Search) -> Answer:
    """grep in the sandbox: no pattern of a model's can hold up this process."""
    chosen = f"--include={shlex.quote(asked.paths)} " if asked.paths else ""
    line = f"grep -rnEI {chosen}-e {shlex.quote(asked.pattern)} -- ."
    command = Command(line=line, seconds=_SEARCH_SECONDS, installing=False)
    async with bench.laid_out() as folder:
        done = await bench.runtime.run_command(folder, command)
    lines = [one.removeprefix("./")[:_LONGEST_LINE] for one in done.output.splitlines()]
    if not done.succeeded:
        return Answer(done.output or "It stands nowhere.", failed=bool(done.output))
    if len(lines) <= _LINES_SHOWN:
        return Answer("\n".join(lines))
    counts = Counter(one.partition(":")[0] for one in lines)
    names = "\n".join(f"{path}: {count} lines" for path, count in sorted(counts.items()))
    return Answer(f"{len(lines)} lines, in these files; search in fewer for the lines:\n{names}")


async def _edit(bench: Bench, asked: Edit | Write) -> Answer:
    gate = ParseGate(bench.runtime.parser)
    made = await edited(bench.texts, asked, bench.guard, gate, bench.failing)
    bench.failing = made.failing or {}
    why = made.reason
    if made.content is not None:
        why = await bench.put(asked.path, made.content.encode())
    if why:
        return Answer(f"Not done: {why}.", failed=True)
    if asked.path in bench.guard.tests:
        bench.contradicted[asked.path] = asked.contradicts
    return Answer(f"{asked.path} is changed.")


async def _patch(bench: Bench, asked: Patch) -> Answer:
    gate = ParseGate(bench.runtime.parser)
    applied = await patched(bench.texts, asked.patch, bench.guard, gate, bench.failing)
    bench.failing = applied.failing
    told = [f"Not done: {one.reason}." for one in applied.refused]
    for path, content in applied.changed.items():
        if content is None:
            bench.remove(path)
            told.append(f"{path} is gone.")
        elif why := await bench.put(path, content.encode()):
            told.append(f"Not done: {why}.")
        else:
            told.append(f"{path} is changed.")
    failed = bool(applied.refused) or not applied.changed
    return Answer("\n".join(told) or "The patch changes nothing.", failed=failed)


async def _plan(bench: Bench, asked: Plan) -> Answer:
    bench.plan = asked.outcomes
    return Answer("\n".join(f"[{one.state}] {one.outcome}" for one in asked.outcomes))


async def _start(bench: Bench, asked: Start) -> Answer:
    if refused := await bench.refused():
        return Answer(_NOT_INSTALLED + refused.output, failed=True)
    requests = tuple(
        Asked(method=one.method, path=one.path, body=one.body) for one in asked.requests
    )
    async with bench.laid_out() as folder:
        came = await bench.runtime.visit(folder, Visit(requests=requests, pages=asked.pages))
    failed = bool(came.trouble) or any(one.failed for one in came.answers)
    return Answer(_visited(came), failed=failed)


def _visited(came: Visited) -> str:
    told = [came.trouble or "It started as it is delivered."]
    told += [f"{one.asked} → {one.answer}" for one in came.answers]
    told.append(f"It logged:\n{came.log}" if came.log.strip() else "It logged nothing.")
    return "\n\n".join(told)


async def _finish(_bench: Bench, _asked: Finish) -> Answer:
    """Nothing yet: the platform answers."""
    return Answer("")


Tool = Callable[[Bench, Any], Awaitable[Answer]]
_TOOLS: Mapping[type[Arguments], Tool] = {
    Run: _run,
    Test: _test,
    Read: _read,
    Search: _search,
    Edit: _edit,
    Write: _edit,
    Patch: _patch,
    Plan: _plan,
    Start: _start,
    Finish: _finish,
}
