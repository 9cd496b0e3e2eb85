"""`quantumlayer capsule verify`, offline."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from quantumlayer.qlayer.capsule import build_capsule, public_key_pem
from tests.support import capsules
from tests.support.command_line import CommandLine


@pytest.fixture
def offline(tmp_path: Path) -> CommandLine:
    """The command where no platform has ever been."""
    (tmp_path / "capsule.zip").write_bytes(build_capsule(capsules.inputs()))
    return CommandLine(tmp_path, {"QL_HOME": "home"})


def sign_with(folder: Path, key: Ed25519PrivateKey) -> None:
    """Makes `key` the platform's own."""
    secrets = folder / "home" / "secrets"
    secrets.mkdir(parents=True)
    (secrets / "signing-key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )


async def test_without_a_home_the_content_is_intact_and_the_signer_unknown(
    offline: CommandLine,
) -> None:
    ended = await offline.run("capsule", "verify", "capsule.zip")
    assert ended.status == 0
    assert "a key that nobody here knows" in ended.out


async def test_the_platforms_own_capsule_is_trusted(offline: CommandLine, tmp_path: Path) -> None:
    sign_with(tmp_path, capsules.OWNER)
    ended = await offline.run("capsule", "verify", "capsule.zip", "--json")
    assert ended.status == 0
    assert ended.json["ok"] is True
    assert ended.json["trusted"] is True
    assert ended.json["verdict"] == "passed"


async def test_a_strangers_capsule_is_refused_with_the_way_to_trust_it(
    offline: CommandLine, tmp_path: Path
) -> None:
    sign_with(tmp_path, capsules.STRANGER)
    refused = await offline.run("capsule", "verify", "capsule.zip")
    assert refused.status == 1
    assert "--key" in refused.error
    (tmp_path / "signer.pem").write_bytes(public_key_pem(capsules.OWNER))
    named = await offline.run("capsule", "verify", "capsule.zip", "--key", "signer.pem")
    assert named.status == 0
    trusted = tmp_path / "home" / "trusted-keys"
    trusted.mkdir()
    (tmp_path / "signer.pem").rename(trusted / "signer.pem")
    assert (await offline.run("capsule", "verify", "capsule.zip")).status == 0


async def test_a_changed_byte_is_refused_with_the_reason(
    offline: CommandLine, tmp_path: Path
) -> None:
    path = tmp_path / "capsule.zip"
    path.write_bytes(capsules.repacked(path.read_bytes(), {"README.md": b"changed"}))
    ended = await offline.run("capsule", "verify", "capsule.zip")
    assert ended.status == 1
    assert "README.md" in ended.error


@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x05\x06" + bytes(18)])
async def test_what_is_no_capsule_is_refused(
    offline: CommandLine, tmp_path: Path, content: bytes
) -> None:
    (tmp_path / "other.zip").write_bytes(content)
    ended = await offline.run("capsule", "verify", "other.zip", "--json")
    assert ended.status == 1
    assert ended.json["ok"] is False
    assert ended.json["problems"]


@pytest.mark.parametrize(
    "arguments",
    [
        ("missing.zip",),
        ("capsule.zip", "--key", "missing.pem"),
        ("capsule.zip", "--key", "capsule.zip"),
        (),
    ],
)
async def test_what_is_not_there_or_no_key_is_wrong_usage(
    offline: CommandLine, arguments: tuple[str, ...]
) -> None:
    ended = await offline.run("capsule", "verify", *arguments)
    assert ended.status == 2
    assert "Traceback" not in ended.err
