"""The replies of a script: what each says, which requests it is for, how it comes."""

from collections.abc import Callable
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from tests.support.model_server.happenings import Happening


class ScriptedCall(BaseModel):
    """A call of a tool that the model makes; `arguments` is the JSON text as it writes it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    arguments: str = "{}"
    id: str = "call_scripted"


class ScriptedReply(BaseModel):
    """What every reply of a script may say: which requests it is for, how often, how it comes."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    task: str | None = Field(default=None, description="only for this task (header X-QL-Task)")
    model: str | None = Field(default=None, description="only for this model name")
    contains: str | None = Field(default=None, description="only if a message contains this text")
    times: int | None = Field(default=1, description="how many requests it answers; null: any")
    delay_seconds: float = 0.0
    input_tokens: int = 11
    output_tokens: int = 7
    cached_tokens: int | None = Field(default=None, description="of the input, read from a cache")
    cache_written_tokens: int | None = Field(default=None, description="of the input")
    reasoning_tokens: int | None = Field(default=None, description="of the output")
    reasoning: str = ""
    signature: str | None = Field(default=None, description="the proof of the reasoning")
    tool_calls: tuple[ScriptedCall, ...] = ()
    on_the_way: tuple[Happening, ...] = ()
    whole: bool = Field(default=False, description="one JSON document, whatever was asked for")


class TextReply(ScriptedReply):
    """An answer in the model's own words, whatever they are."""

    kind: Literal["text"] = "text"
    content: str
    finish_reason: str = "stop"


class JsonReply(ScriptedReply):
    """An answer that is the JSON of `value`; `fenced` wraps it in Markdown with prose around."""

    kind: Literal["json"] = "json"
    value: JsonValue
    fenced: bool = False


class FilesReply(ScriptedReply):
    """An answer that is `files` (path → content) as they are, and `notes` on others.

    `fenced` puts each content into a Markdown fence, with prose around all.
    """

    kind: Literal["files"] = "files"
    files: dict[str, str]
    notes: dict[str, str] = {}
    fenced: bool = False

    @property
    def text(self) -> str:
        """What is said."""
        fence = "```\n" if self.fenced else ""
        said = "".join(
            f'<file path="{path}">\n{fence}{content}{fence}</file>\n\n'
            for path, content in self.files.items()
        )
        said += "".join(f'<note path="{path}">{note}</note>\n' for path, note in self.notes.items())
        return f"Here they are:\n\n{said}Tell me if I should change them." if self.fenced else said


class CutOffReply(ScriptedReply):
    """An answer that stops with ``finish_reason: length`` at each of the offsets in `cuts`.

    The rest comes when a request carries the cut-off text back as the assistant's last message.
    """

    kind: Literal["cut_off"] = "cut_off"
    content: str
    cuts: tuple[int, ...]


class ErrorReply(ScriptedReply):
    """An HTTP error as the providers send it."""

    kind: Literal["error"] = "error"
    status: int
    message: str = "scripted error"
    code: str | None = None
    type: str | None = None
    retry_after: str | None = None


class DroppedReply(ScriptedReply):
    """An answer whose connection is cut after `after_bytes` of its body."""

    kind: Literal["dropped"] = "dropped"
    content: str = "{}"
    after_bytes: int = 20


class RawReply(ScriptedReply):
    """A body that is sent as it stands: a proxy's HTML page, or another server's reply."""

    kind: Literal["raw"] = "raw"
    status: int = 200
    content_type: str = "text/html"
    body: str = "<html><body>Bad gateway</body></html>"


Reply = TextReply | JsonReply | FilesReply | CutOffReply | ErrorReply | DroppedReply | RawReply
Responder = Callable[[dict[str, Any]], Reply | str | dict[str, Any]]
"""Computes a reply from the request's JSON; a dict is answered as JSON, a str as it is."""


class Script(BaseModel):
    """The replies of a script file, in the order in which they are tried."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    replies: tuple[Annotated[Reply, Field(discriminator="kind")], ...]
