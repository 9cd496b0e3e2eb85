"""The page of checks is made from the code."""

from pathlib import Path

from quantumlayer.qlayer.checking.page import checking_page

ROOT = Path(__file__).parents[4]


def test_the_page_is_current() -> None:
    written = (ROOT / "docs/checking.md").read_text("utf-8")
    command = "python -m quantumlayer.qlayer.checking.page > docs/checking.md"
    assert written == checking_page(), f"write it again: {command}"
