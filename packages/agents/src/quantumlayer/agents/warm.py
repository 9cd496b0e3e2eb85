"""`python -m quantumlayer.agents.warm`: installs what generated projects lean on, and what looks at
their pages.

Part of the setup, so that a first run finds its dependencies in the cache and needs no network.
"""

import asyncio
import logging
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from quantumlayer.agents.locks import stock_lock
from quantumlayer.core.caches import cache_folder
from quantumlayer.qlayer.packaging import locked_dependencies
from quantumlayer.qtest import QtestError, warm_environment
from quantumlayer.qtest.delivered import Delivery, emulating_starter
from quantumlayer.qtest.environments.axe import axe_script
from quantumlayer.router import installed_models

_logger = logging.getLogger(__name__)


async def warm(cache: Path) -> None:
    """Prepares the environment of every lock, and layers of images; what exists costs little."""
    models = list(installed_models().values())
    offered = (lock for model in models for lock in model.locks())
    for lock in dict.fromkeys(("", stock_lock(), *offered)):
        await warm_environment(lock, cache)
    for lock in dict.fromkeys(lock for model in models for lock in model.runtime_locks()):
        await warm_image(lock, cache)
    if await axe_script(cache) is None:
        _logger.warning("axe-core cannot be had now: until then no page is looked at.")


async def warm_image(lock: str, cache: Path) -> None:
    """Builds what every image of Python with this lock begins with."""
    with TemporaryDirectory(prefix="quantumlayer-") as name:
        folder = Path(name)
        (folder / "Dockerfile").write_text(locked_dependencies(), "utf-8")
        (folder / "requirements.txt").write_text(lock, "utf-8")
        async with emulating_starter(cache).build(Delivery(folder=folder)):
            pass


def main() -> int:
    """Exit status 0, or 5 when the dependencies cannot be had now."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    cache = cache_folder()
    try:
        asyncio.run(warm(cache.expanduser()))
    except QtestError as error:
        _logger.error("%s", error)  # noqa: TRY400 - a person reads this
        return 5
    return 0


if __name__ == "__main__":
    sys.exit(main())
