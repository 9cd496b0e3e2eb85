"""Our side of the gatekeeper: asking about a started application, and a socket that leads to it."""

import asyncio
import contextlib
import json
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, NoReturn

from quantumlayer.qtest.delivered.errors import BeyondLimits, CannotTell
from quantumlayer.qtest.delivered.state import Executed, State
from quantumlayer.qtest.errors import QtestError
from quantumlayer.qtest.model import MIB
from quantumlayer.qtest.registries.door import both_ways
from quantumlayer.qtest.sandbox import SandboxResult

# The container's address. A container's own loopback cannot be reached from outside, and a server
# that listens on 127.0.0.1 alone does not answer here either.
ADDRESS = "127.0.0.2"
ANSWER_SECONDS = 10.0
STANDS_SECONDS = 15.0
ENDING_SECONDS = 2.0
POLL_SECONDS = 0.02
LARGEST_ANSWER = 4 * 1024 * 1024

Enters = Callable[[Sequence[str]], Sequence[str]]
Life = asyncio.Future[SandboxResult]


class Gate:
    """A started application behind a gatekeeper that listens on `control`.

    `enters` makes of a command the words by which the gatekeeper runs it within the container.
    `memory_bytes` is what the platform gives the application, if it says so. `joins`: a command
    runs among the application's processes.
    """

    def __init__(
        self,
        control: Path,
        port: int,
        life: Life,
        memory_bytes: int | None,
        enters: Enters,
        *,
        joins: bool = False,
    ) -> None:
        self.control = control
        self.socket = control.with_name("socket")
        self.port = port
        self.life = life
        self.memory_bytes = memory_bytes
        self.enters = enters
        self.joins = joins

    async def state(self) -> State:
        """See `Running.state`. Raises CannotTell when the sandbox itself is gone."""
        return State.model_validate(await self.asked("state"))

    async def log(self) -> str:
        """See `Running.log`."""
        return str(await self.asked("log"))

    async def said(self, after: int) -> tuple[int, str]:
        """How many bytes it has said so far, and those after the first `after`, still known."""
        number, text = await self.asked(f"said {after}")
        return int(number), str(text)

    async def signal(self, number: int) -> None:
        """See `Running.signal`."""
        await self.asked(f"signal {number}")

    async def execute(self, command: Sequence[str], seconds: float) -> Executed:
        """See `Running.execute`."""
        words = json.dumps(list(self.enters(command)))
        answer = await self.asked(f"execute {seconds} {words}", seconds + ANSWER_SECONDS)
        return Executed.model_validate(answer)

    async def asked(self, question: str, seconds: float = ANSWER_SECONDS) -> Any:  # noqa: ANN401 - JSON, which the caller knows
        """The gatekeeper's answer. Raises BeyondLimits and CannotTell."""
        answering = asyncio.ensure_future(self.answered(question))
        # What has been killed answers no more, and nothing refuses the connection.
        waiting = {answering, self.life}
        try:
            await asyncio.wait(waiting, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        finally:
            if not answering.done():
                answering.cancel()
        try:
            return await answering
        except (OSError, ValueError, asyncio.CancelledError) as error:
            await self.ended(error)

    async def answered(self, question: str) -> Any:  # noqa: ANN401 - as above
        reader, writer = await self.opened()
        try:
            writer.write(f"{question}\n".encode())
            return json.loads(await reader.readline())
        finally:
            writer.close()

    async def opened(self) -> tuple[StreamReader, StreamWriter]:
        return await asyncio.open_unix_connection(self.control, limit=LARGEST_ANSWER)

    async def ended(self, error: BaseException) -> NoReturn:
        """Say why nothing answers any more: a limit, which ends everything, or a fault of ours."""
        with contextlib.suppress(TimeoutError, asyncio.CancelledError, QtestError):
            await asyncio.wait_for(asyncio.shield(self.life), ENDING_SECONDS)
        if self.life.done() and not self.life.cancelled() and self.life.exception() is None:
            hit = self.life.result().limits_hit
            if hit == ("memory_bytes",) and self.memory_bytes:
                raise BeyondLimits(
                    f"The application uses more than the {self.memory_bytes / MIB:.0f} MiB of "
                    "memory that its platform gives it, and is killed for it."
                ) from error
            if hit:
                raise BeyondLimits(
                    f"The application was ended because it went beyond its limits "
                    f"({', '.join(hit)})."
                ) from error
        raise CannotTell(f"The sandbox around the application is gone: {error}") from error

    @asynccontextmanager
    async def leading(self) -> AsyncIterator[None]:
        """Serve `socket` while the body runs: each connection is one to the application."""
        serving: set[asyncio.Task[None]] = set()

        async def serve(reader: StreamReader, writer: StreamWriter) -> None:
            task = asyncio.current_task()
            if task is not None:
                serving.add(task)
                task.add_done_callback(serving.discard)
            with contextlib.suppress(OSError, QtestError, asyncio.CancelledError):
                await self.passed_on(reader, writer)
            writer.close()

        server = await asyncio.start_unix_server(serve, self.socket)
        try:
            yield
        finally:
            server.close()
            for task in list(serving):
                task.cancel()
            await asyncio.gather(*serving, return_exceptions=True)

    async def passed_on(self, reader: StreamReader, writer: StreamWriter) -> None:
        there, to_there = await self.opened()
        try:
            to_there.write(f"connect {ADDRESS} {self.port}\n".encode())
            if await there.readline() != b"ok\n":
                return
            await both_ways((reader, to_there), (there, writer))
        finally:
            to_there.close()


async def stands(gate: Gate) -> None:
    """Wait until the sandbox around the application answers. Raises CannotTell."""
    deadline = asyncio.get_running_loop().time() + STANDS_SECONDS
    life = gate.life
    while not life.done():
        try:
            await gate.state()
        except CannotTell:
            if asyncio.get_running_loop().time() > deadline:
                raise
            await asyncio.sleep(POLL_SECONDS)
        else:
            return
    error = life.exception()
    raise CannotTell(f"The application could not be put into a sandbox: {error or life.result()}")
