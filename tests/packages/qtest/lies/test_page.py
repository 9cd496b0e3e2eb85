"""The page of lies is made from the code."""

from pathlib import Path

from tests.packages.qtest.lies.page import COMMAND, lies_page

ROOT = Path(__file__).parents[4]


def test_the_page_is_current() -> None:
    written = (ROOT / "docs/lies.md").read_text("utf-8")
    assert written == lies_page(), f"write it again: {COMMAND}"
