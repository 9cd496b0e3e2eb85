"""TypeScript's own parser, fetched once: projects need not bring it to be read."""

from pathlib import Path

from quantumlayer.qtest.environments.fetched_package import fetched_package

VERSION = "5.6.3"


async def typescript_folder(cache: Path) -> Path | None:
    """The compiler's package, None where it is not in the cache and cannot be had."""
    return await fetched_package(cache, "typescript", VERSION)
