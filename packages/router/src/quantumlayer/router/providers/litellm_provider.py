"""Any model that litellm knows, or any server that speaks OpenAI's protocol, as a provider."""

import json
from decimal import Decimal
from types import ModuleType
from typing import Any, Literal, Protocol

from pydantic import BaseModel, ConfigDict, Field, JsonValue, SecretStr

from quantumlayer.router.errors import RouterError
from quantumlayer.router.messages import Message
from quantumlayer.router.pricing import (
    Price,
    estimate_input_tokens,
    estimate_output_tokens,
)
from quantumlayer.router.providers.chat_reply import ChatReply, read_reply
from quantumlayer.router.providers.listening import Heard, listening
from quantumlayer.router.providers.litellm_door import litellm
from quantumlayer.router.providers.litellm_errors import translated, without
from quantumlayer.router.providers.protocol import ProviderReply, ProviderRequest, ProviderTraits
from quantumlayer.router.wires.strict_schema import strict_schema

StructuredOutput = Literal["auto", "native", "prompt"]
TASK_HEADER = "X-QL-Task"
# OpenAI's client refuses to start without a key; servers of one's own often want none.
_NO_KEY = "none"


class ModelEndpoint(BaseModel):
    """Where models outside this process are reached.

    Without `base_url` litellm goes to the provider that the model's name begins with. `price`
    wins over litellm's price map and makes cost limits hold for models that it does not know.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    base_url: str | None = None
    api_key: SecretStr | None = None
    structured_output: StructuredOutput = Field(
        default="auto",
        description="native: the provider constrains decoding to the schema; prompt: the schema "
        "stands in the prompt; auto: native where litellm says that the model supports it",
    )
    price: Price | None = None


class _Response(Protocol):
    """What of litellm's ModelResponse is read here."""

    _hidden_params: dict[str, Any]

    def model_dump(self) -> dict[str, Any]: ...


class LiteLLMProvider:
    """Calls models through litellm, once each: retries belong to the router."""

    name = "litellm"
    traits = ProviderTraits()

    def __init__(self, endpoint: ModelEndpoint | None = None) -> None:
        self._endpoint = endpoint or ModelEndpoint()

    async def call(self, request: ProviderRequest) -> ProviderReply:
        module = await litellm()
        arguments = self._arguments(module, request)
        try:
            async with listening(arguments) as heard:
                body, cost = await self._asked(module, heard, arguments)
        except RouterError:
            raise
        except Exception as error:  # noqa: BLE001 - litellm lets any library's error through
            raise translated(error, secret=self._secret()) from None
        try:
            return self._reply(read_reply(body), request, cost)
        except RouterError as error:
            raise type(error)(without(self._secret(), str(error))) from None

    async def _asked(
        self, module: ModuleType, heard: Heard, arguments: dict[str, Any]
    ) -> tuple[object, Decimal | None]:
        """The reply's body as the server sent it where that is known, and its cost."""
        try:
            response: _Response = await module.acompletion(**arguments)
        except Exception:
            # litellm refuses some replies that can be read, and forgets the words of others.
            if heard.body is None:
                raise
            return heard.body, None
        cost = response._hidden_params.get("response_cost")  # noqa: SLF001 - litellm's documented way
        known = bool(cost) and self._endpoint.price is None
        body = response.model_dump() if heard.body is None else heard.body
        return body, Decimal(str(cost)) if known else None

    async def price(self, model: str) -> Price | None:
        """The endpoint's price, else litellm's; None where litellm does not know the model."""
        if self._endpoint.price is not None:
            return self._endpoint.price
        module = await litellm()
        # What litellm raises for a model that it does not know is a bare Exception in places.
        try:
            known = module.get_model_info(model)
        except Exception:  # noqa: BLE001 - litellm raises anything
            return None
        rates = known.get("input_cost_per_token"), known.get("output_cost_per_token")
        if None in rates or not any(rates):
            return None
        return Price(input_usd=Decimal(str(rates[0])), output_usd=Decimal(str(rates[1])))

    def _arguments(self, module: ModuleType, request: ProviderRequest) -> dict[str, Any]:
        native = request.form == "whole" and self._is_native(module, request.model)
        messages = request.messages if native else _with_schema(request)
        arguments: dict[str, Any] = {
            "model": request.model,
            "messages": [message.model_dump() for message in messages],
            "max_tokens": request.max_output_tokens,
            "timeout": request.timeout_seconds,
            "max_retries": 0,
            "num_retries": 0,
        }
        if native:
            arguments["response_format"] = _response_format(request)
        if self._endpoint.base_url is not None:
            # A server of one's own may route by task; the large providers are not told.
            arguments["base_url"] = self._endpoint.base_url
            arguments["extra_headers"] = {TASK_HEADER: request.task}
        key = self._secret() or (_NO_KEY if self._endpoint.base_url else None)
        return arguments if key is None else {**arguments, "api_key": key}

    def _is_native(self, module: ModuleType, model: str) -> bool:
        wanted = self._endpoint.structured_output
        return wanted == "native" or (
            wanted == "auto" and bool(module.supports_response_schema(model=model))
        )

    def _reply(
        self, reply: ChatReply, request: ProviderRequest, cost: Decimal | None
    ) -> ProviderReply:
        said, counted = reply.text, reply.output_tokens
        asked = reply.input_tokens
        # What a server does not count is estimated: a budget of tokens must hold with it too.
        return ProviderReply(
            text=said,
            finish_reason=reply.finish_reason,
            input_tokens=estimate_input_tokens(request.messages) if asked is None else asked,
            output_tokens=estimate_output_tokens(said) if counted is None else counted,
            cost_usd=cost,
            model=reply.model or request.model,
        )

    def _secret(self) -> str | None:
        key = self._endpoint.api_key
        return key.get_secret_value() if key is not None else None


def _response_format(request: ProviderRequest) -> dict[str, JsonValue]:
    strict = strict_schema(request.json_schema)
    name = "".join(letter if letter.isalnum() else "_" for letter in request.task)[:60]
    return {
        "type": "json_schema",
        "json_schema": {
            "name": name or "answer",
            "schema": strict or request.json_schema,
            "strict": strict is not None,
        },
    }


def _with_schema(request: ProviderRequest) -> tuple[Message, ...]:
    """The messages with the schema in the system message, for models without native support."""
    schema = json.dumps(request.json_schema, ensure_ascii=False, separators=(",", ":"))
    wish = (
        "Answer with one JSON document and nothing else: no Markdown, no comments. It must "
        f"be valid against this JSON schema:\n{schema}"
    )
    first, *others = request.messages
    if first.role != "system":
        return (Message(role="system", content=wish), *request.messages)
    return (Message(role="system", content=f"{first.content}\n\n{wish}"), *others)
