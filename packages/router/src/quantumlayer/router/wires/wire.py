"""How requests and replies look on the line to a provider: one wire a format, pure, no I/O."""

from collections.abc import Iterable, Mapping
from typing import Protocol

from pydantic import JsonValue

from quantumlayer.router.deltas import Delta
from quantumlayer.router.profiles.profile import Profile
from quantumlayer.router.providers.protocol import ProviderRequest


def bearer(key: str | None) -> Mapping[str, str]:
    """The header that names the caller in OpenAI's formats; none without a key."""
    return {} if key is None else {"Authorization": f"Bearer {key}"}


class Reader(Protocol):
    """Reads one reply; a new one for each."""

    def event(self, name: str | None, data: str) -> Iterable[Delta]:
        """The pieces of one server-sent event.

        Raises the `RouterError` that an error inside of the stream means.
        """
        ...

    def whole(self, body: object) -> Iterable[Delta]:
        """The pieces of a reply that came in one JSON document, though a stream was asked for.

        Raises the `RouterError` that an error inside of it means.
        """
        ...

    @property
    def ended(self) -> bool:
        """Whether an end of the format's own was seen; counts may still follow it.

        A stream that closes before it is broken, however politely it closes.
        """
        ...


class Wire(Protocol):
    """One format: where requests go, what they carry, how replies are read."""

    @property
    def path(self) -> str:
        """Behind the base URL, such as `/chat/completions`."""
        ...

    def headers(self, key: str | None) -> Mapping[str, str]:
        """The headers that name the caller and the format's version."""
        ...

    def body(
        self, request: ProviderRequest, profile: Profile, *, without: frozenset[str] = frozenset()
    ) -> dict[str, JsonValue]:
        """The request as JSON, always streamed; `without` names parameters refused before."""
        ...

    def reader(self, request: ProviderRequest) -> Reader:
        """A reader for the reply to `request`, which says whether tools were offered."""
        ...
