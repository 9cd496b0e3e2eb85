"""Coverage of the sources that no test loads: V8 measures what it has loaded, nothing else."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from quantumlayer.qtest.model import Coverage, FileCoverage
from quantumlayer.qtest.project import SAMPLES, file_paths, text_of
from quantumlayer.qtest.runners.executable_lines import executable_lines
from quantumlayer.qtest.runners.javascript_tests import LIKE_A_TEST
from quantumlayer.qtest.runners.payloads import Observed

SOURCE = re.compile(r"(?<!\.d)\.[cm]?[jt]sx?$")
# Settings and set-ups of tools, and what is built or shown.
NOT_COUNTED = re.compile(
    r"(^|/)\.|\.config\.[cm]?[jt]s$|\.min\.js$|(^|/)(gulpfile|gruntfile|karma\.conf|setup-?tests?)\b"
    r"|(^|/)(tests?|__tests__|__mocks__|specs?|e2e|bench(marks?)?|examples?|docs?|dist|build|coverage"
    r"|out|scripts?|tools?|vendor|third_party|node_modules)/",
    re.IGNORECASE,
)
MOST_FILES = 2_000


def with_unloaded(observed: Observed, project: Path) -> Observed:
    """The same run, its coverage with every source of the project; nothing where none is known."""
    measured = observed.outcome.coverage
    if measured is None:
        return observed
    known = {entry.path for entry in measured.files}
    more = tuple(unloaded(project, known))
    if not more:
        return observed
    ran = sum(entry.lines_percent * entry.lines for entry in measured.files)
    total = sum(entry.lines for entry in (*measured.files, *more))
    coverage = Coverage(
        lines_percent=round(ran / max(total, 1), 2),
        branches_percent=measured.branches_percent,
        files=tuple(sorted((*measured.files, *more), key=lambda entry: entry.path)),
    )
    return replace(observed, outcome=replace(observed.outcome, coverage=coverage))


def unloaded(project: Path, known: set[str]) -> Iterator[FileCoverage]:
    """Sources of which nothing is known, every line of them that could run missing."""
    stems = {re.sub(r"\.\w+$", "", path) for path in known}
    seen = 0
    for path in sorted(file_paths(project)):
        folders = path.split("/")[:-1]
        if not SOURCE.search(path) or not SAMPLES.isdisjoint(folders) or path in known:
            continue
        if NOT_COUNTED.search(path) or LIKE_A_TEST.search(path):
            continue
        # Compiled code may have been measured in place of its source.
        if re.sub(r"\.\w+$", "", path) in stems:
            continue
        seen += 1
        if seen > MOST_FILES:
            return
        missing = executable_lines(path, text_of(project / path))
        if missing:
            yield FileCoverage(
                path=path, lines_percent=0.0, missing_lines=missing, lines=len(missing)
            )
