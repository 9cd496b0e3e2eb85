"""Noticing that a loop leads nowhere, by what was done last and what came of it.

The thresholds are those of OpenHands' detector.
"""

import re
from collections.abc import Sequence
from hashlib import sha256

from pydantic import BaseModel, ConfigDict

from quantumlayer.agents.integrator.observing import Observation
from quantumlayer.agents.integrator.reading import Call, Refused

WINDOW = 20
_EQUAL, _FAILING, _TALKING, _ALTERNATING = 4, 3, 3, 6
_VOLATILE = re.compile(r"0x[0-9a-f]+|\d+(?:\.\d+)?")


class Seen(BaseModel):
    """A turn by digests of what was done and of what came of it; nothing was done: "" and ""."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    action: str = ""
    outcome: str = ""
    failed: bool = False


def seen_of(calls: Sequence[Call | Refused], observations: Sequence[Observation]) -> Seen:
    """A turn as it is remembered: what came of it blind to numbers, times and addresses."""
    if not calls:
        return Seen()
    done = "\n".join(
        f"{one.tool} {one.arguments.model_dump_json()}"
        if isinstance(one, Call)
        else f"{one.tool} {one.reason}"
        for one in calls
    )
    came = "\n".join(_VOLATILE.sub("N", one.text) for one in observations)
    return Seen(
        action=_digest(done),
        outcome=_digest(came),
        failed=any(one.failed for one in observations),
    )


def stuck(turns: Sequence[Seen]) -> str:
    """How the last turns go nowhere, in words for the model; empty where they do not."""
    last = turns[-WINDOW:]
    if _alike(last, _TALKING) and not last[-1].action:
        return "you have said much and used no tool"
    if _alike(last, _FAILING) and last[-1].failed:
        return f"the same call has failed {_FAILING} times in the same way"
    if _alike(last, _EQUAL):
        return f"the same call has given the same answer {_EQUAL} times"
    tail = last[-_ALTERNATING:]
    if len(tail) == _ALTERNATING and all(one == tail[place % 2] for place, one in enumerate(tail)):
        return "you go back and forth between the same two calls"
    return ""


def _alike(turns: Sequence[Seen], count: int) -> bool:
    return len(turns) >= count and len(set(turns[-count:])) == 1


def _digest(text: str) -> str:
    return sha256(text.encode("utf-8", "replace")).hexdigest()[:16]
