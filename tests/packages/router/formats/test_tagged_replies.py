"""Files over real HTTP, from models and servers that do to them what they do to all answers."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from quantumlayer.router import (
    AnswerTooLong,
    CallLimits,
    CompletionRequest,
    IdempotencyConflict,
    InvalidAnswer,
    MemoryCallStore,
    Message,
    ModelRefused,
    Router,
    TaggedFiles,
    WrittenFiles,
)
from tests.support.model_server import (
    CutOffReply,
    FilesReply,
    JsonReply,
    ModelServer,
    Reply,
    TextReply,
)
from tests.support.router_parts import asked_for, router_to

ORGANISATION = uuid4()
CODE = "def answer() -> int:\n    return 42\n"
LONG = "".join(f"def function_{n}() -> int:\n    return {n}\n" for n in range(60))
TWO = {"a.py": LONG, "b.py": CODE}
WHOLE = FilesReply(files=TWO).text


async def files(
    server: ModelServer,
    *paths: str,
    router: Router | None = None,
    key: str = "",
    partial: bool = False,
) -> WrittenFiles:
    request = CompletionRequest(
        task="write",
        organisation_id=ORGANISATION,
        model="openai/scripted",
        messages=(Message(role="user", content="Write them."),),
        limits=CallLimits(timeout_seconds=30),
        idempotency_key=key or str(uuid4()),
    )
    asking = router or router_to(server.base_url, MemoryCallStore())
    return (await asking.complete(request, TaggedFiles(paths or tuple(TWO), partial))).value


async def test_no_schema_is_sent_since_it_is_plain_text() -> None:
    async with ModelServer([FilesReply(files=TWO)]) as server:
        assert (await files(server)).files == TWO
    assert "response_format" not in server.requests[0].body
    assert "schema" not in str(server.requests[0].messages)


@pytest.mark.parametrize(
    "thoughts",
    [
        "<think>\nFirst {draft}\n</think>\n",
        "I write {draft} or not.\n</think>\n",
        "<reasoning>{half}</reasoning>\n",
        "{half}\nNo, anew.\n</thought>\n",
        "◁think▷{draft}◁/think▷\n",
    ],
)
async def test_a_draft_in_its_thoughts_is_not_the_file(thoughts: str) -> None:
    draft = '\n<file path="b.py">\ndraft\n</file>\n'
    half = '\n<file path="b.py">\nhalf a draft'
    reply = TextReply(content=thoughts.format(draft=draft, half=half) + WHOLE)
    async with ModelServer([reply]) as server:
        assert (await files(server)).files == TWO
    assert len(server.requests) == 1


@pytest.mark.parametrize("cut", range(3, len(WHOLE) - 8, 97))
@pytest.mark.parametrize("finish", ["stop", "length"])
async def test_what_was_cut_off_is_gone_on_from_whatever_the_server_says(
    cut: int, finish: str
) -> None:
    replies = [
        TextReply(content=WHOLE[:cut], finish_reason=finish),
        TextReply(content=WHOLE[cut:]),
    ]
    async with ModelServer(replies) as server:
        assert (await files(server)).files == TWO
    assert "very next character" in asked_for(server)[1]


async def test_what_is_cut_off_twice_is_whole_in_the_end() -> None:
    reply = CutOffReply(content=WHOLE, cuts=(100, 900))
    async with ModelServer([reply]) as server:
        assert (await files(server)).files == TWO
    assert len(server.requests) == 3


async def test_what_has_no_end_however_often_it_goes_on_is_said_to_be_too_long() -> None:
    reply = TextReply(content='<file path="a.py">\nx', finish_reason="length", times=None)
    async with ModelServer([reply]) as server:
        with pytest.raises(AnswerTooLong, match="cut off 5 times"):
            await files(server)


async def test_only_what_is_missing_is_asked_for_again_by_its_path() -> None:
    replies = [FilesReply(files={"a.py": LONG}), FilesReply(files={"b.py": CODE})]
    async with ModelServer(replies) as server:
        assert (await files(server)).files == TWO
    assert "These files did not come: `b.py`." in asked_for(server)[1]
    assert "`a.py`" not in asked_for(server)[1]


async def test_a_part_is_an_answer_where_it_will_do() -> None:
    async with ModelServer([FilesReply(files={"a.py": LONG})]) as server:
        answer = await files(server, partial=True)
    assert (answer.files, answer.missing) == ({"a.py": LONG}, ("b.py",))


async def test_what_never_comes_is_named_at_last() -> None:
    async with ModelServer([TextReply(content="Sorry.", times=None)]) as server:
        with pytest.raises(InvalidAnswer, match=r"did not come: `a\.py`, `b\.py`"):
            await files(server)
    assert len(server.requests) == 3


@pytest.mark.parametrize(
    "replies",
    [
        [JsonReply(value={"content": CODE})],
        [JsonReply(value={"content": CODE}, fenced=True)],
        [JsonReply(value={"path": "b.py", "content": CODE})],
        [TextReply(content='{"content": "def ans'), JsonReply(value={"content": CODE})],
        [TextReply(content="<think>{}</think>"), JsonReply(value={"content": CODE})],
    ],
)
async def test_one_file_may_come_as_json(replies: list[Reply]) -> None:
    async with ModelServer(replies) as server:
        assert (await files(server, "b.py")).files == {"b.py": CODE}
    assert len(server.requests) == len(replies)


async def test_a_refusal_is_no_file() -> None:
    reply: dict[str, Any] = {"content": "I will not.", "finish_reason": "refusal"}
    async with ModelServer([TextReply(**reply)]) as server:
        with pytest.raises((ModelRefused, InvalidAnswer)):
            await files(server)


async def test_the_form_is_a_part_of_the_question() -> None:
    async with ModelServer([FilesReply(files=TWO, times=None)]) as server:
        router = router_to(server.base_url, MemoryCallStore())
        key = str(UUID(int=1))
        first = await files(server, router=router, key=key)
        assert await files(server, router=router, key=key) == first
        assert len(server.requests) == 1
        with pytest.raises(IdempotencyConflict):
            await files(server, "a.py", router=router, key=key)
