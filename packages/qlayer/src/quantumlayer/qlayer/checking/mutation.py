"""Measuring what the tests of a project notice, part by part."""

from collections.abc import Sequence
from pathlib import Path

from quantumlayer.qlayer.checking.model import MutationEntry, Survivor
from quantumlayer.qtest import (
    MUTATION_LANGUAGES,
    Limits,
    Mutant,
    MutantStatus,
    MutationExtent,
    MutationReport,
    Unit,
    measure_mutation,
)

LANGUAGES = frozenset(MUTATION_LANGUAGES)
SECONDS = 120.0
NOTICED = (MutantStatus.KILLED, MutantStatus.TIMED_OUT)
MOST_SURVIVORS = 200


async def mutation_of(
    root: Path, units: Sequence[Unit], *, cache: Path, limits: Limits
) -> MutationEntry:
    """The score of a project that has passed: of its parts in our languages together."""
    offered_for = [unit for unit in units if unit.language in LANGUAGES]
    # A script may run tests that no path shows to be any.
    tested = [unit for unit in offered_for if unit.tested] or offered_for
    # All languages of a folder are measured at once.
    parts = list({unit.folder: unit for unit in tested}.values())
    if not parts:
        others = ", ".join(dict.fromkeys(unit.language for unit in units)) or "nothing"
        offered = ", ".join(MUTATION_LANGUAGES)
        return MutationEntry(reason=f"Mutation testing is offered for {offered}; this is {others}.")
    extent = MutationExtent(seconds=SECONDS / len(parts))
    reports = [
        await measure_mutation(root / unit.folder, cache=cache, extent=extent, limits=limits)
        for unit in parts
    ]
    return combined(parts, reports)


def combined(parts: Sequence[Unit], reports: Sequence[MutationReport]) -> MutationEntry:
    """The reports on the parts as one, with the paths of the whole project."""
    tried = sum(report.tried - report.skipped for report in reports)
    noticed = sum(report.killed + report.timed_out for report in reports)
    measured = [report for report in reports if report.score is not None]
    whole = reports[0].score if len(reports) == 1 else round(100.0 * noticed / max(tried, 1), 1)
    return MutationEntry(
        score=whole if measured else None,
        reason=" ".join(report.reason for report in reports),
        candidates=sum(report.candidates for report in reports),
        tried=sum(report.tried for report in reports),
        killed=sum(report.killed for report in reports),
        timed_out=sum(report.timed_out for report in reports),
        survived=sum(report.survived for report in reports),
        not_covered=sum(report.not_covered for report in reports),
        skipped=sum(report.skipped for report in reports),
        survivors=tuple(
            survivor(unit.folder, mutant)
            for unit, report in zip(parts, reports, strict=True)
            for mutant in report.mutants
            if mutant.status not in NOTICED
        )[:MOST_SURVIVORS],
        elapsed_seconds=round(sum(report.elapsed_seconds for report in reports), 3),
    )


def survivor(folder: str, mutant: Mutant) -> Survivor:
    return Survivor(
        path=mutant.path if folder == "." else f"{folder}/{mutant.path}",
        line=mutant.line,
        function=mutant.function,
        before=mutant.before,
        after=mutant.after,
        covered=mutant.status is MutantStatus.SURVIVED,
    )
