"""What a model may answer, and what is sent back to it."""

import pytest
from pydantic import ValidationError

from quantumlayer.agents.answers import AnalystAnswer, FileAnswer, FileEdit, omission


@pytest.mark.parametrize(
    "line",
    [
        "# ... rest of the code unchanged ...",
        "// rest unchanged",
        "# ... existing code ...",
        "/* the rest of the file remains the same */",
        "<!-- rest of file omitted -->",
        "    # (rest unchanged)",
        "// ... other methods stay the same ...",
        "# remaining code unchanged",
        "-- same as before",
    ],
)
def test_a_file_that_leaves_code_out_is_refused(line: str) -> None:
    with pytest.raises(ValidationError, match="leaves code out"):
        FileAnswer(content=f"def first():\n    return 1\n\n{line}\n")


@pytest.mark.parametrize(
    "line",
    [
        "# unchanged fields keep their value",
        "x = 1  # the rest of the row is read later",
        "-- existing code is kept by the trigger",
        "    ...",
        "# Keep the connection open",
    ],
)
def test_ordinary_comments_are_no_omissions(line: str) -> None:
    assert omission(f"{line}\nx = 1\n") is None


@pytest.mark.parametrize("path", ["../x.py", "/etc/passwd", "a/../../b", "capsule.json", "a\\b"])
def test_an_edit_cannot_leave_the_tree(path: str) -> None:
    with pytest.raises(ValidationError):
        FileEdit(path=path, action="write", content="x")


def test_an_analyst_gives_requirements_or_a_refusal_never_both_or_neither() -> None:
    assert AnalystAnswer(refusal="no").requirements is None
    with pytest.raises(ValidationError, match="either"):
        AnalystAnswer()


def test_the_schema_for_language_models_leaves_the_structured_domains_out() -> None:
    schema = str(AnalystAnswer.model_json_schema())
    assert "not_understood" in schema
    assert "ServiceDomain" not in schema
    assert "$ref" not in schema
