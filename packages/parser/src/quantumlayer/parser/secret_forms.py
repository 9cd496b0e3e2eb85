"""Whether what has the form of a secret can be one: what it holds, and what it stands in.

A token that is part of a longer word is a piece of it; a web token says itself when it ended; a
private key is the key, not its heading; test data has keys that open nothing.
"""

import base64
import json
import re
import time
from typing import Any

PRIVATE_KEY = "Private Key"
WEB_TOKEN = "JSON Web Token"  # noqa: S105 - a name, not a secret
PRETENDED = re.compile(
    r"(?i)example|sample|placeholder|changeme|dummy|redacted|^<|^\$|^\{|^x{3,}|^\*{2,}"
    r"|^(?:password|passwd|pass|secret|user|username|token|pw|guest|postgres|root|test\w*|app|dev)$"
    r"|^(.)\1*$|1234567890|0123456789|abcdefgh"
)
_TESTS = re.compile(
    r"(?i)(?:^|/)[\w.-]*(?:tests?|testing|specs?|e2e|fixtures?|testdata|mocks?|examples?|samples?|docs?)"
    r"[\w.-]*/|(?:^|/)(?:test_|conftest)|(?:_tests?|[._-]spec|\.test|Tests?|IT)\.\w+$|\.(?:md|rst|adoc)$"
)
_KEY_BODY = re.compile(
    r"[^\n]{0,80}?(?:\\n|\n)(?:[^\n]{0,120}?(?:\\n|\n)){0,4}?[^\n]{0,12}?[A-Za-z0-9+/]{40}"
)
_TOKEN = re.compile(r"[\w.=-]+")
_OF_WORDS = re.compile(r"[A-Za-z0-9+]")
_GOES_ON = re.compile(r"[A-Za-z0-9+/=]")
# Their forms carry marks of their own, or end in what a word may go on with.
_OF_ANY_LENGTH = frozenset({PRIVATE_KEY, WEB_TOKEN, "Azure Storage Account access key"})
_LIFELESS = frozenset({"1234567890", "test", "user", "admin", "foo", "bar"})


def can_be_secret(kind: str, path: str, text: str, start: int, end: int) -> bool:
    """Whether `text[start:end]`, which has the form of a secret of `kind`, can be one.

    `path` is that of the file, from the root of its project.
    """
    secret = text[start:end]
    if PRETENDED.search(secret):
        return False
    if kind not in _OF_ANY_LENGTH and _is_a_piece(text, start, end):
        return False
    if kind not in (PRIVATE_KEY, WEB_TOKEN):
        # Letters alone are words.
        return any(char.isdigit() for char in secret)
    if _TESTS.search(path):
        return False
    if kind == PRIVATE_KEY:
        return _KEY_BODY.match(text, end, end + 1_000) is not None
    whole = _TOKEN.match(text, start)
    return whole is not None and _is_valid_still(whole[0])


def _is_a_piece(text: str, start: int, end: int) -> bool:
    """Whether it is cut out of something longer: an image, a hash, a compiled program."""
    before, after = text[max(0, start - 1) : start], text[end : end + 1]
    return bool(_OF_WORDS.match(before) or _GOES_ON.match(after))


def _is_valid_still(token: str) -> bool:
    """Whether a web token may open something: it can be read, is signed and has not ended."""
    parts = token.split(".")
    head, claims = (_part(part) for part in (*parts[:2], "", "")[:2])
    if head is None or claims is None or len(parts) < 3 or not parts[2]:
        return False
    if str(head.get("alg", "none")).lower() == "none":
        return False
    ends = claims.get("exp")
    if isinstance(ends, int | float) and ends < time.time():
        return False
    return str(claims.get("sub", "")).lower() not in _LIFELESS and bool(
        claims.keys() & {"sub", "iss", "role", "scope", "aud", "exp", "email", "user_id", "uid"}
    )


def _part(text: str) -> dict[str, Any] | None:
    try:
        found = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None
