"""What go.mod declares."""

import re
from collections.abc import Iterator

from quantumlayer.manifests.found import Found
from quantumlayer.manifests.model import Ecosystem

_GO_REQUIRE = re.compile(r"^\s*(?:require\s+)?([\w.-]+\.[\w./~-]+)\s+(v\S+)")


def go_mod(text: str) -> Iterator[Found]:
    replaced = set(re.findall(r"(?m)^\s*(?:replace\s+)?(\S+)(?:\s+v\S+)?\s+=>", text))
    for line in text.splitlines():
        if "=>" in line or line.startswith(("module", "exclude", "retract")):
            continue
        match = _GO_REQUIRE.match(line)
        if match is not None:
            yield Ecosystem.GO, match[1], match[2], match[1] not in replaced
