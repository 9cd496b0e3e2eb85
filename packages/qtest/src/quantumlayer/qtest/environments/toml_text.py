"""Writing TOML: a table as lines of dotted keys, which need no order."""

import json
from collections.abc import Iterator, Mapping, Sequence


def toml_text(table: Mapping[str, object]) -> str:
    """The text of a table as `tomllib` gives it; comments and empty tables are not in it."""
    return "".join(f"{line}\n" for line in _lines((), table))


def _lines(path: tuple[str, ...], table: Mapping[str, object]) -> Iterator[str]:
    for name, value in table.items():
        if isinstance(value, Mapping):
            yield from _lines((*path, name), value)
        else:
            yield f"{'.'.join(map(_quoted, (*path, name)))} = {_written(value)}"


def _written(value: object) -> str:
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Mapping):
        return f"{{ {', '.join(_lines((), value))} }}"
    if isinstance(value, Sequence):
        return f"[{', '.join(map(_written, value))}]"
    # Numbers, dates and times are written as Python shows them.
    return str(value)


def _quoted(text: str) -> str:
    # Of JSON's escapes TOML knows every one.
    return json.dumps(text, ensure_ascii=False)
