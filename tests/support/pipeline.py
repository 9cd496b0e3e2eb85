"""Runs through the whole pipeline inside a test: a real worker on real servers."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from uuid import UUID

from pydantic import SecretStr
from redis.asyncio import Redis
from sqlalchemy import select
from temporalio.client import Client, WorkflowHandle
from temporalio.common import WorkflowIDConflictPolicy

from quantumlayer.core.database import Database, new_id
from quantumlayer.core.events import Event, EventLog
from quantumlayer.core.identity.tables import Organisation, Project
from quantumlayer.core.objects import FolderObjectStore
from quantumlayer.core.runs import WORKFLOW, GenerationRequest, RunLimits, workflow_id
from quantumlayer.core.runs.tables import Capsule, Run, RunFile
from quantumlayer.core.settings import WorkerSettings
from quantumlayer.router import AnsweringModel, CallRecord, PostgresCallStore, installed_models
from quantumlayer.worker.composition import build_worker, connect, open_runtime
from quantumlayer.worker.nouns import Ending


@dataclass(frozen=True)
class StartedRun:
    """A run on its way."""

    id: UUID
    handle: WorkflowHandle[object, Ending]


@dataclass
class Pipeline:
    """One worker with its own task queue, and one organisation whose runs it works on."""

    settings: WorkerSettings
    client: Client
    database: Database
    objects: FolderObjectStore
    log: EventLog
    organisation: UUID
    project: UUID
    task_queue: str

    async def start(
        self,
        prompt: str,
        *,
        model: str = "builtin",
        limits: RunLimits | None = None,
        accept_partial: bool = False,
        parent: UUID | None = None,
        base: str | None = None,
    ) -> StartedRun:
        """Starts a run as the API does; `base` is the address of what it changes."""
        run = Run(
            id=new_id(),
            organisation_id=self.organisation,
            project_id=self.project,
            idempotency_key=str(new_id()),
            request_hash="",
            prompt=prompt,
            model=model,
            accept_partial=accept_partial,
            parent_id=parent,
            base_object=base,
            limits={},
        )
        async with self.database.tenant(self.organisation) as session:
            session.add(run)
        handle = await self.client.start_workflow(
            WORKFLOW,
            GenerationRequest(
                run_id=run.id,
                organisation_id=self.organisation,
                project="default",
                limits=_without_reviews(limits or RunLimits()),
            ),
            id=workflow_id(run.id, prompt),
            # A busy server may have heard a start of which its client tries again.
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            task_queue=self.task_queue,
            result_type=Ending,
        )
        return StartedRun(run.id, handle)

    async def become_another_organisation(self) -> None:
        """What is started and read from now on belongs to another organisation."""
        self.organisation, self.project = await _organisation(self.database)

    async def run(self, run_id: UUID) -> Run:
        """The run's row as it stands."""
        async with self.database.tenant(self.organisation) as session:
            return await session.get_one(Run, run_id)

    async def files(self, run_id: UUID) -> dict[str, str]:
        """Path → content of the run's files."""
        async with self.database.tenant(self.organisation) as session:
            rows = (await session.scalars(select(RunFile).where(RunFile.run_id == run_id))).all()
        return {row.path: (await self.objects.get(row.sha256)).decode() for row in rows}

    async def capsule(self, run_id: UUID) -> bytes:
        """The bytes of the run's capsule."""
        async with self.database.tenant(self.organisation) as session:
            capsule = await session.get_one(Capsule, run_id)
        return await self.objects.get(capsule.sha256)

    async def events(self, run_id: UUID) -> list[Event]:
        """The run's whole story."""
        return list(await self.log.read(self.organisation, run_id, 0, limit=10_000))

    async def calls(self, run_id: UUID) -> tuple[CallRecord, ...]:
        """Every call of a model in the run's name."""
        return await PostgresCallStore(self.database).calls(self.organisation, run_id)


@asynccontextmanager
async def open_pipeline(
    *,
    database_url: str,
    redis_url: str,
    temporal_address: str,
    folder: Path,
    cache: Path,
    model_base_url: str | None = None,
    models: Mapping[str, AnsweringModel] | None = None,
    working: bool = True,
    wish_wait_seconds: int = 0,
    check_registries: bool = False,
    recording: str | None = None,
    offered: str = "openai/scripted",
    configuration: Path | None = None,
    usd_per_million: tuple[Decimal, Decimal] | None = None,
    memory: bool = False,
) -> AsyncIterator[Pipeline]:
    """A pipeline on migrated servers; without `working` nobody polls for its runs.

    With `check_registries` those that its tools are set to are asked about packages.
    `models` are served in its process, and in their absence those that are installed; `offered` are
    those outside, and `configuration` is the file by which they are asked. A million tokens of the
    scripted model cost `usd_per_million`, in and out; None: nobody knows. With `memory` runs that
    passed are shown to later ones.
    """
    asked, answered = usd_per_million or (None, None)
    settings = WorkerSettings(
        _env_file=None,
        cache_dir=cache,
        database_url=database_url,
        redis_url=redis_url,
        temporal_address=temporal_address,
        object_store=folder / "objects",
        signing_key_file=folder / "signing-key.pem",
        models=offered,
        model_base_url=model_base_url,
        check_registries=check_registries,
        wish_wait_seconds=wish_wait_seconds,
        model_recording=recording,
        model_configuration=configuration,
        memory=memory,
        model_input_usd_per_million=asked,
        model_output_usd_per_million=answered,
        model_api_key=SecretStr("scripted") if model_base_url else None,
    )
    database, redis = Database(database_url), Redis.from_url(redis_url)
    try:
        organisation, project = await _organisation(database)
        pipeline = Pipeline(
            settings=settings,
            client=await connect(settings),
            database=database,
            objects=FolderObjectStore(settings.object_store),
            log=EventLog(database, redis),
            organisation=organisation,
            project=project,
            task_queue=f"pipeline-{organisation}",
        )
        if not working:
            yield pipeline
            return
        async with (
            open_runtime(settings, models or installed_models()) as runtime,
            build_worker(pipeline.client, runtime, task_queue=pipeline.task_queue),
        ):
            yield pipeline
    finally:
        await redis.aclose()
        await database.close()


def _without_reviews(limits: RunLimits) -> RunLimits:
    """The limits without a reviewer whom no script answers for, unless they name readings."""
    named = {"reviews": 0, **limits.model_dump(include=limits.model_fields_set)}
    return limits.model_copy(update=named)


async def _organisation(database: Database) -> tuple[UUID, UUID]:
    organisation, project = new_id(), new_id()
    async with database.tenant(organisation) as session:
        session.add(Organisation(id=organisation, slug=str(organisation), name="Test"))
        await session.flush()
        session.add(
            Project(id=project, organisation_id=organisation, slug="default", name="Default")
        )
    return organisation, project
