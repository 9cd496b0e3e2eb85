"""Puts a worker together from its settings."""

import asyncio
import os
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
from quantumlayer.qlayer.deliveries import climb_folder, visit_folder
from quantumlayer.qlayer.quality import named_requirements
from quantumlayer.qlayer.revision.trying import run_units
from quantumlayer.qlayer.type_checking import check_types
from quantumlayer.qtest import (
    MutationExtent,
    MutationReport,
    TracedReport,
    measure_mutation,
    registry_client,
    resolve_python,
    run_traced_tests,
)
from quantumlayer.qtest.commands import run_command
from quantumlayer.qtest.delivered import Tier
from quantumlayer.qtest.tidying import tidy
from quantumlayer.router import (
    AnsweringModel,
    CallStore,
    PostgresCallStore,
    agent_rules,
    around_providers,
    asks_nobody,
    build_router,
    call_limits,
    close_connections,
    model_endpoint,
)
from quantumlayer.router.observability import exported
from quantumlayer.worker.analyst.activities import AnalystActivities
from quantumlayer.worker.analyst.workflow import Analyst
from quantumlayer.worker.architect.activities import ArchitectActivities
from quantumlayer.worker.architect.skeleton_activities import SkeletonActivities
from quantumlayer.worker.architect.workflow import Architect
from quantumlayer.worker.climber.activities import ClimberActivities
from quantumlayer.worker.declarer.activities import DeclarerActivities
from quantumlayer.worker.forgetting import forgetting
from quantumlayer.worker.generate_capsule.activities import RunActivities
from quantumlayer.worker.generate_capsule.workflow import GenerateCapsule
from quantumlayer.worker.generator.activities import GeneratorActivities
from quantumlayer.worker.generator.workflow import Generator
from quantumlayer.worker.integrator.activities import IntegratorActivities
from quantumlayer.worker.integrator.workflow import Integrator
from quantumlayer.worker.memory.activities import MemoryActivities
from quantumlayer.worker.memory.opening import open_memory
from quantumlayer.worker.memory.workflow import TendMemory
from quantumlayer.worker.nouns import Scope
from quantumlayer.worker.packager.activities import PackagerActivities
from quantumlayer.worker.packager.workflow import Packager
from quantumlayer.worker.previewer.activities import PreviewerActivities
from quantumlayer.worker.previewer.workflow import ShowPreview
from quantumlayer.worker.repairer.activities import RepairerActivities
from quantumlayer.worker.repairer.workflow import Repairer
from quantumlayer.worker.reviewer.activities import ReviewerActivities
from quantumlayer.worker.reviewer.workflow import Reviewer
from quantumlayer.worker.reviser.activities import ReviserActivities
from quantumlayer.worker.reviser.workflow import Baseline
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
    Integrator,
    Reviewer,
    Repairer,
    Packager,
    Baseline,
    ShowPreview,
    TendMemory,
)


# After this long the next try of a killed worker's model call goes ahead.
_LEASE_SECONDS = 5.0
# What has been computed, or paid for, waits this long for the database to come back.
_DATABASE_SECONDS = 30.0
# What runs in sandboxes waits about half of its time: for disks, for what it starts, for pauses.
_AT_ONCE_A_CORE = 2
# A net below the counts of mutants and tests, which are what bounds the work.
_MUTATION_SECONDS = 60.0


@asynccontextmanager
async def open_runtime(
    settings: WorkerSettings, models: Mapping[str, AnsweringModel]
) -> AsyncIterator[Runtime]:
    """Opens connections and the parser's processes; closes them all at the end.

    `models` are those that are served in this process, by name. Raises `TracingUnavailable` and
    `MemoryNotInstalled`.
    """
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(exported("quantumlayer-worker"))
        database = Database(settings.database_url, patience_seconds=_DATABASE_SECONDS)
        stack.push_async_callback(database.close)
        redis = Redis.from_url(settings.redis_url)
        stack.push_async_callback(redis.aclose)
        parser = await stack.enter_async_context(Parser())
        stack.push_async_callback(close_connections)
        store = PostgresCallStore(database, lease_seconds=_LEASE_SECONDS)
        rules = await asyncio.to_thread(agent_rules, settings)
        memory = await stack.enter_async_context(open_memory(settings))
        router = build_router(
            store,
            in_process=models,
            offered=settings.offered_models,
            endpoint=model_endpoint(settings),
            around=around_providers(settings, redis, rules),
            rules=rules,
        )
        objects = FolderObjectStore(settings.object_store)
        kept = timedelta(hours=settings.folder_hours)
        await stack.enter_async_context(forgetting(database, objects, kept))
        yield Runtime(
            database=database,
            cache=settings.cache_dir,
            previews=settings.previews,
            recorder=RunRecorder(database, EventLog(database, redis)),
            objects=objects,
            router=router,
            traits=router.traits,
            offered=settings.offered_models,
            parser=parser,
            run_tests=partial(run_traced_tests, cache=settings.cache_dir),
            run_units=partial(run_units, cache=settings.cache_dir),
            measure_mutation=_mutation_measurer(settings),
            climb=lambda folder, asked: climb_folder(
                folder, settings.cache_dir, requirements=asked, tier=Tier(settings.delivery_tier)
            ),
            visit=lambda folder, asked: visit_folder(
                folder, settings.cache_dir, asked, Tier(settings.delivery_tier)
            ),
            run_command=partial(run_command, cache=settings.cache_dir),
            tidy=partial(tidy, cache=settings.cache_dir),
            check_types=partial(check_types, cache=settings.cache_dir),
            room=asyncio.Semaphore(_AT_ONCE_A_CORE * (os.cpu_count() or 1)),
            signing_key_file=settings.signing_key_file,
            open_budget=_budget_opener(store),
            calls=lambda scope: store.calls(scope.organisation_id, scope.run_id),
            check_model=_unchecked if asks_nobody(settings) else router.check,
            price=router.price,
            guardrails_counted=rules.counted,
            call_limits=call_limits(settings),
            effort=settings.model_effort,
            temperature=settings.model_temperature,
            resolve=partial(resolve_python, cache=settings.cache_dir),
            wish_wait_seconds=settings.wish_wait_seconds,
            memory=memory,
            remembers=settings.memory,
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
    climber, skeleton = ClimberActivities(runtime), SkeletonActivities(runtime)
    previewer = PreviewerActivities(
        runtime.database, runtime.objects, runtime.cache, runtime.previews
    )
    integrator, reviser = IntegratorActivities(runtime), ReviserActivities(runtime)
    memory = MemoryActivities(runtime)
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
            memory.recall,
            memory.tend,
            architect.design_blueprint,
            skeleton.write_skeleton,
            skeleton.check_skeleton,
            skeleton.mend_skeleton,
            generator.write_drafts,
            generator.write_source_file,
            validator.validate_tree,
            tester.run_all_tests,
            climber.climb,
            TidierActivities(runtime).tidy_tree,
            DeclarerActivities(runtime).declare_imports,
            previewer.show_preview,
            reviser.understand_change,
            reviser.test_baseline,
            reviser.plan_revision,
            integrator.open_loop,
            integrator.take_turn,
            integrator.use_tools,
            integrator.answer_finish,
            integrator.close_loop,
            ReviewerActivities(runtime).review_tree,
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
