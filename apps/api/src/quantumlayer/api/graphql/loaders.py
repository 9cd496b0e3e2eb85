"""Look-ups for many rows at once, so that a list costs as many queries as one row."""

from collections.abc import Awaitable, Callable, Collection, Sequence
from typing import TYPE_CHECKING, TypeVar
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from strawberry.dataloader import DataLoader

from quantumlayer.api.services import Services
from quantumlayer.api.usage import usages_of
from quantumlayer.core.identity import Project, projects_by_id
from quantumlayer.core.runs.queries import (
    TestCounts,
    capsules_of,
    files_of,
    findings_of,
    runs_by_id,
    test_counts_of,
    tests_of,
)
from quantumlayer.core.runs.questions import Question, questions_of
from quantumlayer.core.runs.tables import Capsule, Run, RunFile, RunFinding, RunTest
from quantumlayer.core.runs.versions import versions_of_each

if TYPE_CHECKING:
    from quantumlayer.router.run_usage import RunUsage

ValueT = TypeVar("ValueT")
_Query = Callable[[AsyncSession, UUID, Collection[UUID]], Awaitable[dict[UUID, ValueT]]]


class Loaders:
    """Gathers what one tick of resolvers asks for. Nothing is cached: a WebSocket lives long."""

    def __init__(self, services: Services, organisation_id: UUID) -> None:
        self._services = services
        self._organisation_id = organisation_id
        self.projects: DataLoader[UUID, Project | None] = self._loader(projects_by_id)
        self.files: DataLoader[UUID, list[RunFile] | None] = self._loader(files_of)
        self.findings: DataLoader[UUID, list[RunFinding] | None] = self._loader(findings_of)
        self.tests: DataLoader[UUID, list[RunTest] | None] = self._loader(tests_of)
        self.test_counts: DataLoader[UUID, TestCounts | None] = self._loader(test_counts_of)
        self.capsules: DataLoader[UUID, Capsule | None] = self._loader(capsules_of)
        self.questions: DataLoader[UUID, Question | None] = self._loader(questions_of)
        self.runs: DataLoader[UUID, Run | None] = self._loader(runs_by_id)
        self.versions: DataLoader[UUID, Sequence[Run] | None] = self._loader(versions_of_each)
        self.usages: DataLoader[UUID, RunUsage | None] = self._loader(usages_of)

    def _loader(self, query: _Query[ValueT]) -> DataLoader[UUID, ValueT | None]:
        async def load(ids: list[UUID]) -> list[ValueT | None]:
            async with self._services.database.tenant(self._organisation_id) as session:
                found = await query(session, self._organisation_id, set(ids))
            return [found.get(identity) for identity in ids]

        return DataLoader(load_fn=load, cache=False)
