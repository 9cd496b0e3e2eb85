"""What of a folder is nobody's business: it is neither read, sent nor stored."""

import re
from fnmatch import fnmatchcase
from pathlib import PurePosixPath

_SECRET = (
    ".env", ".env.*", "*.env", ".netrc", ".pgpass", ".pypirc", ".htpasswd", ".git-credentials",
    "id_rsa", "id_dsa", "id_ecdsa", "id_ed25519", "*.p12", "*.pfx", "*.jks", "*.keystore", "*.key",
    "*.kdbx", "credentials.json", "service-account*.json",
)  # fmt: skip
_SHOWN = (".env.example", ".env.sample", ".env.template", ".env.dist", "example.env")
_MATERIAL = re.compile(
    rb"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----|^\s*//[^\s=]+:_(?:authToken|auth|password)\s*=",
    re.MULTILINE,
)
_READ_FOR_KEYS = frozenset({".pem", ".crt", ""})
_KEPT_WITH_TOKENS = frozenset({".npmrc", ".yarnrc", ".yarnrc.yml"})


def is_secret(path: str, content: bytes) -> bool:
    """Whether a file is there to hold secrets, by its name or, where keys are kept, by its text."""
    place = PurePosixPath(path)
    name = place.name.lower()
    if name in _SHOWN:
        return False
    if any(fnmatchcase(name, pattern) for pattern in _SECRET):
        return True
    may_hold = place.suffix.lower() in _READ_FOR_KEYS or name in _KEPT_WITH_TOKENS
    return may_hold and _MATERIAL.search(content) is not None
