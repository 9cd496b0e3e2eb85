"""Modules import what they use, wherever it comes from."""

from quantumlayer.builtin.writing.python.imports import with_imports


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
