"""What providers say went wrong, in their shapes and words."""

import pytest

from quantumlayer.router.errors import (
    AuthenticationFailed,
    BadRequest,
    ContentFiltered,
    ContextTooLong,
    ProviderUnavailable,
    QuotaExhausted,
    RateLimited,
    RouterError,
)
from quantumlayer.router.wires.error_bodies import SaidError, error_in, kind_of


@pytest.mark.parametrize(
    ("document", "said"),
    [
        (
            {"error": {"message": "no", "type": "t", "code": "c", "param": "temperature"}},
            SaidError(("c", "t"), "no", "temperature"),
        ),
        ({"type": "error", "error": {"type": "t", "message": "no"}}, SaidError(("t",), "no")),
        ({"error": {"code": 429, "status": "S", "message": "no"}}, SaidError(("429", "S"), "no")),
        ({"error": "no"}, SaidError((), "no")),
        ({"object": "error", "message": "no", "code": 400}, SaidError(("400",), "no")),
        ({"detail": [{"msg": "no"}]}, SaidError((), '[{"msg":"no"}]')),
        ({"error": None, "choices": []}, None),
        ({"error": {"message": "", "code": None}}, None),
        ({"choices": [{}], "detail": "of the choices"}, None),
        ([], None),
    ],
)
def test_it_is_found_in_every_shape(document: object, said: SaidError | None) -> None:
    assert error_in(document) == said


@pytest.mark.parametrize(
    ("status", "codes", "words", "kind"),
    [
        (400, ("context_length_exceeded", "invalid_request_error"), "no", ContextTooLong),
        (400, ("invalid_request_error",), "prompt is too long: 9 tokens > 5", ContextTooLong),
        (400, ("invalid_request_error",), "temperature is not supported", BadRequest),
        (400, ("content_filter",), "no", ContentFiltered),
        (404, ("model_not_found",), "no", BadRequest),
        (429, ("insufficient_quota",), "no", QuotaExhausted),
        (429, ("invalid_request_error",), "slow down", RateLimited),
        (500, ("server_error",), "context deadline exceeded", ProviderUnavailable),
        (500, (), "the request exceeds the available context size", ContextTooLong),
        (529, ("overloaded_error",), "Overloaded", ProviderUnavailable),
        (None, ("401",), "no", AuthenticationFailed),
        (None, ("overloaded_error",), "Overloaded", ProviderUnavailable),
        (None, ("InternalFault", "rate_limit_error"), "no", RateLimited),
        (None, (), "no", ProviderUnavailable),
    ],
)
def test_codes_words_and_status_decide_its_kind(
    status: int | None, codes: tuple[str, ...], words: str, kind: type[RouterError]
) -> None:
    assert kind_of(SaidError(codes, words), status) is kind


def test_a_status_alone_is_enough() -> None:
    assert kind_of(None, 401) is AuthenticationFailed
