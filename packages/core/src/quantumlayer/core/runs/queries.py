"""Reading runs for whoever shows them. Each takes a tenant's session and filters by tenant too."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from quantumlayer.core.events import EventType
from quantumlayer.core.identity.tables import Project
from quantumlayer.core.runs.tables import Capsule, Run, RunEvent, RunFile, RunFinding, RunTest

RowT = TypeVar("RowT", RunFile, RunFinding, RunTest)


@dataclass(frozen=True)
class RunFilter:
    """Which runs to list; None means any."""

    status: str | None = None
    verdict: str | None = None
    project: str | None = None


@dataclass(frozen=True)
class RunPage:
    """Runs, newest first, and whether there are older ones."""

    runs: Sequence[Run]
    has_more: bool


@dataclass(frozen=True)
class TestCounts:
    """How many tests ended how. Those that are skipped or expected to fail prove nothing."""

    __test__ = False

    executed: int
    passed: int
    failed: int
    errors: int
    skipped: int


async def run_page(
    session: AsyncSession,
    organisation_id: UUID,
    *,
    first: int,
    after: UUID | None = None,
    only: RunFilter | None = None,
) -> RunPage:
    """At most `first` runs older than run `after`, newest first."""
    # Ids of version 7 grow with time, so the id alone is a total and stable order.
    statement = _filtered(organisation_id, only or RunFilter()).order_by(Run.id.desc())
    if after is not None:
        statement = statement.where(Run.id < after)
    rows = (await session.scalars(statement.limit(first + 1))).all()
    return RunPage(rows[:first], has_more=len(rows) > first)


async def find_run(session: AsyncSession, organisation_id: UUID, run_id: UUID) -> Run | None:
    """The run, if the organisation has it."""
    return await session.scalar(
        select(Run).where(Run.organisation_id == organisation_id, Run.id == run_id)
    )


async def runs_by_id(
    session: AsyncSession, organisation_id: UUID, ids: Collection[UUID]
) -> dict[UUID, Run]:
    """Those of `ids` that the organisation has."""
    rows = await session.scalars(
        select(Run).where(Run.organisation_id == organisation_id, Run.id.in_(ids))
    )
    return {row.id: row for row in rows}


async def files_of(
    session: AsyncSession, organisation_id: UUID, run_ids: Collection[UUID]
) -> dict[UUID, list[RunFile]]:
    """The files of each run, by path."""
    return await _grouped(session, _of(RunFile, organisation_id, run_ids).order_by(RunFile.path))


async def findings_of(
    session: AsyncSession, organisation_id: UUID, run_ids: Collection[UUID]
) -> dict[UUID, list[RunFinding]]:
    """The findings of each run, in the validator's order."""
    return await _grouped(
        session, _of(RunFinding, organisation_id, run_ids).order_by(RunFinding.ordinal)
    )


async def tests_of(
    session: AsyncSession, organisation_id: UUID, run_ids: Collection[UUID]
) -> dict[UUID, list[RunTest]]:
    """The test cases of each run, in the report's order."""
    return await _grouped(session, _of(RunTest, organisation_id, run_ids).order_by(RunTest.ordinal))


async def test_counts_of(
    session: AsyncSession, organisation_id: UUID, run_ids: Collection[UUID]
) -> dict[UUID, TestCounts]:
    """How many tests of each run ended how; nothing for a run without a test report."""
    rows = await session.execute(
        select(RunTest.run_id, RunTest.outcome, func.count())
        .where(RunTest.organisation_id == organisation_id, RunTest.run_id.in_(run_ids))
        .group_by(RunTest.run_id, RunTest.outcome)
    )
    outcomes: dict[UUID, Counter[str]] = {}
    for run_id, outcome, number in rows:
        outcomes.setdefault(run_id, Counter())[outcome] = number
    return {run_id: _counts(counted) for run_id, counted in outcomes.items()}


async def capsules_of(
    session: AsyncSession, organisation_id: UUID, run_ids: Collection[UUID]
) -> dict[UUID, Capsule]:
    """The capsule of each run that has one."""
    rows = await session.scalars(
        select(Capsule).where(
            Capsule.organisation_id == organisation_id, Capsule.run_id.in_(run_ids)
        )
    )
    return {row.run_id: row for row in rows}


async def has_picture(
    session: AsyncSession, organisation_id: UUID, run_id: UUID, sha256: str
) -> bool:
    """Whether a picture was taken of a page of the run's software, in any of its rounds."""
    held = {"rungs": [{"pictures": [{"sha256": sha256}]}]}
    found = await session.scalar(
        select(RunEvent.sequence)
        .where(
            RunEvent.organisation_id == organisation_id,
            RunEvent.run_id == run_id,
            RunEvent.type == EventType.DELIVERY_CLIMBED.value,
            RunEvent.data.contains(held),
        )
        .limit(1)
    )
    return found is not None


def _counts(outcomes: Counter[str]) -> TestCounts:
    passed, failed, errors = outcomes["passed"], outcomes["failed"], outcomes["error"]
    executed = passed + failed + errors
    return TestCounts(executed, passed, failed, errors, outcomes.total() - executed)


def _filtered(organisation_id: UUID, only: RunFilter) -> Select[Run]:
    statement = select(Run).where(Run.organisation_id == organisation_id)
    if only.status is not None:
        statement = statement.where(Run.status == only.status)
    if only.verdict is not None:
        statement = statement.where(Run.verdict == only.verdict)
    if only.project is not None:
        statement = statement.join(Project, Project.id == Run.project_id).where(
            Project.organisation_id == organisation_id, Project.slug == only.project
        )
    return statement


def _of(table: type[RowT], organisation_id: UUID, run_ids: Collection[UUID]) -> Select[RowT]:
    return select(table).where(table.organisation_id == organisation_id, table.run_id.in_(run_ids))


async def _grouped(session: AsyncSession, statement: Select[RowT]) -> dict[UUID, list[RowT]]:
    groups: dict[UUID, list[RowT]] = {}
    for row in await session.scalars(statement):
        groups.setdefault(row.run_id, []).append(row)
    return groups
