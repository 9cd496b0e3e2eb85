"""What a revision shows of itself: by requirement, by file, and what held before it."""

from quantumlayer.qlayer.noun import Noun
from quantumlayer.qlayer.requirements import RequirementsChange
from quantumlayer.qlayer.revision.base import HandEdits
from quantumlayer.qlayer.revision.changes import FileChange
from quantumlayer.qtest import Verdict


class Baseline(Noun):
    """What its own tests said of the version before anything was changed.

    `failing` are the tests that did not pass, `passing` the names of those that did.
    """

    verdict: Verdict
    reason: str
    executed: int = 0
    passing: tuple[str, ...] = ()
    failing: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether all of them passed."""
        return self.verdict is Verdict.PASSED


class Revision(Noun):
    """What was changed of a version, and what its user had changed of it by hand before.

    `tests` are the paths among `files` that are tests; `lost` names tests of what stays that passed
    before and do not any more.
    """

    requirements: RequirementsChange
    files: tuple[FileChange, ...] = ()
    tests: tuple[str, ...] = ()
    edits: HandEdits = HandEdits()
    baseline: Baseline | None = None
    lost: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
