"""What a command is to build: its argument, a file, or the standard input."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import IO

import click

from quantumlayer.core.runs import MAX_PROMPT_CHARACTERS, prompt_problem

STDIN = "-"
# A byte order mark, and four bytes for each character.
_MOST_BYTES = 3 + MAX_PROMPT_CHARACTERS * 4


def read_description(prompt: str | None, specification: Path | None) -> str:
    """The text of the one that is given; a usage error for both, for none, and for unfit texts."""
    if prompt is not None and specification is not None:
        raise click.UsageError("give either PROMPT or --spec FILE, not both")
    if specification is not None:
        return _read_specification(specification)
    if prompt is None:
        raise click.UsageError("say what to build: give PROMPT, or --spec FILE")
    return read_prompt(prompt)


def read_prompt(given: str) -> str:
    """The prompt that `given` means (`-` is the standard input); a usage error if it is unfit."""
    return _fit(_stdin("the prompt") if given == STDIN else given, "the prompt")


def _read_specification(path: Path) -> str:
    """The file's text as it is."""
    if str(path) == STDIN:
        return _fit(_stdin("the specification"), "the specification")
    try:
        with path.open("rb") as stream:
            return _fit(_text(stream, str(path)), str(path))
    except OSError as error:
        raise click.UsageError(f"{path} cannot be read: {error.strerror}") from None


def _stdin(what: str) -> str:
    return _text(sys.stdin.buffer, f"{what} on the standard input")


def _text(stream: IO[bytes], what: str) -> str:
    content = stream.read(_MOST_BYTES + 1)
    if len(content) > _MOST_BYTES:
        raise click.UsageError(
            f"{what} is too long, at most {MAX_PROMPT_CHARACTERS:,} characters are taken;"
            " describe the application more briefly"
        )
    try:
        # Some editors begin UTF-8 with a mark, which is no part of the text.
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise click.UsageError(f"{what} is no UTF-8 text") from None


def _fit(text: str, what: str) -> str:
    problem = prompt_problem(text, what)
    if problem is not None:
        raise click.UsageError(problem)
    try:
        text.encode()
    except UnicodeEncodeError:
        raise click.UsageError(f"{what} is no UTF-8 text") from None
    return text
