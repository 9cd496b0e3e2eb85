"""The tools that tests are made of must still bite when the tests are over."""

import builtins
import unittest
from collections.abc import Callable
from typing import Any

import pytest
from _pytest.runner import CallInfo


def tools() -> list[tuple[str, Any, str]]:
    """(how people call it, where it lies, its name there)."""
    found: list[tuple[str, Any, str]] = [
        (f"unittest.TestCase.{name}", unittest.TestCase, name)
        for name in vars(unittest.TestCase)
        if name.startswith(("assert", "fail")) and not name.startswith("failUnless")
    ]
    found += [
        (f"pytest.{name}", pytest, name) for name in ("raises", "fail", "approx", "warns", "exit")
    ]
    found += [("builtins.AssertionError", builtins, "AssertionError")]
    found += [("pytest.CallInfo.from_call", CallInfo, "from_call")]
    found += [("pytest.TestReport.from_item_and_call", pytest.TestReport, "from_item_and_call")]
    return found


def watch_tools() -> Callable[[], list[str]]:
    """A function that names the tools which are no longer what they were."""
    known = [(title, vars(owner), name, vars(owner)[name]) for title, owner, name in tools()]

    def replaced() -> list[str]:
        return [title for title, place, name, tool in known if place.get(name) is not tool]

    return replaced
