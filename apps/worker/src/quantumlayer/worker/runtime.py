"""What activities work with: one set of open connections and processes a worker."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel

from quantumlayer.agents import Completing, Conversation, Resolve
from quantumlayer.agents.memory import Index
from quantumlayer.core.database import Database
from quantumlayer.core.objects import ObjectStore
from quantumlayer.core.runs.recorder import FileRow, Recording, RunRecorder
from quantumlayer.parser import Parser, Registries
from quantumlayer.parser.discovery import is_text
from quantumlayer.qlayer import FileRole, SourceFile
from quantumlayer.qlayer.requirements import Requirements
from quantumlayer.qlayer.stacks import Stack
from quantumlayer.qlayer.type_checking import TypesSeen
from quantumlayer.qtest import MutationReport, TracedReport
from quantumlayer.qtest.commands import Command, Done
from quantumlayer.qtest.delivered import Climb, Visit, Visited
from quantumlayer.qtest.tidying import Tidied, Tidying
from quantumlayer.router import CallLimits, CallRecord, Effort, Price, ProviderTraits
from quantumlayer.worker.errors import show_progress
from quantumlayer.worker.nouns import Scope

NounT = TypeVar("NounT", bound=BaseModel)


@dataclass(frozen=True)
class Runtime:
    """The worker's open doors."""

    database: Database
    cache: Path
    previews: int
    recorder: RunRecorder
    objects: ObjectStore
    router: Completing
    traits: Callable[[str], ProviderTraits]
    # The names of the models that a run may choose among.
    offered: Sequence[str]
    parser: Parser
    run_tests: Callable[[Path], Awaitable[TracedReport]]
    # The same of a project that somebody else began, part by part.
    run_units: Callable[[Path], Awaitable[TracedReport]]
    measure_mutation: Callable[
        [Path, asyncio.Future[TracedReport]], Awaitable[MutationReport | None]
    ]
    climb: Callable[[Path, Requirements | None], Awaitable[Climb]]
    visit: Callable[[Path, Visit], Awaitable[Visited]]
    run_command: Callable[[Path, Command], Awaitable[Done]]
    tidy: Callable[[Path, Tidying], Awaitable[Tidied]]
    check_types: Callable[[Path, Stack], Awaitable[TypesSeen]]
    # Held by who compiles, tests or starts something: more at once would only hold each other up.
    room: asyncio.Semaphore
    signing_key_file: Path
    open_budget: Callable[[Scope], Awaitable[None]]
    calls: Callable[[Scope], Awaitable[Sequence[CallRecord]]]
    check_model: Callable[[str], Awaitable[None]]
    price: Callable[[str], Awaitable[Price | None]]
    resolve: Resolve
    # How often guardrails ended in which way so far: module, side, outcome, number.
    guardrails_counted: Callable[[], Iterable[tuple[str, str, str, int]]] = tuple
    registries: Registries | None = None
    # Where near runs are found, and whether runs look for them; an index may outlive that wish.
    memory: Index | None = None
    remembers: bool = False
    call_limits: CallLimits = field(default_factory=CallLimits)
    effort: Effort | None = None
    temperature: float | None = None
    # How long a run waits for somebody to decide on what no stack serves.
    wish_wait_seconds: int = 0

    def registries_for(self, scope: Scope) -> Registries | None:
        """Where to ask about packages; nowhere where the run's model does not choose them."""
        return self.registries if self.traits(scope.model).chooses_packages else None

    def tests_of(self, scope: Scope) -> Callable[[Path], Awaitable[TracedReport]]:
        """What runs the tests of the run's project."""
        return self.run_units if scope.imported else self.run_tests

    def conversation(self, scope: Scope) -> Conversation:
        """A way to the run's model, in the run's name."""
        return Conversation(
            router=self.router,
            organisation_id=scope.organisation_id,
            run_id=scope.run_id,
            model=scope.model,
            limits=self.call_limits,
            effort=self.effort,
            temperature=self.temperature,
            on_piece=show_progress,
        )

    async def keep(self, noun: BaseModel) -> str:
        """Stores a noun as JSON; returns its address."""
        return await self.objects.put(noun.model_dump_json().encode())

    async def fetch(self, sha256: str, kind: type[NounT]) -> NounT:
        """The noun at an address."""
        return kind.model_validate_json(await self.objects.get(sha256))

    async def fetch_if_any(self, sha256: str | None, kind: type[NounT]) -> NounT | None:
        """The noun at an address; None where there is no address."""
        return None if sha256 is None else await self.fetch(sha256, kind)

    async def keep_file(
        self, path: str, content: str, role: FileRole, origin: str, requirements: tuple[str, ...]
    ) -> SourceFile:
        """Stores a file's content; returns its place in the tree."""
        data = content.encode()
        return SourceFile(
            path=path,
            sha256=await self.objects.put(data),
            size=len(data),
            role=role,
            origin=origin,
            requirements=requirements,
        )

    async def texts(self, addresses: Mapping[str, str]) -> dict[str, str]:
        """Path → content of the files at `addresses` (path → sha256), of those that are text."""
        contents = {path: await self.objects.get(sha256) for path, sha256 in addresses.items()}
        return {
            path: data.decode(errors="replace") for path, data in contents.items() if is_text(data)
        }


async def show_files(recording: Recording, files: Iterable[SourceFile]) -> None:
    """Puts files into what the API shows of the run."""
    await recording.put_files(
        FileRow(
            path=file.path,
            sha256=file.sha256,
            size=file.size,
            role=file.role.value,
            origin=file.origin,
            requirements=list(file.requirements),
            executable=file.executable,
        )
        for file in files
    )
