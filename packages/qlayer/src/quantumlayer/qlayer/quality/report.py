"""The quality report: what was checked, what it showed, and the verdict that follows.

It is reproducible: the same project and the same evidence give the same bytes. So it holds no
durations, no times of day, no run ids.
"""

from enum import StrEnum
from typing import ClassVar

from pydantic import Field

from quantumlayer.qlayer.noun import SCHEMA_VERSION, Noun, Slug
from quantumlayer.qlayer.quality.code import CodeSummary
from quantumlayer.qlayer.quality.policy import QualityPolicy, Severity
from quantumlayer.qlayer.quality.review import Review
from quantumlayer.qlayer.requirements import (
    ApplicationKind,
    Language,
    RequirementCategory,
    Unclear,
)
from quantumlayer.qlayer.revision.report import Revision
from quantumlayer.qtest import CaseOutcome, Verdict

SYNTAX_RULE = "syntax"
"""The rule of a finding that says that a file is not well formed."""
SYNTAX_RULES = frozenset({SYNTAX_RULE, "invalid-syntax"})
"""The same, linters' word for it among them."""


class Finding(Noun):
    """What a checker says of one place; `fix` describes a mechanical repair where there is one."""

    rule: str
    severity: Severity
    path: str
    line: int = Field(ge=1)
    column: int = Field(default=1, ge=1)
    message: str
    excerpt: str = ""
    fix: str | None = None
    tool: str


class TestOutcome(Noun):
    """One test, how it ended, and which requirements its name says it proves."""

    __test__: ClassVar[bool] = False

    name: str
    path: str
    line: int | None = None
    outcome: CaseOutcome
    message: str = ""
    details: str = ""
    requirements: tuple[str, ...] = ()


class TestSummary(Noun):
    """All tests of the project; `executed` is passed + failed + errors.

    `notes` tell what of the project's manifests was not heeded when they were run.
    """

    __test__: ClassVar[bool] = False

    verdict: Verdict
    reason: str
    runner: str
    language: str
    executed: int
    passed: int
    failed: int
    errors: int
    skipped: int
    cases: tuple[TestOutcome, ...] = ()
    sandbox: str = ""
    limits_hit: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


class FileCoverage(Noun):
    """Coverage of one source file; `missing_lines` count from 1 and never ran."""

    path: str
    lines_percent: float
    missing_lines: tuple[int, ...] = ()


class CoverageSummary(Noun):
    """How much of the project's own code the tests ran, in percent.

    `written_percent` is that of the lines alone which were written for it; None where nothing that
    counts came with its stack.
    """

    lines_percent: float
    branches_percent: float | None = None
    written_percent: float | None = None
    files: tuple[FileCoverage, ...] = ()

    @property
    def unloaded(self) -> tuple[str, ...]:
        """The files of which no line ran: no test loads them, and all their lines count."""
        return tuple(file.path for file in self.files if file.lines_percent == 0)


class UnnoticedChange(Noun):
    """A small change of the code that no test notices; `covered`: a test runs that line at all.

    `before` and `after` are the line with and without the change. `function` is the qualified name
    around it, or empty.
    """

    path: str
    line: int
    column: int
    function: str = ""
    operator: str
    before: str
    after: str
    covered: bool


class MutationSummary(Noun):
    """What the tests hold the code to: of small changes to it, made one at a time, how many fail.

    `score` is the share that some test noticed, in percent; None when it was not measured, and then
    `reason` says why. `candidates` counts the changes that the code offers; `tried` those that were
    made, what decides most first. `unreliable` names tests that fail alone or in another order.
    """

    score: float | None = None
    reason: str
    candidates: int = 0
    tried: int = 0
    noticed: int = 0
    unnoticed: tuple[UnnoticedChange, ...] = ()
    unreliable: tuple[str, ...] = ()


