"""What a provider says went wrong, wherever in a JSON document it says so.

The same few shapes come with an error's status, with status 200 and inside of streams.
"""

from dataclasses import dataclass

from quantumlayer.router.errors import (
    BadRequest,
    ContextTooLong,
    ProviderUnavailable,
    RouterError,
)
from quantumlayer.router.wires.error_kinds import (
    BY_CODE,
    kind_of_code,
    kind_of_status,
    says_too_long,
)
from quantumlayer.router.wires.lenient_json import dumped

_SHOWN = 300
_CODES = ("code", "type", "status")
_WORDS = ("message", "detail", "error_description", "reason", "msg")


@dataclass(frozen=True, slots=True)
class SaidError:
    """An error in the provider's own terms: its codes, its words, the parameter it means."""

    codes: tuple[str, ...]
    words: str
    parameter: str | None = None


def error_in(document: object) -> SaidError | None:
    """What the document says went wrong; None where it says nothing.

    Some servers send an empty error beside a good answer: that is none.
    """
    if not isinstance(document, dict):
        return None
    error = document.get("error")
    if not error and document.get("object") == "error":
        error = document
    if not error and not document.get("choices") and document.get("detail"):
        error = document["detail"]
    says_nothing = isinstance(error, dict) and not any(map(error.get, (*_CODES, *_WORDS)))
    return said_error(error) if error and not says_nothing else None


def said_error(error: object) -> SaidError:
    """An error as an object with codes and words, or as the words alone."""
    if not isinstance(error, dict):
        return SaidError((), shown(error))
    codes = (error.get(name) for name in _CODES)
    words = next((each for name in _WORDS if (each := error.get(name))), error)
    parameter = error.get("param")
    return SaidError(
        tuple(str(code) for code in codes if code and isinstance(code, str | int)),
        shown(words),
        parameter if isinstance(parameter, str) else None,
    )


def kind_of(said: SaidError | None, status: int | None = None) -> type[RouterError]:
    """The kind of an error that came with `status`; None: with 200, or inside of a stream."""
    codes = [code.lower() for code in said.codes] if said else []
    known = next((BY_CODE[code] for code in codes if code in BY_CODE), None)
    if status is not None and known in {None, BadRequest}:
        known = kind_of_status(status)
    known = known or kind_of_code(next(iter(codes), None))
    unspecific = known in {BadRequest, ProviderUnavailable}
    return ContextTooLong if said and unspecific and says_too_long(said.words) else known


def raised(said: SaidError) -> RouterError:
    """The router's error for one that came with status 200 or inside of a stream."""
    code = next(iter(said.codes), "no code")
    return kind_of(said)(f"the provider answered with an error ({code}): {said.words}")


def shown(value: object) -> str:
    """`value` in a line that a log can hold."""
    text = value if isinstance(value, str) else dumped(value)
    return text[:_SHOWN]
