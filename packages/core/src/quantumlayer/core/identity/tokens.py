"""Secrets that people and programs carry, and what is kept of them: a hash, never the secret."""

import hashlib
import re
import secrets

_API_KEY = re.compile(r"ql_[A-Za-z0-9_-]{43}")
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
_PREFIX_CHARACTERS = 9
# 32 random bytes are 43 url-safe characters; so much randomness needs no slow hash.
_RANDOM_BYTES = 32


def new_api_key() -> str:
    """A fresh API key: `ql_` and 43 url-safe characters."""
    return f"ql_{new_token()}"


def new_token() -> str:
    """A fresh secret of 43 url-safe characters, for links and sessions."""
    return secrets.token_urlsafe(_RANDOM_BYTES)


def is_api_key(text: str) -> bool:
    """Whether `text` has the form of an API key."""
    return _API_KEY.fullmatch(text) is not None


def is_token(text: str) -> bool:
    """Whether `text` has the form of a link's or a session's secret."""
    return _TOKEN.fullmatch(text) is not None


def secret_hash(secret: str) -> str:
    """What the database keeps of a secret: its sha256, hexadecimal."""
    return hashlib.sha256(secret.encode()).hexdigest()


def shown_prefix(api_key: str) -> str:
    """The beginning of an API key, by which people tell one from another."""
    return api_key[:_PREFIX_CHARACTERS]
