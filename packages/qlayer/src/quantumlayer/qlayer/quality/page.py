"""The quality report as one HTML page: no script, nothing from elsewhere, everything escaped."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from jinja2 import Environment, PackageLoader, StrictUndefined

from quantumlayer.qlayer.quality.report import (
    Finding,
    QualityReport,
    RequirementState,
    TestOutcome,
)
from quantumlayer.qlayer.source_tree import SourceTree
from quantumlayer.qtest import CaseOutcome

_LEADING_ID = re.compile(r"^(?:[rR][1-9][0-9]{0,3}[\s_:.,&-]+)+(?:and[\s_]+(?=[rR]\d))?")
_PARAMETERS = re.compile(r"\[.*\]$", re.DOTALL)
_WORST_FIRST = (
    CaseOutcome.ERROR,
    CaseOutcome.FAILED,
    CaseOutcome.SKIPPED,
    CaseOutcome.XFAILED,
    CaseOutcome.PASSED,
)
_BAD = {CaseOutcome.FAILED, CaseOutcome.ERROR}


def render_page(report: QualityReport, tree: SourceTree) -> str:
    """`report` for people; `tree` for the list of files. Same inputs, same text."""
    environment = Environment(
        loader=PackageLoader("quantumlayer.qlayer.quality", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {
        "spoken": spoken,
        "grouped": grouped,
        "ranges": line_ranges,
        "bytes": readable_size,
    }
    cases = report.tests.cases if report.tests else ()
    page: str = environment.get_template("report.html.j2").render(
        report=report,
        files=tree.files,
        failures=[case for case in cases if case.outcome in _BAD],
        suites=_by_path(case for case in cases if case.outcome not in _BAD),
        proved=sum(row.state is RequirementState.PROVED for row in report.requirements),
        severities=_severities(report.findings),
    )
    return page


def spoken(test_name: str) -> str:
    """A test's name as a sentence: `test_r4_members_can_…[5]` → `members can …`."""
    last = re.split(r"::| > ", _PARAMETERS.sub("", test_name))[-1].strip()
    words = last.removeprefix("test_")
    words = _LEADING_ID.sub("", words) or words
    return words.replace("_", " ") if " " not in words else words


@dataclass(frozen=True)
class ShownTest:
    """A test as a line of the page; the variants of a parametrised one are counted, not listed."""

    sentence: str
    outcome: CaseOutcome
    variants: int
    title: str
    message: str


def grouped(cases: Iterable[TestOutcome]) -> list[ShownTest]:
    """Tests in their order, variants joined under the worst outcome among them."""
    variants: dict[tuple[str, str], list[TestOutcome]] = {}
    for case in cases:
        variants.setdefault((case.path, _PARAMETERS.sub("", case.name)), []).append(case)
    shown = []
    for (path, name), group in variants.items():
        worst = min(group, key=lambda case: _WORST_FIRST.index(case.outcome))
        shown.append(
            ShownTest(
                sentence=spoken(name),
                outcome=worst.outcome,
                variants=len(group),
                title=f"{path}: {name}",
                message=worst.message,
            )
        )
    return shown


def line_ranges(lines: Sequence[int]) -> str:
    """Line numbers with neighbours joined: (3, 4, 5, 9) → `3-5, 9` with an en dash."""
    numbered = enumerate(sorted(set(lines)))
    runs = [[line for _, line in run] for _, run in groupby(numbered, lambda one: one[1] - one[0])]
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}\u2013{run[-1]}" for run in runs)


def readable_size(size: int) -> str:
    """Bytes for people: `1,234 B`, `12.1 kB`."""
    return f"{size:,} B" if size < 10_000 else f"{size / 1000:,.1f} kB"


def _by_path(cases: Iterable[TestOutcome]) -> list[tuple[str, list[TestOutcome]]]:
    return [(path, list(group)) for path, group in groupby(cases, lambda case: case.path)]


def _severities(findings: Iterable[Finding]) -> list[tuple[str, int]]:
    counted = Counter(finding.severity for finding in findings)
    return [(level.value, counted[level]) for level in sorted(counted, key=lambda one: one.rank)]
