"""Reading the signed records that a reporter sends out of the sandbox."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Record = Mapping[str, Any]


@dataclass(frozen=True)
class Records:
    """The records in order. `genuine` is False when anything was sent that is not signed."""

    events: tuple[Record, ...]
    genuine: bool

    def named(self, *events: str) -> list[Record]:
        """The records of these kinds, in order."""
        return [record for record in self.events if record["event"] in events]


def read_records(content: bytes, key: bytes) -> Records:
    """Check every line against the chain of signatures and stop at the first that breaks it.

    A last line that is cut off is what a killed process leaves, and is dropped without a word.
    """
    events: list[Record] = []
    signature = b""
    *lines, _cut_off = content.split(b"\n")
    for line in lines:
        mac, _, payload = line.partition(b" ")
        signature = hmac.digest(key, signature + payload, hashlib.sha256().name)
        if not hmac.compare_digest(mac, signature.hex().encode()):
            return Records(tuple(events), genuine=False)
        events.append(json.loads(payload))
    return Records(tuple(events), genuine=True)


def text(record: Record, field: str) -> str:
    """A string field, empty when it is missing."""
    value = record.get(field)
    return value if isinstance(value, str) else ""


def number(record: Record, field: str) -> float:
    """A numeric field, zero when it is missing."""
    value = record.get(field)
    return value if isinstance(value, int | float) else 0


def line_number(record: Record, field: str = "line") -> int | None:
    """A line number, or None."""
    value = record.get(field)
    return value if isinstance(value, int) else None
