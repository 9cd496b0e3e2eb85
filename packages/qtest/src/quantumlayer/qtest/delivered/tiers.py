"""Which of the ways to start a delivery is taken, and why not the better one.

The image tier is the truer one, and lets steps of a build do more than the sandbox does: they are
root of a user namespace, as an image has files of many users. So it is never taken unasked.
"""

import asyncio
from enum import StrEnum
from pathlib import Path

from quantumlayer.manifests import NotUnderstood
from quantumlayer.qtest.delivered.emulation import emulating_starter
from quantumlayer.qtest.delivered.errors import CannotTell
from quantumlayer.qtest.delivered.model import Delivery
from quantumlayer.qtest.delivered.starter import Starter


class Tier(StrEnum):
    """How a delivery is started: as an `image`, in the `sandbox`, or as an image where one can be
    made here.
    """

    IMAGE = "image"
    SANDBOX = "sandbox"
    AUTO = "auto"


async def starter_for(tier: Tier, delivery: Delivery, cache: Path) -> tuple[Starter, str]:
    """What starts this delivery, and a sentence on why it is not built as an image, if asked for.

    Raises CannotTell where nothing of what was asked for works here.
    """
    if tier is Tier.SANDBOX:
        return await asyncio.to_thread(emulating_starter, cache), ""
    try:
        return await image_starter(delivery, cache, insisting=tier is Tier.IMAGE), ""
    except (CannotTell, NotUnderstood) as error:
        if tier is Tier.IMAGE:
            raise
        starter = await asyncio.to_thread(emulating_starter, cache)
        return starter, f"Not built as an image: {error}"


async def image_starter(delivery: Delivery, cache: Path, *, insisting: bool) -> Starter:
    """The image tier, with the images here that this delivery begins with.

    Raises CannotTell and NotUnderstood. `insisting`: what could not be had lately is tried again.
    """
    if delivery.init:
        raise CannotTell("its first process is to be a small one, which is not here.")
    from quantumlayer.qtest.delivered.images.base_images import BaseImages  # noqa: PLC0415 - seldom asked for, and slow to load
    from quantumlayer.qtest.delivered.images.starter import (  # noqa: PLC0415 - as above
        ImageStarter,
        image_names,
    )
    from quantumlayer.qtest.delivered.images.usable import usable_tooling  # noqa: PLC0415 - as above

    names = await asyncio.to_thread(image_names, delivery)
    if not insisting:
        BaseImages(cache).check_lately(names)
    starter = ImageStarter(await usable_tooling(cache), cache)
    await starter.bases.ensure(names, starter.tooling)
    return starter
