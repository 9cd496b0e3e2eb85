"""Syntax trees of Python sources, made one at a time."""

import ast
import io
import threading
import tokenize
import warnings

# CPython 3.11 counts the depth of all trees under construction in one place, and breaks off with a
# SystemError ("AST constructor recursion depth mismatch") when two threads make trees at once. Our
# own threads wait for each other here; what libraries do beside us is met by trying again.
_ALONE = threading.Lock()
_TRIES = 20


def made_tree(source: str | bytes, path: str = "<unknown>") -> ast.Module:
    """The tree of a module; of bytes, in the encoding that they declare.

    Raises what `ast.parse` does, but for the SystemError of trees that are made at the same time.
    """
    for left in reversed(range(_TRIES)):
        try:
            with _ALONE, warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return ast.parse(source, path)  # noqa: TID251 - under the lock
        except SystemError:
            if not left:
                raise
    raise AssertionError("unreachable")


def python_tree(source: str | bytes) -> ast.Module | None:
    """The tree of a module; None when the source is not well formed, or too deep."""
    try:
        return made_tree(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def python_text(content: bytes) -> str | None:
    """The text of a module in the encoding that it declares, line ends as they are.

    None where it is not written in that encoding: no Python takes such a file.
    """
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(content).readline)
        return content.decode(encoding)
    except (SyntaxError, UnicodeDecodeError, LookupError):
        return None
