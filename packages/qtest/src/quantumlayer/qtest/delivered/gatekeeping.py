"""Starting a gatekeeper with its application: the socket at which it listens, and its end."""

import asyncio
import fcntl
import os
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from quantumlayer.qtest.delivered.model import Delivery
from quantumlayer.qtest.delivered.running import Enters, Gate, stands
from quantumlayer.qtest.model import Limits
from quantumlayer.qtest.sandbox.execution import Launch, execute

# A shell opens the filter at a number of one digit, whatever is there.
ABOVE_FILTER = 64


@contextmanager
def listening(control: Path) -> Iterator[int]:
    """A descriptor, to be handed to the gatekeeper, of a socket that listens at `control`."""
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(control))
        listener.listen(64)
        handed = fcntl.fcntl(listener, fcntl.F_DUPFD_CLOEXEC, ABOVE_FILTER)
        try:
            yield handed
        finally:
            os.close(handed)


@asynccontextmanager
async def opened_gate(  # noqa: PLR0913 - what a start is made of
    launch: Launch,
    control: Path,
    *,
    port: int,
    delivery: Delivery,
    limits: Limits,
    enters: Enters,
    tier: str,
    joins: bool = False,
) -> AsyncIterator[Gate]:
    """The gate of what is launched; all of it is dead when the context ends. Raises CannotTell."""
    life = asyncio.ensure_future(execute(launch, limits=limits, stdin=b"", tier=tier))
    try:
        gate = Gate(control, port, life, delivery.memory_bytes, enters, joins=joins)
        await stands(gate)
        async with gate.leading():
            yield gate
    finally:
        life.cancel()
        await asyncio.gather(life, return_exceptions=True)
