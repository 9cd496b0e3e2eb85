"""Modules import what they use, wherever it comes from, and are laid out as usual."""

import pytest

from quantumlayer.builtin.writing.python.finishing import format_python, with_imports


def formatted(source: str) -> str:
    return format_python({"shop/x.py": source}, first_party="shop")["shop/x.py"]


def test_names_are_imported_from_tables_and_from_the_templates_of_other_modules() -> None:
    source = '"""Shown."""\n\nfrom httpx2 import X\n\nx = (Path, sqlite3, clock, Page, X)\n'
    assert with_imports(source, "shop/x.py", "shop").splitlines()[1:5] == [
        "from shop.listing import Page",
        "from pathlib import Path",
        "from shop import clock",
        "import sqlite3",
    ]


def test_what_a_module_makes_itself_is_not_imported() -> None:
    source = '"""Shown."""\n\nrouter: Page = 1\n\n\ndef now() -> Page: ...\n\n\nx = (router, now)\n'
    assert "import" not in with_imports(source, "shop/listing.py", "shop")


def test_imports_are_sorted_and_lines_laid_out() -> None:
    source = (
        "from shop.a import b\nimport json\nfrom fastapi import FastAPI\nx = [json,  FastAPI,b]\n"
    )
    expected = (
        "import json\n\nfrom fastapi import FastAPI\n\nfrom shop.a import b\n\n"
        "x = [json, FastAPI, b]\n"
    )
    assert formatted(source) == expected


def test_imports_that_nothing_uses_are_left_out() -> None:
    source = "import json\nfrom shop.a import b, c\n\nprint(c)\n"
    assert formatted(source) == "from shop.a import c\n\nprint(c)\n"


def test_what_is_not_python_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot be formatted"):
        formatted("def (:\n")


def test_many_are_laid_out_at_once_each_by_itself() -> None:
    sources = {
        "shop/__init__.py": "import json\n",
        "shop/x.py": "x = [1,2]\n",
        "tests/x.py": "y=1\n",
    }
    assert format_python(sources, first_party="shop") == {
        "shop/__init__.py": "",
        "shop/x.py": "x = [1, 2]\n",
        "tests/x.py": "y = 1\n",
    }


def test_one_that_is_not_python_is_refused_among_others() -> None:
    with pytest.raises(ValueError, match="cannot be formatted"):
        format_python({"a.py": "a = 1\n", "b.py": "def (:\n"}, first_party="shop")
