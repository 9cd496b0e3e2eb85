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

MOST_WRONG = 0.5
"""Wrong grave alarms in a thousand good files: of 40 applications of 50 files a rule wrongs one."""
FEWEST_FILES = 500
"""So many files of its languages must have been looked at."""
LEAST_RIGHT = 0.9
"""Of what a rule says gravely of the sources that the tests know to be weak or good, this is right.

Good code has hardly any weakness, so what share of its alarms is right says nothing there.
"""


@dataclass(frozen=True)
class Measured:
    """What one rule said of `files` good files of its languages: `alarms` of high severity.

    Of these, `read` were read by somebody, who found `wrong` ones; what nobody read counts as
    wrong. `authority` is whose word the rule passes on, where it is no judgement of its own: there
    is nothing to be measured then.
    """

    id: str
    files: int = 0
    alarms: int = 0
    read: int = 0
    wrong: int = 0
    authority: str = ""

    @property
    def wrong_per_thousand(self) -> float:
        """Wrong grave alarms in a thousand files."""
        wrong = self.wrong + max(self.alarms - self.read, 0)
        return 1_000 * wrong / self.files if self.files else 0.0

    @property
    def may_block(self) -> bool:
        """Whether a finding of the rule may have high severity."""
        if self.authority:
            return True
        return self.files >= FEWEST_FILES and self.wrong_per_thousand <= MOST_WRONG


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
