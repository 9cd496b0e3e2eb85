"""What package.json declares."""

import json
import re
from collections.abc import Iterator, Sequence

from quantumlayer.manifests.found import Found
from quantumlayer.manifests.model import Ecosystem


def package_json(text: str) -> Iterator[Found]:
    given = json.loads(text)
    kinds: Sequence[str] = (
        *("dependencies", "devDependencies", "peerDependencies", "optionalDependencies"),
    )
    for kind in kinds:
        for name, version in (given.get(kind) or {}).items():
            written = str(version)
            elsewhere = re.match(r"^(?:file|link|workspace|portal|git|github|https?)", written)
            yield Ecosystem.NPM, name, written, elsewhere is None and "/" not in written
