"""The door: help without loading anything, and one line for everything that goes wrong."""

from __future__ import annotations

import importlib
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from quantumlayer.cli.errors import EXIT_PLATFORM
from quantumlayer.cli.main import COMMANDS, main


def test_help_names_every_command_and_loads_none() -> None:
    program = (
        "import sys; from quantumlayer.cli.main import main;"
        "main(['--help'], standalone_mode=False); sys.stderr.write(' '.join(sys.modules))"
    )
    result = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert all(name in result.stdout and line in result.stdout for name, line in COMMANDS.items())
    loaded = result.stderr.split()
    assert not [name for name in loaded if name.startswith("quantumlayer.cli.commands.")]
    assert "pydantic" not in loaded


@pytest.mark.parametrize("name", list(COMMANDS))
def test_every_command_helps(name: str) -> None:
    result = CliRunner().invoke(main, [name, "--help"])
    assert result.exit_code == 0
    assert "Usage:" in result.output


@pytest.mark.parametrize("name", list(COMMANDS))
def test_a_command_is_called_what_the_door_calls_it(name: str) -> None:
    module = importlib.import_module(f"quantumlayer.cli.commands.{name.replace('-', '_')}")
    assert isinstance(module.command, click.Command)
    assert module.command.name == name


def test_an_unknown_command_is_a_usage_error() -> None:
    result = CliRunner().invoke(main, ["frobnicate"])
    assert result.exit_code == 2
    assert "frobnicate" in result.output


def test_the_version_is_the_packages() -> None:
    result = CliRunner().invoke(main, ["--version"])
    assert result.output.startswith("quantumlayer 0.")


@pytest.mark.parametrize(
    ("name", "value", "what"),
    [
        ("QL_API_PORT", "many", "QL_API_PORT: .*integer"),
        ("QL_POSTGRES_URL", "mysql://secret@host/db", "QL_POSTGRES_URL: .*postgresql"),
        ("QL_REDIS_URL", "http://secret@host", "QL_REDIS_URL: "),
    ],
)
def test_a_wrong_setting_is_one_line_without_its_value(
    name: str, value: str, what: str, tmp_path: Path
) -> None:
    result = CliRunner().invoke(
        main, ["status"], env={"QL_HOME": str(tmp_path / "home"), name: value}
    )
    assert result.exit_code == EXIT_PLATFORM
    [line] = result.stderr.splitlines()
    assert line.startswith("quantumlayer: ")
    assert re.search(what, line)
    assert "secret" not in line
