"""Settings: typed, from the environment, with errors that name the setting and hide its value."""

from __future__ import annotations

from pathlib import Path

import pytest

from quantumlayer.core.settings import (
    ApiSettings,
    ClientSettings,
    PlatformSettings,
    SettingsError,
    WorkerSettings,
    load_settings,
)

COMPLETE = {
    "QL_DATABASE_URL": "postgresql://app:hidden@127.0.0.1:5432/quantumlayer",
    "QL_REDIS_URL": "redis://:hidden@127.0.0.1:6379/0",
    "QL_TEMPORAL_ADDRESS": "127.0.0.1:7233",
    "QL_OBJECT_STORE": "objects",
    "QL_SIGNING_KEY_FILE": "key.pem",
    "QL_SECRET_KEY": "s" * 32,
    "QL_OWNER_KEY": "ql_" + "k" * 43,
}


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    """A folder without a file `.env` and an environment without our names."""
    monkeypatch.chdir(tmp_path)
    for cls in (ApiSettings, WorkerSettings, PlatformSettings, ClientSettings):
        for name in cls.model_fields:
            monkeypatch.delenv(f"QL_{name.upper()}", raising=False)
    return monkeypatch


def test_a_platform_needs_no_setting(tmp_path: Path) -> None:
    settings = load_settings(PlatformSettings)
    assert settings.home == tmp_path / ".quantumlayer"
    assert settings.cache_dir == Path.home() / ".cache" / "quantumlayer"
    assert settings.postgres_url is None


def test_an_application_says_every_setting_that_it_lacks() -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings(WorkerSettings)
    needed = ("DATABASE_URL", "REDIS_URL", "TEMPORAL_ADDRESS", "OBJECT_STORE", "SIGNING_KEY_FILE")
    assert all(f"QL_{name}: Field required" in str(caught.value) for name in needed)


def test_complete_settings_are_typed(environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name, value in COMPLETE.items():
        environment.setenv(name, value)
    settings = load_settings(ApiSettings)
    assert settings.database_url.startswith("postgresql+asyncpg://app:hidden@")
    assert settings.object_store == tmp_path / "objects"
    assert settings.offered_models[0] == "builtin"
    assert "hidden" not in repr(settings)
    assert "s" * 32 not in repr(settings)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("QL_DATABASE_URL", "mysql://hidden@host/db"),
        ("QL_REDIS_URL", "http://hidden"),
        ("QL_TEMPORAL_ADDRESS", "hidden-without-port"),
        ("QL_SECRET_KEY", "hidden, too short"),
        ("QL_OWNER_KEY", "hidden-not-a-key"),
        ("QL_API_PORT", "hidden"),
        ("QL_API_PORT", "65536"),
    ],
)
def test_a_wrong_value_is_named_and_not_shown(
    environment: pytest.MonkeyPatch, name: str, value: str
) -> None:
    for known, good in COMPLETE.items():
        environment.setenv(known, good)
    environment.setenv(name, value)
    with pytest.raises(SettingsError, match=f"^{name}: ") as caught:
        load_settings(ApiSettings)
    assert value not in str(caught.value)


def test_an_empty_value_counts_as_not_set(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("QL_API_PORT", "")
    assert load_settings(PlatformSettings).api_port is None


def test_the_environment_wins_over_the_file(
    environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".env").write_text("QL_API_PORT=8001\nQL_API_HOST=192.0.2.1\nOTHER=ignored\n")
    environment.setenv("QL_API_PORT", "8002")
    settings = load_settings(PlatformSettings)
    assert (settings.api_port, settings.api_host) == (8002, "192.0.2.1")


def test_the_example_names_every_setting() -> None:
    example = (Path(__file__).parents[3] / ".env.example").read_text()
    for cls in (ApiSettings, WorkerSettings, PlatformSettings, ClientSettings):
        assert all(f"#QL_{name.upper()}=" in example for name in cls.model_fields)
