"""A request of somebody else's, passed on as it is to a provider of the same format."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing, closing
from typing import NamedTuple

from pydantic import JsonValue

from quantumlayer.router.deltas import Alive, Delta
from quantumlayer.router.errors import ProviderUnavailable, RouterError
from quantumlayer.router.providers.endpoints import Endpoint
from quantumlayer.router.transport.clocks import Clocks, Deadline, Sign, sign_of
from quantumlayer.router.transport.event_streams import Comment
from quantumlayer.router.transport.exchange import Document, Piece, exchange
from quantumlayer.router.transport.failures import missing_key, without_key
from quantumlayer.router.wires.wire import Reader

_ALIVE = (Alive(),)


class PassedPiece(NamedTuple):
    """One event word for word, and what it says; `data` is None for a mere sign of life.

    `document` is a whole reply that came though a stream was asked for.
    """

    deltas: tuple[Delta, ...]
    name: str | None = None
    data: str | None = None
    document: JsonValue = None


Burst = list[PassedPiece]
"""What came together, at least one piece."""


async def pass_on(
    endpoint: Endpoint,
    headers: Mapping[str, str],
    body: JsonValue,
    reader: Reader,
    clocks: Clocks,
) -> AsyncGenerator[Burst, None]:
    """Posts `body` once and gives the reply's events as they come.

    Pieces that were given before an error stay valid. Raises a `RouterError`, without the key in
    its words; a reply that ends before its format says so is `ProviderUnavailable`.
    """
    target = endpoint.target
    if endpoint.key_needed and target.key is None:
        raise missing_key(target)
    answer = exchange(target.at(target.url + endpoint.wire.path), headers, body)
    try:
        async with aclosing(answer):
            with closing(Deadline(clocks)) as deadline:
                while (came := await deadline.next(answer)) is not None:
                    read: Burst = []
                    try:
                        for piece in came:
                            _read(reader, piece, read)
                    except RouterError:
                        # What was said before an error was received all the same.
                        if read:
                            yield read
                        raise
                    yield read
                    deadline.heard(_sign(read))
        if not reader.ended:
            raise ProviderUnavailable(
                f"{target.provider} ended its reply before the model was finished"
            )
    except RouterError as error:
        raise without_key(target, error) from None


def _read(reader: Reader, piece: Piece, read: Burst) -> None:
    """Puts what the piece says behind what was `read`."""
    if isinstance(piece, Comment):
        read.append(PassedPiece(_ALIVE))
    elif isinstance(piece, Document):
        read.append(PassedPiece(tuple(reader.whole(piece.body)), document=piece.body))
    else:
        deltas: list[Delta] = []
        try:
            deltas += reader.event(piece.name, piece.data)
        except RouterError:
            if deltas:
                read.append(PassedPiece(tuple(deltas)))
            raise
        read.append(PassedPiece(tuple(deltas), piece.name, piece.data))


def _sign(burst: Burst) -> Sign:
    return max([sign_of(delta) for piece in burst for delta in piece.deltas], default=Sign.LIFE)
