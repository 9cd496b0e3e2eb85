"""The gateway beside the LiteLLM proxy and a bare ASGI pass-through, before one instant provider.

    make bench NAME=gateway                             measures, and says what is missed
    QL_BENCH_REQUESTS=200000 make bench NAME=gateway    as many requests for the memory's figures
    QL_BENCH_RECORD=yes make bench NAME=gateway         and writes the table of docs/gateway.md

All sides run at once and are asked in turns, so that what else a machine does falls on all of them.
CPU time is the processes' own accounting and holds on a busy machine too; times of the clock do
not. `QL_BENCH_SIDES=bare,full` leaves the others out.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.figures import Figure, report
from benchmarks.gateway_sides.load import Job, Result
from benchmarks.gateway_sides.page import Table, shown, written
from benchmarks.gateway_sides.sides import MODEL, Side, all_sides

PAGE = Path(__file__).parents[1] / "docs/gateway.md"
ROOT = Path(__file__).parents[1]
ROUNDS = 3
CONNECTIONS = (1, 16, 64, 256)
KILOBYTES = (0.2, 10, 50)
WORDS = 8
CHUNKS = 64
MOST_SECONDS = 2.0
MEMORY_REQUESTS = 10_000
CPU, LATENCY = "CPU", "latency"


class Load:
    """The process that makes load."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def __call__(self, side: Side, body: str, connections: int, requests: int) -> Result:
        job = Job(side.port, side.key, body, connections, requests, MOST_SECONDS)
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None  # noqa: S101 - for their types
        assert stdout is not None  # noqa: S101 - for their types
        stdin.write(json.dumps(asdict(job)) + "\n")
        stdin.flush()
        result = Result(**json.loads(stdout.readline()))
        if result.failed:
            raise SystemExit(f"{side.name} failed {result.failed} requests: {result.failure}")
        return result


@contextmanager
def loading() -> Iterator[Load]:
    """A load maker, ended afterwards."""
    command = [sys.executable, "-m", "benchmarks.gateway_sides.load"]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        yield Load(process)
    finally:
        if process.stdin is not None:
            process.stdin.close()
        process.wait(30)


def body(kilobytes: float, words: int = WORDS, **more: object) -> str:
    """A request of about that size, of this repository's prose; `NUMBER` makes each another one."""
    prose = (ROOT / "ARCHITECTURE.md").read_text("utf-8").encode("ascii", "ignore").decode()
    text = f"NUMBER {prose[: max(0, round(kilobytes * 1000) - 150)]}"
    messages = [{"role": "user", "content": text}]
    return json.dumps({"model": MODEL, "messages": messages, "max_tokens": words, **more})


@dataclass(frozen=True)
class Spent:
    """What a job took of a side: milliseconds of computing a request, of Redis beside it."""

    result: Result
    cpu: float
    redis: float


def measured(load: Load, side: Side, asked: str, connections: int, requests: int) -> Spent:
    """Does a job with the side's processes in view."""
    server = side.server
    before = (server.cpu_seconds if server else 0.0, side.redis_cpu_seconds)
    result = load(side, asked, connections, requests)
    after = (server.cpu_seconds if server else 0.0, side.redis_cpu_seconds)
    cpu, redis = (1000 * (b - a) / result.answered for a, b in zip(before, after, strict=True))
    return Spent(result, cpu, redis)


def rounds(
    load: Load, sides: Sequence[Side], asked: str, connections: int, requests: int
) -> dict[str, list[Spent]]:
    """The same job for every side in turns, several times over."""
    found: dict[str, list[Spent]] = defaultdict(list)
    for _ in range(ROUNDS):
        for side in sides:
            found[side.name].append(measured(load, side, asked, connections, requests))
    return found


def median(values: Iterator[float]) -> float:
    return statistics.median(values)


def at(result: Result, percent: int, *, first: bool = False) -> float:
    """A percentile of the answers' times, in milliseconds."""
    return 1000 * (result.first if first else result.whole)[percent - 1]


def computing(load: Load, sides: Sequence[Side]) -> Table:
    """CPU time of a request by its size, and of one that is streamed."""
    table = Table("CPU milliseconds a request, 16 connections", CPU)
    for size in KILOBYTES:
        found = rounds(load, sides, body(size), 16, 1_000)
        for name, spent in found.items():
            table.put(f"{size:g} KB", name, median(one.cpu for one in spent))
        redis = found.get("full+Redis")
        if redis:
            own = median(one.redis for one in redis)
            table.put(f"{size:g} KB, Redis's own beside it", "full+Redis", own)
    found = rounds(load, sides, body(0.2, CHUNKS, stream=True), 16, 300)
    for name, spent in found.items():
        table.put(f"a stream of {CHUNKS} chunks", name, median(one.cpu for one in spent))
    return table


def throughput(load: Load, sides: Sequence[Side]) -> Table:
    """Answers a second, all of the server's one process."""
    table = Table("Answers a second, 0.2 KB", LATENCY)
    for connections in CONNECTIONS:
        requests = 400 if connections == 1 else 1_500
        for name, spent in rounds(load, sides, body(0.2), connections, requests).items():
            rate = median(one.result.answered / one.result.seconds for one in spent)
            table.put(f"{connections} connection{'s'[: connections > 1]}", name, rate)
    return table


