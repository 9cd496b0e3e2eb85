"""Names that a description gives: to the library, to its functions and classes."""

import builtins
import keyword
import re

from quantumlayer.agents.builtin.understanding.library.reading import Reading

_IDENTIFIER = r"[`'\"]?(?P<name>[A-Za-z_][A-Za-z0-9_]{1,40})(?:\(\))?[`'\"]?"
_LIBRARY = re.compile(
    r"\b(?:library|package|module)\s*,?\s+(?:is\s+|to be\s+)?(?:called|named)\s+"
    r"[`'\"]?(?P<name>[A-Za-z][A-Za-z0-9_-]{1,40})[`'\"]?",
    re.IGNORECASE,
)
_CALLABLE = re.compile(
    rf"\b(?P<what>function|method|class|type)\s*,?\s+(?:called|named)\s+{_IDENTIFIER}",
    re.IGNORECASE,
)


def library_name(reading: Reading) -> str | None:
    """The name that the description gives to the library."""
    match = next(reading.free(_LIBRARY), None)
    return reading.take(match)["name"] if match else None


def given_names(reading: Reading) -> list[tuple[int, str, bool]]:
    """Names given to functions and classes: where, the name, whether it is a class."""
    found = []
    for match in list(reading.free(_CALLABLE)):
        name = match["name"]
        if not is_usable(name):
            continue
        reading.take(match)
        found.append((match.start(), name, match["what"].lower() in {"class", "type"}))
    return found


def is_usable(name: str) -> bool:
    """Whether a name can be that of a public function or class."""
    return (
        name.isidentifier()
        and not keyword.iskeyword(name)
        and not hasattr(builtins, name)
        and not name.startswith("_")
        and name.lower() not in {"that", "which", "errors", "and", "with", "for"}
    )
