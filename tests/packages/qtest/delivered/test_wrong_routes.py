"""A page that asks for what no route takes is told from one whose words are refused."""

from pathlib import Path

import pytest

from quantumlayer.qtest.delivered.model import Sent
from quantumlayer.qtest.delivered.wrong_routes import not_taken
from tests.packages.qtest.delivered.small_server import Here, Reply, served

JSON, HTML = "application/json", "text/html"
CARD = '{"title": "Sample"}'


def reply(method: str, path: str, _body: bytes, _who: str) -> Reply:
    """A service with two routes, which says of others that it does not have them."""
    if path == "/api/cards":
        return Reply(201 if method == "POST" else 405, JSON, "{}")
    if path == "/api/join":
        return Reply(404, JSON, '{"error": "no such room"}')
    return Reply(404, HTML, f"Cannot {method} {path}")


@pytest.mark.parametrize(
    ("request_", "told"),
    [
        (Sent(path="/api/card", content=CARD), "`POST /api/card`, and there is no such route"),
        (Sent(method="PUT", path="/api/cards", content=CARD), "nothing takes this method"),
        (Sent(path="/api/cards", content=CARD), ""),
        (Sent(path="/api/join", content=CARD), ""),
        (Sent(method="DELETE", path="/cards/7"), ""),
        (Sent(method="GET", path="/cards/Sample"), ""),
    ],
)
async def test_only_what_any_path_gets_shows_that_there_is_no_route(
    request_: Sent, told: str, tmp_path: Path
) -> None:
    async with served(reply, tmp_path / "socket"):
        reason = await not_taken(Here(tmp_path / "socket"), [request_])
    assert told in reason
    assert bool(reason) == bool(told)
