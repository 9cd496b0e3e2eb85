"""A report on one path, as people read it: a line, and under it only what needs them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from rich.text import Text

from quantumlayer.cli.wording import listed
from quantumlayer.qlayer.checking import (
    CheckReport,
    DeliveredEntry,
    DeliveredTest,
    MutationEntry,
    worst,
)
from quantumlayer.qtest import Verdict

_MARKS = {
    Verdict.PASSED: ("✓", "bold green"),
    Verdict.INCOMPLETE: ("◐", "bold yellow"),
    Verdict.FAILED: ("✗", "bold red"),
    Verdict.NO_TESTS: ("○", "bold yellow"),
    Verdict.TIMED_OUT: ("✗", "bold red"),
    Verdict.INFRASTRUCTURE_ERROR: ("!", "bold magenta"),
}
_RUNGS = {
    "held": ("✓", "green"),
    "broken": ("✗", "bold red"),
    "unknown": ("!", "bold magenta"),
    "skipped": ("·", "dim"),
}
_SHOWN_WITH_EVIDENCE = ("broken", "unknown")
_EVIDENCE_LINES = 12
_MOST = 10
_MOST_FINDINGS = 5
_MOST_UNLOADED = 5
_MOST_IDLE = 3
_LONGEST = 300


def lines(report: CheckReport) -> Iterator[Text]:
    """The verdict with its measures, then problems, failures and severe findings."""
    mark, style = _MARKS[report.verdict]
    yield Text.assemble(
        (f"{mark} {report.verdict.value}", style), "  ", (report.path, "bold"), "  ",
        (" · ".join(_facts(report)), "dim"),
    )  # fmt: skip
    for sentence in report.missing:
        yield Text(f"  {sentence}", style="bold yellow")
    shown = (
        report.syntax
        or report.tests.failures
        or report.verdict is Verdict.INCOMPLETE
        or _is_wrong(report.delivered)
    )
    if report.verdict is not Verdict.PASSED and not shown:
        yield from _indented(report.reason)
    yield from _some(
        [
            _placed(one.path, one.line, one.column, one.message, one.tier, "red")
            for one in report.syntax
        ],
        _MOST,
        "problems",
    )
    yield from _some(
        [_placed(one.path, one.line, None, f"{_short_name(one.name, one.path)}: {one.message}",
                 "", "red") for one in report.tests.failures],
        _MOST, "failures",
    )  # fmt: skip
    severe = [one for one in report.findings if one.severity == "high"]
    yield from _some(
        [_placed(one.path, one.line, one.column, one.message, one.rule, "yellow")
         for one in severe],
        _MOST_FINDINGS, "findings of high severity",
    )  # fmt: skip
    if report.coverage and report.coverage.unloaded:
        yield Text(
            f"  no test loads {listed(report.coverage.unloaded, _MOST_UNLOADED)}", style="dim"
        )
    if report.mutation:
        yield from _mutation(report.mutation)
    if report.delivered:
        yield from rungs(report.delivered)
    for name in report.tests.flaky:
        yield Text.assemble("  flaky: ", name, style="yellow")
    for note in report.notes:
        yield Text(f"  note: {note}", style="dim")


def summary(reports: Sequence[CheckReport], seconds: float) -> Text:
    """The line under several reports: how many of each verdict, and the worst."""
    counts = dict.fromkeys(_MARKS, 0)
    for report in reports:
        counts[report.verdict] += 1
    told = ", ".join(f"{number} {verdict.value}" for verdict, number in counts.items() if number)
    _, style = _MARKS[worst(report.verdict for report in reports)]
    return Text.assemble(
        (f"{len(reports)} paths", "bold"), ": ", (told, style), (f" · {seconds:.1f} s", "dim")
    )


def _facts(report: CheckReport) -> Iterator[str]:
    if report.languages:
        yield ", ".join(report.languages[:4])
    tests = report.tests
    if tests.executed:
        yield f"{tests.passed} of {tests.executed} tests passed"
    if tests.skipped:
        yield f"{tests.skipped} skipped"
    if report.coverage:
        yield f"{report.coverage.lines_percent:.0f} % of lines"
    if report.mutation and report.mutation.score is not None:
        yield f"{report.mutation.score:.0f} % of changes noticed"
    counts = dict.fromkeys(("high", "medium", "low"), 0)
    for one in report.findings:
        counts[one.severity] += 1
    found = [f"{number} {name}" for name, number in counts.items() if number]
    if found:
        yield f"findings: {', '.join(found)}"
    if report.limits_hit:
        yield f"limits hit: {', '.join(report.limits_hit)}"
    yield f"{report.elapsed_seconds:.1f} s"


def _mutation(entry: MutationEntry) -> Iterator[Text]:
    if entry.score is None:
        yield Text(f"  mutation: {entry.reason}", style="dim")
    yield from _some(
        [
            _placed(one.path, one.line, None, f"unnoticed: {one.before.strip()} → "
                    f"{one.after.strip()}", "" if one.covered else "no test runs it", "yellow")
            for one in entry.survivors
        ],
        _MOST_FINDINGS, "unnoticed changes",
    )  # fmt: skip


def _is_wrong(entry: DeliveredEntry | None) -> bool:
    return entry is not None and any(one.outcome in _SHOWN_WITH_EVIDENCE for one in entry.rungs)


def rungs(entry: DeliveredEntry) -> Iterator[Text]:
    """A line for each rung, and under it the end of what was said where it does not hold."""
    yield Text(f"  as delivered: {entry.tier}" if entry.tier else "  as delivered", style="dim")
    for one in entry.rungs:
        mark, style = _RUNGS[one.outcome]
        seconds = "" if one.outcome == "skipped" else f"{one.seconds:.1f} s"
        told = Text.assemble((f"  {mark} {one.rung:<15}", style), (f" {seconds:>7}", "dim"))
        told.append(f"  {one.reason or _ended(one.tests)}")
        told.rstrip()
        yield told
        if one.outcome in _SHOWN_WITH_EVIDENCE:
            for line in one.evidence.strip().splitlines()[-_EVIDENCE_LINES:]:
                yield Text(f"      │ {line[:_LONGEST]}", style="dim")
    files = [picture.file for one in entry.rungs for picture in one.pictures]
    if files:
        yield Text(f"  pictures: {len(files)}, the first is {files[0]}", style="dim")
    for note in entry.notes:
        yield Text(f"  note: {note}", style="dim")


def _ended(tests: Sequence[DeliveredTest]) -> str:
    """How many of a project's own tests ended how, and which of them did not run."""
    counts = Counter(one.outcome for one in tests)
    idle = [one.name for one in tests if one.outcome not in ("passed", "failed")]
    names = f": {listed(idle, _MOST_IDLE)}" if idle else ""
    return ", ".join(f"{count} {outcome}" for outcome, count in counts.items()) + names


def _placed(
    path: str, line: int | None, column: int | None, message: str, source: str, style: str
) -> Text:
    place = ":".join(str(part) for part in (path, line, column) if part)
    words = " ".join(message.split())
    words = words if len(words) <= _LONGEST else f"{words[: _LONGEST - 1]}…"
    told = Text("  ")
    if place:
        told.append(place, style="cyan").append("  ")
    told.append(words, style=style)
    return told.append(f"  {source}", style="dim") if source else told


def _short_name(name: str, path: str) -> str:
    return name.removeprefix(f"{path}::") if path else name


def _indented(text: str) -> Iterator[Text]:
    for line in text.strip().splitlines():
        yield Text(f"  {line}")


def _some(shown: Sequence[Text], most: int, what: str) -> Iterator[Text]:
    yield from shown[:most]
    if len(shown) > most:
        yield Text(f"  … and {len(shown) - most} more {what}", style="dim")
