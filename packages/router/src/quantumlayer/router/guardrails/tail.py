"""What of a stream must be kept back, because a match could go on in the next chunk."""

from quantumlayer.router.guardrails.patterns import Pattern


class Tail:
    """Takes chunks and gives out what is settled; keeps at most `most` characters back.

    `unfinished` matches what may be the beginning of something wanted, up to the end of the text. A
    match that is longer than `most` is not seen across chunks.
    """

    def __init__(self, unfinished: Pattern, most: int) -> None:
        self._unfinished = unfinished
        self._most = most
        self.text = ""

    def take(self, chunk: str) -> str:
        """The text that may be looked at and given out now."""
        whole = self.text + chunk
        window = whole[-self._most :]
        found = self._unfinished.first(window)
        cut = len(whole) - len(window) + (found.start if found else len(window))
        self.text = whole[cut:]
        return whole[:cut]

    def put_back(self, text: str) -> None:
        """Keeps the end of what was taken last after all."""
        self.text = text + self.text

    def rest(self, text: str = "") -> str:
        """All that was kept back and `text`, at the end of the stream."""
        whole, self.text = self.text + text, ""
        return whole
