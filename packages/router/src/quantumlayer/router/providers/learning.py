"""What a model was found not to take: refused once, not sent again in this process."""

from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass

from quantumlayer.router.deltas import Delta
from quantumlayer.router.errors import ParameterRefused

# Refused requests cost nothing, but a server that refuses everything must not be asked for ever.
_REPETITIONS = 6


@dataclass(slots=True)
class Learned:
    """The parameters that one model refuses, by the names that wires know."""

    without: frozenset[str] = frozenset()

    async def asked(
        self, ask: Callable[[frozenset[str]], AsyncGenerator[Delta, None]]
    ) -> AsyncGenerator[Delta, None]:
        """The reply to a request that is repeated at once without what was refused in it.

        `ask` makes the request without the parameters that it gets.
        """
        for left in reversed(range(_REPETITIONS + 1)):
            without = self.without
            try:
                async with aclosing(ask(without)) as pieces:
                    async for piece in pieces:
                        yield piece
            except ParameterRefused as error:
                if error.parameter in without or not left:
                    raise
                self.without |= {error.parameter}
            else:
                return
