"""How the command line says that something went wrong: one line, and what to do about it."""

from __future__ import annotations

from typing import IO, Any

import click

EXIT_PLATFORM = 5
EXIT_INTERRUPTED = 130


class PlatformError(click.ClickException):
    """A part of the platform is missing, down or misconfigured.

    `message` says what is wrong and what to do, in one line. The command ends with status 5.
    """

    exit_code = EXIT_PLATFORM

    def show(self, file: IO[Any] | None = None) -> None:
        """Print the single line that the user sees."""
        click.echo(f"quantumlayer: {self.message}", file=file, err=file is None)
