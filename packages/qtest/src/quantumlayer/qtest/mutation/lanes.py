"""How many changes are tried at once, and what the sessions that try them may use."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from quantumlayer.qtest.model import Limits
from quantumlayer.qtest.mutation.model import MutationExtent

MOST_LANES = 4
SLACK_SECONDS = 30.0
# What bounds the work is the time that it uses; of the clock's time it gets several times as much.
SHARE_OF_BUSY_MACHINE = 4.0


def lanes() -> int:
    """As many as there are processors, up to a few."""
    return max(1, min(MOST_LANES, os.cpu_count() or 1))


def session_limits(limits: Limits, extent: MutationExtent, at_once: int = 1) -> Limits:
    """The limits of a session that tries so many changes at once."""
    seconds = limits.wall_seconds + extent.seconds + SLACK_SECONDS
    return limits.model_copy(
        update={
            "wall_seconds": seconds * SHARE_OF_BUSY_MACHINE,
            "cpu_seconds": int(seconds * at_once) + 1,
        }
    )


@contextmanager
def readable_folder() -> Iterator[Path]:
    """A folder of our own that other users may read: it is one of them who runs the session."""
    with tempfile.TemporaryDirectory(prefix="quantumlayer-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder
