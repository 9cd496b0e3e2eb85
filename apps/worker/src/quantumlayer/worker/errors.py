"""Errors of the packages below, as Temporal understands them: kind, message, retry or not."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta

from temporalio import activity
from temporalio.exceptions import ApplicationError

from quantumlayer.agents import BlueprintTooLarge, FileTooLarge, PromptRefused
from quantumlayer.core.objects import ObjectMissing, ObjectStoreFull
from quantumlayer.router import RouterError

_HEARTBEAT_SECONDS = 1.0
_DECIDED = (PromptRefused, BlueprintTooLarge, FileTooLarge, ObjectMissing, ObjectStoreFull)


@asynccontextmanager
async def step() -> AsyncIterator[None]:
    """Around an activity's body: heartbeats, so that cancellation arrives; errors translated."""
    beating = asyncio.create_task(_heartbeats())
    try:
        yield
    except RouterError as error:
        raise ApplicationError(
            str(error),
            type=type(error).__name__,
            non_retryable=not error.retryable,
            next_retry_delay=timedelta(seconds=error.retry_after) if error.retry_after else None,
        ) from error
    except _DECIDED as error:
        raise ApplicationError(str(error), type=type(error).__name__, non_retryable=True) from error
    finally:
        beating.cancel()
        with suppress(asyncio.CancelledError):
            await beating


async def _heartbeats() -> None:
    while True:
        activity.heartbeat()
        await asyncio.sleep(_HEARTBEAT_SECONDS)
