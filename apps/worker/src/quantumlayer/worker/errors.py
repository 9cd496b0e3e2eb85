"""Errors of the packages below, as Temporal understands them: kind, message, retry or not."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext, suppress
from datetime import timedelta

from temporalio import activity
from temporalio.exceptions import ApplicationError

from quantumlayer.agents import BlueprintTooLarge, PromptRefused
from quantumlayer.core.database import is_database_away
from quantumlayer.core.objects import ObjectMissing, ObjectStoreFull
from quantumlayer.router import CallInProgress, RouterError

FAILURES_ALLOWED = 6
_HEARTBEAT_SECONDS = 1.0
_FIRST_PAUSE_SECONDS = 0.5
_LONGEST_PAUSE_SECONDS = 30.0
_DECIDED = (PromptRefused, BlueprintTooLarge, ObjectMissing, ObjectStoreFull)


@asynccontextmanager
async def step(room: AbstractAsyncContextManager[object] | None = None) -> AsyncIterator[None]:
    """Around an activity's body: heartbeats, so that cancellation arrives; errors translated.

    `room` is waited for before the body begins, while the heart beats.

    Failures that may pass are tried again until there have been `FAILURES_ALLOWED`. They are
    counted in the heartbeats' details, which outlive the worker; neither the deaths of workers
    nor outages of our own servers are failures, so those are waited for.
    """
    failed = _failed_before()
    beating = asyncio.create_task(_heartbeats(failed))
    try:
        async with room or nullcontext():
            yield
    except ApplicationError:
        raise
    except Exception as error:
        if _is_outage(error):
            raise
        # One budget of tries for all layers: what the router used of it counts here.
        failed += error.tried if isinstance(error, RouterError) else 1
        activity.heartbeat(failed)
        raise _translated(error, failed) from error
    finally:
        beating.cancel()
        with suppress(asyncio.CancelledError):
            await beating


def show_progress(_piece: object) -> None:
    """A heartbeat for a piece of a reply: what comes from a model shows that the step is alive."""
    activity.heartbeat(_failed_before())


def _failed_before() -> int:
    details = activity.info().heartbeat_details
    return details[0] if details and isinstance(details[0], int) else 0


def _is_outage(error: Exception) -> bool:
    # A worker that died in the middle of a call holds its key until the lease is over.
    return is_database_away(error) or isinstance(error, CallInProgress)


def _translated(error: Exception, failures: int) -> ApplicationError:
    passing = error.retryable if isinstance(error, RouterError) else not isinstance(error, _DECIDED)
    asked = error.retry_after if isinstance(error, RouterError) else None
    pause = min(_FIRST_PAUSE_SECONDS * 3 ** (failures - 1), _LONGEST_PAUSE_SECONDS)
    return ApplicationError(
        str(error) or type(error).__name__,
        type=type(error).__name__,
        non_retryable=not passing or failures >= FAILURES_ALLOWED,
        next_retry_delay=timedelta(seconds=pause if asked is None else asked),
    )


async def _heartbeats(failed: int) -> None:
    while True:
        activity.heartbeat(failed)
        await asyncio.sleep(_HEARTBEAT_SECONDS)
