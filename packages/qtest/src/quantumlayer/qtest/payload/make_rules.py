"""What Make knows of a folder: it is asked, so included files and variables need no reading."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from quantumlayer.qtest.payload.steps import Finished, run

# Those that say "test" in so many words, the ones that people and packagers call first.
TARGETS = (
    "test", "check", "tests", "run-tests", "run_tests", "runtests", "runtest", "test-all",
    "unittest", "unit-test", "unittests", "unit-tests", "unit_tests", "all-tests", "alltests",
)  # fmt: skip
RULE = re.compile(r"^(?P<names>[^\s#:=%][^:=#]*?)\s*::?(?![:=])(?P<needs>[^=]*)$")
VARIABLE = re.compile(r"^(?P<name>[\w.-]+) :?:?= (?P<value>.*)$", re.MULTILINE)
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
