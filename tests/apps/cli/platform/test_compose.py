"""What each part is told when it is started."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from quantumlayer.cli.platform.compose import compose
from quantumlayer.cli.platform.home import Home
from quantumlayer.cli.platform.secrets import load_secrets
from tests.support.platform import new_home, settings_of

SERVERS = {
    "postgres_url": "postgresql://postgres:secret@db.example:5432/postgres",
    "redis_url": "redis://redis.example:6379/0",
    "temporal_address": "temporal.example:7233",
}


@pytest.fixture
def home() -> Iterator[Home]:
    with new_home() as home:
        home.create()
        yield home


def told(home: Home, part: str, inherited: Mapping[str, str], **settings: object) -> dict[str, str]:
    """The environment of a part whose servers are elsewhere."""
    given = {**SERVERS, "worker_health_port": 8401, "gateway_port": 8402, **settings}
    known = settings_of(home, **given)  # type: ignore[arg-type] # as the environment gives them
    platform = compose(known, home, load_secrets(home), inherited=inherited)
    launch = next(one for one in platform.parts if one.name == part).launch()
    assert launch is not None
    return dict(launch.environment)


def test_files_mean_what_they_mean_in_the_users_folder(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    environment = {
        "QL_MODEL_CONFIGURATION": "gateway.yaml",
        "QL_MODEL_PROFILES": "profiles.toml",
        "QL_MODEL_RECORDING": "record:tape",
    }
    settings = {name.removeprefix("QL_").lower(): value for name, value in environment.items()}
    worker = told(home, "worker", environment, **settings)
    assert {name: worker[name] for name in environment} == {
        "QL_MODEL_CONFIGURATION": str(tmp_path / "gateway.yaml"),
        "QL_MODEL_PROFILES": str(tmp_path / "profiles.toml"),
        "QL_MODEL_RECORDING": f"record:{tmp_path / 'tape'}",
    }


def test_the_worker_gets_the_variables_of_the_configuration_that_it_goes_by(
    home: Home, tmp_path: Path
) -> None:
    file = tmp_path / "gateway.yaml"
    file.write_text("providers: {mine: {base_url: http://mine.example, api_key: ${MINE}}}\n")
    inherited = {"MINE": "secret", "OTHER": "secret"}
    worker = told(home, "worker", inherited, model_configuration=file)
    assert worker["MINE"] == "secret"
    assert "OTHER" not in worker
    assert "MINE" not in told(home, "worker", inherited)


def test_the_gateway_gets_the_redis_and_the_database_of_the_platform(home: Home) -> None:
    gateway = told(home, "gateway", {"QL_OWNER_KEY": "nobody's"})
    assert gateway["QL_REDIS_URL"] == SERVERS["redis_url"]
    assert gateway["QL_DATABASE_URL"].startswith("postgresql+asyncpg://quantumlayer_app:")
    assert "QL_OWNER_KEY" not in gateway
