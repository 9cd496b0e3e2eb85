"""The signing key: made once, kept from others, the same for all who start at once."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key

from quantumlayer.qlayer.capsule import (
    SigningKeyError,
    key_fingerprint,
    load_or_create_signing_key,
    load_signing_key,
    public_key_pem,
)


def test_the_key_is_made_at_first_use_and_found_again(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "signing.pem"
    made, found = load_or_create_signing_key(path), load_or_create_signing_key(path)
    assert public_key_pem(made) == public_key_pem(found)


def test_only_its_owner_can_read_it_and_no_draft_stays(tmp_path: Path) -> None:
    path = tmp_path / "signing.pem"
    load_or_create_signing_key(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_all_who_start_at_once_get_the_same_key(tmp_path: Path) -> None:
    path = tmp_path / "signing.pem"
    with ThreadPoolExecutor(16) as pool:
        keys = pool.map(load_or_create_signing_key, [path] * 64)
        assert len({public_key_pem(key) for key in keys}) == 1
    assert list(tmp_path.iterdir()) == [path]


def rsa_key() -> bytes:
    return generate_private_key(65537, 2048).private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


@pytest.mark.parametrize("content", [b"", b"garbage", rsa_key()])
def test_what_is_no_key_is_refused_and_left_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "signing.pem"
    path.write_bytes(content)
    with pytest.raises(SigningKeyError, match="openssl genpkey"):
        load_or_create_signing_key(path)
    assert path.read_bytes() == content


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SigningKeyError, match="cannot be used: "):
        load_or_create_signing_key(tmp_path / "file" / "signing.pem")


def test_a_fingerprint_names_the_public_half(tmp_path: Path) -> None:
    key = load_or_create_signing_key(tmp_path / "signing.pem")
    assert key_fingerprint(public_key_pem(key)) == key_fingerprint(
        public_key_pem(load_signing_key((tmp_path / "signing.pem").read_bytes()))
    )
    with pytest.raises(SigningKeyError, match="Ed25519"):
        key_fingerprint(b"x")
