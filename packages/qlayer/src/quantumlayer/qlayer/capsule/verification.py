"""Verifying a capsule: archive, files, signature, provenance, bill of materials, report."""

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from pydantic import Field
from securesystemslib.signer import SSlibKey  # type: ignore[attr-defined]  # not exported in its types

from quantumlayer.qlayer.blueprint import Blueprint
from quantumlayer.qlayer.capsule import layout
from quantumlayer.qlayer.capsule.lockfile import locked_packages
from quantumlayer.qlayer.capsule.manifest import CapsuleManifest, RunRecord
from quantumlayer.qlayer.capsule.provenance import (
    BUILD_TYPE,
    PREDICATE_TYPE,
    STATEMENT_TYPE,
    NotSigned,
    verified_statement,
)
from quantumlayer.qlayer.capsule.reading import (
    CapsuleRefused,
    file_problems,
    manifest_of,
    part,
    read_files,
)
from quantumlayer.qlayer.capsule.sbom import sbom_problems
from quantumlayer.qlayer.capsule.signing import key_fingerprint, public_key_pem
from quantumlayer.qlayer.noun import Noun
from quantumlayer.qlayer.quality import QualityReport
from quantumlayer.qlayer.requirements import Requirements
from quantumlayer.qtest import Verdict


class VerificationReport(Noun):
    """What a check of a capsule showed.

    `ok`: every byte is as it was signed, and (with keys given) by one that is trusted. `signer` is
    the fingerprint of the key that signed. `trusted` is None when no keys were given: then the
    capsule vouches for itself. `verdict` is the project's own, which may well be `failed`.
    """

    ok: bool
    problems: tuple[str, ...] = ()
    name: str | None = None
    verdict: Verdict | None = None
    signer: str | None = None
    trusted: bool | None = None
    files: tuple[str, ...] = Field(default=(), description="every file that was checked")


def verify_capsule(
    source: Path | bytes, trusted_keys: Sequence[bytes] | None = None
) -> VerificationReport:
    """Check a capsule, offline; `trusted_keys` are public keys in PEM.

    Whatever the input is, the answer is a report. Raises SigningKeyError only for a trusted key
    that is none.
    """
    trusted = None if trusted_keys is None else {key_fingerprint(key) for key in trusted_keys}
    try:
        files = read_files(source)
        manifest = manifest_of(files)
    except CapsuleRefused as error:
        return VerificationReport(ok=False, problems=(str(error),))
    signer, signature_problems = _signature_problems(files, manifest)
    problems = (
        *file_problems(files, manifest),
        *signature_problems,
        *_trust_problems(signer, trusted),
        *_evidence_problems(files, manifest),
    )
    return VerificationReport(
        ok=not problems,
        problems=problems,
        name=manifest.name,
        verdict=manifest.verdict,
        signer=signer,
        trusted=None if trusted is None else signer in trusted,
        files=tuple(sorted(files)),
    )


def signed_problems(files: Mapping[str, bytes], manifest: CapsuleManifest) -> tuple[str, ...]:
    """What is wrong with the signature, and with all that says what the project was.

    The project's own files may be others than those that were signed: somebody may have changed
    them since.
    """
    _, problems = _signature_problems(files, manifest)
    if problems:
        return problems
    said = [one for one in manifest.files if one.role == "evidence"]
    return tuple(
        f"{one.path} is missing or was changed"
        for one in said
        if one.path not in files or _sha256(files[one.path]) != one.sha256
    )


def _signature_problems(
    files: Mapping[str, bytes], manifest: CapsuleManifest
) -> tuple[str | None, tuple[str, ...]]:
    """The fingerprint of who signed (None: nobody did), and what is wrong with what was signed."""
    key = _public_key(files.get(layout.PUBLIC_KEY, b""))
    if key is None:
        return None, (f"{layout.PUBLIC_KEY} is not an Ed25519 public key in PEM",)
    name = key_fingerprint(public_key_pem(key))
    try:
        known = SSlibKey.from_crypto(key, keyid=name)
        statement = verified_statement(files.get(layout.PROVENANCE, b""), known)
    except NotSigned as error:
        return None, (str(error),)
    try:
        return name, _statement_problems(statement, files, manifest)
    except (KeyError, TypeError, IndexError, AttributeError):
        return name, ("the signed statement is not SLSA provenance of a capsule",)


def _public_key(pem: bytes) -> Ed25519PublicKey | None:
    try:
        key = load_pem_public_key(pem)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return None
    # Only as we write it: every byte of a capsule counts.
    return key if isinstance(key, Ed25519PublicKey) and public_key_pem(key) == pem else None


def _statement_problems(
    statement: Mapping[str, Any], files: Mapping[str, bytes], manifest: CapsuleManifest
) -> tuple[str, ...]:
    problems = []
    predicate = statement["predicate"]
    definition, details = predicate["buildDefinition"], predicate["runDetails"]
    kinds = (statement["_type"], statement["predicateType"], definition["buildType"])
    if kinds != (STATEMENT_TYPE, PREDICATE_TYPE, BUILD_TYPE):
        problems.append("the signed statement is not SLSA provenance of a capsule")
    expected = {file.path: file.sha256 for file in manifest.files}
    expected[layout.MANIFEST] = _sha256(files[layout.MANIFEST])
    signed = {subject["name"]: subject["digest"]["sha256"] for subject in statement["subject"]}
    differing = sorted(
        path for path in signed.keys() | expected.keys() if signed.get(path) != expected.get(path)
    )
    if differing:
        problems.append(f"the signature speaks of other contents: {', '.join(differing[:5])}")
    byproducts = {one["name"]: one["digest"]["sha256"] for one in details["byproducts"]}
    if byproducts != {layout.RUN: _sha256(files.get(layout.RUN, b""))}:
        problems.append(f"{layout.RUN} was changed")
    parameters = definition["externalParameters"]
    if (parameters["prompt"]["sha256"], parameters["model"]) != (
        manifest.prompt_sha256,
        manifest.model,
    ):
        problems.append("the signature speaks of another prompt or model")
    return tuple(problems)


def _trust_problems(signer: str | None, trusted: set[str] | None) -> tuple[str, ...]:
    if trusted is None or signer is None or signer in trusted:
        return ()
    return (f"signed by {signer}, which is not among the trusted keys",)


def _evidence_problems(files: Mapping[str, bytes], manifest: CapsuleManifest) -> tuple[str, ...]:
    """Nouns that cannot be read, or that contradict the manifest."""
    problems = []
    try:
        requirements = part(files, layout.REQUIREMENTS, Requirements)
        part(files, layout.BLUEPRINT, Blueprint)
        part(files, layout.RUN, RunRecord)
        quality = part(files, layout.QUALITY, QualityReport)
        if (quality.verdict, quality.reasons) != (manifest.verdict, manifest.verdict_reasons):
            problems.append("the quality report and the manifest have different verdicts")
        if (requirements.name, requirements.kind) != (manifest.name, manifest.kind):
            problems.append("the requirements and the manifest speak of different projects")
    except CapsuleRefused as error:
        problems.append(str(error))
    if layout.SBOM in files:
        problems += sbom_problems(files[layout.SBOM], locked_packages(files))
    return tuple(problems)


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
