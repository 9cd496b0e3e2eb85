"""Child workflows: one an agent, with a readable id."""

import asyncio
from collections.abc import Iterable
from datetime import timedelta
from typing import Any, TypeVar

from temporalio import workflow

from quantumlayer.worker.policies import CHILD

ResultT = TypeVar("ResultT")


async def child(
    run: Any,  # noqa: ANN401 - a workflow's run method; its types are the SDK's
    argument: object,
    name: str,
    result: type[ResultT],
    summary: str | None = None,
) -> ResultT:
    """What the child `name` gives, which must be a `result`."""
    outcome = await workflow.execute_child_workflow(
        run,
        argument,
        id=f"{workflow.info().workflow_id}/{name}",
        static_summary=summary or name,
        execution_timeout=timedelta(days=1),
        **CHILD,
    )
    if not isinstance(outcome, result):
        raise TypeError(f"the child {name} gave {type(outcome).__name__}")
    return outcome


async def all_of(tasks: Iterable[asyncio.Task[Any]]) -> None:
    """Waits for all `tasks`; one that fails, or whoever cancels this, stops the others.

    What is only thrown away, as workflows are that leave a worker's cache, stops nothing: nobody
    would be there to wait for it.
    """
    waiting = tuple(tasks)
    try:
        await asyncio.gather(*waiting)
    except (Exception, asyncio.CancelledError):
        await stop(*waiting)
        raise


async def stop(*tasks: asyncio.Task[Any]) -> None:
    """Cancels what is not done, and waits until it is."""
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def slug(path: str) -> str:
    """A path as one readable word of a workflow id: `src/orders.py` → `src-orders-py`."""
    return "-".join("".join(c if c.isalnum() else " " for c in path).split())
