"""The processes in which sources are analysed; light to load, so that they can be started first."""

import sys

from quantumlayer.parser.pool import WorkerPool

TIME_LIMIT_SECONDS = 5.0
# It uses none, and looking for them reads the metadata of every package that is installed.
_NO_PLUGINS = {"PYDANTIC_DISABLE_PLUGINS": "__all__"}


def tree_workers(size: int, time_limit_seconds: float = TIME_LIMIT_SECONDS) -> WorkerPool:
    """Up to `size` workers; none is started yet. The time limit holds for each file."""
    command = (sys.executable, "-P", "-m", "quantumlayer.parser.worker", f"{time_limit_seconds:g}")
    return WorkerPool(
        command, size=size, time_limit_seconds=time_limit_seconds, settings=_NO_PLUGINS
    )
