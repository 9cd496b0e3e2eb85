"""A worker that is killed again and again in the loop: the same tree, and nothing paid twice."""

import asyncio
import os
import socket
import sys
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from quantumlayer.core.runs import TASK_QUEUE
from quantumlayer.core.settings import PlatformSettings
from quantumlayer.qtest import Verdict
from tests.integration.test_integrator import PROMPT, drafted
from tests.integration.test_language_model import GOOD_SOURCE, MODEL, TESTS
from tests.support.integrating import SOURCE, turn
from tests.support.model_server import ModelServer, TextReply
from tests.support.pipeline import Pipeline, open_pipeline
from tests.support.platform import PostgresUrls, running

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]

# How long after a turn was asked for its worker is killed: in the reply, in tools, in a look.
EVERYTHING = os.environ.get("QL_FAULTS") == "all"
TEN = (0.0, 1.5, 0.2, 2.5, 0.0, 3.5, 0.6, 5.0, 0.1, 2.0)
MOMENTS = TEN if EVERYTHING else (0.0, 2.5, 5.0)


@pytest.fixture(scope="module")
def temporal_address() -> Iterator[str]:
    """A server of its own: its worker, a process, polls the queue that all workers do."""
    with running(["temporal"]) as platform:
        yield platform.temporal.address


def marked(mark: str, *calls: tuple[str, dict[str, object]], after: str = "") -> TextReply:
    """A turn that takes its time, for whoever knows what `after` is; its last call says `mark`."""
    said = turn(*calls, ("run", {"command": f"echo {mark}; sleep 1"})) if mark else turn(*calls)
    update = {"delay_seconds": 0.4, "times": None, "contains": after or None}
    return said.model_copy(update=update)


def change(search: str, replacement: str) -> tuple[str, dict[str, object]]:
    return ("edit", {"path": SOURCE, "search": search, "replacement": replacement})


# The latest that fits is meant, so it stands first: the same question gets the same turn.
TURNS = (
    marked("", ("finish", {}), after="mark-five"),
    marked("mark-five", ("test", {}), after="mark-four"),
    marked(
        "mark-four",
        change("5 + 31", "5 + 32"),
        ("run", {"command": "echo kept > notes.txt"}),
        after="mark-three",
    ),
    marked("mark-three", ("test", {}), after="mark-two"),
    marked("mark-two", change("5 + 30", "5 + 31"), after="mark-one"),
    marked("mark-one", ("read", {"path": SOURCE})),
)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Working:
    """One worker at a time, in a process of its own."""

    def __init__(self, environment: dict[str, str], folder: Path) -> None:
        self._environment, self._folder = environment, folder
        self.process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Starts it."""
        self.process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "quantumlayer.worker",
            cwd=self._folder,
            env=self._environment,
            stderr=asyncio.subprocess.DEVNULL,
        )

    async def kill(self) -> None:
        """Kills it, without a word."""
        if self.process is not None and self.process.returncode is None:
            self.process.kill()
            await self.process.wait()


@asynccontextmanager
async def working(pipeline: Pipeline, server: ModelServer, folder: Path) -> AsyncIterator[Working]:
    """A worker of the pipeline's runs, which tests may kill."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("QL_")}
    settings = pipeline.settings
    worker = Working(
        {
            **clean,
            "QL_DATABASE_URL": settings.database_url,
            "QL_REDIS_URL": settings.redis_url,
            "QL_TEMPORAL_ADDRESS": settings.temporal_address,
            "QL_OBJECT_STORE": str(settings.object_store),
            "QL_SIGNING_KEY_FILE": str(settings.signing_key_file),
            "QL_CACHE_DIR": str(settings.cache_dir),
            "QL_MODELS": MODEL,
            "QL_MODEL_BASE_URL": server.base_url,
            "QL_MODEL_API_KEY": "scripted",
            "QL_CHECK_REGISTRIES": "false",
            "QL_WORKER_HEALTH_PORT": str(free_port()),
        },
        folder,
    )
    await worker.start()
    try:
        yield worker
    finally:
        await worker.kill()


async def test_deaths_in_the_loop_change_nothing(
    migrated_urls: PostgresUrls,
    redis_url: str,
    temporal_address: str,
    tmp_path: Path,
    server: ModelServer,
) -> None:
    async with open_pipeline(
        database_url=migrated_urls.application,
        redis_url=redis_url,
        temporal_address=temporal_address,
        folder=tmp_path,
        cache=PlatformSettings(_env_file=None).cache_dir,
        model_base_url=server.base_url,
        working=False,
    ) as pipeline:
        pipeline.task_queue = TASK_QUEUE
        server.script([*drafted(tests=TESTS), *TURNS])
        async with working(pipeline, server, tmp_path) as worker:
            run = await pipeline.start(PROMPT, model=MODEL)
            ending = asyncio.create_task(run.handle.result())
            for moment in MOMENTS:
                asked = len(server.requests)
                waiting = asyncio.create_task(server.received(max(asked, 4) + 1))
                await asyncio.wait({waiting, ending}, return_when=asyncio.FIRST_COMPLETED)
                waiting.cancel()
                if ending.done():
                    break
                await asyncio.sleep(moment)
                await worker.kill()
                await worker.start()

            assert (await ending).verdict is Verdict.PASSED, ending.result().reason

        files = await pipeline.files(run.id)
        assert files[SOURCE] == GOOD_SOURCE
        assert files["notes.txt"] == "kept\n"
        calls = await pipeline.calls(run.id)
        completed = Counter(call.idempotency_key for call in calls if call.state == "completed")
        assert set(completed.values()) == {1}, "each turn was paid for once"
        assert not [call for call in calls if call.state == "reserved"]
        assert sum(call.task == "integrate" and call.state == "completed" for call in calls) == len(
            TURNS
        )
