"""Imports, calls and references: the names that lead out of a file's own definitions."""

from collections import Counter
from itertools import islice

from quantumlayer.parser.structure.captures import Captures

MAX_NAMES = 20_000
_MAX_NAME = 200
_QUOTES = b"\"'`<>"


def imports(captures: Captures, data: bytes) -> list[tuple[str, int]]:
    """Modules as written, without quotes, with their rows (from 0), in the order of the source."""
    found = {}
    for node in captures.nodes.get("import", ()):
        start = node.start_byte
        if start not in found:
            written = data[start : node.end_byte].removeprefix(b"import ").strip().strip(_QUOTES)
            name = b" ".join(written.split()).decode("utf-8", "replace")[:_MAX_NAME]
            found[start] = (name, node.start_point[0])
    return [found[start] for start in sorted(found) if found[start][0]][:MAX_NAMES]


def usages(captures: Captures, data: bytes, role: str) -> list[tuple[str, int, int]]:
    """Every name captured as `role`: the name, the first row (from 0) that has it, how often.

    The names of definitions are none: to some grammars `def name()` looks like two calls.
    """
    nodes = captures.nodes.get(role)
    if nodes is None:
        return []
    defined = {match["name"][0].start_byte for _, match in captures.definitions}
    nodes = [node for node in nodes if node.start_byte not in defined]
    names = [data[node.start_byte : node.end_byte] for node in nodes]
    first = dict(zip(reversed(names), reversed(nodes), strict=True))
    return [
        (name.decode("utf-8", "replace")[:_MAX_NAME], first[name].start_point[0], count)
        for name, count in islice(Counter(names).items(), MAX_NAMES)
        if name
    ]
