"""The prompt of a command: an argument, or the standard input."""

from __future__ import annotations

import sys

import click

from quantumlayer.core.runs import MAX_PROMPT_CHARACTERS

_MOST_BYTES = MAX_PROMPT_CHARACTERS * 4


def read_prompt(given: str) -> str:
    """The prompt that `given` means (`-` is the standard input); a usage error if it is unfit."""
    prompt = (_stdin() if given == "-" else given).strip()
    if not prompt:
        raise click.UsageError("the prompt is empty; say what to build, in a sentence or more")
    if len(prompt) > MAX_PROMPT_CHARACTERS:
        raise click.UsageError(
            f"the prompt has {len(prompt):,} characters, at most {MAX_PROMPT_CHARACTERS:,} are"
            " taken; describe the application more briefly"
        )
    try:
        prompt.encode()
    except UnicodeEncodeError:
        raise click.UsageError("the prompt is no UTF-8 text") from None
    return prompt


def _stdin() -> str:
    content = sys.stdin.buffer.read(_MOST_BYTES + 1)
    if len(content) > _MOST_BYTES:
        raise click.UsageError(
            f"the prompt is too long, at most {MAX_PROMPT_CHARACTERS:,} characters are taken;"
            " describe the application more briefly"
        )
    try:
        return content.decode()
    except UnicodeDecodeError:
        raise click.UsageError("the prompt on the standard input is no UTF-8 text") from None
