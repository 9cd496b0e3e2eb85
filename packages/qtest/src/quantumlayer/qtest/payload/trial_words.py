"""What is said to programs that run tests, and what they say."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

Test = dict[str, Any]


@dataclass
class Heard:
    """What a program said: its tests by name, and how it ended.

    `ended`: it came to its own end, and said so. `late`: it was stopped when its time was over.
    `used` are seconds, of the processor and of doing nothing. `loaded` are points that ran before
    the first test. Of a program that is one test itself, `ran` are those that ran, and `proof` says
    that it has tested something and came to its end with status 0.
    """

    tests: dict[str, Test] = field(default_factory=dict)
    loaded: list[int] = field(default_factory=list)
    ran: list[int] = field(default_factory=list)
    proof: bool = False
    finished: bool = False
    ended: bool = False
    late: bool = False
    problem: str = ""
    said: str = ""
    used: float = 0.0

    def outcome(self, name: str) -> str:
        """How a test ended, empty for one that did not."""
        return str(self.tests.get(name, {}).get("outcome", ""))

    def reached(self, point: int) -> bool:
        """Whether any test that ran came to a point."""
        return any(
            point in test["ran"] for test in self.tests.values() if test["outcome"] == "passed"
        )

    def take(self, said: Mapping[str, Any]) -> None:
        """One line of the program's guard."""
        self.loaded += said.get("loaded") or ()
        self.ran += said.get("ran") or ()
        self.proof = self.proof or bool(said.get("proof"))
        self.finished = self.finished or bool(said.get("finished"))
        self.problem = self.problem or str(said.get("problem", ""))
        test = said.get("result") or said.get("test")
        if not isinstance(test, Mapping):
            return
        name = str(test.get("name", ""))
        known = self.tests.setdefault(
            name, {"name": name, "path": "", "outcome": "", "ran": [], "duration": 0.0}
        )
        known["path"] = known["path"] or str(test.get("path", ""))
        known["ran"] = [*known["ran"], *(test.get("ran") or ())]
        known["duration"] += float(test.get("duration") or 0.0)
        # Of several under one name, or of one that is told twice, the worst counts.
        ranks = ("", "skipped", "passed", "failed")
        known["outcome"] = max(known["outcome"], str(test["outcome"]), key=ranks.index)


def trial_words(program: Mapping[str, Any], wanted: Sequence[str] | None) -> list[str]:
    """The words that start a program, for some of its tests or for all."""
    words = [str(word) for word in program["words"]]
    if wanted is None or program["filter"] == "none":
        return words
    place = int(program["place"])
    return [*words[:place], *_FILTERS[program["filter"]](wanted), *words[place:]]


def _by_part(wanted: Sequence[str]) -> list[str]:
    """Node looks at the name of each test and each suite by itself."""
    parts = dict.fromkeys(part for name in wanted for part in name.split(" > "))
    return [f"--test-name-pattern=^{escaped(part)}$" for part in parts]


def _by_title(option: str, wanted: Sequence[str]) -> list[str]:
    """Titles of suites and tests in a row, with a space between them."""
    titles = "|".join(escaped(" ".join(name.split(" > "))) for name in wanted)
    return [f"{option}=^(?:{titles})$"]


_FILTERS: Mapping[str, Callable[[Sequence[str]], list[str]]] = {
    "part": _by_part,
    "grep": partial(_by_title, "--grep"),
    "testNamePattern": partial(_by_title, "--testNamePattern"),
}


def escaped(text: str) -> str:
    """A text as JavaScript's expressions take it for itself."""
    return re.sub(r"[\x00-\x2f:-@\[-`{-\x7f]", lambda found: f"\\u{ord(found[0]):04x}", text)
