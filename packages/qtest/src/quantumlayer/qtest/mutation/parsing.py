"""Python sources as mutations see them: decoded as they declare, and their syntax trees."""

import ast
import io
import tokenize

from quantumlayer.manifests import python_tree


def parsed(content: str) -> ast.Module | None:
    """The tree of a module; None when the source is not well formed."""
    return python_tree(content)


def decoded(content: bytes) -> str | None:
    """The text of a module in the encoding that it declares, line ends as they are; None where it
    is not written in that encoding."""
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(content).readline)
        return content.decode(encoding)
    except (SyntaxError, UnicodeDecodeError, LookupError):
        return None
