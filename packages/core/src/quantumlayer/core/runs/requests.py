"""Asking for a run: recorded once for each idempotency key, held while its workflow starts."""

import hashlib
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import UUID

import orjson
from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from quantumlayer.core.database import Database, new_id, now
from quantumlayer.core.identity.projects import ensure_project
from quantumlayer.core.identity.tables import Project
from quantumlayer.core.runs.contract import GenerationRequest, RunLimits, workflow_id
from quantumlayer.core.runs.tables import Run


class IdempotencyConflict(Exception):  # noqa: N818 - it says what happened
    """The idempotency key was used before, for another request."""


@dataclass(frozen=True)
class RunRequest:
    """What somebody asks for. `project` is a slug; the project is made when it is new.

    With `accept_partial` a model that does not understand all of the prompt may build the rest.
    `base_object` is where the version stands that is changed, `parent_id` the run that made it.
    """

    prompt: str
    project: str
    language: str | None
    model: str
    limits: RunLimits
    accept_partial: bool = False
    parent_id: UUID | None = None
    base_object: str | None = None

    def fingerprint(self) -> str:
        """Equal for equal requests; what earlier versions did not know adds nothing by default."""
        facts: list[object] = [
            self.prompt,
            self.project,
            self.language,
            self.model,
            self.limits.model_dump(mode="json"),
        ]
        if self.accept_partial:
            facts.append("accept_partial")
        if self.base_object is not None:
            facts += [str(self.parent_id), self.base_object]
        return hashlib.sha256(orjson.dumps(facts)).hexdigest()


async def record_request(
    session: AsyncSession, organisation_id: UUID, key: str, request: RunRequest
) -> Run:
    """The run of `key`: queued now, or the one that the same request made before.

    Raises IdempotencyConflict when `key` belongs to another request.
    """
    fingerprint = request.fingerprint()
    project_id = await ensure_project(session, organisation_id, request.project)
    await session.execute(
        insert(Run)
        .values(
            id=new_id(),
            organisation_id=organisation_id,
            project_id=project_id,
            idempotency_key=key,
            request_hash=fingerprint,
            prompt=request.prompt,
            language=request.language,
            model=request.model,
            accept_partial=request.accept_partial,
            parent_id=request.parent_id,
            base_object=request.base_object,
            limits=request.limits.model_dump(mode="json"),
            status="queued",
            cost_usd=0,
            last_event=0,
            created_at=now(),
        )
        .on_conflict_do_nothing(index_elements=["organisation_id", "idempotency_key"])
    )
    run = (
        await session.scalars(
            select(Run).where(Run.organisation_id == organisation_id, Run.idempotency_key == key)
        )
    ).one()
    if run.request_hash != fingerprint:
        raise IdempotencyConflict
    return run


@dataclass(frozen=True)
class QueuedRun:
    """A run whose workflow may be started: nobody else starts or cancels it meanwhile."""

    workflow_id: str
    prompt: str
    request: GenerationRequest


@asynccontextmanager
async def held_queued_run(
    database: Database, organisation_id: UUID, run_id: UUID
) -> AsyncIterator[QueuedRun | None]:
    """Holds a queued run; None when it is no longer queued or somebody else holds it."""
    async with database.tenant(organisation_id) as session:
        row = (
            await session.execute(
                select(Run, Project.slug)
                .join(Project, Project.id == Run.project_id)
                .where(
                    Run.organisation_id == organisation_id,
                    Run.id == run_id,
                    Run.status == "queued",
                )
                .with_for_update(of=Run, skip_locked=True)
            )
        ).one_or_none()
        if row is None:
            yield None
            return
        run, project = row
        yield QueuedRun(
            workflow_id(run.id, run.prompt),
            run.prompt,
            GenerationRequest(
                run_id=run.id,
                organisation_id=organisation_id,
                project=project,
                limits=RunLimits.model_validate(run.limits),
            ),
        )


async def queued_runs(database: Database) -> Sequence[tuple[UUID, UUID]]:
    """(organisation, run) of every queued run of every organisation, oldest first."""
    async with database.nobody() as session:
        rows = await session.execute(text("SELECT organisation_id, run_id FROM queued_runs()"))
        return [(row.organisation_id, row.run_id) for row in rows]
