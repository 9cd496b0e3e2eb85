"""Puts a worker together from its settings."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path

from redis.asyncio import Redis
from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.worker import Worker

from quantumlayer.core.database import Database
from quantumlayer.core.events import EventLog
from quantumlayer.core.objects import FolderObjectStore
from quantumlayer.core.runs import TASK_QUEUE
from quantumlayer.core.runs.recorder import RunRecorder
from quantumlayer.core.settings import WorkerSettings
from quantumlayer.parser import Parser, Registries
from quantumlayer.qlayer.deliveries import climb_folder
from quantumlayer.qlayer.quality import named_requirements
from quantumlayer.qtest import (
    MutationExtent,
    MutationReport,
    TracedReport,
    measure_mutation,
    registry_client,
    resolve_python,
    run_traced_tests,
)
from quantumlayer.qtest.delivered import Tier
from quantumlayer.qtest.tidying import tidy
from quantumlayer.router import (
    AnsweringModel,
    CallStore,
    PostgresCallStore,
    around_providers,
    asks_nobody,
    build_router,
    call_limits,
    close_connections,
    model_endpoint,
)
from quantumlayer.worker.analyst.activities import AnalystActivities
from quantumlayer.worker.analyst.workflow import Analyst
from quantumlayer.worker.architect.activities import ArchitectActivities
from quantumlayer.worker.architect.workflow import Architect
from quantumlayer.worker.climber.activities import ClimberActivities
from quantumlayer.worker.declarer.activities import DeclarerActivities
from quantumlayer.worker.generate_capsule.activities import RunActivities
from quantumlayer.worker.generate_capsule.workflow import GenerateCapsule
from quantumlayer.worker.generator.activities import GeneratorActivities
from quantumlayer.worker.generator.workflow import Generator
from quantumlayer.worker.nouns import Scope
from quantumlayer.worker.packager.activities import PackagerActivities
from quantumlayer.worker.packager.workflow import Packager
from quantumlayer.worker.previewer.activities import PreviewerActivities
from quantumlayer.worker.previewer.workflow import ShowPreview
from quantumlayer.worker.repairer.activities import RepairerActivities
from quantumlayer.worker.repairer.workflow import Repairer
from quantumlayer.worker.runtime import Runtime
from quantumlayer.worker.tester.activities import TesterActivities
from quantumlayer.worker.tester.workflow import Tester
from quantumlayer.worker.tidier.activities import TidierActivities
from quantumlayer.worker.validator.activities import ValidatorActivities
from quantumlayer.worker.validator.workflow import Validator

WORKFLOWS = (
    GenerateCapsule,
    Analyst,
    Architect,
    Generator,
    Validator,
    Tester,
    Repairer,
    Packager,
    ShowPreview,
)


# After this long the next try of a killed worker's model call goes ahead.
_LEASE_SECONDS = 5.0
# What has been computed, or paid for, waits this long for the database to come back.
_DATABASE_SECONDS = 30.0
# A net below the counts of mutants and tests, which are what bounds the work.
_MUTATION_SECONDS = 60.0


@asynccontextmanager
async def open_runtime(
    settings: WorkerSettings, models: Mapping[str, AnsweringModel]
) -> AsyncIterator[Runtime]:
    """Opens connections and the parser's processes; closes them all at the end.

    `models` are those that are served in this process, by name.
    """
    async with AsyncExitStack() as stack:
        database = Database(settings.database_url, patience_seconds=_DATABASE_SECONDS)
        stack.push_async_callback(database.close)
        redis = Redis.from_url(settings.redis_url)
        stack.push_async_callback(redis.aclose)
        parser = await stack.enter_async_context(Parser())
        stack.push_async_callback(close_connections)
        store = PostgresCallStore(database, lease_seconds=_LEASE_SECONDS)
        router = build_router(
            store,
            in_process=models,
            offered=settings.offered_models,
            endpoint=model_endpoint(settings),
            around=around_providers(settings, redis),
        )
        yield Runtime(
            database=database,
            cache=settings.cache_dir,
            previews=settings.previews,
            recorder=RunRecorder(database, EventLog(database, redis)),
            objects=FolderObjectStore(settings.object_store),
            router=router,
            traits=router.traits,
            parser=parser,
            run_tests=partial(run_traced_tests, cache=settings.cache_dir),
            measure_mutation=_mutation_measurer(settings),
            climb=lambda folder, asked: climb_folder(
                folder, settings.cache_dir, requirements=asked, tier=Tier(settings.delivery_tier)
            ),
            tidy=partial(tidy, cache=settings.cache_dir),
            signing_key_file=settings.signing_key_file,
            open_budget=_budget_opener(store),
            calls=lambda scope: store.calls(scope.organisation_id, scope.run_id),
            check_model=_unchecked if asks_nobody(settings) else router.check,
            price=router.price,
            call_limits=call_limits(settings),
            effort=settings.model_effort,
            temperature=settings.model_temperature,
            resolve=partial(resolve_python, cache=settings.cache_dir),
            wish_wait_seconds=settings.wish_wait_seconds,
            registries=Registries(registry_client(settings.cache_dir))
            if settings.check_registries
            else None,
        )


async def connect(settings: WorkerSettings) -> Client:
    """A client of the Temporal server that the settings name."""
    return await Client.connect(
        settings.temporal_address,
        namespace=settings.temporal_namespace,
        data_converter=pydantic_data_converter,
    )


def build_worker(client: Client, runtime: Runtime, *, task_queue: str = TASK_QUEUE) -> Worker:
    """A worker for every workflow and activity of the platform."""
    run, generator = RunActivities(runtime), GeneratorActivities(runtime)
    analyst, architect = AnalystActivities(runtime), ArchitectActivities(runtime)
    validator, tester = ValidatorActivities(runtime), TesterActivities(runtime)
    climber = ClimberActivities(runtime)
    previewer = PreviewerActivities(
        runtime.database, runtime.objects, runtime.cache, runtime.previews
    )
    repairer, packager = RepairerActivities(runtime), PackagerActivities(runtime)
    return Worker(
        client,
        task_queue=task_queue,
        workflows=WORKFLOWS,
        activities=[
            run.begin_run,
            run.finish_run,
            analyst.understand_prompt,
            analyst.settle_wish,
            architect.design_blueprint,
            generator.write_source_file,
            validator.validate_tree,
            tester.run_all_tests,
            climber.climb,
            TidierActivities(runtime).tidy_tree,
            DeclarerActivities(runtime).declare_imports,
            previewer.show_preview,
            repairer.repair_tree,
            repairer.strengthen_tests,
            packager.write_delivery_files,
            packager.package_capsule,
        ],
        max_concurrent_activities=32,
        graceful_shutdown_timeout=timedelta(seconds=5),
        # A killed worker's cached workflows are taken over after this long.
        sticky_queue_schedule_to_start_timeout=timedelta(seconds=2),
        # Cancellation travels with heartbeats.
        max_heartbeat_throttle_interval=timedelta(seconds=1),
        default_heartbeat_throttle_interval=timedelta(seconds=1),
    )


async def _unchecked(model: str) -> None:
    """Lets any model pass: what was recorded answers, and nobody need be there."""


def _budget_opener(store: CallStore) -> Callable[[Scope], Awaitable[None]]:
    async def open_budget(scope: Scope) -> None:
        await store.open_budget(
            scope.organisation_id,
            scope.run_id,
            limit_usd=Decimal(str(scope.limits.cost_usd)),
            limit_tokens=scope.limits.tokens,
        )

    return open_budget


def _mutation_measurer(
    settings: WorkerSettings,
) -> Callable[[Path, asyncio.Future[TracedReport]], Awaitable[MutationReport | None]]:
    if settings.mutation_mutants == 0:
        return _nothing_measured
    extent = MutationExtent(
        mutants=settings.mutation_mutants,
        tests_each=settings.mutation_tests,
        seconds=_MUTATION_SECONDS,
    )

    async def measure(project: Path, tested: asyncio.Future[TracedReport]) -> MutationReport:
        return await measure_mutation(
            project,
            cache=settings.cache_dir,
            extent=extent,
            tested=tested,
            groups_of=named_requirements,
        )

    return measure


async def _nothing_measured(_project: Path, _tested: asyncio.Future[TracedReport]) -> None:
    return None
