"""The prompt of a command: an argument, the standard input, or what the environment holds."""

from __future__ import annotations

import sys

import click

MAX_PROMPT_CHARACTERS = 20_000


def read_prompt(given: str) -> str:
    """The prompt that `given` means (`-` is the standard input); a usage error if it is unfit."""
    prompt = _stdin() if given == "-" else given
    prompt = prompt.strip()
    if not prompt:
        raise click.UsageError("the prompt is empty; say what to build, in a sentence or more")
    if len(prompt) > MAX_PROMPT_CHARACTERS:
        raise click.UsageError(
            f"the prompt has {len(prompt):,} characters, at most {MAX_PROMPT_CHARACTERS:,} are"
            " taken; describe the application more briefly"
        )
    return prompt


def _stdin() -> str:
    # One character more than is taken is enough to know that it is too much.
    most = (MAX_PROMPT_CHARACTERS + 1) * 4
    try:
        return sys.stdin.buffer.read(most).decode()
    except UnicodeDecodeError:
        raise click.UsageError("the prompt on the standard input is no UTF-8 text") from None
