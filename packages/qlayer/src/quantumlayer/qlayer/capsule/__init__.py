"""The capsule: a project with all that is known of it, in one signed, reproducible zip."""

from quantumlayer.qlayer.capsule.building import CapsuleInputs, build_capsule
from quantumlayer.qlayer.capsule.layout import NOT_REPRODUCIBLE
from quantumlayer.qlayer.capsule.manifest import (
    CapsuleFile,
    CapsuleManifest,
    Generator,
    ModelUsage,
    RunRecord,
)
from quantumlayer.qlayer.capsule.reading import (
    Capsule,
    CapsuleRefused,
    inspect_capsule,
    unpack_capsule,
)
from quantumlayer.qlayer.capsule.sbom import sbom_schema
from quantumlayer.qlayer.capsule.signing import (
    SigningKeyError,
    key_fingerprint,
    load_or_create_signing_key,
    load_signing_key,
    public_key_pem,
)
from quantumlayer.qlayer.capsule.verification import VerificationReport, verify_capsule

__all__ = [
    "NOT_REPRODUCIBLE",
    "Capsule",
    "CapsuleFile",
    "CapsuleInputs",
    "CapsuleManifest",
    "CapsuleRefused",
    "Generator",
    "ModelUsage",
    "RunRecord",
    "SigningKeyError",
    "VerificationReport",
    "build_capsule",
    "inspect_capsule",
    "key_fingerprint",
    "load_or_create_signing_key",
    "load_signing_key",
    "public_key_pem",
    "sbom_schema",
    "unpack_capsule",
    "verify_capsule",
]
