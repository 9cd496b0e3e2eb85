"""A run of many files: planned in pieces, drafted in batches, passed within the limits of a run.

`QL_LARGE` is how many files there are: 150 by command, some of them in every run. What it took is
printed (`-s`).
"""

import os
import time
from pathlib import Path

import pytest

from benchmarks.engine import waves_of
from quantumlayer.core.settings import PlatformSettings
from quantumlayer.qtest import Verdict
from tests.integration.test_language_model import MODEL
from tests.support.large_model import LargeModel
from tests.support.model_server import ModelServer
from tests.support.pipeline import open_pipeline
from tests.support.platform import PostgresUrls

FILES = int(os.environ.get("QL_LARGE", "44"))
# Of an event history: Temporal warns at 10,240 events and 10 MB.
MOST_EVENTS, MOST_BYTES = 5_000, 5_000_000

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]


async def test_a_run_of_many_files_passes_within_its_limits(
    migrated_urls: PostgresUrls, redis_url: str, temporal_address: str, tmp_path: Path
) -> None:
    model = LargeModel(FILES)
    async with (
        ModelServer(model) as server,
        open_pipeline(
            database_url=migrated_urls.application,
            redis_url=redis_url,
            temporal_address=temporal_address,
            folder=tmp_path,
            cache=PlatformSettings(_env_file=None).cache_dir,
            model_base_url=server.base_url,
        ) as pipeline,
    ):
        # when
        begun = time.monotonic()
        run = await pipeline.start("A library of many scales, in Python", model=MODEL)
        ending = await run.handle.result()
        seconds = time.monotonic() - begun
        # then: every file is there, and it holds
        assert ending.verdict is Verdict.PASSED, ending.reason
        assert model.files.keys() <= (await pipeline.files(run.id)).keys()
        # and: the plan came in pieces of forty, nothing was asked twice, nobody waited for waves
        pieces = [item for item in model.asked if item.startswith(("Choose what", "Go on with"))]
        assert len(pieces) == -(-len(model.files) // 40)
        assert server.asked_twice() == ()
        waves = await waves_of(run.handle)
        assert waves <= 3
        # and: no history is near what Temporal takes
        sizes = {}
        for agent in ("", "/architect", "/tester"):
            handle = pipeline.client.get_workflow_handle(f"{run.handle.id}{agent}")
            described = (await handle.describe()).raw_description.workflow_execution_info
            sizes[agent] = (described.history_length, described.history_size_bytes)
        calls = len(await pipeline.calls(run.id))
    print(  # noqa: T201 - figures for whoever asked for them
        f"\n{len(model.files)} files: {calls} calls, {waves} waves, {seconds:.0f} s, "
        f"histories (events, bytes) {sizes}"
    )
    assert all(events < MOST_EVENTS and size < MOST_BYTES for events, size in sizes.values())
