"""Which API a command talks to: the one that the environment names, else this folder's own."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from ipaddress import ip_address
from urllib.parse import urlsplit

import click

from quantumlayer.cli.errors import PlatformError

API_URL = "QL_API_URL"
API_KEY = "QL_API_KEY"


@dataclass(frozen=True)
class Reach:
    """An API and a key that opens it."""

    api_url: str
    key: str = field(repr=False)
    # Whether the environment named it, rather than this folder's platform.
    remote: bool = False

    @property
    def is_loopback(self) -> bool:
        """Whether the API is on this machine; no proxy stands before it then."""
        host = urlsplit(self.api_url).hostname or ""
        try:
            return ip_address(host).is_loopback
        except ValueError:
            return host == "localhost"


def reach() -> Reach:
    """The API to talk to; raises PlatformError when it is not running or there is no key."""
    url, key = os.environ.get(API_URL), os.environ.get(API_KEY)
    if url and key:
        return _checked(url, key, remote=True)
    from quantumlayer.cli.platform.access import client_access  # noqa: PLC0415 - a remote API asks for nothing of the platform's

    access = client_access()
    return _checked(access.api_url, key or access.owner_key, remote=bool(url))


def reach_started(say: Callable[[str], None]) -> Reach:
    """The API to talk to; this folder's platform is started if it is the one and is down."""
    if not os.environ.get(API_URL):
        from quantumlayer.cli.platform.access import ensure_up  # noqa: PLC0415 - loaded where it is used
        from quantumlayer.cli.platform.progress import PartProgress  # noqa: PLC0415 - as above

        record = ensure_up(say, PartProgress(say).watch, whole=False)
        for note in record.notes:
            say(f"note: {note}")
    return reach()


def chosen_model() -> str | None:
    """The model that QL_MODEL names here, for a platform whose own default may be another.

    Raises PlatformError for settings that are wrong.
    """
    from quantumlayer.core.settings import (  # noqa: PLC0415 - who only reaches needs no settings
        ClientSettings,
        SettingsError,
        load_settings,
    )

    try:
        return load_settings(ClientSettings).model
    except SettingsError as error:
        raise PlatformError(str(error)) from None


def say_to_stderr(line: str) -> None:
    """Progress belongs beside the result, not into it."""
    click.echo(line, err=True)


def _checked(url: str, key: str, *, remote: bool) -> Reach:
    if not url.startswith(("http://", "https://")):
        raise PlatformError(f"{API_URL} must begin with http:// or https://, not {url!r}")
    return Reach(url.rstrip("/"), key, remote)
