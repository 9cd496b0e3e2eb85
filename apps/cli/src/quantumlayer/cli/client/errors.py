"""What the API refuses, as the one line and the exit status of a command."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

import click

from quantumlayer.cli.errors import EXIT_PLATFORM, PlatformError

EXIT_FAILED = 1
EXIT_USAGE = 2


class RefusedError(click.ClickException):
    """The API understood and said no. `code` is one of the API's error codes."""

    exit_code = EXIT_PLATFORM

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code

    def show(self, file: IO[Any] | None = None) -> None:
        """Print the single line that the user sees."""
        click.echo(f"quantumlayer: {self.message}", file=file, err=file is None)


class WrongRequestError(RefusedError):
    """What the user named or wrote is wrong."""

    exit_code = EXIT_USAGE


class ConflictError(RefusedError):
    """What the user wants does not fit what is there."""

    exit_code = EXIT_FAILED


_KINDS: dict[str, type[RefusedError]] = {
    "BAD_INPUT": WrongRequestError,
    "NOT_FOUND": WrongRequestError,
    "CONFLICT": ConflictError,
    "FORBIDDEN": ConflictError,
}


def refused(code: str, message: str) -> RefusedError:
    """The error for a code of the API."""
    return _KINDS.get(code, RefusedError)(code, message)


@contextmanager
def resumable(run_id: str) -> Iterator[None]:
    """Around what needs the API while the run goes on by itself: giving up says how to come back.

    Turns an API that stayed away, or that could not do its work for as long, into PlatformError.
    """
    try:
        yield
    except (PlatformError, RefusedError) as error:
        if isinstance(error, RefusedError) and error.code != "UNAVAILABLE":
            raise
        raise PlatformError(
            f"{error.message}; nothing of the run is lost: `quantumlayer runs watch {run_id}`"
            f" follows it, `quantumlayer runs download {run_id}` fetches its capsule"
        ) from None
