"""What in a pytest session's own records speaks against its results.

pytest is run by the project: its conftest.py and plugins may replace every hook. So results are
held against what the sources say, against what was seen inside of the test functions, and against a
test of ours that must fail.
"""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from fnmatch import fnmatch

from quantumlayer.qtest.model import CaseOutcome, TestCase
from quantumlayer.qtest.runners.records import Record, Records, text

RETURNED, RAISED = "returned", "raised"
CHANGED = "The test failed, but something changed its result afterwards."
UNRUN = (
    "It was reported as passed, but its code never ran to its end: something answered for it, or "
    "it is `async` and nobody awaited it."
)
LEFT_OUT = "The project's settings leave it out."
MOST_NAMED = 5


@dataclass(frozen=True)
class Sources:
    """The tests that the sources hold, by their node ids: `asked` are those that pytest's settings
    have it collect, `left_out` those that they do not. `unmade`: classes of tests that pytest
    passes over, since they have a constructor."""

    asked: frozenset[str]
    left_out: frozenset[str]
    unmade: tuple[str, ...] = ()


def sources_of(records: Records) -> Sources:
    """The tests that were read from the sources before anything ran."""
    visited = {text(record, "path") for record in records.named("visited")}
    visited |= {name.partition("::")[0] for name in names_in(records, "found")}
    broken = {
        text(record, "name").partition("::")[0]
        for record in records.named("collection_failed", "collection_skipped")
    }
    asked: set[str] = set()
    left_out: set[str] = set()
    settings = next(iter(records.named("settings")), {})
    for record in records.named("expected"):
        path = text(record, "path")
        if path in broken:
            continue
        for name in record.get("names", ()):
            wanted = path in visited and matches(name, settings)
            (asked if wanted else left_out).add(f"{path}::{name}")
    unmarked = names_in(records, "found") - names_in(records, "chosen")
    found = {without_parameters(name).rpartition("::")[0] for name in names_in(records, "found")}
    unmade = tuple(
        f"{text(record, 'path')}::{name}"
        for record in records.named("expected")
        for name in record.get("unmade", ())
        if text(record, "path") in visited - broken
        and any(fits(name, pattern) for pattern in settings.get("classes", ()))
        and f"{text(record, 'path')}::{name}" not in found
    )
    by_hooks = names_in(records, "left_out")
    return Sources(frozenset(asked), frozenset({*left_out, *unmarked, *by_hooks}), unmade)


def matches(name: str, settings: Record) -> bool:
    """Whether pytest's settings make this name a test's. Methods of unittest need no setting."""
    *classes, function = name.split("::")
    if not any(fits(function, pattern) for pattern in settings.get("functions", ())):
        return False
    return not classes or any(fits(classes[0], pattern) for pattern in settings.get("classes", ()))


def fits(name: str, pattern: str) -> bool:
    return name.startswith(pattern) or (
        any(sign in pattern for sign in "*?[") and fnmatch(name, pattern)
    )


def names_in(records: Records, event: str) -> AbstractSet[str]:
    return {name for record in records.named(event) for name in record.get("names", ())}


def interference_in(records: Records, sources: Sources) -> str:
    """Why nothing of the session is believed, in a sentence, or nothing."""
    for record in records.named("control"):
        outcomes = record.get("outcomes", ())
        if outcomes and "failed" not in outcomes and not record.get("skipped"):
            return (
                "A test that must fail did not: something in the project (a hook in conftest.py, a "
                "plugin) changes the results of tests."
            )
    for record in records.named("replaced"):
        return f"The run replaced what tests are made of: {listed(record.get('names', ()))}."
    found = {without_parameters(name) for name in names_in(records, "found")}
    if found and (hidden := sources.asked - found):
        return f"Tests of the sources were hidden from the runner: {listed(sorted(hidden))}."
    taken = names_in(records, "chosen") - names_in(records, "collected") - of_a_kind(records)
    if taken and records.named("collected"):
        return f"Tests were found and then taken away, by a hook: {listed(sorted(taken))}."
    return ""


def of_a_kind(records: Records) -> AbstractSet[str]:
    """The tests that hooks left out for a mark which, by the sources, no test that ran carries."""
    marks = {
        f"{text(record, 'path')}::{name}": set(given)
        for record in records.named("expected")
        for name, given in record.get("marks", {}).items()
    }
    ran = {without_parameters(name) for name in names_in(records, "collected")}
    still = {mark for name in ran for mark in marks.get(name, ())}
    return {
        name
        for name in names_in(records, "left_out")
        if marks.get(without_parameters(name), set()) - still
    }


def listed(names: object) -> str:
    known = [str(name) for name in names] if isinstance(names, list | tuple) else []
    more = len(known) - MOST_NAMED
    return ", ".join(known[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


def without_parameters(name: str) -> str:
    return name.partition("[")[0]


def objection(phase: Record, sources: Sources) -> str:
    """Why the outcome that a call was reported with is not its own, or nothing.

    `ran` is what was seen inside of test functions, from the test's first phase to its last.
    """
    ran = phase.get("ran")
    if phase.get("when") != "call" or phase.get("part"):
        return ""
    if phase.get("replaced"):
        return f"It replaced what tests are made of: {listed(phase['replaced'])}."
    if not isinstance(ran, Mapping):
        return ""
    known = without_parameters(text(phase, "name"))
    if known in sources.asked | sources.left_out:
        return contradiction(phase, ran.get(known))
    # Under whatever name it came: a function that is watched has something to say.
    silent = phase.get("watched") and RETURNED not in ran.values()
    return UNRUN if silent and phase.get("outcome") == "passed" else ""


def contradiction(phase: Record, ending: object) -> str:
    """Why an outcome does not fit to how its function was left, or nothing."""
    if phase.get("outcome") == "passed" and ending != RETURNED:
        return CHANGED if ending == RAISED else UNRUN
    if phase.get("outcome") != "failed" and ending == RAISED and not phase.get("expecting"):
        return CHANGED
    return ""


def left_out_cases(sources: Sources, ran: AbstractSet[str]) -> tuple[TestCase, ...]:
    """Tests of the sources that the settings leave out prove nothing, and are shown as such."""
    names = sorted(sources.left_out - {without_parameters(name) for name in ran})
    return tuple(
        TestCase(
            name=name.partition("::")[2],
            path=name.partition("::")[0],
            outcome=CaseOutcome.SKIPPED,
            message=LEFT_OUT,
        )
        for name in names
    )
