"""What others are known to write is written again, and is data only where it is read afterwards."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from quantumlayer.qtest.delivered.drafts import Draft, Kept, kept_of
from quantumlayer.qtest.delivered.heard import drafts_of
from quantumlayer.qtest.delivered.lasting import lost
from quantumlayer.qtest.delivered.model import Sent
from tests.packages.qtest.delivered.small_server import Here, Reply, served

JSON = "application/json"
WRITE = Sent(path="/notes", content='{"text": "Sample"}', headers=(("Content-Type", JSON),))
LIST = Sent(method="GET", path="/board")


@dataclass
class Service:
    """Keeps what is posted, and shows it `shows` times at a path."""

    place: str = "/board"
    shows: int = 1_000
    status: int = 201
    notes: list[str] = field(default_factory=list)

    def __call__(self, method: str, path: str, body: bytes, _who: str) -> Reply:
        """Answer a request."""
        if method == "POST":
            self.notes.append(str(json.loads(body)["text"]))
            return Reply(self.status, JSON, json.dumps({"id": len(self.notes)}))
        if path != self.place or self.shows <= 0:
            return Reply(404, JSON, "{}")
        self.shows -= 1
        return Reply(200, JSON, json.dumps(self.notes))


async def kept(service: Service, folder: Path) -> list[Kept]:
    socket = folder / "socket"
    async with served(service, socket):
        return await kept_of(Here(socket), drafts_of([WRITE]), [LIST])


@pytest.mark.parametrize("place", ["/board", "/notes", "/notes/1"])
async def test_it_is_read_where_pages_read_or_at_its_own_place(place: str, tmp_path: Path) -> None:
    # when
    [(exchange, path)] = await kept(Service(place), tmp_path)
    # then
    assert path == place
    assert exchange.expects in exchange.content


@pytest.mark.parametrize(
    "service",
    [Service(status=422), Service(status=500), Service("/elsewhere"), Service(shows=1)],
    ids=["refused", "failing", "read nowhere", "told once"],
)
async def test_what_is_refused_or_read_nowhere_is_no_data(service: Service, tmp_path: Path) -> None:
    assert await kept(service, tmp_path) == []


@pytest.mark.parametrize(("notes", "told"), [([], "is lost"), (["Zorvex"], "")])
async def test_data_is_lost_where_the_next_start_does_not_show_it(
    notes: list[str], told: str, tmp_path: Path
) -> None:
    # given
    written = await kept(Service(), tmp_path)
    # when
    async with served(Service(notes=notes), tmp_path / "again"):
        reason = await lost(Here(tmp_path / "again"), written)
    # then
    assert told in reason
    assert bool(reason) == bool(told)


Signing = Callable[[str, str, bytes, str], Reply]


def signing(token: str, sign_in: int, notes: str) -> Signing:
    """A service that shows its notes to who has its token, and gives it or not."""

    def reply(method: str, _path: str, _body: bytes, who: str) -> Reply:
        if method == "POST":
            return Reply(
                sign_in, JSON, json.dumps({"access_token": token} if sign_in < 300 else {})
            )
        return Reply(200, JSON, notes) if who == f"Bearer {token}" else Reply(401, JSON, "{}")

    return reply


@pytest.mark.parametrize(
    ("again", "told"),
    [
        (signing("new", 200, "Zorvex"), ""),
        (signing("new", 200, "nothing"), "without `Zorvex`"),
        (signing("new", 409, "Zorvex"), ""),
        (signing("new", 401, "Zorvex"), "answers 401"),
        (signing("old", 500, "Zorvex"), ""),
    ],
    ids=["another token", "another token, no notes", "there already", "forgotten", "same token"],
)
async def test_a_token_need_not_last_and_whoever_had_it_does(
    again: Signing, told: str, tmp_path: Path
) -> None:
    # given
    asked = Sent(path="/notes", content="Zorvex", headers=(("Authorization", "Bearer old"),))
    draft = Draft(asked, "Zorvex", sign_in=Sent(path="/login", content="{}"))
    async with served(signing("old", 201, "Zorvex"), tmp_path / "first"):
        written = await kept_of(Here(tmp_path / "first"), [draft], [])
    # when
    async with served(again, tmp_path / "again"):
        reason = await lost(Here(tmp_path / "again"), written)
    # then
    assert len(written) == 1
    assert told in reason
    assert bool(reason) == bool(told)
