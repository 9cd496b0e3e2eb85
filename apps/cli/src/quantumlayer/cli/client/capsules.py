"""Checking a capsule on this disk, and whose signature is trusted here."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from quantumlayer.qlayer.capsule import VerificationReport

_TRUSTED_FOLDER = "trusted-keys"
_MOST_PROBLEMS = 3


@dataclass(frozen=True)
class Checked:
    """What the check of a capsule showed, and in words."""

    report: VerificationReport
    summary: str

    @property
    def ok(self) -> bool:
        """Whether every byte is as it was signed, by one who is trusted where anybody is."""
        return self.report.ok


def soon_to_check() -> None:
    """Loads what checks a capsule beside the caller, who waits for one that is being made."""
    threading.Thread(target=_load_checks, daemon=True).start()


def _load_checks() -> None:
    from quantumlayer.qlayer.capsule import (  # noqa: PLC0415 - the signatures' libraries are of no use to other commands
        sbom_schema,
        verify_capsule,  # noqa: F401 - loaded, and used by `check_capsule`
    )

    sbom_schema()


def check_capsule(path: Path, keys: Sequence[bytes] | None) -> Checked:
    """Checks the capsule at `path`, offline; without `keys` it vouches for itself."""
    from quantumlayer.qlayer.capsule import verify_capsule  # noqa: PLC0415 - the signatures' libraries are of no use to other commands

    report = verify_capsule(path, keys)
    return Checked(report, _summary(path, report))


def trusted_keys(*, own: bool = True) -> list[bytes] | None:
    """Public keys in PEM: the local platform's (with `own`), and those in its `trusted-keys`.

    None when there is none at all: then nobody's signature can be told from another's.
    """
    from quantumlayer.cli.platform.access import platform_settings  # noqa: PLC0415 - loaded where it is used

    settings = platform_settings()
    files = sorted((settings.home / _TRUSTED_FOLDER).glob("*.pem"))
    keys = [key_in(file) for file in files]
    if own:
        secret = settings.signing_key_file or settings.home / "secrets" / "signing-key.pem"
        keys += _public_half(secret)
    return keys or None


def key_in(path: Path) -> bytes:
    """The public key that the user named; a usage error when it is none."""
    from quantumlayer.qlayer.capsule import SigningKeyError, key_fingerprint  # noqa: PLC0415 - loaded where it is used

    try:
        pem = path.read_bytes()
        key_fingerprint(pem)
    except (OSError, SigningKeyError) as error:
        raise click.UsageError(
            f"{path} is no Ed25519 public key in PEM, such as capsule/public-key.pem in a"
            f" capsule ({error})"
        ) from None
    return pem


def _public_half(secret_key: Path) -> list[bytes]:
    from quantumlayer.qlayer.capsule import (  # noqa: PLC0415 - loaded where it is used
        SigningKeyError,
        load_signing_key,
        public_key_pem,
    )

    try:
        return [public_key_pem(load_signing_key(secret_key.read_bytes()))]
    except (OSError, SigningKeyError):
        return []


def _summary(path: Path, report: VerificationReport) -> str:
    signer = (report.signer or "")[:16]
    if report.ok and report.trusted is None:
        return f"intact, signed by {signer}…, a key that nobody here knows"
    if report.ok:
        return f"intact, signed by the trusted key {signer}…"
    problems = "; ".join(report.problems[:_MOST_PROBLEMS])
    if len(report.problems) > _MOST_PROBLEMS:
        problems += f"; and {len(report.problems) - _MOST_PROBLEMS} more"
    if report.trusted is False and len(report.problems) == 1:
        problems += (
            f". If you trust whoever made it: unzip -p {path} capsule/public-key.pem > signer.pem,"
            f" then verify with --key signer.pem, or keep it in QL_HOME as"
            f" {_TRUSTED_FOLDER}/signer.pem"
        )
    return problems
