from .building import CapsuleInputs, build_capsule
from .layout import NOT_REPRODUCIBLE
from .manifest import (
    CapsuleFile,
    CapsuleManifest,
    Generator,
    ModelUsage,
    RunRecord,
)
from .reading import (
    Capsule,
    CapsuleRefused,
    inspect_capsule,
    unpack_capsule,
)
from .sbom import sbom_schema
from .signing import (
    SigningKeyError,
    key_fingerprint,
    load_or_create_signing_key,
    load_signing_key,
    public_key_pem,
)
from .verification import VerificationReport, verify_capsule

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
