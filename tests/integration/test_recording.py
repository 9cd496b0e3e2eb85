"""A run's model traffic is recorded, and the same run replayed without a model."""

from pathlib import Path

from quantumlayer.core.settings import PlatformSettings
from quantumlayer.qtest import Verdict
from tests.integration.test_language_model import (
    GOOD_SOURCE,
    MODEL,
    TESTS,
    opening,
    proving,
    wrote,
)
from tests.support.model_server import ModelServer
from tests.support.pipeline import open_pipeline
from tests.support.platform import PostgresUrls

PROMPT = "A library that converts celsius to fahrenheit"


async def test_a_recorded_run_is_replayed_exactly_and_nobody_is_asked(
    migrated_urls: PostgresUrls, redis_url: str, temporal_address: str, tmp_path: Path
) -> None:
    tape = tmp_path / "tape"

    async def made(mode: str, base_url: str) -> tuple[Verdict | None, dict[str, str]]:
        async with open_pipeline(
            database_url=migrated_urls.application,
            redis_url=redis_url,
            temporal_address=temporal_address,
            folder=tmp_path / mode,
            cache=PlatformSettings(_env_file=None).cache_dir,
            model_base_url=base_url,
            recording=f"{mode}:{tape}",
        ) as pipeline:
            started = await pipeline.start(PROMPT, model=MODEL)
            ending = await started.handle.result()
            return ending.verdict, dict(await pipeline.files(started.id))

    script = [
        *opening(),
        wrote(GOOD_SOURCE),
        proving(TESTS),
    ]
    async with ModelServer(script) as server:
        recorded = await made("record", server.base_url)
    assert recorded[0] is Verdict.PASSED
    assert len(list(tape.glob("*.json"))) == len(server.requests) == 4
    assert await made("replay", "http://127.0.0.1:9/v1") == recorded
