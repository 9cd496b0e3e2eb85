"""Secrets: made once, kept, readable by nobody else."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from quantumlayer.cli.platform.home import Home
from quantumlayer.cli.platform.secrets import Secrets, load_secrets


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "home")
    home.create()
    return home


def values(secrets: Secrets) -> tuple[str, ...]:
    return (
        secrets.postgres_password,
        secrets.owner_password,
        secrets.application_password,
        secrets.redis_password,
        secrets.secret_key,
        secrets.owner_key,
    )


def test_they_are_made_once(home: Home) -> None:
    first, second = load_secrets(home), load_secrets(home)
    assert values(first) == values(second)
    assert len(set(values(first))) == len(values(first))


def test_the_owner_key_has_the_form_of_an_api_key(home: Home) -> None:
    assert re.fullmatch(r"ql_[A-Za-z0-9_-]{43}", load_secrets(home).owner_key)


def test_the_signing_key_is_ed25519(home: Home) -> None:
    key = load_pem_private_key(load_secrets(home).signing_key_file.read_bytes(), password=None)
    assert isinstance(key, Ed25519PrivateKey)


def test_nobody_else_reads_them(home: Home) -> None:
    load_secrets(home)
    assert home.secrets.stat().st_mode & 0o077 == 0
    assert all(path.stat().st_mode & 0o777 == 0o600 for path in home.secrets.iterdir())


def test_they_do_not_show_when_printed(home: Home) -> None:
    secrets = load_secrets(home)
    assert not any(value in repr(secrets) for value in values(secrets))
