"""The tier that works wherever bubblewrap does: a Dockerfile's stages played on this machine.

The toolchains of the machine stand for base images. Everything of the project runs in a container
within a sandbox, with the image's user, a root that is read-only where it would be, its environment
and its command, and no network but the one by which it is called.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from quantumlayer.manifests import NotUnderstood
from quantumlayer.qtest.delivered.build_steps import Workshop
from quantumlayer.qtest.delivered.context import copy_context
from quantumlayer.qtest.delivered.dockerfile import read_dockerfile
from quantumlayer.qtest.delivered.emulated_image import TIER, EmulatedImage
from quantumlayer.qtest.delivered.errors import CannotTell
from quantumlayer.qtest.delivered.layers import Layers
from quantumlayer.qtest.delivered.model import Delivery
from quantumlayer.qtest.delivered.outline import Outline
from quantumlayer.qtest.delivered.stages import Player
from quantumlayer.qtest.delivered.workplace import clear_away, workplace
from quantumlayer.qtest.errors import SandboxUnavailable
from quantumlayer.qtest.sandbox import BubblewrapSandbox, probe_bubblewrap
from quantumlayer.qtest.untrusted import text_of

SLOW_SECONDS = 1.0  # of a build: what took longer is kept


class EmulatingStarter:
    """See `Starter`. `cache` keeps what the machine's registries are, and what took long."""

    def __init__(
        self, sandbox: BubblewrapSandbox, cache: Path, slow_seconds: float = SLOW_SECONDS
    ) -> None:
        self.sandbox = sandbox
        self.cache = cache
        self.slow_seconds = slow_seconds

    @property
    def tier(self) -> str:
        """The name of this tier."""
        return TIER

    @asynccontextmanager
    async def build(self, delivery: Delivery) -> AsyncIterator[EmulatedImage]:
        """See `Starter.build`."""
        text = await asyncio.to_thread(text_of, delivery.folder / delivery.dockerfile)
        if text is None:
            raise NotUnderstood("there is no such file", path=delivery.dockerfile)
        dockerfile = read_dockerfile(text, delivery.dockerfile)
        user = self.sandbox.new_user()
        await asyncio.to_thread(clear_away)
        place = workplace()
        work = place.__enter__()  # a thread would go on when this is cancelled
        try:
            await asyncio.to_thread(work.chmod, 0o711)
            (context := work / "context").mkdir()
            await asyncio.to_thread(copy_context, delivery.folder, context, delivery.dockerfile)
            workshop = Workshop(self.sandbox, work, user, delivery.build_limits, self.cache)
            await asyncio.to_thread(workshop.own, work)
            outline = Outline(dockerfile, dict(delivery.arguments))
            player = Player(workshop, outline, Layers(self.cache), self.slow_seconds)
            image = await player.image(outline.wanted(delivery.target))
            built = EmulatedImage(workshop, image, delivery)
            await built.furnish()
            yield built
        finally:
            await asyncio.to_thread(place.__exit__, None, None, None)


def emulating_starter(cache: Path) -> EmulatingStarter:
    """The tier as it is on this machine. Raises CannotTell where bubblewrap does not work."""
    try:
        return EmulatingStarter(probe_bubblewrap(), cache)
    except SandboxUnavailable as error:
        raise CannotTell(str(error)) from error
