"""The page of the sandbox is made from the code."""

from pathlib import Path

from tests.packages.qtest.sandbox.escapes.page import COMMAND, sandbox_page

ROOT = Path(__file__).parents[5]


def test_the_page_is_current() -> None:
    written = (ROOT / "docs/sandbox.md").read_text("utf-8")
    assert written == sandbox_page(), f"write it again: {COMMAND}"
