"""Makes load: asks over a number of connections, one request after the other on each.

    python -m benchmarks.gateway_sides.load        jobs in and results out, a line of JSON each

A process of its own over raw sockets, so that what it costs is neither a server's nor much.
"""

import asyncio
import json
import statistics
import sys
import time
from dataclasses import asdict, dataclass, field, replace
from itertools import count
from typing import cast

import uvloop

from benchmarks.gateway_sides.mock import WORD

_FIRST = WORD.strip().encode()
_END = b"0\r\n\r\n"
_PATIENCE_SECONDS = 30


@dataclass(frozen=True)
class Job:
    """What is asked; in `body` the word `NUMBER` is another number for every request ever made."""

    port: int
    key: str
    body: str
    connections: int
    requests: int
    seconds: float
    """No request begins later than this."""


@dataclass
class Result:
    """What came of a job.

    `first` and `whole` are percentiles, 1 to 99, of the seconds to an answer's first word and to
    its end; while the job goes on, the seconds themselves.
    """

    answered: int = 0
    failed: int = 0
    failure: str = ""
    seconds: float = 0
    first: list[float] = field(default_factory=list)
    whole: list[float] = field(default_factory=list)

    @property
    def summary(self) -> "Result":
        """The same with the percentiles of the times that were collected."""
        return replace(self, first=_percentiles(self.first), whole=_percentiles(self.whole))


def _percentiles(times: list[float]) -> list[float]:
    if len(times) < 2:
        return times * 99
    return statistics.quantiles(times, n=100, method="inclusive")


_numbers = count(time.time_ns() % 10**12)


class _Run:
    def __init__(self, job: Job) -> None:
        body = job.body.replace("NUMBER", "0" * 16).encode()
        self._before, self._after = body.split(b"0" * 16)
        self._head = (
            b"POST /v1/chat/completions HTTP/1.1\r\nhost: 127.0.0.1\r\n"
            b"content-type: application/json\r\nauthorization: Bearer %b\r\n"
            b"content-length: %d\r\n\r\n" % (job.key.encode(), len(body))
        )
        self._left = job.requests
        self._until = time.perf_counter() + job.seconds
        self.result = Result()

    def next(self) -> bytes | None:
        """The next request, None when there are no more."""
        if self._left == 0 or time.perf_counter() > self._until:
            return None
        self._left -= 1
        return b"%b%b%016d%b" % (self._head, self._before, next(_numbers), self._after)


class _Connection(asyncio.Protocol):
    def __init__(self, run: _Run) -> None:
        self._run = run
        self._begun = 0.0
        self._first: float | None = None
        self._size: int | None = None
        self.over = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._ask()

    def data_received(self, data: bytes) -> None:
        self._received += data
        if self._first is None and _FIRST in data:
            self._first = time.perf_counter() - self._begun
        if self._complete():
            self._count()
            self._ask()

    def connection_lost(self, error: Exception | None) -> None:
        if not self.over.done():
            self._fail(f"the connection was lost ({error}) after {bytes(self._received[:300])!r}")
            self.over.set_result(None)

    def _ask(self) -> None:
        request = self._run.next()
        if request is None:
            self.over.set_result(None)
            self._transport.close()
            return
        self._received = bytearray()
        self._size = self._first = None
        self._begun = time.perf_counter()
        self._transport.write(request)

    def _complete(self) -> bool:
        if self._size is None:
            end = self._received.find(b"\r\n\r\n") + 4
            if end < 4:
                return False
            head = bytes(self._received[:end]).lower()
            _, found, length = head.partition(b"content-length:")
            self._size = end + int(length.split(b"\r\n", 1)[0]) if found else 0
        if self._size:
            return len(self._received) >= self._size
        return self._received.endswith(_END)

    def _count(self) -> None:
        result = self._run.result
        if not self._received.startswith(b"HTTP/1.1 200") or self._first is None:
            self._fail(bytes(self._received[:600]).decode("utf-8", "replace"))
            return
        result.answered += 1
        result.first.append(self._first)
        result.whole.append(time.perf_counter() - self._begun)

    def _fail(self, said: str) -> None:
        self._run.result.failed += 1
        self._run.result.failure = self._run.result.failure or said


async def perform(job: Job) -> Result:
    """Does the job, with connections of its own."""
    run, loop = _Run(job), asyncio.get_running_loop()
    begun = time.perf_counter()
    made = await asyncio.gather(
        *(
            loop.create_connection(lambda: _Connection(run), "127.0.0.1", job.port)
            for _ in range(job.connections)
        )
    )
    try:
        async with asyncio.timeout(job.seconds + _PATIENCE_SECONDS):
            await asyncio.gather(*(connection.over for _, connection in made))
    except TimeoutError:
        run.result.failed += 1
        run.result.failure = f"an answer took more than {_PATIENCE_SECONDS} s"
    run.result.seconds = time.perf_counter() - begun
    return run.result.summary


if __name__ == "__main__":
    for line in sys.stdin:
        done = uvloop.run(perform(Job(**json.loads(line))))
        print(json.dumps(asdict(done)), flush=True)
