"""JSON as servers write it, which is not always JSON."""

import json
from typing import Any

import orjson


def parsed(data: str | bytes) -> Any:  # noqa: ANN401 - whatever a server sent
    """The document in `data`; raises ValueError where there is none.

    Numbers such as NaN are taken, and halves of a character that a server cut in two become the
    sign for an unreadable one: neither is a reason to lose a reply.
    """
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError:
        text = json.dumps(json.loads(data), ensure_ascii=False)
        return json.loads(text.encode("utf-16", "surrogatepass").decode("utf-16", "replace"))


def dumped(value: object) -> str:
    """The JSON of what `parsed` gave, which may hold more than JSON's own numbers."""
    try:
        return orjson.dumps(value, default=str).decode()
    except orjson.JSONEncodeError:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)
