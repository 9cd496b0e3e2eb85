"""A check as it is typed waits for what it loads: nothing is loaded that it does not need."""

import subprocess
import sys


def loaded_by(*modules: str) -> set[str]:
    """What is in a fresh interpreter after these were imported."""
    program = f"import sys, {', '.join(modules)}; sys.stdout.write(' '.join(sys.modules))"
    command = [sys.executable, "-c", program]
    return set(subprocess.run(command, capture_output=True, text=True, check=True).stdout.split())


def test_tests_start_before_what_they_can_do_without_is_loaded() -> None:
    before = loaded_by(
        "quantumlayer.cli.commands.check",
        "quantumlayer.qlayer.checking.check",
        "quantumlayer.qtest.testing",
        "quantumlayer.qtest.runners.pytest_runner",
    )
    assert "pydantic" in before
    assert before.isdisjoint({"packaging", "uv", "yaml", "jinja2", "rich", "tree_sitter", "http"})


def test_reading_python_loads_nothing_of_the_report_and_of_other_languages() -> None:
    loaded = loaded_by("quantumlayer.qlayer.checking.conclusion")
    assert "quantumlayer.qlayer.checking.reading" in loaded
    assert loaded.isdisjoint({
        "jinja2", "tree_sitter", "quantumlayer.qlayer.requirements",
        "quantumlayer.qtest.environments.java", "quantumlayer.qtest.environments.javascript",
    })  # fmt: skip


def test_a_process_of_the_parser_loads_no_registry_and_no_network() -> None:
    loaded = loaded_by("quantumlayer.parser.worker")
    assert "tree_sitter" in loaded
    assert loaded.isdisjoint({"asyncio", "ssl", "quantumlayer.parser.dependencies.registry"})
