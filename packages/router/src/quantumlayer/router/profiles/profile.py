"""What a family of models can and wants: the one place where models differ."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Effort = Literal["none", "minimal", "low", "medium", "high"]
StructuredOutput = Literal["json_schema", "json_object", "none"]
CacheKind = Literal["automatic", "breakpoints", "none"]
Api = Literal["chat", "responses"]
ReasoningEcho = Literal["none", "reasoning_content", "thinking_blocks"]
EditDialect = Literal["whole", "search_replace", "fenced_search_replace", "apply_patch"]


class Profile(BaseModel):
    """A family's facts; as given: what is safe for a model that nobody knows.

    `api` says which of OpenAI's formats serves the model where a provider has both.
    `output_parameter` is the name under which the cap of a reply is sent, and `output_cap` the
    most that the model can write. `first_token_seconds` is how long it may think before its first
    piece. `cache_key` says that OpenAI's `prompt_cache_key` helps. `reasoning_echo` is the form
    in which its thoughts must be given back between tool turns.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    api: Api = "chat"
    context_window: int = Field(default=32_768, gt=0)
    output_cap: int = Field(default=8_192, gt=0)
    output_parameter: Literal["max_tokens", "max_completion_tokens"] = "max_tokens"
    temperature: bool = True
    reasoning: bool = False
    efforts: tuple[Effort, ...] = ()
    tools: bool = True
    tool_content_parts: bool = False
    structured_output: StructuredOutput = "none"
    cache: CacheKind = "none"
    cache_key: bool = False
    reasoning_echo: ReasoningEcho = "none"
    edit_dialect: EditDialect = "search_replace"
    first_token_seconds: float = Field(default=120, gt=0)
