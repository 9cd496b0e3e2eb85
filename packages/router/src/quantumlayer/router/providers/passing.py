"""A request of somebody else's, passed on as it is to a provider of the same format."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from dataclasses import dataclass

from pydantic import JsonValue

from quantumlayer.router.deltas import Alive, Delta
from quantumlayer.router.errors import ProviderUnavailable, RouterError
from quantumlayer.router.providers.endpoints import Endpoint
from quantumlayer.router.transport.clocks import Clocks, Sign, sign_of, within
from quantumlayer.router.transport.event_streams import Comment
from quantumlayer.router.transport.exchange import Document, exchange
from quantumlayer.router.transport.failures import missing_key, without_key
from quantumlayer.router.wires.wire import Reader

_ALIVE = (Alive(),)


@dataclass(frozen=True, slots=True)
class PassedPiece:
    """One event word for word, and what it says; `data` is None for a mere sign of life.

    `document` is a whole reply that came though a stream was asked for.
    """

    deltas: tuple[Delta, ...]
    name: str | None = None
    data: str | None = None
    document: JsonValue = None


async def pass_on(
    endpoint: Endpoint,
    headers: Mapping[str, str],
    body: JsonValue,
    reader: Reader,
    clocks: Clocks,
) -> AsyncGenerator[PassedPiece, None]:
    """Posts `body` once and gives the reply's events as they come.

    Pieces that were given before an error stay valid. Raises a `RouterError`, without the key in
    its words; a reply that ends before its format says so is `ProviderUnavailable`.
    """
    if endpoint.key_needed and endpoint.target.key is None:
        raise missing_key(endpoint.target)
    answer = _once(endpoint, headers, body, reader)
    try:
        async with aclosing(within(clocks, answer, _sign)) as pieces:
            async for piece in pieces:
                yield piece
    except RouterError as error:
        raise without_key(endpoint.target, error) from None


async def _once(
    endpoint: Endpoint, headers: Mapping[str, str], body: JsonValue, reader: Reader
) -> AsyncGenerator[PassedPiece, None]:
    target = endpoint.target
    answer = exchange(target.at(target.url + endpoint.wire.path), headers, body)
    async with aclosing(answer) as pieces:
        async for piece in pieces:
            if isinstance(piece, Comment):
                yield PassedPiece(_ALIVE)
            elif isinstance(piece, Document):
                yield PassedPiece(tuple(reader.whole(piece.body)), document=piece.body)
            else:
                deltas: list[Delta] = []
                try:
                    deltas += reader.event(piece.name, piece.data)
                except RouterError:
                    # What an event said before it told of an error was received all the same.
                    if deltas:
                        yield PassedPiece(tuple(deltas))
                    raise
                yield PassedPiece(tuple(deltas), piece.name, piece.data)
    if not reader.ended:
        raise ProviderUnavailable(
            f"{target.provider} ended its reply before the model was finished"
        )


def _sign(piece: PassedPiece) -> Sign:
    return max(map(sign_of, piece.deltas), default=Sign.LIFE)
