"""What the records of a project's browser tests mean: pure."""

import base64
import binascii
import re
import struct
from collections.abc import Iterator, Sequence
from itertools import chain

from quantumlayer.qtest.delivered.errors import CannotTell, NothingToAsk
from quantumlayer.qtest.delivered.model import BrowserTests, Finding, Picture
from quantumlayer.qtest.model import CaseOutcome, TestCase
from quantumlayer.qtest.runners.readable import in_project, readable, relative_path, tail
from quantumlayer.qtest.runners.records import Record, Records, line_number, number, text
from quantumlayer.qtest.sandbox import SandboxResult

MOST_SHOWN = 30
LONGEST_MESSAGE = 300
# Limits that say nothing of what failed before they were reached.
OF_TIME = frozenset({"wall_seconds", "cpu_seconds"})
# What a test that fails may want that is not here, however sound the application is.
WANTING: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"net::ERR_(?:NAME_NOT_RESOLVED|INTERNET_DISCONNECTED|ADDRESS_UNREACHABLE|"
                r"CONNECTION_REFUSED|NETWORK_\w+)|\b(?:ENOTFOUND|EAI_AGAIN|ECONNREFUSED)\b"),
     "it wants another server than the application, and none can be reached from here"),
    (re.compile(r"Executable doesn't exist|browserType\.\w+: .*not supported|"
                r"spawn(?:Sync)? \S+ ENOENT"),
     "it wants a browser or another program, which is not here"),
    (re.compile(r"expected string, got undefined"),
     "it is given nothing where it wants a value, which its own environment may have"),
    (re.compile(r"toHaveScreenshot|Screenshot comparison failed|snapshot doesn't exist"),
     "it compares pictures with those of another machine"),
    (re.compile(r"Cannot find (?:module|package)|ERR_MODULE_NOT_FOUND"),
     "it loads a module that is not there, which a build may make"),
)  # fmt: skip
# A command of a test's server that makes another application of it than the one delivered.
OTHERWISE = re.compile(r"\b\w*(?:seed|fixture|mock|stub)\w*\b", re.IGNORECASE)
Doubt = tuple[str, int, str]
# Of what a configuration has, how much of it makes a failure nobody's fault, and why.
PREPARING: tuple[Doubt, ...] = (
    ("setups", 1, "its configuration has a global setup, which may prepare what is not delivered"),
    ("plugins", 1, "its configuration brings a plug-in, which may serve what is tested"),
)
DOUBTS: tuple[Doubt, ...] = (
    *PREPARING,
    ("servers", 2, "they are written for {count} servers"),
    ("foreign", 1, "they are written for `{first}`"),
    ("others", 1, "their own server is given `{first}`, which what is delivered is not"),
    ("commands", 1, "their own server is started by `{first}`"),
)
FOCUSED = re.compile(r"focused with .*\.only|\.only\b.*(?:forbid|not allowed)")
UNASKING = "The browser tests pass without having asked the application for anything."
NONE_FOUND = re.compile(r"No tests found")
PNG = re.compile(rb"\x89PNG\r\n\x1a\n....IHDR(....)", re.DOTALL)


