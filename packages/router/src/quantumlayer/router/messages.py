"""A conversation with a model: what was said, thought, called and given back, in its order.

The shapes are neither OpenAI's nor Anthropic's: a wire (`quantumlayer.router.wires`) writes them
as its provider wants them and reads what comes back.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

Role = Literal["system", "user", "assistant", "tool"]


class _Noun(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class TextPart(_Noun):
    """Words."""

    kind: Literal["text"] = "text"
    text: str


class ImagePart(_Noun):
    """A picture: `url` is where it lies, or a `data:` URL that holds it."""

    kind: Literal["image"] = "image"
    url: str


class ReasoningPart(_Noun):
    """What the model thought, to be given back as it came.

    `signature` is the provider's proof of the text; `sealed` is a thought that only the provider
    can read, and then `text` is empty.
    """

    kind: Literal["reasoning"] = "reasoning"
    text: str = ""
    signature: str | None = None
    sealed: str | None = None


class ToolCallPart(_Noun):
    """A call that the model wants made; `arguments` is the JSON text as the model wrote it.

    `signature` is a provider's proof of the thought behind the call, to be given back with it.
    """

    kind: Literal["tool_call"] = "tool_call"
    id: str
    name: str
    arguments: str
    signature: str | None = None


class ToolResultPart(_Noun):
    """What a call gave."""

    kind: Literal["tool_result"] = "tool_result"
    call_id: str
    text: str
    failed: bool = False


Part = Annotated[
    TextPart | ImagePart | ReasoningPart | ToolCallPart | ToolResultPart,
    Field(discriminator="kind"),
]


class Message(_Noun):
    """One message; a plain string is the same as one part of text.

    `cache_until_here` says that everything up to the end of this message will be sent again, so
    that a provider which wants to be told may keep it.
    """

    role: Role
    content: str | tuple[Part, ...]
    cache_until_here: bool = False

    @property
    def parts(self) -> tuple[Part, ...]:
        """The content as parts."""
        return (TextPart(text=self.content),) if isinstance(self.content, str) else self.content

    @property
    def text(self) -> str:
        """The words alone."""
        if isinstance(self.content, str):
            return self.content
        return "".join(part.text for part in self.content if isinstance(part, TextPart))


class ToolDefinition(_Noun):
    """A tool that the model may call; `parameters` is the JSON schema of its arguments."""

    name: str = Field(min_length=1, max_length=64)
    description: str = ""
    parameters: dict[str, JsonValue]
