"""Patterns of requirements mean the same in JavaScript."""

import pytest

from quantumlayer.builtin.writing.javascript.field_code import unicode_pattern


@pytest.mark.parametrize(
    ("pattern", "code"),
    [
        (r"^[A-Z]{3}-[0-9]+$", r"^[A-Z]{3}-[0-9]+$"),
        (r"^[a\.]\/\.$", r"^[a\.]\/\.$"),
        (r"^[\@]\@x$", r"^[@]@x$"),
        (r"^[a\-z]\-$", r"^[a\-z]-$"),
    ],
)
def test_a_pattern_is_one_under_the_flag_u(pattern: str, code: str) -> None:
    assert unicode_pattern(pattern) == code
