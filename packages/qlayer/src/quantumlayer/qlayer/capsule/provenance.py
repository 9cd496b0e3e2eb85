"""Where a capsule comes from: an in-toto statement with SLSA provenance, signed in a DSSE envelope.

The statement's subjects are the manifest and every file that it lists; the record of the run is a
by-product. So one signature covers every byte of the capsule.
"""

import json
from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from securesystemslib.dsse import Envelope
from securesystemslib.exceptions import VerificationError
from securesystemslib.signer import CryptoSigner, SSlibKey  # type: ignore[attr-defined]  # not exported in its types

from quantumlayer.qlayer.capsule.canonical import canonical_json
from quantumlayer.qlayer.capsule.layout import MANIFEST, RUN
from quantumlayer.qlayer.capsule.lockfile import LockedPackage
from quantumlayer.qlayer.capsule.manifest import CapsuleManifest, RunRecord, rfc3339
from quantumlayer.qlayer.capsule.signing import key_fingerprint, public_key_pem

PAYLOAD_TYPE = "application/vnd.in-toto+json"
STATEMENT_TYPE = "https://in-toto.io/Statement/v1"
PREDICATE_TYPE = "https://slsa.dev/provenance/v1"
BUILD_TYPE = "urn:quantumlayer:build:generate-capsule:1"
BUILDER = "urn:quantumlayer:builder"


class NotSigned(Exception):  # noqa: N818 - it says what happened
    """An envelope that its key did not sign, or that is none; says which."""


def provenance_statement(
    manifest: CapsuleManifest,
    run: RunRecord,
    *,
    digests: Mapping[str, str],
    inputs: Mapping[str, str],
    packages: tuple[LockedPackage, ...],
) -> dict[str, Any]:
    """The statement on a capsule.

    `digests`: sha256 of the manifest and of the run's record, by path. `inputs`: sha256 of what
    the sources were written from, by path.
    """
    files = {file.path: file.sha256 for file in manifest.files}
    subjects = {MANIFEST: digests[MANIFEST], **files}
    generator = manifest.generator
    return {
        "_type": STATEMENT_TYPE,
        "subject": [_described(path, subjects[path]) for path in sorted(subjects)],
        "predicateType": PREDICATE_TYPE,
        "predicate": {
            "buildDefinition": {
                "buildType": BUILD_TYPE,
                "externalParameters": {
                    "prompt": {"sha256": manifest.prompt_sha256},
                    "model": manifest.model,
                    "kind": manifest.kind.value,
                    "language": manifest.language.value,
                },
                "internalParameters": {},
                "resolvedDependencies": [
                    *(_described(path, inputs[path]) for path in sorted(inputs)),
                    *({"uri": package.purl.to_string()} for package in packages),
                ],
            },
            "runDetails": {
                "builder": {"id": BUILDER, "version": {generator.name: generator.version}},
                "metadata": {
                    "invocationId": run.run_id,
                    "startedOn": rfc3339(run.started_at),
                    "finishedOn": rfc3339(run.finished_at),
                },
                "byproducts": [_described(RUN, digests[RUN])],
            },
        },
    }


def sign_statement(statement: Mapping[str, Any], key: Ed25519PrivateKey) -> bytes:
    """The statement in a signed DSSE envelope, as JSON."""
    name = key_fingerprint(public_key_pem(key))
    envelope = Envelope(canonical_json(dict(statement)), PAYLOAD_TYPE, {})
    envelope.sign(CryptoSigner(key, SSlibKey.from_crypto(key.public_key(), keyid=name)))
    return canonical_json(envelope.to_dict())


def verified_statement(envelope_text: bytes, public_key: SSlibKey) -> dict[str, Any]:
    """The statement inside an envelope that `public_key` signed.

    Raises NotSigned, also for an envelope written in another way than `sign_statement` does:
    every byte of it counts.
    """
    try:
        given = json.loads(envelope_text)
        envelope = Envelope.from_dict(json.loads(envelope_text))
        written = canonical_json(envelope.to_dict())
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise NotSigned("the provenance is not a DSSE envelope") from None
    if written != envelope_text or len(given["signatures"]) != 1:
        raise NotSigned("the provenance was written again by something else")
    try:
        envelope.verify([public_key], 1)
    except (VerificationError, ValueError):
        raise NotSigned("the signature was not made with the capsule's public key") from None
    if envelope.payload_type != PAYLOAD_TYPE:
        raise NotSigned(f"the provenance holds {envelope.payload_type!r}, not {PAYLOAD_TYPE!r}")
    try:
        statement: object = json.loads(envelope.payload)
    except (ValueError, RecursionError):
        statement = None
    if not isinstance(statement, dict):
        raise NotSigned("the signed statement is not a JSON object")
    return statement


def _described(name: str, sha256: str) -> dict[str, Any]:
    return {"name": name, "digest": {"sha256": sha256}}
