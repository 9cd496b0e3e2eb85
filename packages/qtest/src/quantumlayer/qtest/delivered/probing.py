"""Asking the probed paths as the platform will, and whether the answers are meant."""

import asyncio
import re
import secrets
import time
from collections.abc import Sequence

from quantumlayer.qtest.delivered.calling import NoAnswer, call
from quantumlayer.qtest.delivered.errors import CannotTell, NothingToAsk, check_set_up
from quantumlayer.qtest.delivered.model import Answer, Delivery
from quantumlayer.qtest.delivered.reasons import (
    crashed,
    ended,
    ended_meanwhile,
    is_loopback,
    names_cause,
    quoted,
    unreached,
)
from quantumlayer.qtest.delivered.starter import Running
from quantumlayer.qtest.delivered.state import State

POLL_SECONDS = 0.05
# An application that listens elsewhere may still begin to listen at the right place.
SETTLED_SECONDS = 2.0
# What fails at once after it has begun, as a first query does or a timer, fails in this time.
STEADY_SECONDS = 1.5
PROBE_SECONDS = 3.0
COMMAND_SECONDS = 10.0
OF_PROCESSES = re.compile(r"\b(?:ps|pgrep|pidof|pkill|kill|top|supervisorctl|systemctl)\b|/proc/")
# Of a shell for a program that is not there, or cannot be started.
NOT_THERE = (126, 127)
# Statuses of shells for what cannot be started, and of what a signal ended.
NOT_TO_BE_STARTED = 126
USUAL_PATHS = ("/health", "/healthz", "/readyz", "/livez", "/api/health", "/ready", "/live",
               "/status", "/ping")  # fmt: skip


async def probed(running: Running, delivery: Delivery) -> str:
    """As `not_probed`. Raises NothingToAsk where nobody says what the platform asks."""
    if not (delivery.probes or delivery.commands or delivery.otherwise):
        raise NothingToAsk("Nothing of the project says which path the platform asks.")
    reason = await not_probed(running, delivery)
    if not reason and delivery.otherwise:
        raise CannotTell(" ".join(delivery.otherwise))
    return reason


async def not_probed(running: Running, delivery: Delivery) -> str:
    """Why a probed path or command does not hold, empty when all do."""
    if delivery.asked_port and (reason := await not_at(running, delivery.asked_port)):
        return reason
    for path in delivery.probes:
        if reason := await not_healthy(running, path, delivery.start_seconds):
            return reason
    for command in delivery.commands:
        if reason := await not_content(running, command, delivery.start_seconds):
            return reason
    return ""


async def not_started(running: Running, port: int, seconds: float) -> str:
    """Wait until the application answers at its port; why it does not, empty when it does."""
    loop = asyncio.get_running_loop()
    begun = loop.time()
    elsewhere_since: float | None = None
    while True:
        state = await running.state()
        if not state.running:
            log = await running.log()
            check_set_up(log)
            return ended(state, log)
        if reachable(state, port):
            return ""
        now = loop.time()
        elsewhere_since = (elsewhere_since or now) if state.listening else None
        settled = elsewhere_since is not None and now - elsewhere_since > SETTLED_SECONDS
        if settled or now - begun > seconds:
            waited = f" (waited {now - begun:.0f} s)"
            return unreached(state, port, await running.log()) + waited
        await asyncio.sleep(POLL_SECONDS)


async def not_at(running: Running, port: int) -> str:
    """Why a check within the container finds nobody at its port, empty when it does."""
    deadline = time.monotonic() + SETTLED_SECONDS
    while True:
        ports = {other for _, other in (await running.state()).listening}
        if port in ports:
            return ""
        if time.monotonic() > deadline:
            others = " and ".join(map(str, sorted(ports)))
            return f"Its health check asks at port {port}, and it listens on {others}."
        await asyncio.sleep(POLL_SECONDS)


async def not_steady(running: Running, begun: float) -> str:
    """Why it does not go on, empty where it still does STEADY_SECONDS after it began to listen.

    `begun` is when it did, of the monotonic clock.
    """
    while True:
        state, passed = await running.state(), time.monotonic() - begun
        if not state.running:
            return ended_meanwhile(state, await running.log(), passed)
        if passed > STEADY_SECONDS:
            return ""
        await asyncio.sleep(POLL_SECONDS)


