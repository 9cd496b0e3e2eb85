"""Patterns of requirements mean the same in JavaScript."""

import pytest

from quantumlayer.builtin.writing.javascript.field_code import unicode_pattern


@pytest.mark.parametrize(
    ("pattern", "code"),
    [
        (r"^[A-Z]{3}-\d+$", r"^[A-Z]{3}-\d+$"),
        (r"a/b[/]", r"a/b[/]"),
        (r"\A\@x\Z", r"^@x$"),
        (r"(?P<year>\d{4})", r"(?<year>\d{4})"),
        ("[a\\-z]\\-", "[a\\-z]-"),
    ],
)
def test_a_pattern_is_one_under_the_flag_u(pattern: str, code: str) -> None:
    assert unicode_pattern(pattern) == code
