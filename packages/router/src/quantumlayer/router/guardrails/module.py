"""What a guardrail module is: what it declares, what it is shown, and what it may answer.

A `Module` lives as long as the gateway. For each exchange (a request and its answer) it opens a
`Guard`, which may keep what it learns. A guard is asked in this order, each step where it has it:
`before` once, `on_chunk` for each piece of a streamed answer, `after` once at the end.
"""

from collections.abc import Awaitable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, runtime_checkable


class Kind(StrEnum):
    """What becomes of an exchange when a module fails or is out of time."""

    POLICY = "policy"  # fails closed: the exchange is refused
    INSPECTOR = "inspector"  # fails open: the exchange goes on without it


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request as modules see it. Whoever calls takes the texts out of the messages."""

    model: str
    texts: tuple[str, ...]
    """All texts of the request, in their order; `Replace` answers with as many."""
    organisation: str = ""
    run: str = ""


@dataclass(frozen=True, slots=True)
class Allow:
    """Goes on. Of a stream, `text` goes on now and the guard keeps the rest back; None: all."""

    text: str | None = None


@dataclass(frozen=True, slots=True)
class Refuse:
    """Ends the exchange."""

    reason: str
    """A word for machines and metrics: `secret`, `model-not-allowed`."""
    what: str
    """A sentence that says what was found, without repeating it."""
    advice: str
    """A sentence that says what to do."""


@dataclass(frozen=True, slots=True)
class Replace:
    """Goes on with other texts: of a request as many as it has, of an answer one."""

    texts: tuple[str, ...]


Verdict = Allow | Refuse | Replace
Answer = Verdict | Awaitable[Verdict]
"""A plain verdict of whoever only computes; an awaitable of whoever waits, as it can be stopped."""

ALLOW = Allow()


class Guard:
    """One exchange's side of a module; a module's guard overrides what it needs."""

    def before(self, exchange: Exchange) -> Answer:  # noqa: ARG002 - guards override it
        """The request, before a model is asked."""
        return ALLOW

    def on_chunk(self, text: str) -> Answer:  # noqa: ARG002 - guards override it
        """The next piece of a streamed answer."""
        return ALLOW

    def after(self, text: str) -> Answer:  # noqa: ARG002 - guards override it
        """The answer's end: `text` is what did not come through `on_chunk`.

        Of an answer that was not streamed that is all of it, of a stream what other modules had
        kept back. Whoever keeps text back gives it out here, before `text`.
        """
        return ALLOW

    @property
    def listens(self) -> bool:
        """Whether answers concern it, now that the request is through; if not, it hears none.

        Where nobody listens, an answer goes on as it came.
        """
        return True

    @property
    def held(self) -> str:
        """What is kept back: it goes on when an inspector fails."""
        return ""


@runtime_checkable
class Module(Protocol):
    """A guardrail. Its `order` is its place before the model; answers pass the other way round."""

    @property
    def name(self) -> str:
        """Names it in metrics, refusals and settings."""

    @property
    def kind(self) -> Kind:
        """What its failure means."""

    @property
    def order(self) -> int:
        """The lowest sees requests first and answers last."""

    @property
    def limit_milliseconds(self) -> float:
        """How long one step may take."""

    def open(self) -> Guard:
        """A guard for one exchange."""
