"""Previews of projects: what a folder delivers, and what starts it, for `qtest.preview`."""

import asyncio
from pathlib import Path

from quantumlayer.qlayer.deliveries import delivery_of
from quantumlayer.qtest.delivered import Delivery, emulating_starter
from quantumlayer.qtest.delivered.emulation import EmulatingStarter


async def previewable(folder: Path, cache: Path) -> tuple[Delivery, EmulatingStarter]:
    """What `previewed` takes to show a project as it is delivered.

    Raises NoDockerfile, Malformed, NotUnderstood and CannotTell.
    """
    delivery = await asyncio.to_thread(delivery_of, folder)
    return delivery, await asyncio.to_thread(emulating_starter, cache)