def judged(
    result: SandboxResult, records: Records, asked: BrowserTests, given: Sequence[str] = ()
) -> Finding:
    """What a run says. `given` is text in which the settings stand that a delivery is given.

    Raises CannotTell, and NothingToAsk where no test ran and none has to.
    """
    cases = tuple(map(case_of, records.named("case")))
    left_out = sorted({name for one in records.named("settings") for name in one["leftOut"]})
    evidence = "\n".join(shown(cases, left_out))
    tampered = [path for one in records.named("tampered") for path in one["paths"]]
    if tampered:
        return Finding(reason=f"The browser tests changed what they are judged by: "
                              f"{', '.join(tampered[:5])}.", evidence=evidence)  # fmt: skip
    if not records.genuine:
        raise CannotTell("Something other than Playwright wrote to its report: it proves nothing.")
    failed = [one for one in cases if one.outcome is CaseOutcome.FAILED]
    if failed:
        hit = [limit for limit in result.limits_hit if limit not in OF_TIME]
        doubt = f"too little of this machine was left ({', '.join(hit)})" if hit else ""
        doubt = doubt or doubt_of(records, given, DOUBTS)
        reason = accused(failed, len(cases), doubt, evidence)
        return Finding(reason=reason, evidence=evidence, tests=cases, pictures=seen(records))
    if reason := trouble_of(records, evidence):
        return Finding(reason=reason, evidence=evidence, tests=cases)
    check_end(result, records, evidence)
    if has(cases, CaseOutcome.PASSED) and not number(records.named("closed")[-1], "led"):
        if not asked.asked:
            raise NothingToAsk(UNASKING)
        raise CannotTell(f"{UNASKING} They show nothing of it.", output=evidence)
    if not has(cases, CaseOutcome.PASSED):
        return Finding(reason=nothing_shown(cases, left_out, asked), evidence=evidence, tests=cases)
    return Finding(evidence=evidence, tests=cases)


def case_of(record: Record) -> TestCase:
    """A test, at the place where it failed if that is known."""
    at = record.get("at") or {}
    path = text(at, "path")
    placed = at if in_project(path) and "node_modules/" not in path else record
    return TestCase(
        name=text(record, "name"),
        path=relative_path(text(placed, "path")),
        line=line_number(placed),
        outcome=CaseOutcome(text(record, "outcome")),
        message=readable(text(record, "message")),
        details=readable(text(record, "details")),
        duration_seconds=round(number(record, "duration"), 3),
    )


def accused(failed: Sequence[TestCase], total: int, doubt: str, evidence: str) -> str:
    """Why an application does not hold. Raises CannotTell where that may not be its fault."""
    sure = [one for one in failed if not wanting(f"{one.message}\n{one.details}")]
    first = (sure or failed)[0]
    many = f"{len(failed)} of {total} browser tests fail" if total > 1 else "the browser test fails"
    said = f"`{first.name}` ({place_of(first)}): {in_short(first.message)} ({many})"
    why = doubt or ("" if sure else wanting(f"{first.message}\n{first.details}"))
    if why:
        raise CannotTell(f"A browser test fails, and {why}: {said}", output=evidence)
    return said


def wanting(said: str) -> str:
    """What a test wants that is not here, by what it says; empty of nothing that is known."""
    return next((words for pattern, words in WANTING if pattern.search(said)), "")


def doubt_of(records: Records, given: Sequence[str], kinds: Sequence[Doubt]) -> str:
    """Why what fails may do so for want of what only the project's own configuration starts."""
    for one in records.named("settings"):
        servers = one["servers"]
        names = [name for server in servers for name in server["variables"]]
        others = [name for name in names if not any(is_named(name, each) for each in given)]
        commands = [each["command"] for each in servers if OTHERWISE.search(each["command"])]
        found = {**one, "others": others, "commands": commands}
        for field, enough, words in kinds:
            if len(found[field]) >= enough:
                return words.format(first=found[field][0], count=len(found[field]))
    return ""


def is_named(name: str, given: str) -> bool:
    return re.search(rf"\b{re.escape(name)}\b", given) is not None


def trouble_of(records: Records, evidence: str) -> str:
    """What is wrong outside of tests, empty of nothing. Raises CannotTell."""
    for record in records.named("trouble"):
        message = readable(text(record, "message"))
        if NONE_FOUND.search(message):
            continue
        case = case_of({**record, "name": "", "outcome": "failed"})
        where = f"{place_of(case)}: " if case.path else ""
        if FOCUSED.search(message):
            return f"{where}a test is focused with `.only`, which leaves all others out."
        why = wanting(message) or ("" if case.path else "no file of the project is named")
        why = why or doubt_of(records, (), PREPARING)
        if why:
            raise CannotTell(f"The browser tests could not be run, and {why}: "
                             f"{in_short(message)}", output=evidence)  # fmt: skip
        return f"The browser tests cannot be run: {where}{in_short(message)}"
    return ""


