"""Real servers for tests: the platform's own parts in a folder of their own, stopped by identity.

Nothing here starts or stops a server by itself: that is `quantumlayer.cli.platform`'s work, so the
tests run on what users run on.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from quantumlayer.cli.platform import control
from quantumlayer.cli.platform.compose import Platform, compose
from quantumlayer.cli.platform.home import Home
from quantumlayer.cli.platform.secrets import load_secrets
from quantumlayer.core.settings import PlatformSettings


@dataclass(frozen=True)
class PostgresUrls:
    """URLs of one database (`postgresql+asyncpg://`), one a role."""

    # Bypasses nothing: what the application uses.
    application: str
    # Owns the tables: what migrations use.
    owner: str
    # The server's superuser, in its maintenance database.
    admin: str


@contextlib.contextmanager
def new_home() -> Iterator[Home]:
    """An empty home that is gone afterwards, with a path short enough for sockets."""
    folder = Path(tempfile.mkdtemp(prefix="ql-test-"))
    home = Home(folder / "home")
    try:
        yield home
    finally:
        control.stop(home)
        shutil.rmtree(folder)


def settings_of(home: Home, **given: str) -> PlatformSettings:
    """Settings for that home and those given: no file, no server of the developer's."""
    names = [name for name in PlatformSettings.model_fields if name != "cache_dir"]
    defaults = {name: PlatformSettings.model_fields[name].default for name in names}
    return PlatformSettings(_env_file=None, **{**defaults, "home": home.root, **given})


def platform_of(home: Home, **given: str) -> Platform:
    """The platform that lives in the home: its parts know their URLs."""
    return compose(settings_of(home, **given), home, load_secrets(home), inherited={})


def clean_environment(home: Home) -> dict[str, str]:
    """Overrides for a process that must see this home and no setting of the developer's."""
    foreign = {name: "" for name in os.environ if name.startswith("QL_") and name != "QL_CACHE_DIR"}
    return {**foreign, "QL_HOME": str(home.root)}


@contextlib.contextmanager
def running(names: Sequence[str]) -> Iterator[Platform]:
    """The named parts and steps of a platform, healthy; stopped afterwards or when we die."""
    with new_home() as home:
        control.start(home, environment=clean_environment(home), parts=names, companion=os.getpid())
        yield platform_of(home)
