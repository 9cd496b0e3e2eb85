"""The door of the built-in writers."""

import pytest

from quantumlayer.builtin.writing import (
    UnknownFileError,
    UnsupportedApplication,
    plan,
    write,
)
from quantumlayer.qlayer.requirements import ApplicationKind, Language
from tests.support.service_domains import library


def test_the_same_requirements_give_the_same_plan_and_the_same_files() -> None:
    first, second = plan(library()), plan(library())
    assert first == second
    for file in first.files:
        assert write(library(), file.path) == write(library(), file.path)


def test_files_may_be_asked_in_any_order() -> None:
    paths = [file.path for file in plan(library()).files]
    forwards = {path: write(library(), path) for path in paths}
    backwards = {path: write(library(), path) for path in reversed(paths)}
    assert forwards == backwards


def test_a_file_that_is_not_planned_is_named_in_the_error() -> None:
    with pytest.raises(UnknownFileError, match=r"no file 'nothing\.py'"):
        write(library(), "nothing.py")


def test_what_nobody_can_write_is_refused_with_what_can_be_written() -> None:
    wanted = library().model_copy(
        update={"kind": ApplicationKind.LIBRARY, "language": Language.JAVASCRIPT}
    )
    with pytest.raises(UnsupportedApplication, match="it can write: service in python"):
        plan(wanted)