def latency(load: Load, sides: Sequence[Side]) -> Table:
    """What a side adds to the time of a call, at one connection."""
    table = Table("Milliseconds added to a direct call, one connection, 0.2 KB", LATENCY)
    found = rounds(load, sides, body(0.2), 1, 400)
    for percent in (50, 95, 99):
        direct = median(at(one.result, percent) for one in found["direct"])
        for name, spent in found.items():
            value = median(at(one.result, percent) for one in spent) - direct
            table.put(f"p{percent}", name, value)
    return table


def streaming(load: Load, sides: Sequence[Side]) -> Table:
    """What a side adds to streams whose provider sends a word every two milliseconds."""
    table = Table(
        f"Streams of {CHUNKS} chunks, one every 2 ms (20 ms where 64 run at once)", LATENCY
    )
    alone = rounds(load, sides, body(0.2, CHUNKS, stream=True, seed=2), 1, 10)
    many = rounds(load, sides, body(0.2, CHUNKS, stream=True, seed=20), 64, 64)
    for name in alone:
        first = "ms added to the first token, p50"
        table.put(first, name, _beyond(alone, name, first=True))
        table.put("ms added to each chunk behind it", name, _beyond(alone, name) / CHUNKS)
        table.put(f"64 at once: {first}", name, _beyond(many, name, first=True))
        table.put("64 at once: ms added to the whole, p50", name, _beyond(many, name))
        table.put("64 at once: CPU ms a stream", name, median(one.cpu for one in many[name]))
    return table


def _beyond(found: dict[str, list[Spent]], name: str, *, first: bool = False) -> float:
    def middle(of: str) -> float:
        return median(at(one.result, 50, first=first) for one in found[of])

    return middle(name) - middle("direct")


def memory(load: Load, sides: Sequence[Side], requests: int) -> Table:
    """Resident memory as requests go by; in tenths of `requests`, so that growth is seen."""
    table = Table(f"Megabytes resident, {requests:,} requests at 64 connections", CPU)
    asked = body(0.2)
    for side in sides:
        if side.server is None:
            continue
        wanted = requests if side.name != "LiteLLM" else min(requests, MEMORY_REQUESTS // 4)
        done, marks = 0, {round(wanted * share): share for share in (0.1, 0.5, 1)}
        for mark, share in sorted(marks.items()):
            while done < mark:
                done += load(side, asked, 64, min(5_000, mark - done)).answered
            table.put(f"after {share:.0%} of them", side.name, side.server.resident_bytes / 1e6)
    return table


def aims(tables: Sequence[Table]) -> list[Figure]:
    """The figures that have an aim, for each way in which the full profile runs."""
    cpu, rates, added, _, held = tables
    found = []
    for name in ("full", "full+Redis"):
        if name not in cpu.columns:
            continue
        own = cpu.at("0.2 KB", name)
        found.append(Figure(f"{name}: CPU time a request", own, "ms", 0.5))
        if "LiteLLM" in cpu.columns:
            ratio = cpu.at("0.2 KB", "LiteLLM") / own
            found.append(
                Figure(f"{name}: LiteLLM's CPU time to ours", ratio, "times", 10, at_most=False)
            )
        best = max(rates.at(f"{n} connections", name) for n in CONNECTIONS[1:])
        found.append(Figure(f"{name}: answers a second", best, "a second", 1_000, at_most=False))
        found.append(Figure(f"{name}: added, p50", added.at("p50", name), "ms", 1))
        found.append(Figure(f"{name}: added, p95", added.at("p95", name), "ms", 4))
        grown = held.at("after 100% of them", name) - held.at("after 50% of them", name)
        found.append(Figure(f"{name}: memory grown in the second half", grown, "MB", 2))
    return found


def main() -> int:
    """Measure, print, write; 1 when an aim is missed."""
    wanted = os.environ.get("QL_BENCH_SIDES")
    names = set(wanted.split(",")) | {"direct"} if wanted else None
    requests = int(os.environ.get("QL_BENCH_REQUESTS", MEMORY_REQUESTS))
    with tempfile.TemporaryDirectory(prefix="ql-bench-") as folder, loading() as load:
        with_litellm = names is None or "LiteLLM" in names
        with all_sides(Path(folder), with_litellm=with_litellm) as found:
            sides = [side for name, side in found.items() if names is None or name in names]
            for side in sides:
                load(side, body(0.2), 16, 300)
            tables = []
            for measure in (computing, throughput, latency, streaming):
                tables.append(measure(load, sides))
                print(shown(tables[-1]), flush=True)
            tables.append(memory(load, sides, requests))
            print(shown(tables[-1]), flush=True)
    figures = aims(tables)
    report("gateway", figures)
    if os.environ.get("QL_BENCH_RECORD"):
        PAGE.write_text(written(PAGE.read_text("utf-8"), tables, figures), "utf-8")
    return int(any(figure.met is False for figure in figures))


if __name__ == "__main__":
    sys.exit(main())
