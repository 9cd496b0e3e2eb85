"""Which silence is too long."""

import asyncio
from collections.abc import AsyncGenerator

import pytest

from quantumlayer.router import Timeout
from quantumlayer.router.deltas import Alive, Delta, Finished, TextDelta, TokenUsage, UsageDelta
from quantumlayer.router.transport import clocks as clocks_module
from quantumlayer.router.transport.clocks import Clocks, sign_of, within

SOON, GAP, EVER = 0.5, 0.05, 600.0


Script = list[Delta | float]
SLOW: Script = [TextDelta("a"), GAP]
ALIVE: Script = [Alive(), GAP]


class Pieces:
    """Gives pieces; a number among them is a wait. `closed` once nobody reads any more."""

    def __init__(self, *script: Delta | float) -> None:
        self._script = script
        self.closed = False

    async def __call__(self) -> AsyncGenerator[Delta, None]:
        try:
            for each in self._script:
                if isinstance(each, int | float):
                    await asyncio.sleep(each)
                else:
                    yield each
        finally:
            self.closed = True


def clocks(
    *, first: float = EVER, silence: float = EVER, total: float = EVER, thinks: bool = False
) -> Clocks:
    return Clocks(first_token=first, silence=silence, total=total, thinks=thinks)


async def heard(limits: Clocks, pieces: Pieces) -> list[Delta]:
    return [piece async for piece in within(limits, pieces(), sign_of)]


async def test_a_slow_reply_may_take_longer_than_any_silence() -> None:
    pieces = Pieces(*SLOW * 12)
    assert await heard(clocks(silence=SOON), pieces) == [TextDelta("a")] * 12


async def test_nothing_at_all_ends_at_the_limit_for_the_first_piece() -> None:
    pieces = Pieces(EVER)
    with pytest.raises(Timeout, match="said nothing for 0"):
        await heard(clocks(first=SOON), pieces)
    assert pieces.closed


async def test_silence_after_the_first_piece_keeps_what_was_said() -> None:
    reply = within(clocks(silence=SOON), Pieces(TextDelta("a"), EVER)(), sign_of)
    assert await anext(reply) == TextDelta("a")
    with pytest.raises(Timeout, match="fell silent for 0"):
        await anext(reply)


async def test_signs_of_life_are_no_progress() -> None:
    with pytest.raises(Timeout, match="fell silent"):
        await heard(clocks(silence=SOON), Pieces(TextDelta("a"), *ALIVE * 100))
    with pytest.raises(Timeout, match="said nothing"):
        await heard(clocks(first=SOON), Pieces(*ALIVE * 100))


async def test_a_model_that_thinks_is_waited_for_while_it_lives() -> None:
    limits = clocks(first=SOON, silence=SOON, thinks=True)
    assert (await heard(limits, Pieces(*ALIVE * 12, TextDelta("a"))))[-1] == TextDelta("a")
    with pytest.raises(Timeout, match="not complete after 1 seconds"):
        await heard(clocks(first=SOON, total=1, thinks=True), Pieces(*ALIVE * 600))


async def test_the_total_ends_a_reply_that_still_comes() -> None:
    with pytest.raises(Timeout, match="not complete after 0"):
        await heard(clocks(total=SOON), Pieces(*SLOW * 200))


async def test_a_finished_reply_is_complete_even_if_the_server_holds_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(clocks_module, "_TAIL_SECONDS", SOON)
    pieces = Pieces(TextDelta("a"), Finished("stop"), UsageDelta(TokenUsage(1, 1)), EVER)
    assert (await heard(clocks(), pieces))[-1] == UsageDelta(TokenUsage(1, 1))
    assert pieces.closed


async def test_a_time_limit_of_the_caller_is_the_callers() -> None:
    pieces = Pieces(EVER)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(SOON):
            await heard(clocks(), pieces)
    assert pieces.closed


async def test_who_stops_reading_stops_the_reply() -> None:
    pieces = Pieces(TextDelta("a"), EVER)
    reply = within(clocks(), pieces(), sign_of)
    assert await anext(reply) == TextDelta("a")
    await reply.aclose()
    assert pieces.closed
