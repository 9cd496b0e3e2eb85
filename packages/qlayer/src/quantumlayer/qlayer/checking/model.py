"""What a check says of a path: the JSON that programs read, in camelCase."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from quantumlayer.qtest import Verdict


class Entry(BaseModel):
    """A frozen part of the report."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        alias_generator=to_camel,
        populate_by_name=True,
        defer_build=True,
    )


class SyntaxProblem(Entry):
    """A place that is not well formed; `tier` is who decided. Lines and columns from 1."""

    path: str
    line: int
    column: int
    message: str
    tier: str


class FindingEntry(Entry):
    """What a rule says of a place. `severity` is high, medium or low; `fix` says what to do."""

    rule: str
    severity: str
    path: str
    line: int
    column: int
    message: str
    fix: str | None = None
    tool: str


class Failure(Entry):
    """A test that failed or broke."""

    name: str
    message: str
    path: str = ""
    line: int | None = None


class TestsEntry(Entry):
    """How the tests ended. `executed` is passed + failed + errors; `flaky` passed the second time.

    `runner` names what ran them.
    """

    __test__ = False  # pytest would collect a class of this name

    runner: str = ""
    executed: int = 0
    passed: int = 0
    failed: int = 0
    errors: int = 0
    skipped: int = 0
    failures: tuple[Failure, ...] = ()
    flaky: tuple[str, ...] = ()


class CoveredFile(Entry):
    """Coverage of one file, in percent."""

    path: str
    lines_percent: float
    missing_lines: tuple[int, ...] = ()


class CoverageEntry(Entry):
    """How much of the project's own code the tests ran, in percent.

    `unloaded` are the files of which no line ran; all of their lines count.
    """

    lines_percent: float
    branches_percent: float | None = None
    unloaded: tuple[str, ...] = ()
    files: tuple[CoveredFile, ...] = ()


class Survivor(Entry):
    """A change of a line that no test noticed: what stood there, and what went unnoticed.

    `covered` says whether any test runs the line at all.
    """

    path: str
    line: int
    function: str
    before: str
    after: str
    covered: bool


class MutationEntry(Entry):
    """How much of what the code does its tests hold it to.

    `score` is the share of the tried changes that were noticed, in percent; None when nothing was
    measured, for which `reason` has the cause.
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
    survivors: tuple[Survivor, ...] = ()
    elapsed_seconds: float = 0.0


class PictureEntry(Entry):
    """What a page showed on a screen of `width` pixels, and the `file` that it was written to."""

    page: str
    width: int
    scheme: str
    file: str


class DeliveredTest(Entry):
    """A test of the project's own that was asked of what is delivered, and how it ended."""

    name: str
    path: str
    line: int | None = None
    outcome: str
    message: str = ""


class RungEntry(Entry):
    """One question to the software as it is delivered: `held`, `broken`, `unknown` or `skipped`.

    `reason` says what is wrong and where, or why nothing was asked; `evidence` is the end of what
    was said meanwhile. `pictures` were written where that was asked for, `tests` are the project's
    own that were asked.
    """

    rung: str
    outcome: str
    seconds: float = 0.0
    reason: str = ""
    evidence: str = ""
    pictures: tuple[PictureEntry, ...] = ()
    tests: tuple[DeliveredTest, ...] = ()


class DeliveredEntry(Entry):
    """The rungs in their order. `tier` is the way it was started in, `notes` how that differs."""

    tier: str
    rungs: tuple[RungEntry, ...] = ()
    notes: tuple[str, ...] = ()


class MeasuredFile(Entry):
    """The measures of a file; `quality` runs from 0 to 100."""

    path: str
    language: str
    lines_of_code: int
    cyclomatic_complexity: int
    cognitive_complexity: int
    quality: int


class Metrics(Entry):
    """The measures of the sources; `quality` is that of the files, weighed by their lines."""

    lines_of_code: int
    functions: int
    duplicated_lines: int
    quality: int
    files: tuple[MeasuredFile, ...] = ()


class SandboxEntry(Entry):
    """Where the tests ran; `tier` is empty when nothing was run."""

    tier: str = ""


class CheckReport(Entry):
    """Everything about one path. `reason` explains the verdict in a sentence.

    `missing`, of a capsule: what was asked for and is not there.

    `languages` are those that are tested, then those that are only read. `tiers` says for each
    language who had the last word on its syntax. `notes` tell what was left out, and what
    of its manifests was not heeded. `mutation` and `delivered` are None where they were not asked
    for. `limits_hit` names the limits of the sandbox, or of the reading.
    """

    path: str
    verdict: Verdict
    reason: str
    missing: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    syntax: tuple[SyntaxProblem, ...] = ()
    tiers: dict[str, str] = {}
    findings: tuple[FindingEntry, ...] = ()
    tests: TestsEntry = Field(default_factory=TestsEntry)
    coverage: CoverageEntry | None = None
    mutation: MutationEntry | None = None
    delivered: DeliveredEntry | None = None
    metrics: Metrics | None = None
    sandbox: SandboxEntry = Field(default_factory=SandboxEntry)
    limits_hit: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    elapsed_seconds: float = 0.0

    def as_json(self) -> dict[str, object]:
        """The report as the command prints it."""
        return self.model_dump(mode="json", by_alias=True)
