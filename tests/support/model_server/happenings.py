"""What happens on the way of a streamed reply, after so many characters of what is said in it."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field


class _Happening(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    after: int = Field(default=0, ge=0, description="characters: thoughts, words, arguments")


class Silence(_Happening):
    """Nothing comes, though the connection stands; None: until the client hangs up."""

    kind: Literal["silence"] = "silence"
    seconds: float | None = None


class Pings(_Happening):
    """Signs of life without content, as the protocol has them."""

    kind: Literal["pings"] = "pings"
    count: int = 1


class StreamError(_Happening):
    """The server says in an event what went wrong, and the stream ends."""

    kind: Literal["error"] = "error"
    type: str = "overloaded_error"
    code: str | int | None = None
    message: str = "Overloaded"


class Break(_Happening):
    """The connection is torn."""

    kind: Literal["break"] = "break"


class PoliteEnd(_Happening):
    """The stream ends as if it were complete, without the protocol's own end."""

    kind: Literal["polite_end"] = "polite_end"


Happening = Annotated[
    Silence | Pings | StreamError | Break | PoliteEnd, Field(discriminator="kind")
]
