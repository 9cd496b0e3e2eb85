"""What a client of the platform needs: where the API is and the key that opens it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field

from quantumlayer.cli.errors import PlatformError
from quantumlayer.cli.platform.control import start, stop
from quantumlayer.cli.platform.environment import (
    code_fingerprint,
    inherited_environment,
    settings_fingerprint,
)
from quantumlayer.cli.platform.home import Home
from quantumlayer.cli.platform.state import PlatformRecord, observe
from quantumlayer.cli.platform.temporal_binary import obtain_temporal
from quantumlayer.core.settings import (
    ClientSettings,
    PlatformSettings,
    SettingsError,
    load_settings,
)

_LATE_SECONDS = 60.0


@dataclass(frozen=True)
class Access:
    """An API and the owner's key of its default organisation."""

    api_url: str
    owner_key: str = field(repr=False)

    @property
    def graphql_url(self) -> str:
        return f"{self.api_url}/graphql"


def platform_settings() -> PlatformSettings:
    """The settings of this folder and environment; raises `PlatformError` when one is wrong."""
    try:
        return load_settings(PlatformSettings)
    except SettingsError as error:
        raise PlatformError(str(error)) from None


def client_access() -> Access:
    """The API to talk to: the one that QL_API_URL names, else this home's.

    Raises `PlatformError` when neither is there.
    """
    try:
        settings = load_settings(ClientSettings)
    except SettingsError as error:
        raise PlatformError(str(error)) from None
    home = Home(settings.home)
    api_url = settings.api_url or api_url_of(observe(home))
    if api_url is None:
        raise PlatformError(f"the platform of {home.root} is not running; run `quantumlayer up`")
    if settings.owner_key is not None:
        return Access(api_url.rstrip("/"), settings.owner_key.get_secret_value())
    try:
        key = (home.secrets / "owner-key").read_text(encoding="ascii").strip()
    except OSError:
        raise PlatformError(f"no key for {api_url}; set QL_OWNER_KEY to one") from None
    return Access(api_url.rstrip("/"), key)


def ensure_up(
    say: Callable[[str], None],
    watch: Callable[[PlatformRecord], None] = lambda _record: None,
    *,
    companion: int | None = None,
    whole: bool = True,
) -> PlatformRecord:
    """Start the platform of this folder if it does not run, with all it needs on this machine.

    `say` is told what takes time, `watch` sees the parts come up, and with `companion` the
    platform ends when that process does. Unless it must be `whole`, nobody waits for a part that
    is just brought back. Raises `PlatformError` when it does not come up.
    """
    settings = platform_settings()
    home = Home(settings.home)
    before = observe(home)
    if before.supervisor is not None and before.code not in {None, code_fingerprint()}:
        say("the code has changed since the start: starting anew; runs go on where they were")
        stop(home)
        before = observe(home)
    if settings.temporal_address is None and before.state != "running":
        obtain_temporal(settings.temporal_binary, settings.cache_dir, say)
    # Whoever starts the platform for a run has the machine to itself at first.
    late_seconds = 0.0 if whole else _LATE_SECONDS
    record = start(home, watch=watch, companion=companion, whole=whole, late_seconds=late_seconds)
    if before.supervisor is not None and before.supervisor == record.supervisor:
        asked = settings_fingerprint(inherited_environment())
        if record.settings not in {None, asked}:
            say("the settings have changed since the start; run `down` and `up` to use them")
    return record


def api_url_of(record: PlatformRecord) -> str | None:
    """Where the home's API is, or is in a moment if it is just brought back; else None."""
    kept_up = record.supervisor is not None
    urls = (part.url for part in record.parts if part.name == "api" and (kept_up or part.process))
    return next(urls, None)


def gateway_url_of(record: PlatformRecord) -> str | None:
    """Where clients reach the gateway's models, if it is a part and runs."""
    urls = (part.url for part in record.parts if part.name == "gateway" and part.process)
    return next((f"{url}/v1" for url in urls if url), None)


def temporal_ui_url(settings: PlatformSettings, home: Home) -> str | None:
    """Where people look at workflows."""
    if settings.temporal_ui_url or settings.temporal_address:
        return settings.temporal_ui_url
    try:
        port = json.loads(home.ports_file.read_text(encoding="utf-8"))["temporal-ui"]
    except (OSError, ValueError, KeyError):
        return None
    return f"http://127.0.0.1:{port}"
