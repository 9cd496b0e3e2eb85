"""What the API refuses, as the one line and the exit status of a command."""

from __future__ import annotations

from typing import IO, Any

import click

from quantumlayer.cli.errors import EXIT_PLATFORM

EXIT_FAILED = 1
EXIT_USAGE = 2

# What the user named or wrote is wrong; the rest is trouble with the platform or the key.
_EXITS = {"BAD_INPUT": EXIT_USAGE, "NOT_FOUND": EXIT_USAGE, "CONFLICT": EXIT_FAILED}


class RefusedError(click.ClickException):
    """The API understood and said no. `code` is one of the API's error codes."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.exit_code = _EXITS.get(code, EXIT_PLATFORM)

    def show(self, file: IO[Any] | None = None) -> None:
        """Print the single line that the user sees."""
        click.echo(f"quantumlayer: {self.message}", file=file, err=file is None)
