"""A conversation with `examples/chat`, in which its model is switched and its gateway killed."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.support.gateway_process import GatewayProcess, gateway_process
from tests.support.model_server import Break, ModelServer, Silence, TextReply
from tests.support.node_package import ROOT, NodePackage

pytestmark = pytest.mark.slow

SDK = NodePackage(ROOT / "sdk" / "typescript")
CHAT = NodePackage(ROOT / "examples" / "chat")
CONFIGURATION = CHAT.folder / "gateway.yaml"
ANSWER_SECONDS = 60


@pytest.fixture(scope="module", autouse=True)
async def installed() -> None:
    await SDK.prepare()
    await CHAT.prepare()


class Chat:
    """The chat's terminal."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._process = process
        self._typed = process.stdin
        self._said = process.stdout

    async def types(self, line: str) -> None:
        self._typed.write(f"{line}\n".encode())
        await self._typed.drain()

    async def says(self, words: str) -> str:
        """What is said until `words` are."""
        said = b""
        async with asyncio.timeout(ANSWER_SECONDS):
            while words.encode() not in said:
                piece = await self._said.read(1)
                assert piece, f"the chat ended; it said {said.decode()}"
                said += piece
        return said.decode()

    async def ended(self) -> int:
        async with asyncio.timeout(ANSWER_SECONDS):
            await self._said.read()
            return await self._process.wait()


@asynccontextmanager
async def chatting(*gateways: GatewayProcess) -> AsyncIterator[Chat]:
    addresses = ",".join(gateway.base_url for gateway in gateways)
    async with CHAT.started("npm", "start", CHAT_GATEWAYS=addresses) as process:
        chat = Chat(process)
        await chat.says("first answers")
        yield chat


def configuration(one: ModelServer, two: ModelServer) -> str:
    """The example's own configuration before servers of ours."""
    return (
        CONFIGURATION.read_text()
        .replace("state: .quantumlayer/chat", "state: STATE")
        .replace("${CHAT_FIRST_URL:-http://127.0.0.1:11434/v1}", one.base_url)
        .replace("${CHAT_SECOND_URL:-http://127.0.0.1:8080/v1}", two.base_url)
    )


async def test_it_is_formatted_linted_and_typed() -> None:
    await CHAT.run("npm", "run", "lint")


async def test_a_conversation_goes_on_with_another_model_and_another_gateway(
    tmp_path: Path,
) -> None:
    replies_of_one = [TextReply(content="Hello, Ada."), TextReply(content="Still here.")]
    async with (
        ModelServer(replies_of_one) as one,
        ModelServer([TextReply(content="You are Ada.")]) as two,
        gateway_process(tmp_path / "a", configuration(one, two)) as first,
        gateway_process(tmp_path / "b", configuration(one, two)) as second,
        chatting(first, second) as chat,
    ):
        await chat.types("I am Ada.")
        said = await chat.says(f"[first, by 127.0.0.1:{first.port}]")
        assert "Hello, Ada." in said

        await chat.types("/models")
        await chat.says("first, second")

        # The provider is switched: the other one is told all that was said before.
        await chat.types("/use second")
        await chat.types("Who am I?")
        said = await chat.says(f"[second, by 127.0.0.1:{first.port}]")
        assert "You are Ada." in said
        [asked] = two.requests
        assert [message["content"] for message in asked.messages] == [
            "I am Ada.", "Hello, Ada.", "Who am I?",
        ]  # fmt: skip

        # The first gateway dies: the second one answers.
        await first.stop()
        await chat.types("/use first")
        await chat.types("Are you there?")
        said = await chat.says(f"[first, by 127.0.0.1:{second.port}]")
        assert f"[127.0.0.1:{first.port}: nobody listens there; asking" in said
        assert "Still here." in said
        assert len(one.requests[-1].messages) == 5

        await chat.types("/quit")
        assert await chat.ended() == 0


async def test_a_gateway_that_dies_in_mid_answer_leaves_what_came(tmp_path: Path) -> None:
    held = TextReply(content="A long answer that stops", on_the_way=(Silence(after=14),))
    async with (
        ModelServer([held, TextReply(content="The rest.")]) as one,
        ModelServer([]) as two,
        gateway_process(tmp_path / "a", configuration(one, two)) as first,
        gateway_process(tmp_path / "b", configuration(one, two)) as second,
        chatting(first, second) as chat,
    ):
        await chat.types("Tell me.")
        await chat.says("A long answer")
        await first.stop()
        await chat.says("broke off after")
        await chat.types("Go on.")
        said = await chat.says(f"[first, by 127.0.0.1:{second.port}]")
        assert "The rest." in said
        told = [message["content"] for message in one.requests[-1].messages]
        assert told[0] == "Tell me."
        assert told[1].startswith("A long answer")
        assert told[2] == "Go on."


async def test_behind_a_gateway_the_other_model_goes_on_unnoticed(tmp_path: Path) -> None:
    broken = TextReply(content="One and two", on_the_way=(Break(after=4),))
    async with (
        ModelServer([broken]) as one,
        ModelServer([TextReply(content="and two")]) as two,
        gateway_process(tmp_path, configuration(one, two)) as gateway,
        chatting(gateway) as chat,
    ):
        await chat.types("Count.")
        said = await chat.says("[first, by")
        assert "broke off" not in said
        assert len(two.requests) == 1


async def test_what_cannot_be_done_is_said_and_the_chat_goes_on(tmp_path: Path) -> None:
    async with (
        ModelServer([TextReply(content="Hello.")]) as one,
        ModelServer([]) as two,
        gateway_process(tmp_path, configuration(one, two)) as gateway,
        chatting(gateway) as chat,
    ):
        await chat.types("/switch second")
        await chat.says("There is /use MODEL")
        await chat.types("/use third")
        await chat.types("Hello?")
        await chat.says("404")
        await chat.types("/use first")
        await chat.types("Hello?")
        assert "Hello." in await chat.says("[first, by")
        assert len(one.requests[-1].messages) == 1
