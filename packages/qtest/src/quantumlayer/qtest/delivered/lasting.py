"""Stopping an application, and whether what was written is still there afterwards."""

import asyncio
import re
import signal
from collections.abc import Sequence
from dataclasses import dataclass

from quantumlayer.qtest.delivered.calling import NoAnswer, call, json_of
from quantumlayer.qtest.delivered.contract import described
from quantumlayer.qtest.delivered.drafts import Kept, Known, kept_of, sent
from quantumlayer.qtest.delivered.errors import NothingToAsk
from quantumlayer.qtest.delivered.made_up import table
from quantumlayer.qtest.delivered.model import Answer, Delivery, Exchange, Sent
from quantumlayer.qtest.delivered.probing import is_success, shown
from quantumlayer.qtest.delivered.reasons import quoted
from quantumlayer.qtest.delivered.remembered import token_in
from quantumlayer.qtest.delivered.starter import Running

POLL_SECONDS = 0.02
# What an instance keeps of shared data for a moment may be as old as these together.
SHARED_SECONDS = 0.3
SHARED_TRIES = 10
REFUSED, THERE_ALREADY = (401, 403), (400, 409, 422)
FIELD = re.compile(r"\{(\w+)\}")


async def not_stopped(running: Running, number: int, grace_seconds: float) -> str:
    """Ask it to end; why it does not within the grace time, empty when it does."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + grace_seconds
    await running.signal(number)
    while loop.time() < deadline:
        if not (await running.state()).running:
            return ""
        await asyncio.sleep(POLL_SECONDS)
    name = signal.Signals(number).name
    return (
        f"It still runs {grace_seconds:.0f} s after {name}, and will be killed with whatever it is "
        "doing: as the first process of its container it has to handle the signal itself. "
        f"{quoted(await running.log())}"
    )


@dataclass(frozen=True)
class Written:
    """What came of a write: where it can be read, and why not. `refused`: not as it was."""

    path: str = ""
    reason: str = ""
    refused: bool = False


async def written(running: Running, exchange: Exchange) -> Written:
    """Write, and read at once."""
    asked = f"`{exchange.method} {exchange.path}`"
    try:
        answer = await call(
            running, exchange.path, method=exchange.method,
            body=None if exchange.content else exchange.body,
            content=exchange.content.encode() or None, headers=dict(exchange.headers),
        )  # fmt: skip
    except NoAnswer as error:
        return Written(reason=f"{asked} gives {error}. {quoted(await running.log())}")
    if not is_success(answer):
        said = f"{asked} answers {answer.status}: {shown(answer)}"
        refused = 400 <= answer.status < 500
        return Written(reason=f"{said}. {quoted(await running.log())}", refused=refused)
    path = filled(exchange.read_path, answer)
    return Written(path, await not_there(running, exchange, path))


async def not_there(running: Running, exchange: Exchange, path: str) -> str:
    """Why what was written cannot be read, empty when it can."""
    try:
        answer = await call(running, path, headers=dict(exchange.headers))
    except NoAnswer as error:
        return f"`GET {path}` gives {error}. {quoted(await running.log())}"
    if is_success(answer) and exchange.expects in answer.body:
        return ""
    if exchange.method == "GET":
        return f"`GET {path}`, a picture that a page has shown, answers {answer.status}."
    return (
        f"`GET {path}` answers {answer.status} without `{exchange.expects}`, which was written by "
        f"`{exchange.method} {exchange.path}`: {shown(answer)}"
    )


def filled(path: str, answer: Answer) -> str:
    """A path with fields of an answer in it; those that are not there stay as they are."""
    fields = table(json_of(answer))
    return FIELD.sub(lambda match: str(fields.get(match[1], match[0])), path)


async def not_remembered(
    running: Running, delivery: Delivery, known: Known, kept: list[Kept]
) -> str:
    """Write what can be read back, and note where, in `kept`. Raises NothingToAsk.

    What the delivery names has to be taken; of what its own contract describes, something; and of
    what is known otherwise, anything.
    """
    exchanges = delivery.exchanges or await described(running, delivery.contract)
    refused = "No route of the service is known by which something can be written and read back."
    for exchange in exchanges:
        found = await written(running, exchange)
        if found.refused and not delivery.exchanges:
            refused = f"No route took what was made up for it: {found.reason}"
            continue
        if found.reason:
            return found.reason
        kept.append((exchange, found.path))
        if not delivery.exchanges:
            break
    kept += [] if kept else await kept_of(running, known.drafts, known.reads)
    if not kept:
        raise NothingToAsk(refused)
    return ""


async def lost(running: Running, kept: Sequence[Kept]) -> str:
    """What of that cannot be read any more, empty when all can. Raises NothingToAsk."""
    if not kept:
        raise NothingToAsk("Nothing was written that could have been lost.")
    for exchange, path in kept:
        known = await signed_in(running, exchange, path)
        if known is not None and (reason := await not_there(running, known, path)):
            return f"What was written before the restart is lost: {reason}"
    return ""


async def signed_in(running: Running, exchange: Exchange, path: str) -> Exchange | None:
    """The exchange with a token that is good now, where the one before is not any more.

    A token need not last, whoever was given it does. None where nobody can tell: who is refused a
    token as being there already, or for want of something, has not been forgotten.
    """
    if exchange.sign_in is None:
        return exchange
    answer = await sent(running, Sent(method="GET", path=path, headers=exchange.headers))
    if answer is None or answer.status not in REFUSED:
        return exchange
    given = await sent(running, exchange.sign_in)
    if given is None or given.status in THERE_ALREADY:
        return None
    token = token_in(table(json_of(given)))
    others = [(name, value) for name, value in exchange.headers if name != "Authorization"]
    headers = (*others, ("Authorization", f"Bearer {token}"))
    return exchange.model_copy(update={"headers": headers}) if token else exchange


async def not_shared(first: Running, kept: Sequence[Kept], second: Running) -> str:
    """Why one of two instances does not know what the other was told, empty when it does."""
    for exchange, path in kept:
        if reason := await not_there(second, exchange, path):
            return f"What one instance was told another does not know: {reason}"
        again = await written(second, exchange)
        if again.refused:
            continue  # what is there already may not be written again
        reason = again.reason or await not_there_in_time(first, exchange, again.path)
        if reason:
            return f"What one instance was told another does not know: {reason}"
    return ""


async def not_there_in_time(running: Running, exchange: Exchange, path: str) -> str:
    """As `not_there`, when what is kept for a moment has been forgotten."""
    for _ in range(SHARED_TRIES):
        if not (reason := await not_there(running, exchange, path)):
            break
        await asyncio.sleep(SHARED_SECONDS)
    return reason
