"""What a tool gave back, as a model is shown it: never empty, never without end."""

from pydantic import BaseModel, ConfigDict

HEAD = TAIL = 5_000
_BRIEF = 300


class Observation(BaseModel):
    """What came of a call; `id` as in `Call`. `failed`: it was not done, or what it ran failed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    tool: str
    text: str
    failed: bool = False
    id: str | None = None

    @property
    def shown(self) -> str:
        """The text as far as it is shown."""
        return cut(self.text) if self.text.strip() else "It said nothing."

    @property
    def brief(self) -> str:
        """What is shown in its place when it is old."""
        if len(self.text) <= _BRIEF:
            return self.shown
        return f"(left out, as it is old: {len(self.text)} characters of `{self.tool}`)"


def cut(text: str) -> str:
    """The beginning and the end of a long text, and how much stands between."""
    if len(text) <= HEAD + TAIL:
        return text
    left_out = len(text) - HEAD - TAIL
    return f"{text[:HEAD]}\n… {left_out} characters were left out here …\n{text[-TAIL:]}"
