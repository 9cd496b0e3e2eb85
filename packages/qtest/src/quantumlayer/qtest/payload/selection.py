"""Which of the tests that pytest finds are run: what hooks of the project take away, and why."""

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
from _pytest.mark import deselect_by_mark

# Marks that say how a test is run, not what kind it is.
TECHNICAL = frozenset({
    "parametrize", "usefixtures", "skip", "skipif", "xfail", "filterwarnings", "asyncio", "anyio",
    "trio", "timeout", "order", "flaky",
})  # fmt: skip


class Chosen:
    """A configuration that chooses tests by one expression, whatever has become of the real one,
    and tells nobody."""

    def __init__(self, config: pytest.Config, marks: str) -> None:
        """`marks`: the expression."""
        self.config = config
        self.option = SimpleNamespace(markexpr=marks)
        self.hook = SimpleNamespace(pytest_deselected=lambda **_: None)

    def __getattr__(self, name: str) -> object:
        return getattr(self.config, name)


def chosen_by_marks(
    found: Iterable[pytest.Item], config: pytest.Config, marks: str
) -> list[pytest.Item]:
    """The tests that the settings of the project choose by their marks."""
    chosen = list(found)
    deselect_by_mark(chosen, cast("pytest.Config", Chosen(config, marks)))
    return chosen


def taken_away(
    chosen: Iterable[pytest.Item],
    kept: Iterable[pytest.Item],
    kinds_before: Mapping[pytest.Item, set[str]],
) -> tuple[list[pytest.Item], list[pytest.Item]]:
    """The tests that hooks took away: those that may be left out, and those that are to be run.

    A hook that takes away all that is marked `slow` does what `-m "not slow"` does, in the open. A
    test that carries no mark of its own kind is run after all.
    """
    remaining = set(kept)
    still = {name for item in remaining for name in kinds_before.get(item, ())}
    gone = [item for item in chosen if item not in remaining]
    left_out = [item for item in gone if kinds_before[item] - still]
    return left_out, [item for item in gone if not kinds_before[item] - still]


def kinds(item: pytest.Item) -> set[str]:
    return {mark.name for mark in item.iter_markers()} - TECHNICAL


def is_repeated(path: Path, asked_for: Iterable[Path]) -> bool:
    """Whether a folder is a link to one that is looked into anyway, by its own name."""
    if not path.is_symlink() or path in asked_for:
        return False
    real = Path(os.path.realpath(path))
    return real.is_dir() and any(real.is_relative_to(one) for one in asked_for)
