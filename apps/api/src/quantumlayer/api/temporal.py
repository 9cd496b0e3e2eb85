"""Starting and cancelling the workflows of runs, also when Temporal is away for a while."""

import asyncio
import logging
from datetime import timedelta
from enum import Enum, auto
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from quantumlayer.core.database import Database
from quantumlayer.core.memories import TEND_WORKFLOW, TendRequest
from quantumlayer.core.previews import PREVIEW_WORKFLOW, PreviewRequest, preview_workflow_id
from quantumlayer.core.runs import (
    DECIDE_WISH,
    ORGANISATION_ATTRIBUTE,
    PROJECT_ATTRIBUTE,
    TASK_QUEUE,
    WORKFLOW,
    WishDecision,
)
from quantumlayer.core.runs.requests import QueuedRun, held_queued_run, queued_runs

if TYPE_CHECKING:
    # Imported where it is used: a third of a second that the API's start need not wait for.
    from temporalio.client import Client

_logger = logging.getLogger(__name__)
_RPC_TIMEOUT = timedelta(seconds=3)
_UPDATE_TIMEOUT = timedelta(seconds=10)
_PREVIEW_TIMEOUT = timedelta(hours=2)
_TEND_TIMEOUT = timedelta(minutes=10)
_LOOK_SECONDS = 2.0
_SUMMARY_CHARACTERS = 120


class TemporalAway(Exception):  # noqa: N818 - it says what happened
    """Temporal does not answer."""


class CancelOutcome(Enum):
    """What came of asking a workflow to stop."""

    REQUESTED = auto()
    NO_WORKFLOW = auto()
    """There is none by that id, or it has ended."""


