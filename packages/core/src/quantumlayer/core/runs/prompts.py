"""What a prompt may be: any text that a person or a file may hold, of a bounded length."""

import re

MAX_PROMPT_CHARACTERS = 20_000
# Everything below the space but tab, line feed and carriage return; PostgreSQL takes no NUL.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def prompt_problem(text: str, what: str = "the prompt") -> str | None:
    """Why `text`, called `what`, is no prompt, as a clause without a full stop; None if it is one.

    Whoever takes a prompt keeps it as it is: lines and their indentation may mean something.
    """
    if not text.strip():
        return f"{what} is empty; say what to build, in a sentence or more"
    if len(text) > MAX_PROMPT_CHARACTERS:
        return (
            f"{what} has {len(text):,} characters, at most {MAX_PROMPT_CHARACTERS:,} are taken;"
            " describe the application more briefly"
        )
    if _CONTROL.search(text):
        return f"{what} holds control characters; send plain text"
    return None
