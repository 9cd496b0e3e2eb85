"""How often each rule is wrong, measured on good code; only who was measured may block.

`precision.toml` holds what was counted and read: `benchmarks/false_alarms.py` says how. A grave
finding fails a generated application, so it takes a rule that is hardly ever heard in code that is
known to be good, and that is right when it is heard.
"""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from quantumlayer.parser.model import Finding, Severity

MOST_ALARMS = 1.0
"""Grave alarms in a thousand good files: an application of 50 files meets one in twenty."""
LEAST_RIGHT = 0.9
"""Of the alarms that somebody read, these are right."""
FEWEST_FILES = 500
"""So many files of its languages must have been looked at."""
ENOUGH_READ = 10


@dataclass(frozen=True)
class Measured:
    """What one rule said of `files` good files of its languages: `alarms` of high severity.

    Of these, `read` were read by somebody, who found `wrong` ones. `authority` is whose word the
    rule passes on, where it is no judgement of its own: there is nothing to be measured then.
    """

    id: str
    files: int = 0
    alarms: int = 0
    read: int = 0
    wrong: int = 0
    authority: str = ""

    @property
    def per_thousand(self) -> float:
        """Grave alarms in a thousand files."""
        return 1_000 * self.alarms / self.files if self.files else 0.0

    @property
    def may_block(self) -> bool:
        """Whether a finding of the rule may have high severity."""
        if self.authority:
            return True
        if self.files < FEWEST_FILES or self.per_thousand > MOST_ALARMS:
            return False
        enough = self.read >= min(self.alarms, ENOUGH_READ)
        return enough and self.wrong <= self.read * (1 - LEAST_RIGHT)


@cache
def record() -> dict[str, Any]:
    """The whole record: `corpus`, what was read, and `rule`, what was found."""
    place = resources.files("quantumlayer.parser").joinpath("precision.toml")
    return tomllib.loads(place.read_text("utf-8"))


@cache
def measured() -> dict[str, Measured]:
    """Rule → what was measured of it."""
    rows = (Measured(**row) for row in record()["rule"])
    return {row.id: row for row in rows}


def may_block(rule: str) -> bool:
    """Whether a finding of `rule` may have high severity."""
    known = measured().get(rule)
    return known is not None and known.may_block


def weighed(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Findings of high severity of rules that may not block become ones of medium severity."""
    return tuple(
        one.model_copy(update={"severity": Severity.MEDIUM})
        if one.severity is Severity.HIGH and not may_block(one.rule)
        else one
        for one in findings
    )
