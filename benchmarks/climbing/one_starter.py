"""One starter climbs the ladder, in a process of its own: `python -m … NAME CACHE`, JSON to stdout.

Seconds are those of `quantumlayer check` (resolving, reading and running the tests) and of each
rung that holds. `reason` says what does not hold. `networks` are the interfaces that it sees.
"""

import asyncio
import json
import socket
import sys
import tempfile
from pathlib import Path

from quantumlayer.qlayer.stacks import stack
from quantumlayer.qtest import Verdict
from quantumlayer.qtest.delivered import Outcome, Rung
from tests.support.starters import Trial, begun

CHECK = "check"


async def climbed(trial: Trial) -> tuple[dict[str, float], str]:
    """The seconds of what holds, and why the first thing does not that does not."""
    report = await trial.checked()
    seconds = {CHECK: round(trial.seconds[CHECK], 1)}
    if report.verdict is not Verdict.PASSED:
        return {}, report.reason
    if trial.stack.delivery is None:
        return seconds, ""
    if trial.stack.delivery.port is None:
        await trial.built()
        return {**seconds, Rung.BUILD.value: round(trial.seconds["image"], 1)}, ""
    climb = await trial.climbed()
    wrong = climb.first_wrong
    held = {one.rung.value: round(one.seconds, 1) for one in climb.rungs
            if one.outcome is Outcome.HELD}  # fmt: skip
    return {**seconds, **held}, f"{wrong.rung}: {wrong.reason}" if wrong else ""


def main() -> int:
    """Climb, and say what came of it."""
    name, cache = sys.argv[1:]
    with tempfile.TemporaryDirectory(prefix="ql-starter-") as place:
        seconds, reason = asyncio.run(climbed(begun(stack(name), Path(place), Path(cache))))
    networks = [name for _, name in socket.if_nameindex()]
    print(json.dumps({"seconds": seconds, "reason": reason, "networks": networks}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