def check_end(result: SandboxResult, records: Records, evidence: str) -> None:
    """Raise CannotTell where the run did not come to its end."""
    ended = records.named("closed")
    none = any(NONE_FOUND.search(text(one, "message")) for one in records.named("trouble"))
    if ended and (none or text(ended[-1], "status") == "passed"):
        return
    if "wall_seconds" in result.limits_hit:
        found = sum(len(one["names"]) for one in records.named("collected"))
        done = len(records.named("case"))
        raise CannotTell(f"There was no time left for all browser tests: {done} of {found} ended "
                         f"within {result.elapsed_seconds:.0f} s.", output=evidence)  # fmt: skip
    begun = [text(one, "name") for one in records.named("started")]
    during = f" during `{begun[-1]}`" if begun and not ended else ""
    hit = f"it used {' and '.join(result.limits_hit)}" if result.limits_hit else (
        in_short(tail(f"{result.stdout}\n{result.stderr}")[-LONGEST_MESSAGE:]) or "it says nothing"
    )  # fmt: skip
    raise CannotTell(f"Playwright did not come to its end here{during}: {hit}", output=evidence)


def nothing_shown(cases: Sequence[TestCase], left_out: Sequence[str], asked: BrowserTests) -> str:
    """Why nothing was shown, where something has to be. Raises CannotTell and NothingToAsk."""
    if left_out and not cases:
        raise CannotTell(f"The browser tests are for {' and '.join(left_out)} alone, which this "
                         "machine does not have.")  # fmt: skip
    if cases:
        reason = f"None of the browser tests ran: all {len(cases)} of them are skipped"
        reason += " or expected to fail." if has(cases, CaseOutcome.XFAILED) else "."
    else:
        reason = "The project brings Playwright, and no browser test was found"
        reason += f" in {asked.folder}." if asked.folder else "."
    if not asked.asked:
        raise NothingToAsk(reason)
    return f"{reason} Its stack asks for them."


def has(cases: Sequence[TestCase], outcome: CaseOutcome) -> bool:
    return any(one.outcome is outcome for one in cases)


def shown(cases: Sequence[TestCase], left_out: Sequence[str]) -> Iterator[str]:
    """The tests in lines for people: how many of each kind, then those that did not pass."""
    counts = {kind: sum(one.outcome is kind for one in cases) for kind in CaseOutcome}
    yield ", ".join(f"{count} {kind.value}" for kind, count in counts.items() if count)
    if left_out:
        yield f"not run, for browsers that are not here: {', '.join(left_out)}"
    others = [one for one in cases if one.outcome is not CaseOutcome.PASSED]
    for one in others[:MOST_SHOWN]:
        yield f"{one.outcome.value}: {one.name} ({place_of(one)})"
        yield from (f"  {line}" for line in one.message.splitlines() if line.strip())
    if len(others) > MOST_SHOWN:
        yield f"and {len(others) - MOST_SHOWN} more"


def place_of(case: TestCase) -> str:
    return f"{case.path}:{case.line}" if case.line else case.path


def in_short(message: str) -> str:
    """A message as part of a sentence, without what was tried meanwhile."""
    said = readable(message).partition("Call log:")[0]
    words = " ".join(said.split()).removeprefix("Error: ")
    return words if len(words) <= LONGEST_MESSAGE else f"{words[:LONGEST_MESSAGE]}…"


def seen(records: Records) -> tuple[Picture, ...]:
    """What pages showed when tests failed."""
    return tuple(chain.from_iterable(map(picture_of, records.named("picture"))))


def picture_of(record: Record) -> Iterator[Picture]:
    try:
        png = base64.b64decode(text(record, "png"), validate=True)
    except binascii.Error:
        return
    if size := PNG.match(png):
        (width,) = struct.unpack(">I", size[1])
        yield Picture(page=text(record, "name"), width=width, scheme="light", png=png)
