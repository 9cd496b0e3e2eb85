"""What somebody holds is nobody else's, and what the dead held is free."""

import asyncio
import os
import signal
import sys
from pathlib import Path

from quantumlayer.processes import claimed

HOLDER = """
import sys, time
from pathlib import Path
from quantumlayer.processes import claimed
with claimed(Path(sys.argv[1])) as mine:
    print(mine, flush=True)
    time.sleep(600)
"""


def test_what_is_claimed_is_nobody_elses_until_it_is_let_go(tmp_path: Path) -> None:
    with claimed(tmp_path) as first:
        with claimed(tmp_path) as second:
            assert (first, second) == (True, False)
        with claimed(tmp_path) as third:
            assert not third, "who was refused took nothing away"
    with claimed(tmp_path) as again:
        assert again


async def test_what_a_killed_process_held_can_be_claimed(tmp_path: Path) -> None:
    held = tmp_path / "held"
    held.touch()
    holder = await asyncio.create_subprocess_exec(
        sys.executable, "-c", HOLDER, str(held), stdout=asyncio.subprocess.PIPE
    )
    assert holder.stdout is not None
    assert await holder.stdout.readline() == b"True\n"
    with claimed(held) as mine:
        assert not mine
    holder.send_signal(signal.SIGKILL)
    await holder.wait()
    with claimed(held) as mine:
        assert mine


def test_what_is_not_there_or_is_something_else_cannot_be_claimed(tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(tmp_path)
    with claimed(tmp_path / "missing") as missing, claimed(link, os.O_NOFOLLOW) as followed:
        assert not missing
        assert not followed
