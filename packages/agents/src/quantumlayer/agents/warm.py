"""`python -m quantumlayer.agents.warm`: installs what generated projects lean on, and what looks at
their pages.

Part of the setup, so that a first run finds its dependencies in the cache and needs no network.
"""

import asyncio
import logging
import sys
from pathlib import Path

from quantumlayer.agents.locks import stock_lock
from quantumlayer.core.caches import cache_folder
from quantumlayer.qtest import DependencyError, ToolMissing, warm_environment
from quantumlayer.qtest.environments.axe import axe_script
from quantumlayer.router import installed_models

_logger = logging.getLogger(__name__)


async def warm(cache: Path) -> None:
    """Prepares the environment of every lock; those that exist cost nothing."""
    offered = (lock for model in installed_models().values() for lock in model.locks())
    for lock in dict.fromkeys(("", stock_lock(), *offered)):
        await warm_environment(lock, cache)
    if await axe_script(cache) is None:
        _logger.warning("axe-core cannot be had now: until then no page is looked at.")


def main() -> int:
    """Exit status 0, or 5 when the dependencies cannot be had now."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    cache = cache_folder()
    try:
        asyncio.run(warm(cache.expanduser()))
    except (DependencyError, ToolMissing) as error:
        _logger.error("%s", error)  # noqa: TRY400 - a person reads this
        return 5
    return 0


if __name__ == "__main__":
    sys.exit(main())
