"""What every tier that starts a delivery promises."""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Protocol

from quantumlayer.qtest.delivered.model import Delivery
from quantumlayer.qtest.delivered.state import Executed, State


class Running(Protocol):
    """A started application, until the context that started it ends."""

    @property
    def socket(self) -> Path:
        """A Unix socket that leads to the application's port, at the address of its container.

        Each connection is one to the application. It closes at once where nothing listens there.
        """
        ...

    @property
    def joins(self) -> bool:
        """Whether a command that is executed sees the application's processes."""
        ...

    async def state(self) -> State:
        """Whether it runs, and where it listens."""
        ...

    async def log(self) -> str:
        """What it has said so far: the beginning and the end of it, bounded."""
        ...

    async def signal(self, number: int) -> None:
        """Send a signal to its first process, as the platform does."""
        ...

    async def execute(self, command: Sequence[str], seconds: float) -> Executed:
        """Run a command within the container, beside the application."""
        ...


class Built(Protocol):
    """An image with the volumes of one deployment, which last as long as it does."""

    @property
    def port(self) -> int:
        """The port that the platform will call."""
        ...

    @property
    def stop_signal(self) -> int:
        """What asks it to end."""
        ...

    @property
    def notes(self) -> tuple[str, ...]:
        """How this differs from the delivery, for people."""
        ...

    async def holds(self, text: str) -> bool | None:
        """Whether a file of the image's own has a text in it, None where nobody can tell."""
        ...

    def start(self) -> AbstractAsyncContextManager[Running]:
        """Start one more instance; it is dead when the context ends. Raises CannotTell."""
        ...


class Starter(Protocol):
    """One way to start an application as it is delivered, without trusting it."""

    @property
    def tier(self) -> str:
        """The name under which reports mention it."""
        ...

    @property
    def cache(self) -> Path:
        """Where what has been fetched and found out of this machine is kept."""
        ...

    def build(self, delivery: Delivery) -> AbstractAsyncContextManager[Built]:
        """Build the image; it is gone when the context ends.

        Raises BuildBroken, CannotTell and NotUnderstood.
        """
        ...
