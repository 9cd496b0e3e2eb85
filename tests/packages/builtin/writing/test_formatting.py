"""The formatter of generated Python."""

import pytest

from quantumlayer.builtin.writing.formatting import format_python


def test_imports_are_sorted_and_lines_laid_out() -> None:
    source = "from shop.a import b\nimport json\nfrom fastapi import FastAPI\nx = {  'a':1 }\n"
    expected = (
        'import json\n\nfrom fastapi import FastAPI\n\nfrom shop.a import b\n\nx = {"a": 1}\n'
    )
    assert format_python(source, first_party="shop") == expected


def test_what_is_not_python_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot be formatted"):
        format_python("def (:\n", first_party="shop")
