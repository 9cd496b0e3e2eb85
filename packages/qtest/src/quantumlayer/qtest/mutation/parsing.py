"""Syntax trees of Python sources."""

import ast
import threading

# Some interpreters (3.11 among them) count the depth of all trees under construction in one place,
# and break off with a SystemError when two threads make trees at the same time.
ALONE = threading.Lock()
TRIES = 5


def parsed(content: str) -> ast.Module | None:
    """The tree of a module; None when the source is not well formed."""
    for _ in range(TRIES):
        try:
            with ALONE:
                return ast.parse(content)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None
        except SystemError:
            continue  # somebody else was at it, beside the lock
    return None
