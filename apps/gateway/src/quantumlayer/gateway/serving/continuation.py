"""An answer that one deployment began and another one ends, joined where they meet."""

from dataclasses import dataclass, field

from quantumlayer.router import ProviderUnavailable
from quantumlayer.router.stitching import stitch
from quantumlayer.router.thoughts import without_leading_thought

# As much as may have to be seen before it is known what of a continuation only repeats.
_SEEN_AT_LEAST = 400


@dataclass(slots=True)
class Seam:
    """Lets through what of a continuation goes beyond `begun`, which the client has already."""

    begun: str
    _seen: list[str] = field(default_factory=list)
    _joined: bool = False

    def more(self, text: str) -> str:
        """What of the continuation's next piece is new; nothing until enough was seen."""
        if self._joined:
            return text
        self._seen.append(text)
        if sum(map(len, self._seen)) < _SEEN_AT_LEAST:
            return ""
        return self.rest()

    def rest(self) -> str:
        """What is still to be let through when the continuation ends, or was seen enough of.

        Raises `ProviderUnavailable` where the model began anew: what was sent cannot be unsent.
        """
        if self._joined:
            return ""
        self._joined = True
        whole = stitch(self.begun, without_leading_thought("".join(self._seen)))
        if not whole.startswith(self.begun):
            raise ProviderUnavailable(
                "the answer broke off, and the model that was to go on with it began anew"
            )
        return whole[len(self.begun) :]
