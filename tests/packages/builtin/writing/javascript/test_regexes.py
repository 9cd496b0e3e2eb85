"""Patterns of requirements mean the same in JavaScript."""

import pytest

from quantumlayer.builtin.writing.javascript.regexes import regex_code


@pytest.mark.parametrize(
    ("pattern", "code"),
    [
        (r"^[A-Z]{3}-\d+$", r"/^[A-Z]{3}-\d+$/u"),
        (r"a/b[/]", r"/a\/b[/]/u"),
        (r"\A\@x\Z", r"/^@x$/u"),
        (r"(?P<year>\d{4})", r"/(?<year>\d{4})/u"),
        ("[a\\-z]\\-", "/[a\\-z]-/u"),
    ],
)
def test_a_pattern_becomes_a_literal(pattern: str, code: str) -> None:
    assert regex_code(pattern) == code
