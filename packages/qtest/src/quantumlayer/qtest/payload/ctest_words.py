"""What ctest says: which tests there are, with their properties, and how each ended."""

import contextlib
import json
import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from quantumlayer.qtest.payload.steps import run

SCRATCH = "/tmp/"  # noqa: S108 - the sandbox's own


@dataclass(frozen=True)
class Test:
    """A test as ctest lists it, with its number there. Others may have its `name`, none `shown`."""

    __test__ = False  # pytest would collect a class of this name

    number: int
    name: str
    shown: str
    command: tuple[str, ...]
    properties: Mapping[str, Any]


@dataclass(frozen=True)
class Result:
    """What ctest wrote of a test: its status, why it did not run, what it printed."""

    status: str
    message: str
    output: str

    @property
    def ran(self) -> bool:
        """Whether its command was started."""
        return self.status in ("run", "fail") or self.message.startswith("SKIP_")


def listed(folder: str) -> list[Test]:
    """The tests of a build folder, before any of them runs."""
    listing = run(["ctest", "--show-only=json-v1"], folder=folder)
    with contextlib.suppress(ValueError, KeyError, TypeError):
        entries = json.loads(listing.output)["tests"]
        often = Counter(str(entry["name"]) for entry in entries)
        return [
            Test(
                number,
                str(entry["name"]),
                f"{entry['name']} #{number}" if often[str(entry["name"])] > 1 else entry["name"],
                tuple(map(str, entry.get("command", ()))),
                {each["name"]: each["value"] for each in entry.get("properties", ())},
            )
            for number, entry in enumerate(entries, start=1)
        ]
    return []


def groups(tests: Sequence[Test]) -> Iterator[list[Test]]:
    """Tests with those that they depend on, each once, in ctest's order."""
    together: dict[int, set[int]] = {test.number: {test.number} for test in tests}
    numbers = {test.name: test.number for test in reversed(tests)}
    for test in tests:
        for name in test.properties.get("DEPENDS") or ():
            if name in numbers:
                joined = together[test.number] | together[numbers[name]]
                together |= dict.fromkeys(joined, joined)
    known = {test.number: test for test in tests}
    for number, members in together.items():
        if number == min(members):
            yield [known[each] for each in sorted(members)]


def is_own(test: Test) -> bool:
    """Whether the command is a program that the project built."""
    program = test.command[0] if test.command else ""
    return program.startswith(SCRATCH) and is_binary(program)


def program_of(test: Test) -> str:
    return os.path.realpath(test.command[0]) if test.command else ""


def is_binary(program: str) -> bool:
    try:
        with Path(program).open("rb") as stream:
            return stream.read(4) == b"\x7fELF"
    except OSError:
        return False


def results_in(path: str) -> dict[str, Result]:
    """What ctest wrote of each test."""
    try:
        root = ET.parse(path).getroot()  # noqa: S314 - of ctest, and bounded by the disk
    except (OSError, ET.ParseError):
        return {}
    found = {}
    for case in root.iter("testcase"):
        skipped = case.find("skipped")
        found[case.get("name", "")] = Result(
            case.get("status", ""),
            (skipped.get("message") or "") if skipped is not None else "",
            case.findtext("system-out") or "",
        )
    return found
