"""What clients ask for, where the deployment has no model at all."""

import pytest

from quantumlayer.api.errors import ApiError, ErrorCode
from quantumlayer.api.inputs import run_request


@pytest.mark.parametrize("model", [None, "builtin", "openai/gpt-5"])
def test_without_any_model_a_run_is_refused_with_what_to_set(model: str | None) -> None:
    with pytest.raises(ApiError, match="Set QL_MODEL to a language model") as caught:
        run_request(
            prompt="A library", project=None, language=None, model=model, models=(), limits={}
        )
    assert caught.value.code is ErrorCode.BAD_INPUT
