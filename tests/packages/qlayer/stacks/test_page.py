"""The page of stacks is made from their folders."""

from pathlib import Path

from quantumlayer.qlayer.stacks.page import stacks_page

ROOT = Path(__file__).parents[4]


def test_the_page_is_current() -> None:
    written = (ROOT / "docs/stacks.md").read_text("utf-8")
    command = "python -m quantumlayer.qlayer.stacks.page > docs/stacks.md"
    assert written == stacks_page(), f"write it again: {command}"
