"""What a model was found not to take: refused once, not sent again in this process."""

from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass, field

from pydantic import JsonValue

from quantumlayer.router.deltas import Delta
from quantumlayer.router.errors import ParameterRefused
from quantumlayer.router.profiles.profile import Profile

# Refused requests cost nothing, but a server that refuses everything must not be asked for ever.
_PARAMETERS_LEARNED = 6
_CAPS = ("max_tokens", "max_completion_tokens")
# Parameters that a profile decides about, so that the wire says the same in another way.
_BY_PROFILE: dict[str, dict[str, JsonValue]] = {
    "response_format": {"structured_output": "none"},
    "output_format": {"structured_output": "none"},
    "cache_control": {"cache": "none"},
    "reasoning_content": {"reasoning_echo": "none"},
    "temperature": {"temperature": False},
}


@dataclass(slots=True)
class Learned:
    """What is known of one model beside its profile."""

    without: frozenset[str] = frozenset()
    _changes: dict[str, JsonValue] = field(default_factory=dict)

    def learn(self, parameter: str) -> bool:
        """Takes note that `parameter` was refused; False when there is nothing new in that."""
        if parameter in self.without:
            return False
        self.without |= {parameter}
        if parameter in _CAPS:
            other = next(name for name in _CAPS if name != parameter)
            if other not in self.without:
                self._changes["output_parameter"] = other
        self._changes.update(_BY_PROFILE.get(parameter, {}))
        return True

    def applied(self, profile: Profile) -> Profile:
        """The profile as the model turned out to be."""
        return Profile.model_validate({**profile.model_dump(), **self._changes})


async def without_refused(
    learned: Learned,
    profile: Profile,
    ask: Callable[[Profile, frozenset[str]], AsyncGenerator[Delta, None]],
) -> AsyncGenerator[Delta, None]:
    """The reply to a request that is repeated at once without what was refused in it."""
    for left in reversed(range(_PARAMETERS_LEARNED + 1)):
        without = learned.without
        try:
            async with aclosing(ask(learned.applied(profile), without)) as pieces:
                async for piece in pieces:
                    yield piece
        except ParameterRefused as error:
            # Another call may have learned the same in the meantime.
            new = learned.learn(error.parameter) or without != learned.without
            if not (left and new):
                raise
        else:
            return
