"""What of a version that is changed bears on the verdict, from the addresses that a scope names."""

from collections.abc import Iterable

from quantumlayer.qlayer import Blueprint, FileRole, SourceTree
from quantumlayer.qlayer.quality import Finding, with_known
from quantumlayer.qlayer.requirements import RequirementsChange
from quantumlayer.qlayer.revision.base import Base
from quantumlayer.qlayer.revision.changes import file_changes
from quantumlayer.qlayer.revision.comparing import lost_since
from quantumlayer.qlayer.revision.report import Revision
from quantumlayer.qtest import TestReport
from quantumlayer.worker.nouns import Scope
from quantumlayer.worker.reviser.nouns import Before
from quantumlayer.worker.runtime import Runtime


async def revision_of(
    runtime: Runtime, scope: Scope, tree: SourceTree, report: TestReport | None
) -> Revision | None:
    """What was changed so far of the version that the run began with; None where it had none."""
    base = await runtime.fetch_if_any(scope.base, Base)
    change = await runtime.fetch_if_any(scope.change, RequirementsChange)
    if base is None or change is None:
        return None
    before = await runtime.fetch_if_any(scope.before, Before)
    baseline = before.baseline if before else None
    files = file_changes(*await _differing(runtime, base.tree, tree))
    tests = {
        file.path for one in (base.tree, tree) for file in one.files if file.role is FileRole.TEST
    }
    return Revision(
        requirements=change,
        files=files,
        tests=tuple(one.path for one in files if one.path in tests),
        edits=base.edits,
        baseline=baseline,
        lost=lost_since(baseline, report, change.touched),
        notes=base.notes,
    )


async def weighed(
    runtime: Runtime, scope: Scope, findings: Iterable[Finding], blueprint: Blueprint
) -> tuple[Finding, ...]:
    """The findings, knowing which somebody else's project had before."""
    before = await runtime.fetch_if_any(scope.before, Before)
    return with_known(findings, before.findings if before else None, blueprint)


async def _differing(
    runtime: Runtime, before: SourceTree, after: SourceTree
) -> tuple[dict[str, bytes], dict[str, bytes]]:
    """The contents, before and after, of the files that are not the same in both."""
    old, new = before.addresses(), after.addresses()
    differing = {path for path in old.keys() | new.keys() if old.get(path) != new.get(path)}
    return (
        {path: await runtime.objects.get(old[path]) for path in old if path in differing},
        {path: await runtime.objects.get(new[path]) for path in new if path in differing},
    )
