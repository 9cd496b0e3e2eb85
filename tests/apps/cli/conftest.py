"""The command line against a real API."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.api_client import ApiClient
from tests.support.command_line import CommandLine


@pytest.fixture
def ql(api: ApiClient, tmp_path: Path) -> CommandLine:
    """The command in an empty folder, with the owner's key."""
    return CommandLine(tmp_path, to(api.url, api.key))


def to(url: str, key: str | None) -> dict[str, str]:
    """The environment that names an API and a key."""
    return {"QL_API_URL": url, "QL_API_KEY": key or "", "QL_HOME": "no-home"}
