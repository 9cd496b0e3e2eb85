"""The time to the first token, as a moving average."""


class LatencyAverage:
    """An exponentially weighted moving average: each new value counts for `share` of it.

    Only answers belong in it: a deployment that fails fast is not fast.
    """

    def __init__(self, share: float = 0.2) -> None:
        self._share = share
        self.seconds: float | None = None

    def add(self, seconds: float) -> None:
        """Counts one first token, in seconds after the call began."""
        if self.seconds is None:
            self.seconds = seconds
        else:
            self.seconds += self._share * (seconds - self.seconds)
