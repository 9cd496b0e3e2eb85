"""What a worker writes of a run: its story and what the API shows, in one transaction a step."""

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from quantumlayer.core.database import Database, now
from quantumlayer.core.events import EventLog, EventType
from quantumlayer.core.memories.records import MemoryRow, remember
from quantumlayer.core.runs.tables import Capsule, Run, RunFile, RunFinding, RunTest


@dataclass(frozen=True)
class FileRow:
    """A file as the API shows it."""

    path: str
    sha256: str
    size: int
    role: str
    origin: str
    requirements: list[str]
    executable: bool = False


@dataclass(frozen=True)
class FindingRow:
    """A finding as the API shows it."""

    rule: str
    severity: str
    path: str
    line: int
    column: int
    message: str
    fix: str | None
    tool: str


@dataclass(frozen=True)
class TestRow:
    """A test case as the API shows it."""

    name: str
    path: str
    line: int | None
    outcome: str
    message: str
    duration_seconds: float


@dataclass(frozen=True)
class CapsuleRow:
    """A capsule as the API shows it."""

    sha256: str
    size: int
    file_name: str
    verdict: str
    signer: str


class Recording:
    """One open transaction on one run; everything written here is seen at once or never."""

    def __init__(self, session: AsyncSession, run: Run, log: EventLog) -> None:
        self._session = session
        self._log = log
        self.run = run

    async def tell(self, key: str, kind: EventType, data: Mapping[str, Any]) -> bool:
        """Appends an event; False when a retry finds `key` told already."""
        number = await self._log.append(self._session, self.run.id, key, kind, data)
        return number is not None

    async def put_files(self, files: Iterable[FileRow]) -> None:
        """Adds files, or replaces those of equal path."""
        for file in files:
            statement = insert(RunFile).values(**self._owned(), **asdict(file), updated_at=now())
            await self._session.execute(
                statement.on_conflict_do_update(
                    index_elements=["run_id", "path"],
                    set_={**asdict(file), "updated_at": now()},
                )
            )

    async def remove_files(self, paths: Sequence[str]) -> None:
        """Takes files out of the tree."""
        await self._session.execute(
            delete(RunFile).where(RunFile.run_id == self.run.id, RunFile.path.in_(paths))
        )

    async def keep_files(self, paths: Sequence[str]) -> None:
        """Takes all files out of the tree but these."""
        await self._session.execute(
            delete(RunFile).where(RunFile.run_id == self.run.id, RunFile.path.not_in(paths))
        )

    async def replace_findings(self, findings: Sequence[FindingRow]) -> None:
        """Puts `findings` in the place of all earlier ones."""
        await self._session.execute(delete(RunFinding).where(RunFinding.run_id == self.run.id))
        self._session.add_all(
            RunFinding(**self._owned(), ordinal=ordinal, **asdict(finding))
            for ordinal, finding in enumerate(findings)
        )

    async def replace_tests(self, tests: Sequence[TestRow]) -> None:
        """Puts `tests` in the place of all earlier ones."""
        await self._session.execute(delete(RunTest).where(RunTest.run_id == self.run.id))
        self._session.add_all(
            RunTest(**self._owned(), ordinal=ordinal, **asdict(test))
            for ordinal, test in enumerate(tests)
        )

    async def put_capsule(self, capsule: CapsuleRow) -> None:
        """Names the run's capsule."""
        statement = insert(Capsule).values(**self._owned(), **asdict(capsule), created_at=now())
        await self._session.execute(
            statement.on_conflict_do_update(index_elements=["run_id"], set_=asdict(capsule))
        )

    async def remember(self, row: MemoryRow) -> bool:
        """Keeps what the run is remembered by; False when it is kept already."""
        return await remember(self._session, self.run.organisation_id, self.run.id, row)

    def _owned(self) -> dict[str, UUID]:
        return {"run_id": self.run.id, "organisation_id": self.run.organisation_id}


class RunRecorder:
    """Opens recordings and announces their events once they are committed."""

    def __init__(self, database: Database, log: EventLog) -> None:
        self._database = database
        self._log = log

    @asynccontextmanager
    async def recording(self, organisation_id: UUID, run_id: UUID) -> AsyncIterator[Recording]:
        """A transaction on the run; LookupError when the organisation has no such run."""
        async with self._database.tenant(organisation_id) as session:
            run = await session.get(Run, run_id, with_for_update=True)
            if run is None or run.organisation_id != organisation_id:
                raise LookupError(f"no run {run_id} in this organisation")
            yield Recording(session, run, self._log)
        await self._log.announce(run_id)

    async def load(self, organisation_id: UUID, run_id: UUID) -> Run:
        """The run as it stands; LookupError when the organisation has no such run."""
        async with self._database.tenant(organisation_id) as session:
            run = await session.get(Run, run_id)
            if run is None or run.organisation_id != organisation_id:
                raise LookupError(f"no run {run_id} in this organisation")
            return run
