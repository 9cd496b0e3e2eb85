"""Statuses, codes and words by which providers name what went wrong, as the router's errors.

The table is `refusals.toml`.
"""

import re
import tomllib
from importlib.resources import files
from typing import Final

from quantumlayer.router import errors
from quantumlayer.router.errors import BadRequest, ContextTooLong, ProviderUnavailable, RouterError

_TABLE: Final = tomllib.loads((files(__package__) / "refusals.toml").read_text(encoding="utf-8"))


def _kind(name: str) -> type[RouterError]:
    kind: type[RouterError] = getattr(errors, name)
    return kind


BY_STATUS: Final = {int(status): _kind(name) for status, name in _TABLE["statuses"].items()}
BY_CODE: Final = {code: _kind(name) for name, codes in _TABLE["codes"].items() for code in codes}
_BY_WORDS: Final = {
    _kind(name): re.compile("|".join(words), re.IGNORECASE | re.DOTALL)
    for name, words in _TABLE["words"].items()
}
_PARAMETERS: Final = _TABLE["parameters"]
_REFUSED: Final = re.compile(_PARAMETERS["refused"], re.IGNORECASE)


def kind_of_status(status: object) -> type[RouterError]:
    """The kind of an HTTP status; what is none, or is the server's fault, passes."""
    if not isinstance(status, int) or status >= 500:
        return ProviderUnavailable
    return BY_STATUS.get(status, BadRequest)


def kind_of_code(code: object) -> type[RouterError]:
    """The kind of the code in an error that came with status 200.

    Passing where nothing is known: the server took the request before something behind it failed.
    """
    word = str(code).lower()
    if word.isdecimal():
        return BY_STATUS.get(int(word), ProviderUnavailable)
    return BY_CODE.get(word, ProviderUnavailable)


def kind_of_words(words: str) -> type[RouterError] | None:
    """The kind that the words alone give away; None where they do not."""
    return next((kind for kind, said in _BY_WORDS.items() if said.search(words)), None)


def says_too_long(words: str) -> bool:
    """Whether the words of a refused request say that it does not fit into the context."""
    return kind_of_words(words) is ContextTooLong


def refused_parameter(words: str, named: str | None = None) -> str | None:
    """The parameter without which the refused request may pass, if the refusal is about one.

    `named` is what the provider itself calls the parameter, such as `response_format.type`.
    """
    said = f"{named or ''} {words}"
    found = [
        name
        for name in (*_PARAMETERS["optional"], *_PARAMETERS["wanted"])
        if re.search(rf"(?<![\w-]){name}(?![\w-])", said)
    ]
    # A refusal may go on to say what to send instead: what it names first is what it refuses.
    first = min(found, key=said.find, default=None)
    if first in _PARAMETERS["wanted"] and not _REFUSED.search(words):
        return None
    return first