class PictureSummary(Noun):
    """What a page showed on a screen of `width` pixels, for who prefers `scheme`.

    `file` is its name among the pictures, `sha256` its address and `size` its bytes. Those two are
    None in a capsule's report: equal runs see equal pages, and not every pixel of them again.
    """

    page: str
    width: int
    scheme: str
    file: str
    sha256: str | None = None
    size: int | None = None


class RungSummary(Noun):
    """One question to the software as it is delivered: `held`, `broken`, `unknown` or `skipped`.

    `reason` says what is wrong and where, or why nothing was asked; `evidence` is the end of what
    was said meanwhile, `pictures` what was seen, `tests` the project's own that were asked.
    """

    rung: str
    outcome: str
    reason: str = ""
    evidence: str = ""
    pictures: tuple[PictureSummary, ...] = ()
    tests: tuple[TestOutcome, ...] = ()


class DeliverySummary(Noun):
    """What was found out of the software as it is delivered: built, started, called, stopped.

    `tier` is the way it was started in, `notes` say how that differs from where it will run.
    """

    tier: str
    rungs: tuple[RungSummary, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def tests(self) -> tuple[TestOutcome, ...]:
        """The project's own tests that were asked of it as it is delivered."""
        return tuple(test for rung in self.rungs for test in rung.tests)


class RequirementState(StrEnum):
    """How far a requirement is proved.

    `proved`: a test that names it passes, none fails, and of the changes that were made to what its
    tests run, they notice at least half. `tested`: they pass, and what they notice is less, or was
    not measured. `claimed`: files were written for it, and no test that names it ran. `failed`: a
    test that names it failed. `missing`: nothing was written for it.
    """

    PROVED = "proved"
    TESTED = "tested"
    CLAIMED = "claimed"
    FAILED = "failed"
    MISSING = "missing"

    @classmethod
    def _missing_(cls, value: object) -> "RequirementState | None":
        """What reports of former versions said."""
        former = {"verified": cls.TESTED, "implemented": cls.CLAIMED, "not_verified": cls.MISSING}
        return former.get(str(value))


class TriedChange(Noun):
    """A change of what the tests of a requirement run, and the first of them that failed by it.

    `before` and `after` are the line with and without the change; `noticed_by` is empty where all
    of these tests still passed.
    `decisive`: it takes away all that is shown, which whoever looks at anything notices.
    """

    path: str
    line: int
    function: str = ""
    before: str
    after: str
    noticed_by: str = ""
    decisive: bool = False


class RequirementTrace(Noun):
    """One requirement, the files written for it, and the tests that prove it.

    `changes` were tried on these tests alone; `reason` says why it is tested and not proved.
    """

    id: str
    category: RequirementCategory
    statement: str
    state: RequirementState
    files: tuple[str, ...] = ()
    test_files: tuple[str, ...] = ()
    tests: tuple[TestOutcome, ...] = ()
    changes: tuple[TriedChange, ...] = ()
    reason: str = ""


class QualityReport(Noun):
    """The verdict with its reasons, in sentences, and all the evidence behind them.

    `missing` says what was asked for and is not there, whatever the verdict; `notes` tell what was
    changed of the plan on the way, or not taken. `revision` tells what was changed of an earlier
    version.
    """

    schema_version: int = SCHEMA_VERSION
    name: Slug
    title: str
    summary: str = ""
    kind: ApplicationKind
    language: Language
    verdict: Verdict
    reasons: tuple[str, ...] = Field(min_length=1)
    missing: tuple[str, ...] = ()
    requirements: tuple[RequirementTrace, ...] = ()
    assumptions: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    not_understood: tuple[Unclear, ...] = ()
    tests: TestSummary | None = None
    coverage: CoverageSummary | None = None
    mutation: MutationSummary | None = None
    delivery: DeliverySummary | None = None
    reviews: tuple[Review, ...] = ()
    findings: tuple[Finding, ...] = ()
    code: CodeSummary | None = None
    revision: Revision | None = None
    policy: QualityPolicy
    repair_rounds: int = Field(default=0, ge=0)
