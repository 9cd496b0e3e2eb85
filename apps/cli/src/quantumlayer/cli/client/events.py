"""Following a run's events over graphql-transport-ws, through every break, missing nothing."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from quantumlayer.cli.client.api import PATIENCE_SECONDS, refusal
from quantumlayer.cli.client.errors import RefusedError, refused
from quantumlayer.cli.client.patience import Patience
from quantumlayer.cli.client.reach import Reach, say_to_stderr
from quantumlayer.cli.errors import PlatformError

if TYPE_CHECKING:
    from websockets.sync.client import ClientConnection

_PROTOCOL = "graphql-transport-ws"
_FORBIDDEN = 4403
# A connection that nothing went wrong with for this long is one.
_PROOF_SECONDS = 2.0
_QUERY = """subscription($run: ID!, $after: Int!) {
  runEvents(runId: $run, after: $after) { sequence type data createdAt }
}"""


@dataclass(frozen=True)
class Event:
    """One line of a run's story."""

    sequence: int
    type: str
    data: dict[str, Any]
    created_at: datetime


def follow(
    reach: Reach,
    run_id: str,
    after: int = 0,
    say: Callable[[str], None] = say_to_stderr,
) -> Iterator[Event]:
    """Every event after number `after`, as it happens, until the run's last one.

    A broken connection is made again and goes on after the last event seen; `say` is told when
    that takes long. Raises RefusedError for what the API refuses, PlatformError when it stays
    away for minutes.
    """
    from websockets.exceptions import WebSocketException  # noqa: PLC0415 - loaded where it is used

    patience = Patience(PATIENCE_SECONDS, say)
    while True:
        try:
            for event in _once(reach, run_id, after, patience):
                after = event.sequence
                yield event
        except (OSError, EOFError, TimeoutError, WebSocketException) as error:
            reason = str(error)
        except RefusedError as error:
            if error.code not in ("UNAVAILABLE", "INTERNAL"):
                raise
            reason = error.message
        else:
            return
        if patience.is_over_after(reason):
            raise PlatformError(
                f"the API at {reach.api_url} stayed away for {patience.seconds:.0f} s ({reason})"
            )


def _once(reach: Reach, run_id: str, after: int, patience: Patience) -> Iterator[Event]:
    """Events over one connection, until the server completes the subscription."""
    from websockets.sync.client import connect  # noqa: PLC0415 - loaded where it is used
    from websockets.typing import Subprotocol  # noqa: PLC0415 - as above

    with connect(
        f"ws{reach.api_url.removeprefix('http')}/graphql",
        subprotocols=[Subprotocol(_PROTOCOL)],
        open_timeout=10,
        close_timeout=2,
        max_size=8 * 1024 * 1024,
        proxy=None if reach.is_loopback else True,
    ) as socket:
        _subscribe(socket, reach.key, run_id, after)
        for text in _messages(socket, patience):
            message = json.loads(text)
            kind = message["type"]
            if kind == "complete":
                return
            if kind == "error":
                raise refusal(message["payload"])
            if kind == "ping":
                socket.send(json.dumps({"type": "pong"}))
            if kind == "next":
                event = _event(message["payload"])
                patience.renew()
                yield event
        # The server went away in good order, but before the story's end.
        raise EOFError("the API closed the connection")


def _messages(socket: ClientConnection, patience: Patience) -> Iterator[str | bytes]:
    """What the server sends; a run may be silent for minutes, which is no break."""
    from websockets.exceptions import ConnectionClosedOK  # noqa: PLC0415 - loaded where it is used

    while True:
        try:
            text = socket.recv(timeout=_PROOF_SECONDS)
        except TimeoutError:
            patience.renew()
        except ConnectionClosedOK:
            return
        else:
            yield text


def _subscribe(socket: ClientConnection, key: str, run_id: str, after: int) -> None:
    from websockets.exceptions import ConnectionClosed  # noqa: PLC0415 - loaded where it is used

    credential = {"authorization": f"Bearer {key}"}
    socket.send(json.dumps({"type": "connection_init", "payload": credential}))
    try:
        json.loads(socket.recv(timeout=10))
    except ConnectionClosed as closed:
        if closed.rcvd is not None and closed.rcvd.code == _FORBIDDEN:
            raise refused(
                "UNAUTHENTICATED", "the API does not know this key; see QL_API_KEY"
            ) from None
        raise
    payload = {"query": _QUERY, "variables": {"run": run_id, "after": after}}
    socket.send(json.dumps({"id": "1", "type": "subscribe", "payload": payload}))


def _event(payload: dict[str, Any]) -> Event:
    if errors := payload.get("errors"):
        raise refusal(errors)
    told = payload["data"]["runEvents"]
    return Event(
        told["sequence"], told["type"], told["data"], datetime.fromisoformat(told["createdAt"])
    )
