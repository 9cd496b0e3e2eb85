"""The nouns of a mutation run. All are frozen and JSON-serialisable."""

from enum import StrEnum

from pydantic import Field

from quantumlayer.qtest.model import Noun


class MutationExtent(Noun):
    """How much is tried: mutants at most, tests for each at most, and for how long.

    None means all. Counts give the same result on every machine, however fast it is; `seconds` is
    what ends the work where they do not: of each of its processes, without what the machine lets
    them wait for their turn.
    """

    mutants: int | None = Field(default=None, ge=1)
    tests_each: int | None = Field(default=None, ge=1)
    seconds: float = Field(default=300.0, gt=0)


class MutantStatus(StrEnum):
    """What became of one changed copy of the code.

    `killed`: a test failed. `timed_out`: the tests did not end, which a run would notice, too.
    `survived`: every test that was tried passed. `not_covered`: no test runs the changed line.
    """

    KILLED = "killed"
    TIMED_OUT = "timed_out"
    SURVIVED = "survived"
    NOT_COVERED = "not_covered"


NOTICED = (MutantStatus.KILLED, MutantStatus.TIMED_OUT)
RENDERS_NOTHING = "renders nothing"
"""The operator that takes away all that a component shows."""


class Mutant(Noun):
    """One change of one line, and whether a test noticed it.

    `before` and `after` are the line with and without the change (a removed statement: the
    statement, and `pass`). `function` is the qualified name around it, or empty. `killed_by` names
    the test that failed; `tests` counts those that were tried. `decisive`: it takes away all that a
    component shows, so whoever looks at anything notices it.
    """

    path: str
    line: int
    column: int
    function: str = ""
    operator: str
    before: str
    after: str
    status: MutantStatus
    killed_by: str | None = None
    tests: int = 0
    decisive: bool = False


class MutationReport(Noun):
    """How much of what the code does the tests hold it to.

    `score` is the share of the tried mutants that were noticed, in percent; None when it was not
    measured, for which `reason` has the cause. `candidates` counts the mutations that the code
    offers, `tried` those that were chosen, those that no test covers included, and `skipped` those
    that were chosen and for which there was no time. `unreliable` names tests that fail when they
    run in another order: what they noticed does not count.

    `groups`: for each group of tests that was asked for, the changes of what they run that were
    tried on these tests alone. They count in none of the figures above.
    """

    score: float | None = None
    reason: str
    candidates: int = 0
    tried: int = 0
    killed: int = 0
    timed_out: int = 0
    survived: int = 0
    not_covered: int = 0
    skipped: int = 0
    mutants: tuple[Mutant, ...] = ()
    unreliable: tuple[str, ...] = ()
    groups: dict[str, tuple[Mutant, ...]] = Field(default_factory=dict)
    sandbox: str = ""
    elapsed_seconds: float = 0.0
