"""The nouns of a test run: limits in, report out. All are frozen and JSON-serialisable."""

from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

MIB = 1024 * 1024


class Noun(BaseModel):
    """An immutable value that refuses fields it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class Verdict(StrEnum):
    """What a test run proves about a project.

    `incomplete` is said of what was made from a description, never of tests alone: it is sound, and
    lacks something that was asked for.
    """

    PASSED = "passed"
    INCOMPLETE = "incomplete"
    FAILED = "failed"
    NO_TESTS = "no_tests"
    TIMED_OUT = "timed_out"
    INFRASTRUCTURE_ERROR = "infrastructure_error"


class Limits(Noun):
    """Upper bounds of one sandboxed run.

    `memory_bytes` holds for each process (private memory) and for all of them together;
    `cpu_seconds` likewise. `processes` counts threads too, as the kernel does. `disk_bytes` bounds
    all that the run may write, its copy of the project included; it lives in memory.
    `output_bytes` bounds stdout and stderr, each.
    """

    memory_bytes: int = Field(default=2048 * MIB, ge=64 * MIB)
    cpu_seconds: int = Field(default=120, ge=1)
    wall_seconds: float = Field(default=120.0, gt=0)
    processes: int = Field(default=256, ge=16)
    open_files: int = Field(default=1024, ge=64)
    file_size_bytes: int = Field(default=256 * MIB, ge=MIB)
    disk_bytes: int = Field(default=512 * MIB, ge=MIB)
    output_bytes: int = Field(default=4 * MIB, ge=1024)


class CaseOutcome(StrEnum):
    """How one test ended. `xfailed` covers every test that is expected to fail or still to do."""

    PASSED = "passed"
    FAILED = "failed"
    ERROR = "error"
    SKIPPED = "skipped"
    XFAILED = "xfailed"


class TestCase(Noun):
    """One test: where it is, how it ended, and the evidence when it did not pass.

    Paths are relative to the project. `message` is one line or a short paragraph, `details` a
    traceback with what the test printed.
    """

    __test__ = False  # pytest would collect a class of this name

    name: str
    path: str
    line: int | None = None
    outcome: CaseOutcome
    message: str = ""
    details: str = ""
    duration_seconds: float = 0.0


class FileCoverage(Noun):
    """Coverage of one source file; `missing_lines` are 1-based and never ran.

    `lines` is how many of its lines can run, 0 where nobody has counted them.
    """

    path: str
    lines_percent: float
    missing_lines: tuple[int, ...] = ()
    lines: int = 0


class Coverage(Noun):
    """How much of the project's own code (tests excluded) the tests ran, in percent.

    Files that no test loads count, with all of their lines.
    """

    lines_percent: float
    branches_percent: float | None = None
    files: tuple[FileCoverage, ...] = ()

    @property
    def unloaded(self) -> tuple[str, ...]:
        """The files of which no line ran: no test loads them."""
        return tuple(file.path for file in self.files if file.lines_percent == 0)


class Diagnostic(Noun):
    """What a compiler says against a place; `path` is relative to the project, or empty."""

    path: str
    line: int | None = None
    column: int | None = None
    message: str


class TestReport(Noun):
    """The verdict on a project with all of its evidence.

    `executed` is passed + failed + errors; tests that are skipped or expected to fail count as
    `skipped` and prove nothing. `output` is the end of what the run printed. `diagnostics` say why
    the project does not compile. `flaky` names the tests that failed and, run again, passed.
    `language` and `runner` name all that ran, separated by commas; `languages` lists them.
    `undetermined`: what manifests ask for and cannot be had here, so that nothing was found out;
    the `reason` begins with the first of these places. `notes` tell what of manifests was not
    heeded.
    """

    __test__ = False

    verdict: Verdict
    reason: str
    runner: str
    language: str
    executed: int = 0
    passed: int = 0
    failed: int = 0
    errors: int = 0
    skipped: int = 0
    cases: tuple[TestCase, ...] = ()
    coverage: Coverage | None = None
    sandbox: str = ""
    limits_hit: tuple[str, ...] = ()
    elapsed_seconds: float = 0.0
    output: str = ""
    languages: tuple[str, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    flaky: tuple[str, ...] = ()
    undetermined: tuple[Diagnostic, ...] = ()
    notes: tuple[str, ...] = ()
