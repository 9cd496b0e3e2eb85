"""What is known of a container from outside: that it runs, and what was run within it."""

from quantumlayer.qtest.model import Noun


class State(Noun):
    """A container at one moment: whether it runs, how it ended, on which addresses it listens."""

    running: bool
    exit_status: int | None = None
    listening: tuple[tuple[str, int], ...] = ()


class Executed(Noun):
    """A command that was run within a container; `status` is None where it did not end in time."""

    status: int | None
    output: str
