"""One way to write JSON, so that equal values are equal bytes."""

import json

from pydantic import BaseModel


def canonical_json(value: object) -> bytes:
    """`value` (a noun, or plain JSON) as indented UTF-8 with a final line end; keys keep order."""
    plain = value.model_dump(mode="json") if isinstance(value, BaseModel) else value
    return (json.dumps(plain, ensure_ascii=False, indent=2, allow_nan=False) + "\n").encode()
