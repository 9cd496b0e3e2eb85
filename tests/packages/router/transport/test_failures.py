"""What providers refuse with, word for word as they say it, and what it means."""

import json
from typing import Any

import pytest

from quantumlayer.router import (
    AuthenticationFailed,
    BadRequest,
    ContentFiltered,
    ContextTooLong,
    ProviderUnavailable,
    QuotaExhausted,
    RateLimited,
    RouterError,
    Timeout,
)
from quantumlayer.router.errors import ParameterRefused
from quantumlayer.router.transport.failures import missing_key, refused, unreadable
from quantumlayer.router.transport.targets import Target

KEY = "sk-a-key-that-must-not-leak"
TARGET = Target(
    provider="acme",
    url="https://user:secret@models.example/v1/chat/completions?token=secret",
    model="large",
    key=KEY,
    key_variable="ACME_API_KEY",
    url_variable="QL_MODEL_BASE_URL",
)


def of(status: int, body: object, **headers: str) -> RouterError:
    said = body if isinstance(body, bytes) else json.dumps(body).encode()
    return refused(
        TARGET, status, {name.replace("_", "-"): value for name, value in headers.items()}, said
    )


def openai(message: str, **more: str) -> dict[str, Any]:
    return {"error": {"message": message, "type": "invalid_request_error", **more}}


def anthropic(kind: str, message: str) -> dict[str, Any]:
    return {"type": "error", "error": {"type": kind, "message": message}}


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (400, openai("no such thing"), BadRequest),
        (401, openai("Incorrect API key provided", code="invalid_api_key"), AuthenticationFailed),
        (401, b"", AuthenticationFailed),
        (402, {"error": {"message": "Insufficient Balance"}}, QuotaExhausted),
        (403, {"error": "forbidden"}, AuthenticationFailed),
        (404, openai("The model `x` does not exist", code="model_not_found"), BadRequest),
        (408, b"", Timeout),
        (409, b"", ProviderUnavailable),
        (422, {"detail": [{"loc": ["body", "messages"], "msg": "field required"}]}, BadRequest),
        (429, openai("Rate limit reached", code="rate_limit_exceeded"), RateLimited),
        (429, openai("You exceeded your quota", code="insufficient_quota"), QuotaExhausted),
        (400, anthropic("invalid_request_error", "messages: required"), BadRequest),
        (
            400,
            anthropic("invalid_request_error", "Your credit balance is too low to access the API"),
            QuotaExhausted,
        ),
        (529, anthropic("overloaded_error", "Overloaded"), ProviderUnavailable),
        (503, b"upstream connect error", ProviderUnavailable),
        (500, anthropic("api_error", "Internal server error"), ProviderUnavailable),
        (
            400,
            {"error": {"code": 400, "message": "API key not valid.", "status": "INVALID_ARGUMENT"}},
            AuthenticationFailed,
        ),
        (
            400,
            openai("Your request was rejected as a result of our safety system."),
            ContentFiltered,
        ),
        (
            400,
            openai(
                "The response was filtered due to the prompt triggering Azure OpenAI's content "
                "management policy.",
                code="content_filter",
            ),
            ContentFiltered,
        ),
        (
            403,
            {"error": {"code": 403, "message": "Input requires moderation on acme/large"}},
            ContentFiltered,
        ),
    ],
)
def test_a_refusal_is_of_the_kind_that_it_means(
    status: int, body: object, kind: type[RouterError]
) -> None:
    assert type(of(status, body)) is kind


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (400, "This model's maximum context length is 8192 tokens. However, you requested 9000"),
        (400, "prompt is too long: 210000 tokens > 200000 maximum"),
        (400, "input length and `max_tokens` exceed context limit: 188240 + 21333 > 200000"),
        (400, "The input token count (1100000) exceeds the maximum number of tokens allowed"),
        (400, "the request exceeds the available context size, try increasing it"),
        (500, "request (9000 tokens) exceeds the available context size (4096 tokens)"),
        (400, ("Please reduce the length of the messages or completion. Current length is 9000 "
              "while limit is 8192")),
        (422, "`inputs` tokens + `max_new_tokens` must be <= 4096. Given: 5000"),
        (400, "This model's maximum prompt length is 131072 but the request contains 140000"),
        (413, "Request too large for model `llama` on tokens per minute (TPM): Limit 6000"),
        (429, ("Request too large for gpt-4o on tokens per min (TPM): Limit 30000, Requested 40. "
              "The input or output tokens must be reduced in order to run successfully.")),
        (400, ("Prompt contains 40000 tokens and 0 draft tokens, too large for model with 32768 "
              "maximum context length")),
        (400, "Range of input length should be [1, 30720]; input is too long"),
        (400, "Input is too long for requested model."),
    ],
)  # fmt: skip
def test_many_words_say_that_the_context_is_full(status: int, words: str) -> None:
    assert type(of(status, openai(words))) is ContextTooLong