class Workflows:
    """The workflows of runs, on one Temporal namespace."""

    def __init__(self, database: Database, address: str, namespace: str) -> None:
        self._database = database
        self._address = address
        self._namespace = namespace
        self._client: Client | None = None
        # Runs whose workflow exists; their rows stay queued until a worker takes them up.
        self._started: set[UUID] = set()

    async def start(self, organisation_id: UUID, run_id: UUID) -> None:
        """Starts the workflow of a queued run, once. Raises TemporalAway; the run stays queued."""
        async with held_queued_run(self._database, organisation_id, run_id) as queued:
            # None: taken up, cancelled, or held by another process, which may yet fail with it.
            if queued is not None:
                await self._start(queued)
                self._started.add(run_id)

    async def cancel(self, workflow_id: str) -> CancelOutcome:
        """Asks the workflow to stop and to clean up. Raises TemporalAway."""
        from temporalio.service import RPCError, RPCStatusCode  # noqa: PLC0415 - loaded where it is used

        client = await self._connected()
        try:
            await client.get_workflow_handle(workflow_id).cancel(rpc_timeout=_RPC_TIMEOUT)
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND:
                return CancelOutcome.NO_WORKFLOW
            raise TemporalAway from error
        except RuntimeError as error:
            raise TemporalAway from error
        return CancelOutcome.REQUESTED

    async def decide(self, workflow_id: str, decision: WishDecision) -> bool:
        """Tells the workflow what is decided; False where it asks nothing. Raises TemporalAway."""
        from temporalio.client import WorkflowUpdateFailedError  # noqa: PLC0415 - loaded where it is used
        from temporalio.service import RPCError, RPCStatusCode  # noqa: PLC0415 - as above

        client = await self._connected()
        handle = client.get_workflow_handle(workflow_id)
        try:
            await handle.execute_update(DECIDE_WISH, decision, rpc_timeout=_UPDATE_TIMEOUT)
        except WorkflowUpdateFailedError:
            return False
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND:
                return False
            raise TemporalAway from error
        except RuntimeError as error:
            raise TemporalAway from error
        return True

    async def show(self, request: PreviewRequest) -> None:
        """Gives a preview to a worker. Raises TemporalAway."""
        from temporalio.service import RPCError  # noqa: PLC0415 - loaded where it is used

        client = await self._connected()
        try:
            await client.start_workflow(
                PREVIEW_WORKFLOW,
                request,
                id=preview_workflow_id(request.preview_id),
                task_queue=TASK_QUEUE,
                # None is taken up after its lease; this clears away what no worker knows how to.
                execution_timeout=_PREVIEW_TIMEOUT,
                rpc_timeout=_RPC_TIMEOUT,
            )
        except (RPCError, RuntimeError) as error:
            raise TemporalAway from error

    async def tend(self, request: TendRequest) -> None:
        """Has a worker make the index of memories follow its rows. Raises TemporalAway."""
        from temporalio.service import RPCError  # noqa: PLC0415 - loaded where it is used

        client = await self._connected()
        try:
            await client.start_workflow(
                TEND_WORKFLOW,
                request,
                # One that is on its way may have read the rows already.
                id=f"memory-{uuid4()}",
                task_queue=TASK_QUEUE,
                execution_timeout=_TEND_TIMEOUT,
                rpc_timeout=_RPC_TIMEOUT,
            )
        except (RPCError, RuntimeError) as error:
            raise TemporalAway from error

    async def check(self) -> None:
        """Raises TemporalAway when the server does not serve."""
        from temporalio.service import RPCError  # noqa: PLC0415 - loaded where it is used

        try:
            if not await (await self._connected()).service_client.check_health(
                timeout=_RPC_TIMEOUT
            ):
                raise TemporalAway
        except (RPCError, RuntimeError) as error:
            raise TemporalAway from error

    async def start_queued_forever(self) -> None:
        """Starts whatever is queued and has no workflow yet, now and then, until cancelled."""
        while True:
            try:
                await self._start_all_queued()
            except TemporalAway as away:
                _logger.warning("queued runs wait for Temporal: %s", away.__cause__)
            except Exception:
                # The next look may find the database back; ending here would strand every run.
                _logger.exception("could not look for queued runs")
            await asyncio.sleep(_LOOK_SECONDS)

    async def _start_all_queued(self) -> None:
        queued = await queued_runs(self._database)
        self._started &= {run_id for _, run_id in queued}
        for organisation_id, run_id in queued:
            if run_id in self._started:
                continue
            try:
                await self.start(organisation_id, run_id)
            except TemporalAway:
                raise
            except Exception:
                # One run that cannot be started must not keep the others waiting.
                _logger.exception("could not start run %s", run_id)

    async def _start(self, queued: QueuedRun) -> None:
        from temporalio.common import (  # noqa: PLC0415 - loaded where it is used
            SearchAttributeKey,
            SearchAttributePair,
            TypedSearchAttributes,
            WorkflowIDConflictPolicy,
            WorkflowIDReusePolicy,
        )
        from temporalio.exceptions import WorkflowAlreadyStartedError  # noqa: PLC0415 - loaded where it is used
        from temporalio.service import RPCError  # noqa: PLC0415 - as above

        request = queued.request
        client = await self._connected()
        try:
            await client.start_workflow(
                WORKFLOW,
                request,
                id=queued.workflow_id,
                task_queue=TASK_QUEUE,
                id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
                id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
                static_summary=_summary(queued.prompt),
                search_attributes=TypedSearchAttributes(
                    [
                        SearchAttributePair(
                            SearchAttributeKey.for_keyword(ORGANISATION_ATTRIBUTE),
                            str(request.organisation_id),
                        ),
                        SearchAttributePair(
                            SearchAttributeKey.for_keyword(PROJECT_ATTRIBUTE), request.project
                        ),
                    ]
                ),
                rpc_timeout=_RPC_TIMEOUT,
            )
        except WorkflowAlreadyStartedError:
            _logger.warning("the workflow of a queued run has ended already: %s", request.run_id)
        except (RPCError, RuntimeError) as error:
            raise TemporalAway from error

    async def _connected(self) -> "Client":
        if self._client is None:
            # In a thread: importing would stop the event loop for as long as it takes.
            await asyncio.to_thread(_import_temporal)
            from temporalio.client import Client  # noqa: PLC0415 - loaded where it is used
            from temporalio.contrib.pydantic import pydantic_data_converter  # noqa: PLC0415 - as above

            # Lazy: connects at the first call and again after every failure.
            self._client = await Client.connect(
                self._address,
                namespace=self._namespace,
                data_converter=pydantic_data_converter,
                lazy=True,
            )
        return self._client


def _import_temporal() -> None:
    import temporalio.client  # noqa: PLC0415 - loaded where it is used
    import temporalio.contrib.pydantic  # noqa: F401, PLC0415 - as above


def _summary(prompt: str) -> str:
    line = " ".join(prompt.split())
    return line if len(line) <= _SUMMARY_CHARACTERS else f"{line[: _SUMMARY_CHARACTERS - 1]}…"
