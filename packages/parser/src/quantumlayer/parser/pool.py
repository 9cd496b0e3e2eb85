"""Worker processes that can be killed: one stuck file costs one answer, not the batch."""

import asyncio
import contextlib
import json
import os
import signal
from collections.abc import Mapping, Sequence
from typing import Any

from quantumlayer.processes import Group, child_environment, started

_ANSWER_LIMIT = 64 * 1024**2
_START_LIMIT_SECONDS = 60
_RECYCLE_AFTER = 2_000


Request = tuple[Mapping[str, Any], bytes]
"""What a worker is asked: fields of its header, and a body."""


class WorkerGone(Exception):  # noqa: N818 - an answer that will not come, for a stated reason
    """The worker was killed at its time limit or died; it has been removed already."""


class WorkerPool:
    """Up to `size` processes of `command`, each answering one request at a time.

    Requests and answers are lines of JSON; a request is followed by `size` bytes of body. The
    first answer of a worker, unasked, says that it is ready: the time limit counts from the request
    on. Bound to the event loop that first uses it. `aclose` kills every process and waits for it.
    `settings` are in its environment, beside what every process of ours learns of its own.
    """

    def __init__(
        self,
        command: Sequence[str],
        *,
        size: int,
        time_limit_seconds: float,
        settings: Mapping[str, str] | None = None,
    ) -> None:
        self._command = tuple(command)
        self._settings = dict(settings or {})
        self._time_limit = time_limit_seconds
        self._slots = asyncio.Semaphore(size)
        self._size = size
        self._idle: list[_Worker] = []
        self._all: set[_Worker] = set()
        self._closed = False
        self._beginning: asyncio.Task[None] | None = None

    async def warm(self) -> None:
        """Start every process now, so that the first files need not wait for it."""
        missing = self._size - len(self._all)
        self._idle += await asyncio.gather(*(self._start() for _ in range(missing)))

    async def begin(self) -> None:
        """Start one process without waiting until it is ready: the first request does that."""
        worker = await self._spawned()

        async def ready() -> None:
            with contextlib.suppress(WorkerGone):
                await self._made_ready(worker)
                self._idle.append(worker)

        self._beginning = asyncio.create_task(ready())

    async def ask(self, header: Mapping[str, Any], body: bytes) -> bytes:
        """The answer to one request, a line of JSON.

        Raises WorkerGone when there is none within the limit, and RuntimeError once closed.
        """
        (answer,) = await self.ask_each([(header, body)])
        if isinstance(answer, WorkerGone):
            raise answer
        return answer

    async def ask_each(
        self, requests: Sequence[Request], *, lane: int | None = None
    ) -> list[bytes | WorkerGone]:
        """The answers to `requests` in their order, all from one worker while it lives.

        A request that its worker does not survive has WorkerGone for an answer; those behind it are
        asked again. The worker that served `lane` before is taken when it is idle: it may remember.
        """
        answers: list[bytes | WorkerGone] = []
        async with self._slots:
            if self._beginning is not None:
                await asyncio.shield(self._beginning)
            while len(answers) < len(requests):
                rest = requests[len(answers) :]
                try:
                    worker = self._take(lane) or await self._start()
                except WorkerGone as gone:
                    answers += [gone] * len(rest)
                else:
                    worker.lane = lane
                    answers += await self._serve(worker, rest)
        return answers

    def _take(self, lane: int | None) -> "_Worker | None":
        for wanted in (lane, None):
            for place, worker in enumerate(self._idle):
                if worker.lane == wanted:
                    return self._idle.pop(place)
        return self._idle.pop() if self._idle else None

    async def _serve(
        self, worker: "_Worker", requests: Sequence[Request]
    ) -> list[bytes | WorkerGone]:
        """Answers as far as `worker` lives: the last one may be its end."""
        answers: list[bytes | WorkerGone] = []
        try:
            worker.send(requests)
            for _ in requests:
                answer = await asyncio.wait_for(worker.answer(), self._time_limit)
                answers.append(answer)
        except TimeoutError:
            await self._discard(worker)
            answers.append(WorkerGone(f"stopped after {self._time_limit:g} s"))
        except (OSError, EOFError, ValueError):
            await self._discard(worker)
            answers.append(WorkerGone("the checking process ended without an answer"))
        except BaseException:
            # Cancelled half-way: its answers would belong to nobody.
            await self._discard(worker)
            raise
        else:
            if worker.answered >= _RECYCLE_AFTER:
                await self._discard(worker)
            else:
                self._idle.append(worker)
        return answers

    async def aclose(self) -> None:
        """Kill every process and wait until it is gone."""
        self._closed = True
        if self._beginning is not None:
            self._beginning.cancel()
        workers = tuple(self._all)
        self._idle.clear()
        await asyncio.gather(*(self._discard(worker) for worker in workers))

    async def _start(self) -> "_Worker":
        worker = await self._spawned()
        await self._made_ready(worker)
        return worker

    async def _spawned(self) -> "_Worker":
        if self._closed:
            raise RuntimeError("the parser is closed")
        process = await started(
            asyncio.create_subprocess_exec(
                *self._command,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                env=child_environment(Group.BASE, Group.INTERPRETER) | self._settings,
                limit=_ANSWER_LIMIT,
                start_new_session=True,
            )
        )
        worker = _Worker(process)
        self._all.add(worker)
        return worker

    async def _made_ready(self, worker: "_Worker") -> None:
        """Wait for it. Raises WorkerGone when it does not come."""
        try:
            await asyncio.wait_for(worker.ready(), _START_LIMIT_SECONDS)
        except BaseException as error:
            await self._discard(worker)
            if isinstance(error, TimeoutError | EOFError | OSError | ValueError):
                raise WorkerGone(f"{self._command[0]} could not be started") from error
            raise

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
        self.lane: int | None = None

    def send(self, requests: Sequence[Request]) -> None:
        # Not drained: the worker answers meanwhile, and waiting for it to read would wait for ever.
        for header, body in requests:
            head = json.dumps({**header, "size": len(body)}).encode()
            self._requests.writelines((head, b"\n", body))

    async def ready(self) -> None:
        await self.answer()

    async def answer(self) -> bytes:
        line = await self._answers.readline()
        if not line.endswith(b"\n"):
            raise EOFError
        self.answered += 1
        return line

    async def kill(self) -> None:
        # The whole session: a worker may have asked a program of its own.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._requests.close()
        await self._process.wait()
