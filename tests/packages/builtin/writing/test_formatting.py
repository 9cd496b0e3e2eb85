"""The formatter of generated Python."""

import pytest

from quantumlayer.builtin.writing.formatting import format_python


def test_imports_are_sorted_and_lines_laid_out() -> None:
    source = (
        "from shop.a import b\nimport json\nfrom fastapi import FastAPI\nx = [json,  FastAPI,b]\n"
    )
    expected = (
        "import json\n\nfrom fastapi import FastAPI\n\nfrom shop.a import b\n\n"
        "x = [json, FastAPI, b]\n"
    )
    assert format_python(source, first_party="shop") == expected


def test_imports_that_nothing_uses_are_left_out() -> None:
    source = "import json\nfrom shop.a import b, c\n\nprint(c)\n"
    assert format_python(source, first_party="shop") == "from shop.a import c\n\nprint(c)\n"


def test_what_is_not_python_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot be formatted"):
        format_python("def (:\n", first_party="shop")