def test_a_limit_of_many_requests_is_not_one_request_that_is_too_large() -> None:
    words = "Too many tokens, please wait before trying again."
    assert type(of(429, {"message": words})) is RateLimited


@pytest.mark.parametrize(
    ("status", "body", "parameter"),
    [
        (400, openai("Unsupported parameter: 'max_tokens' is not supported with this model. "
                     "Use 'max_completion_tokens' instead.", param="max_tokens",
                     code="unsupported_parameter"), "max_tokens"),
        (400, openai("Unsupported value: 'temperature' does not support 0.2 with this model. "
                     "Only the default (1) value is supported.", param="temperature",
                     code="unsupported_value"), "temperature"),
        (400, openai("Unknown parameter: 'stream_options'."), "stream_options"),
        (400, {"error": "[{'type': 'extra_forbidden', 'loc': ('body', 'prompt_cache_key'), "
                        "'msg': 'Extra inputs are not permitted'}]"}, "prompt_cache_key"),
        (422, {"object": "error", "message": {"detail": [{"type": "extra_forbidden",
               "loc": ["body", "parallel_tool_calls"], "msg": "Extra inputs are not permitted"}]}},
         "parallel_tool_calls"),
        (400, {"detail": "Extra parameters ['stream_options'] are not allowed"}, "stream_options"),
        (400, openai("This response_format type is unavailable now"), "response_format"),
        (400, [{"error": {"code": 400, "status": "INVALID_ARGUMENT", "message": "Invalid JSON "
                "payload received. Unknown name \"prompt_cache_key\": Cannot find field."}}],
         "prompt_cache_key"),
        (400, anthropic("invalid_request_error", "`temperature` is deprecated for this model."),
         "temperature"),
        (400, anthropic("invalid_request_error",
                        "system.1.cache_control.ephemeral.ttl: Extra inputs are not permitted"),
         "cache_control"),
    ],
)  # fmt: skip
def test_a_parameter_that_is_refused_is_named(status: int, body: object, parameter: str) -> None:
    error = of(status, body)
    assert isinstance(error, ParameterRefused)
    assert error.parameter == parameter


@pytest.mark.parametrize(
    "words",
    [
        "max_tokens is too large: 100000. This model supports at most 16384 completion tokens",
        "Invalid 'temperature': decimal above maximum value. Expected a value <= 2",
        "messages.1.content.0.type: Expected `thinking` or `redacted_thinking`, but found `text`",
        "The reasoning_content in the thinking mode must be passed back to the API.",
    ],
)
def test_a_value_that_is_refused_is_no_parameter_to_leave_out(words: str) -> None:
    assert type(of(400, openai(words))) is BadRequest


def test_googles_quota_of_a_minute_is_a_rate_and_says_when() -> None:
    words = "You exceeded your current quota, please check your plan. Please retry in 21.5s."
    error = of(429, {"error": {"code": 429, "message": words, "status": "RESOURCE_EXHAUSTED"}})
    assert (type(error), error.retry_after) == (RateLimited, 21.5)


@pytest.mark.parametrize("status", [429, 503, 529])
def test_when_to_come_back_is_kept(status: int) -> None:
    assert of(status, b"", retry_after="7").retry_after == 7


def test_the_key_is_in_no_message() -> None:
    errors = [
        of(401, openai(f"Incorrect API key provided: {KEY}")),
        of(500, f"cannot forward Authorization: Bearer {KEY}".encode()),
        unreadable(TARGET, f"<html><title>{KEY}</title></html>".encode()),
    ]
    assert all(KEY not in str(error) and "[key]" in str(error) for error in errors)


def test_credentials_in_an_address_are_in_no_message() -> None:
    assert "secret" not in str(unreadable(TARGET, b"<html></html>"))


def test_what_to_set_is_said() -> None:
    assert "set ACME_API_KEY to" in str(of(401, openai("no")))
    assert "set ACME_API_KEY to" in str(missing_key(TARGET))
    assert "no model 'large'" in str(of(404, openai("not found")))
    assert "set QL_MODEL_BASE_URL" in str(of(404, openai("not found")))


def test_a_proxys_page_is_its_title() -> None:
    page = (
        b"<html>\n<head><title>502 Bad Gateway</title><style>p { color: red }</style></head>"
        b"<body><center><h1>502 Bad Gateway</h1></center><hr>nginx" + b" " * 10_000 + b"</body>"
    )
    assert str(of(502, page)) == "acme failed (502): 502 Bad Gateway"


def test_long_words_are_cut() -> None:
    assert len(str(of(400, b"word " * 10_000))) < 400
