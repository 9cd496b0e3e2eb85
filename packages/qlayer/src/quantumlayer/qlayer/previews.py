"""Previews of projects: what a folder delivers, for this user's browser."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from quantumlayer.qlayer.deliveries import delivery_of
from quantumlayer.qtest.delivered import emulating_starter
from quantumlayer.qtest.preview import Bounds, Preview, previewed


@asynccontextmanager
async def preview_of(
    folder: Path,
    cache: Path,
    *,
    bounds: Bounds | None = None,
    data: Path | None = None,
    port: int = 0,
    framed_by: tuple[str, ...] = (),
    withheld: tuple[str, ...] = (),
) -> AsyncIterator[Preview]:
    """A preview of a project as it is delivered, which ends with the context: see `previewed`.

    Raises NoDockerfile and Malformed, too.
    """
    delivery = await asyncio.to_thread(delivery_of, folder)
    starter = await asyncio.to_thread(emulating_starter, cache)
    async with previewed(
        delivery, starter, bounds=bounds, data=data, port=port, framed_by=framed_by,
        withheld=withheld,
    ) as preview:  # fmt: skip
        yield preview
