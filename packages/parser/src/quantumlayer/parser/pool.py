"""Worker processes that can be killed: one stuck file costs one answer, not the batch."""

import asyncio
import contextlib
import json
import os
import signal
from collections.abc import Mapping, Sequence
from typing import Any

_ANSWER_LIMIT = 64 * 1024**2
_START_LIMIT_SECONDS = 60
_RECYCLE_AFTER = 2_000
_INHERITED = ("PATH", "PYTHONPATH", "VIRTUAL_ENV", "SYSTEMROOT", "LANG", "LC_ALL", "TMPDIR")


class WorkerGone(Exception):  # noqa: N818 - an answer that will not come, for a stated reason
    """The worker was killed at its time limit or died; it has been removed already."""


class WorkerPool:
    """Up to `size` processes of `command`, each answering one request at a time.

    Requests and answers are lines of JSON; a request is followed by `size` bytes of body. The
    first answer of a worker, unasked, says that it is ready: the time limit counts from the request
    on. Bound to the event loop that first uses it. `aclose` kills every process and waits for it.
    """

    def __init__(self, command: Sequence[str], *, size: int, time_limit_seconds: float) -> None:
        self._command = tuple(command)
        self._time_limit = time_limit_seconds
        self._slots = asyncio.Semaphore(size)
        self._size = size
        self._idle: list[_Worker] = []
        self._all: set[_Worker] = set()
        self._closed = False

    async def warm(self) -> None:
        """Start every process now, so that the first files need not wait for it."""
        missing = self._size - len(self._all)
        self._idle += await asyncio.gather(*(self._start() for _ in range(missing)))

    async def ask(self, header: Mapping[str, Any], body: bytes) -> dict[str, Any]:
        """The answer to one request.

        Raises WorkerGone when there is none within the limit, and RuntimeError once closed.
        """
        async with self._slots:
            worker = self._idle.pop() if self._idle else await self._start()
            try:
                answer = await asyncio.wait_for(worker.ask(header, body), self._time_limit)
            except TimeoutError:
                await self._discard(worker)
                raise WorkerGone(f"stopped after {self._time_limit:g} s") from None
            except (OSError, EOFError, ValueError):
                await self._discard(worker)
                raise WorkerGone("the checking process ended without an answer") from None
            except BaseException:
                # Cancelled half-way: its answer would belong to nobody.
                await self._discard(worker)
                raise
            if worker.answered >= _RECYCLE_AFTER:
                await self._discard(worker)
            else:
                self._idle.append(worker)
            return answer

    async def aclose(self) -> None:
        """Kill every process and wait until it is gone."""
        self._closed = True
        workers = tuple(self._all)
        self._idle.clear()
        await asyncio.gather(*(self._discard(worker) for worker in workers))

    async def _start(self) -> "_Worker":
        if self._closed:
            raise RuntimeError("the parser is closed")
        process = await asyncio.create_subprocess_exec(
            *self._command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env={name: os.environ[name] for name in _INHERITED if name in os.environ},
            limit=_ANSWER_LIMIT,
            start_new_session=True,
        )
        worker = _Worker(process)
        self._all.add(worker)
        try:
            await asyncio.wait_for(worker.ready(), _START_LIMIT_SECONDS)
        except BaseException as error:
            await self._discard(worker)
            if isinstance(error, TimeoutError | EOFError | OSError | ValueError):
                raise WorkerGone(f"{self._command[0]} could not be started") from error
            raise
        return worker

    async def _discard(self, worker: "_Worker") -> None:
        self._all.discard(worker)
        await worker.kill()


class _Worker:
    def __init__(self, process: asyncio.subprocess.Process) -> None:
        if process.stdin is None or process.stdout is None:
            raise RuntimeError("a worker needs both pipes")
        self._process = process
        self._requests = process.stdin
        self._answers = process.stdout
        self.answered = 0

    async def ask(self, header: Mapping[str, Any], body: bytes) -> dict[str, Any]:
        self._requests.write(json.dumps({**header, "size": len(body)}).encode() + b"\n" + body)
        await self._requests.drain()
        answer = await self._answer()
        self.answered += 1
        return answer

    async def ready(self) -> None:
        await self._answer()

    async def _answer(self) -> dict[str, Any]:
        line = await self._answers.readline()
        if not line.endswith(b"\n"):
            raise EOFError
        answer: dict[str, Any] = json.loads(line)
        return answer

    async def kill(self) -> None:
        # The whole session: a worker may have asked a program of its own.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._requests.close()
        await self._process.wait()
