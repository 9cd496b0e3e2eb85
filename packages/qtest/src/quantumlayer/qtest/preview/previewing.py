"""One preview: an application as it is delivered, started in the sandbox for a person to try."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from quantumlayer.qtest.delivered.emulated_image import EmulatedImage
from quantumlayer.qtest.delivered.emulation import EmulatingStarter
from quantumlayer.qtest.delivered.model import Delivery
from quantumlayer.qtest.delivered.nesting import WORK
from quantumlayer.qtest.delivered.probing import not_started
from quantumlayer.qtest.delivered.running import Gate
from quantumlayer.qtest.delivered.state import State
from quantumlayer.qtest.errors import QtestError
from quantumlayer.qtest.model import Noun
from quantumlayer.qtest.preview.data import held, kept, restored
from quantumlayer.qtest.preview.proxy import Proxy, opened

LONGEST_SECONDS = 24 * 3600.0
POLL_SECONDS = 0.25
GRACE_SECONDS = 5.0


class CannotPreview(QtestError):  # noqa: N818 - it says why
    """An application cannot be shown: it serves nobody, or does not start. `log`: what it said."""

    def __init__(self, message: str, *, log: str = "") -> None:
        super().__init__(message)
        self.log = log


class Bounds(Noun):
    """How long a preview lives: at most `seconds`, and `idle_seconds` after it was last used."""

    seconds: float = LONGEST_SECONDS
    idle_seconds: float = 1800.0


@dataclass(frozen=True)
class End:
    """Why a preview has ended, for people. `by_itself`: the application has, unasked."""

    reason: str
    by_itself: bool = False


@dataclass(frozen=True)
class Preview:
    """A started application that this user's browser reaches at `url`. `notes` are for people."""

    gate: Gate
    proxy: Proxy
    bounds: Bounds
    notes: tuple[str, ...] = ()

    @property
    def url(self) -> str:
        """What to open; it says who may, so it is for nobody else."""
        return self.proxy.address.url

    async def said(self, after: int = 0) -> tuple[int, str]:
        """What the application has said after its first `after` bytes, and how many those are now.

        What is too old by then is left out.
        """
        return await self.gate.said(after)

    async def state(self) -> State:
        """Whether it runs."""
        return await self.gate.state()

    async def ended(self) -> End:
        """Wait for its end. Raises BeyondLimits and CannotTell."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + self.bounds.seconds
        while True:
            state = await self.state()
            if not state.running:
                return End(
                    f"The application has ended by itself, with status {state.exit_status}.",
                    by_itself=True,
                )
            if loop.time() > deadline:
                return End(f"The preview's time is over: {self.bounds.seconds:.0f} s.")
            unused = loop.time() - self.proxy.used
            if not self.proxy.open and unused > self.bounds.idle_seconds:
                return End(f"Nobody has used the preview for {self.bounds.idle_seconds:.0f} s.")
            await asyncio.sleep(POLL_SECONDS)


@asynccontextmanager
async def previewed(
    delivery: Delivery,
    starter: EmulatingStarter,
    *,
    bounds: Bounds | None = None,
    data: Path | None = None,
    port: int = 0,
    framed_by: tuple[str, ...] = (),
    withheld: tuple[str, ...] = (),
) -> AsyncIterator[Preview]:
    """Build and start a delivery, and serve it until the context ends; then nothing is left of it.

    `data` is a folder that keeps its volumes; else they are gone with it. `port` of the loopback is
    any free one where it is 0. `framed_by` are origins whose pages may show it in a frame,
    `withheld` names of cookies that are not the application's affair.

    Raises CannotPreview, DataRefused, BuildBroken, CannotTell and NotUnderstood.
    """
    if not delivery.serves:
        raise CannotPreview(
            "It serves nobody: no EXPOSE, no health check and no manifest names a port to open."
        )
    bounds = bounds or Bounds()
    limits = delivery.start_limits.model_copy(
        update={"wall_seconds": bounds.seconds + 60, "cpu_seconds": int(LONGEST_SECONDS)}
    )
    delivery = delivery.model_copy(update={"start_limits": limits})
    async with AsyncExitStack() as stack:
        if data is not None:
            stack.enter_context(held(data))
        image = await stack.enter_async_context(starter.build(delivery))
        if data is not None:
            await stack.enter_async_context(lasting(image, data))
        gate = await stack.enter_async_context(image.start())
        await stack.enter_async_context(stopped_well(gate, image))
        if reason := await not_started(gate, image.port, delivery.start_seconds):
            raise CannotPreview(reason, log=await gate.log())
        proxy = await stack.enter_async_context(
            opened(gate.socket, port=port, framed_by=framed_by, withheld=withheld)
        )
        yield Preview(gate, proxy, bounds, image.notes)


@asynccontextmanager
async def stopped_well(gate: Gate, image: EmulatedImage) -> AsyncIterator[None]:
    """Ask the application to end in the end, and let it put its data down."""
    try:
        yield
    finally:
        with suppress(QtestError, TimeoutError):
            async with asyncio.timeout(GRACE_SECONDS):
                await gate.signal(image.stop_signal)
                while (await gate.state()).running:  # noqa: ASYNC110 - it is in a sandbox
                    await asyncio.sleep(POLL_SECONDS / 5)


@asynccontextmanager
async def lasting(image: EmulatedImage, data: Path) -> AsyncIterator[None]:
    """Fill the volumes with what was kept, and keep what is in them in the end."""
    work = image.workshop.work
    volumes = {str(one.target): work / one.source.relative_to(WORK) for one in image.volumes}
    for folder in await asyncio.to_thread(restored, data, volumes):
        await asyncio.to_thread(image.workshop.own, folder)
    try:
        yield
    finally:
        await asyncio.to_thread(kept, data, volumes)
