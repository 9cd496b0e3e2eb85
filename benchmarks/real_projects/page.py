"""The page that shows the table of a whole run: `docs/public-projects.md`."""

from collections.abc import Sequence
from datetime import date

from benchmarks.real_projects.row import Row
from benchmarks.real_projects.tally import Tally

COLUMNS = ("ecosystem", "release", "native", "check", "native counts", "check counts", "native s",
           "check s", "", "note")  # fmt: skip
_HEADING = """\
# Public projects

Made by `make bench NAME=public_projects` with `QL_PAGE=docs/public-projects.md`, on {day}: every
release of `benchmarks/real_projects/catalogue` is got from its registry as sources, tested with the
command that its own people type, and put to `quantumlayer check`. Of {rows} releases {ran} ran
natively; {agreeing} verdicts agree, {explained} differ for the reason that stands beside them, and
{false} passed although their tests failed.

What the native command says is read from its tool's report or words, not from its exit status:
where no tool tells of tests, nothing is compared. Counts are passed/failed/skipped. Seconds of the
check hold everything that it does; the first check of a release installs what it needs, too. The
last word on each release is kept, so rows may be of several runs, on a machine with other work.

"""


def heads() -> str:
    """The first two lines of the table."""
    return f"| {' | '.join(COLUMNS)} |\n|{'---|' * len(COLUMNS)}"


def line(row: Row) -> str:
    """One row of the table."""
    mark = "=" if row.standing == "agrees" else row.standing
    cells = (
        row.project.ecosystem, row.project.title, row.native, row.check.value,
        counts(row.native_tally), counts(row.check_tally), f"{row.native_seconds:.1f}",
        f"{row.check_seconds:.1f}", mark, row.note.replace("|", "\\|").replace("\n", " "),
    )  # fmt: skip
    return f"| {' | '.join(cells)} |"


def counts(tally: Tally) -> str:
    """Passed, failed and skipped; a dash where nobody counts."""
    if tally.passed is None:
        return "-"
    figures = f"{tally.passed}/{tally.failed}/{tally.skipped}"
    return f"{figures} assertions" if tally.assertions else figures


def page(rows: Sequence[Row], day: date) -> str:
    """The whole page."""
    standings = [row.standing for row in rows]
    heading = _HEADING.format(
        day=day.isoformat(), rows=len(rows), ran=len(rows) - standings.count("not compared"),
        agreeing=standings.count("agrees"), explained=standings.count("explained"),
        false=standings.count("false pass") or "none",
    )  # fmt: skip
    return heading + heads() + "\n" + "\n".join(line(row) for row in rows) + "\n"
