"""axe-core, which knows what keeps people with disabilities out of a page; fetched once.

Under the MPL-2.0: taken unchanged from its registry, with its notice, and in no file of ours.
"""

from pathlib import Path

from quantumlayer.qtest.environments.fetched_package import fetched_package

VERSION = "4.14.1"


async def axe_script(cache: Path) -> Path | None:
    """The script that a page runs, None where it is not in the cache and cannot be had."""
    folder = await fetched_package(cache, "axe-core", VERSION)
    return folder / "axe.min.js" if folder else None
