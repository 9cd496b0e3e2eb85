"""What a model may answer, and what is sent back to it."""

import pytest
from pydantic import ValidationError

from quantumlayer.agents.answers import AnalystAnswer


def test_an_analyst_gives_requirements_or_a_refusal_never_both_or_neither() -> None:
    assert AnalystAnswer(refusal="no").requirements is None
    with pytest.raises(ValidationError, match="either"):
        AnalystAnswer()


def test_the_schema_for_language_models_leaves_models_own_forms_out() -> None:
    schema = str(AnalystAnswer.model_json_schema())
    assert "not_understood" in schema
    assert "domain" not in schema.lower()
    assert "$ref" not in schema
