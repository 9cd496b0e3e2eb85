"""What the native command and the check said of one release, and how they stand to each other."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

from benchmarks.real_projects.catalogue import Project
from benchmarks.real_projects.native import Native, Outcome
from benchmarks.real_projects.tally import Tally
from quantumlayer.qlayer.checking import CheckReport
from quantumlayer.qtest import Verdict

Standing = Literal["agrees", "explained", "differs", "false pass", "not compared"]
_SAME = {"passed": Verdict.PASSED, "failed": Verdict.FAILED, "timed out": Verdict.TIMED_OUT}


class Row(BaseModel):
    """A line of the table; times in seconds."""

    model_config = ConfigDict(frozen=True)

    project: Project
    native: Outcome
    native_tally: Tally
    native_seconds: float
    native_output: str
    check: Verdict
    check_tally: Tally
    check_seconds: float
    reason: str

    @property
    def standing(self) -> Standing:
        """How both words stand to each other; an explanation excuses no false pass."""
        if self.native == "not run":
            return "not compared"
        if self.check is Verdict.PASSED and self.native != "passed":
            return "false pass"
        if self.check is _SAME[self.native]:
            return "agrees"
        expected = self.project.differs
        return "explained" if expected and expected.check is self.check else "differs"

    @property
    def counts_agree(self) -> bool:
        """Whether as many passed and failed on both sides, where both count any."""
        native, check = self.native_tally, self.check_tally
        comparable = native.passed is not None and not native.assertions
        return not comparable or (native.passed, native.failed) == (check.passed, check.failed)

    @property
    def note(self) -> str:
        """What is to be said of the row beside its figures."""
        notes: list[str] = []
        if self.standing == "not compared":
            notes.append(f"natively not run: {last_line(self.native_output)}")
        if self.standing == "explained" and self.project.differs:
            notes.append(self.project.differs.because)
        if self.standing in {"differs", "false pass"}:
            notes.append(self.reason)
        if self.standing == "agrees" and not self.counts_agree:
            notes.append(self.project.counting or "the counts differ")
        return " ".join(notes)


def compared(project: Project, native: Native, check: CheckReport) -> Row:
    """The row of a release that was tested both ways."""
    tests = check.tests
    return Row(
        project=project,
        native=native.outcome,
        native_tally=native.tally,
        native_seconds=native.ended.seconds,
        native_output=native.ended.output[-4000:],
        check=check.verdict,
        check_tally=Tally(tests.passed, tests.failed + tests.errors, tests.skipped)
        if tests
        else Tally(),
        check_seconds=check.elapsed_seconds,
        reason=check.reason,
    )


def last_line(output: str) -> str:
    """The end of what a command printed, as one line."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    return lines[-1][:200] if lines else "it said nothing"