async def not_run(running: Running, seconds: float, *, told: bool) -> str:
    """Let a program run that serves nobody; why it cannot, empty where it ended well or goes on.

    What was `told` what to do has to end well.
    Raises CannotTell where only its author knows whether its end is meant.
    """
    deadline = asyncio.get_running_loop().time() + seconds
    while (state := await running.state()).running:
        if asyncio.get_running_loop().time() > deadline:
            return ""
        await asyncio.sleep(POLL_SECONDS)
    log = await running.log()
    check_set_up(log)
    if not state.exit_status:
        return ""
    if told or state.exit_status >= NOT_TO_BE_STARTED or names_cause(log) or crashed(log):
        return ended(state, log)
    raise CannotTell(
        f"It ended with status {state.exit_status}: whether that is meant, without arguments, is "
        f"not known here. {quoted(log)}"
    )


def reachable(state: State, port: int) -> bool:
    """Whether something listens at the port that the container's address reaches."""
    return any(other == port and not is_loopback(address) for address, other in state.listening)


async def not_healthy(running: Running, path: str, seconds: float) -> str:
    """Ask a path until it answers with success; why it does not, empty when it does.

    What it answers has to be meant for it: not what any other path gets, too.
    """
    loop = asyncio.get_running_loop()
    deadline = loop.time() + seconds
    while True:
        try:
            answer = await call(running, path, seconds=PROBE_SECONDS)
            wrong = "" if is_success(answer) else (
                f"`GET {path}`, which the platform asks, answers {answer.status}: {shown(answer)}"
            )  # fmt: skip
        except NoAnswer as error:
            answer, wrong = None, f"`GET {path}`, which the platform asks, gives {error}"
        if answer is not None and not wrong:
            return await fallback(running, path, answer)
        state = await running.state()
        if not state.running:
            return ended(state, await running.log())
        refused = answer is not None and 400 <= answer.status < 500
        if refused or loop.time() > deadline:
            failed = answer is None or answer.status >= 500
            said = quoted(await running.log(), causes=failed)  # before it tells of our questions
            others = await elsewhere(running, path) if refused else ""
            return f"{wrong}.{others} {said}"
        await asyncio.sleep(POLL_SECONDS)


async def not_content(running: Running, command: Sequence[str], seconds: float) -> str:
    """Run a probe's command within the container until it ends well; why it does not, or nothing.

    Raises CannotTell of one that looks at processes, where it would not see the application's.
    """
    said = " ".join(command)
    if not running.joins and OF_PROCESSES.search(said):
        raise CannotTell(f"The probe `{said}` looks at processes, which it cannot see here.")
    deadline = asyncio.get_running_loop().time() + seconds
    while True:
        done = await running.execute(command, COMMAND_SECONDS)
        if done.status == 0:
            return ""
        state = await running.state()
        if not state.running:
            return ended(state, await running.log())
        if done.status in NOT_THERE or asyncio.get_running_loop().time() > deadline:
            how = "does not end" if done.status is None else f"ends with status {done.status}"
            told = " ".join(done.output.split())[:200] or "It said nothing."
            return f"The probe `{said}`, which the platform runs in the container, {how}: {told}"
        await asyncio.sleep(POLL_SECONDS)


async def elsewhere(running: Running, path: str) -> str:
    """Whether the application tells of its health at a path that the platform does not ask."""
    for other in (name for name in USUAL_PATHS if name != path):
        try:
            answer = await call(running, other, seconds=PROBE_SECONDS)
        except NoAnswer:
            continue
        if is_success(answer) and not await fallback(running, other, answer):
            return f" `GET {other}` answers {answer.status}, which nobody asks."
    return ""


async def fallback(running: Running, path: str, answer: Answer) -> str:
    """Whether a success is given to anything that is asked; says so, or nothing.

    The start page itself is asked for by pages, and is often what everything else gets.
    """
    if path == "/":
        return ""
    word = secrets.token_hex(6)
    # Some routers take what begins with a route for it: that is no fallback.
    beside = f"{path.rstrip('/').rpartition('/')[0]}/{word}"
    for other in dict.fromkeys((f"/{word}", beside, f"/{word}{path}")):
        try:
            theirs = await call(running, other, seconds=PROBE_SECONDS)
        except NoAnswer:
            continue
        if is_success(theirs) and theirs.media_type == answer.media_type:
            return (
                f"`GET {path}` is answered by a fallback, not by a route of its own: a path that "
                f"does not exist, `{other}`, gets {theirs.status} {theirs.media_type} as well: "
                f"{shown(theirs)}"
            )
    return ""


def is_success(answer: Answer) -> bool:
    return 200 <= answer.status < 300


def shown(answer: Answer) -> str:
    """The beginning of an answer on one line."""
    return " ".join(answer.body.split())[:120] or "(empty)"
