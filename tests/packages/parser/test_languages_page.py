"""The page of languages is made from the code."""

from pathlib import Path

from quantumlayer.parser.languages_page import languages_page

ROOT = Path(__file__).parents[3]


def test_the_page_is_current() -> None:
    written = (ROOT / "docs/languages.md").read_text("utf-8")
    command = "python -m quantumlayer.parser.languages_page > docs/languages.md"
    assert written == languages_page(), f"write it again: {command}"
