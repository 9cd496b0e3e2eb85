"""The signing key: an Ed25519 private key in a file that only its owner reads."""

import os
import secrets
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from quantumlayer.qlayer.capsule import verifier


class SigningKeyError(Exception):
    """The key's file cannot be read, written, or used; says what to do."""


def load_or_create_signing_key(path: Path) -> Ed25519PrivateKey:
    """The key in `path`; made there at first use, readable by its owner alone.

    Safe when several processes start at once: all of them get the same key. Raises
    SigningKeyError.
    """
    try:
        if not path.exists():
            _create(path)
        return load_signing_key(path.read_bytes())
    except OSError as error:
        raise SigningKeyError(
            f"the signing key {path} cannot be used: {error.strerror or error}"
        ) from None


def load_signing_key(pem: bytes) -> Ed25519PrivateKey:
    """An unencrypted Ed25519 private key in PEM (PKCS#8). Raises SigningKeyError."""
    try:
        key = serialization.load_pem_private_key(pem, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        raise SigningKeyError(
            "the signing key is not an unencrypted Ed25519 private key in PEM; "
            "make one: openssl genpkey -algorithm ed25519"
        )
    return key


def public_key_pem(key: Ed25519PrivateKey | Ed25519PublicKey) -> bytes:
    """The public half in PEM (SubjectPublicKeyInfo): what others compare with."""
    public = key.public_key() if isinstance(key, Ed25519PrivateKey) else key
    return public.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def key_fingerprint(public_pem: bytes) -> str:
    """The sha256 of the key's SubjectPublicKeyInfo, 64 hexadecimal digits.

    Raises SigningKeyError when `public_pem` is no Ed25519 public key.
    """
    try:
        return verifier.fingerprint(verifier.raw_key(public_pem))
    except verifier.Refused as error:
        raise SigningKeyError(str(error)) from None


def _create(path: Path) -> None:
    """Write a new key beside `path` and link it there; whoever links first has made the key."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    pem = Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(pem)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            return
    finally:
        draft.unlink(missing_ok=True)
