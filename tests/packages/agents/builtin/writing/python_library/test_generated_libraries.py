"""Generated libraries: every block of the catalogue, held to its own tests and to strict tools."""

from pathlib import Path

import pytest

from quantumlayer.agents.builtin.understanding import understand
from quantumlayer.agents.builtin.understanding.library import understand_library
from quantumlayer.agents.builtin.understanding.library.draft import Draft
from quantumlayer.agents.builtin.understanding.library.features import features
from quantumlayer.agents.builtin.understanding.library.reading import Reading
from quantumlayer.agents.builtin.understanding.library.understanding import add_feature
from quantumlayer.agents.builtin.understanding.prompt import read_prompt
from quantumlayer.agents.builtin.writing import UnknownFile, plan, write
from quantumlayer.agents.builtin.writing.python_library.catalogue_blocks import block_sources
from quantumlayer.qlayer.requirements import Requirements
from tests.support.generated_tree import run, write_tree

PROMPTS = (
    "A library for converting temperatures between Celsius, Fahrenheit and Kelvin",
    "A bank account class with deposit and withdraw, the balance must never be below 0",
    "A library to convert kilometers to miles, with an LRU cache of 64 entries and slugs",
    "shopping cart class, add items, remove items, total, 10% discount above 100 euros",
    "a library with a function to check that an age is between 0 and 130",
)


def whole_catalogue() -> Requirements:
    """A library with every block that there is."""
    prompt = read_prompt("A library of everything")
    draft = Draft(prompt, Reading(prompt.plain))
    for position, known in enumerate(features().values()):
        add_feature(draft, known, (0, 0), position, [])
    return draft.finish("everything")


def checked(folder: Path, *command: str) -> None:
    done = run(folder, *command)
    assert done.returncode == 0, f"{command}:\n{done.stdout[-6000:]}\n{done.stderr[-2000:]}"


def assert_good(folder: Path) -> None:
    """What its own README and pyproject.toml promise: clean, typed, tested, covered."""
    checked(folder, "ruff", "check", "--no-cache", ".")
    checked(folder, "ruff", "format", "--no-cache", "--check", ".")
    checked(folder, "mypy", "--cache-dir", str(folder / ".mypy_cache"), ".")
    checked(folder, "coverage", "run", "-m", "pytest", "-p", "no:cacheprovider")
    checked(folder, "coverage", "report", "--fail-under", "95")


@pytest.mark.slow
def test_every_block_of_the_catalogue_is_good(tmp_path: Path) -> None:
    assert_good(write_tree(whole_catalogue(), tmp_path))


@pytest.mark.slow
@pytest.mark.parametrize("prompt", PROMPTS)
def test_a_described_library_is_good(prompt: str, tmp_path: Path) -> None:
    assert_good(write_tree(understand(prompt), tmp_path))


def test_every_block_has_code_and_tests() -> None:
    for identifier, known in features().items():
        code, tests = block_sources(identifier)
        assert all(f" {name}" in code for name in known.public), identifier
        assert "def test_r1_" in tests, identifier
        assert f"def test_r{len(known.statements) + 1}_" not in tests, identifier


def test_every_statement_of_a_block_is_shown_by_a_test() -> None:
    untested = [
        f"{identifier} R{number}"
        for identifier, known in features().items()
        for number in range(1, len(known.statements) + 1)
        if f"def test_r{number}_" not in block_sources(identifier)[1]
    ]
    assert not untested


def test_the_same_requirements_give_the_same_files() -> None:
    requirements = understand_library(read_prompt("a library with a stack, slugs and an LRU cache"))
    twice = [
        {file.path: write(requirements, file.path) for file in plan(requirements).files}
        for _ in range(2)
    ]
    assert twice[0] == twice[1]


def test_a_library_needs_nothing_but_python() -> None:
    dependencies = plan(understand("a library with a stack")).dependencies
    assert all(one.development for one in dependencies)


def test_a_file_that_is_not_planned_is_refused() -> None:
    with pytest.raises(UnknownFile, match=r"other\.py"):
        write(understand("a library with a stack"), "other.py")
