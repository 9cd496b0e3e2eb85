"""Which Python tests are run with: one that the project accepts, or none."""

import sys
from pathlib import Path

import pytest

from quantumlayer.manifests import PythonVersion
from quantumlayer.qtest import DependencyError, Fault
from quantumlayer.qtest.environments.interpreters import (
    asked_of,
    interpreter_for,
    other_interpreters,
    own_interpreter,
)

OWN = ".".join(map(str, sys.version_info[:3]))
MINOR = f"{sys.version_info[0]}.{sys.version_info[1]}"


def asked(specifier: str) -> PythonVersion:
    return PythonVersion(specifier=specifier, path="pyproject.toml", line=4)


@pytest.mark.parametrize(
    "specifier", ["", ">=3.8", f"=={MINOR}.*", ">=3.8,<4", "no version at all"]
)
def test_our_own_is_taken_where_it_will_do(specifier: str) -> None:
    assert interpreter_for(asked(specifier)) == own_interpreter()


@pytest.mark.parametrize("specifier", [">=3.90", "==3.90.*", ">3.90", "~=3.90", "==2.7.*", "<3"])
def test_where_none_will_do_both_versions_are_named(specifier: str) -> None:
    with pytest.raises(DependencyError) as caught:
        interpreter_for(asked(specifier))
    assert caught.value.fault is Fault.INFRASTRUCTURE
    assert all(part in str(caught.value) for part in (specifier, OWN, "pyproject.toml:4"))


def test_one_that_is_too_new_is_tried_all_the_same() -> None:
    assert interpreter_for(asked(f"<{MINOR},>=3.6")) == own_interpreter()


def test_another_one_of_this_machine_is_taken_where_the_project_wants_it() -> None:
    for other in other_interpreters():
        found = interpreter_for(asked(f"=={other.version}"))
        assert found.version == other.version
        assert found.executable.is_file()


def test_programs_that_only_look_like_a_python_are_not_asked(tmp_path: Path) -> None:
    script = tmp_path / "python3.12"
    script.write_text("#!/bin/sh\ntouch asked\n")
    script.chmod(0o755)
    assert asked_of(script) is None
    assert not list(tmp_path.glob("asked"))
