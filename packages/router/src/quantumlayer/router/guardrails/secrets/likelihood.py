"""Whether a value is a secret or stands for one: entropy, and what examples are made of."""

import math
from collections import Counter

from quantumlayer.router.guardrails.patterns import Pattern, table

_ASSIGNMENT = table("secrets")["assignment"]
_PLACEHOLDERS: tuple[str, ...] = tuple(_ASSIGNMENT["placeholders"])
_EXAMPLES: tuple[str, ...] = tuple(table("secrets")["examples"])
_UUID = Pattern(r"(?i)^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$")
_NAME = Pattern(r"^[A-Za-z]+(?:[._/:-][A-Za-z]*\d?)*$|^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+$")


def entropy(value: str) -> float:
    """Shannon's entropy of the characters, in bits a character."""
    size = len(value)
    return -sum(n / size * math.log2(n / size) for n in Counter(value).values())


def shaped(value: str) -> bool:
    """Of a value in the shape of a provider: not the one in its documentation, not a row of x."""
    return entropy(value) >= 2.5 and not any(known in value for known in _EXAMPLES)


def token(value: str) -> bool:
    """Of a value in a place for secrets: it looks like chance, and like no name and no example."""
    return (
        entropy(value) >= _ASSIGNMENT["entropy"]
        and any(map(str.isdigit, value))
        and any(map(str.isalpha, value))
        and not _example(value)
        and not _NAME.occurs(value)
    )


def password(value: str) -> bool:
    """Of a password in a URL: it is written out, and not the word of an example."""
    lower = value.lower()
    return (
        not _example(value)
        and not value.startswith("$")
        and lower not in _ASSIGNMENT["common"]
        and (any(map(str.isdigit, value)) or entropy(value) >= 3)
    )


def assigned(value: str) -> bool:
    """Of what is assigned to a telling name: as `token`, with digits all through it, and no id."""
    digits = sum(map(str.isdigit, value))
    return token(value) and digits >= 3 and not _UUID.occurs(value) and "://" not in value


def _example(value: str) -> bool:
    lower = value.lower()
    return any(word in lower for word in _PLACEHOLDERS) or any(one in value for one in _EXAMPLES)
