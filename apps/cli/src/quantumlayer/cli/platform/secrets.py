"""Passwords and keys: made at the first start, kept in files that only their owner reads."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from quantumlayer.cli.platform.home import Home


@dataclass(frozen=True, repr=False)
class Secrets:
    """What the parts share among themselves and with nobody else."""

    postgres_password: str
    owner_password: str
    application_password: str
    redis_password: str
    secret_key: str
    owner_key: str
    gateway_key: str
    signing_key_file: Path


def load_secrets(home: Home) -> Secrets:
    """Read the secrets of this home; those that are missing are made."""
    signing_key = home.secrets / "signing-key.pem"
    if not signing_key.exists():
        write_once(signing_key, _new_signing_key())
    return Secrets(
        postgres_password=_keep(home, "postgres-password"),
        owner_password=_keep(home, "owner-password"),
        application_password=_keep(home, "application-password"),
        redis_password=_keep(home, "redis-password"),
        secret_key=_keep(home, "secret-key"),
        owner_key=_keep(home, "owner-key", prefix="ql_"),
        gateway_key=_keep(home, home.gateway_key.name, prefix="ql_"),
        signing_key_file=signing_key,
    )


def _keep(home: Home, name: str, prefix: str = "") -> str:
    path = home.secrets / name
    if not path.exists():
        # 32 random bytes are 43 url-safe characters.
        write_once(path, prefix + secrets.token_urlsafe(32))
    return path.read_text(encoding="ascii").strip()


def _new_signing_key() -> str:
    from cryptography.hazmat.primitives import serialization  # noqa: PLC0415 - needed once in the life of a home
    from cryptography.hazmat.primitives.asymmetric.ed25519 import (  # noqa: PLC0415 - as above
        Ed25519PrivateKey,
    )

    return (
        Ed25519PrivateKey.generate()
        .private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        .decode("ascii")
    )


def write_once(path: Path, content: str) -> None:
    """Write a file of mode 0600 whole; when somebody else was first, keep theirs."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        stream.write(content)
    try:
        os.link(fresh, path)
    except FileExistsError:
        pass
    finally:
        fresh.unlink()
