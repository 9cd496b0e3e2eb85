"""Chromium over a pair of pipes, in its own protocol: commands, their answers, and events.

No port is opened, so nothing that runs in a page can drive the browser.
"""

import asyncio
import contextlib
import json
import os
from collections.abc import Callable
from typing import Any

Event = dict[str, Any]
Listener = Callable[[str, Event], None]

LARGEST_MESSAGE = 64 * 1024 * 1024
COMMAND_SECONDS = 15.0
# The numbers at which Chromium expects its two pipes.
FROM_US, TO_US = 3, 4
# No sandbox of its own: it runs in ours, which allows no namespaces.
OPTIONS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-zygote",
    "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-sync",
    "--disable-component-update", "--disable-extensions", "--disable-breakpad", "--mute-audio",
    "--disable-background-timer-throttling", "--disable-renderer-backgrounding",
    "--disable-backgrounding-occluded-windows", "--disable-hang-monitor", "--no-proxy-server",
    "--disable-default-apps", "--metrics-recording-only", "--password-store=basic",
    "--use-mock-keychain", "--force-color-profile=srgb", "--js-flags=--max-old-space-size=512",
    "--disable-features=Translate,OptimizationHints,MediaRouter,AutofillServerCommunication",
    "--remote-debugging-pipe",
)  # fmt: skip


class Refused(Exception):  # noqa: N818 - it says what happened
    """The browser does not do what it was asked: not in time, not at all, or it is gone."""


class Browser:
    """A running Chromium. `listeners` hear the events of a session, "" being the browser's own."""

    def __init__(self, process: asyncio.subprocess.Process, writer: asyncio.StreamWriter) -> None:
        self.process = process
        self.writer = writer
        self.listeners: dict[str, Listener] = {}
        self.waiting: dict[int, tuple[str, asyncio.Future[Event]]] = {}
        self.sent = 0

    async def send(
        self,
        method: str,
        session: str = "",
        seconds: float = COMMAND_SECONDS,
        /,
        **parameters: object,
    ) -> Event:
        """The answer to a command. Raises Refused."""
        self.sent += 1
        number = self.sent
        message: Event = {"id": number, "method": method, "params": parameters}
        if session:
            message["sessionId"] = session
        answer: asyncio.Future[Event] = asyncio.get_running_loop().create_future()
        self.waiting[number] = (session, answer)
        try:
            self.writer.write(json.dumps(message).encode() + b"\0")
            await self.writer.drain()
            async with asyncio.timeout(seconds):
                return await answer
        except (OSError, TimeoutError) as error:
            raise Refused(f"{method} was not answered within {seconds:.0f} s") from error
        finally:
            self.waiting.pop(number, None)

    def take(self, message: Event) -> None:
        """Hand an answer to who waits for it, and an event to who listens."""
        if "id" in message:
            _, answer = self.waiting.get(message["id"], ("", None))
            if answer is None or answer.done():
                return
            if "error" in message:
                answer.set_exception(Refused(str(message["error"].get("message", ""))))
            else:
                answer.set_result(message.get("result", {}))
        elif listener := self.listeners.get(message.get("sessionId", "")):
            listener(message.get("method", ""), message.get("params", {}))

    def forsake(self, session: str | None, reason: str) -> None:
        """Nothing of a session will be answered any more, or of any where it is None."""
        for of, answer in self.waiting.values():
            if session in (None, of) and not answer.done():
                answer.set_exception(Refused(reason))

    async def listen(self, reader: asyncio.StreamReader) -> None:
        """Take what it says, until it is gone."""
        with contextlib.suppress(asyncio.IncompleteReadError, asyncio.LimitOverrunError, OSError):
            while True:
                self.take(json.loads((await reader.readuntil(b"\0"))[:-1]))
        self.forsake(None, "the browser is gone")


async def started(program: str, folder: str) -> tuple[Browser, asyncio.Task[None]]:
    """Start Chromium with its profile in a folder; it ends with the sandbox around it."""
    loop = asyncio.get_running_loop()
    its_input, ours = os.pipe()
    mine, its_output = os.pipe()
    words = [f'exec "$@" {FROM_US}<&{its_input} {TO_US}>&{its_output}', "browser", program,
             *OPTIONS, f"--user-data-dir={folder}/profile", "about:blank"]  # fmt: skip
    process = await asyncio.create_subprocess_exec(
        "/bin/bash", "-c", *words, stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
        pass_fds=(its_input, its_output), env={**os.environ, "HOME": folder},
    )  # fmt: skip
    os.close(its_input)
    os.close(its_output)
    reader = asyncio.StreamReader(limit=LARGEST_MESSAGE)
    await loop.connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(mine, "rb", 0)
    )
    transport, protocol = await loop.connect_write_pipe(
        asyncio.streams.FlowControlMixin, os.fdopen(ours, "wb", 0)
    )
    browser = Browser(process, asyncio.StreamWriter(transport, protocol, None, loop))
    return browser, asyncio.ensure_future(browser.listen(reader))
