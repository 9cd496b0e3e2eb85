"""What a provider says went wrong, wherever in a JSON document it says so.

The same few shapes come with an error's status, with status 200 and inside of streams.
"""

from dataclasses import dataclass
from typing import Any

import orjson

from quantumlayer.router.errors import BadRequest, ContextTooLong, RouterError
from quantumlayer.router.wires.error_kinds import (
    BY_CODE,
    kind_of_code,
    kind_of_status,
    says_too_long,
)

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
    if isinstance(error, dict):
        return _said(error)
    return SaidError((), shown(error)) if error else None


def kind_of(said: SaidError | None, status: int | None = None) -> type[RouterError]:
    """The kind of an error that came with `status`; None: with 200, or inside of a stream."""
    codes = said.codes if said else ()
    known = next((BY_CODE[code.lower()] for code in codes if code.lower() in BY_CODE), None)
    if known is None or (known is BadRequest and status is not None):
        by_status = kind_of_code(codes[0] if codes else None) if status is None else None
        known = by_status or kind_of_status(status)
    refused = known is BadRequest and said is not None
    return ContextTooLong if refused and says_too_long(said.words) else known


def raised(said: SaidError) -> RouterError:
    """The router's error for one that came with status 200 or inside of a stream."""
    code = next(iter(said.codes), "no code")
    return kind_of(said)(f"the provider answered with an error ({code}): {said.words}")


def shown(value: object) -> str:
    """`value` in a line that a log can hold."""
    text = value if isinstance(value, str) else orjson.dumps(value, default=str).decode()
    return text[:_SHOWN]


def _said(error: dict[str, Any]) -> SaidError | None:
    codes = tuple(
        str(each) for name in _CODES if (each := error.get(name)) and isinstance(each, str | int)
    )
    words = next((each for name in _WORDS if (each := error.get(name))), None)
    if not codes and words is None:
        return None
    parameter = error.get("param")
    return SaidError(
        codes,
        shown(error if words is None else words),
        parameter if isinstance(parameter, str) else None,
    )
