"""What package.json declares."""

import json
from collections.abc import Iterator

from quantumlayer.manifests.found import Found
from quantumlayer.manifests.javascript.package import DEPENDENCY_FIELDS
from quantumlayer.manifests.javascript.specifiers import Origin, specifier
from quantumlayer.manifests.model import Ecosystem

_FROM_REGISTRY = (Origin.REGISTRY, Origin.CATALOG)


def package_json(text: str) -> Iterator[Found]:
    given = json.loads(text)
    for kind in (*DEPENDENCY_FIELDS, "peerDependencies"):
        for name, version in (given.get(kind) or {}).items():
            written = str(version)
            yield Ecosystem.NPM, name, written, specifier(written).origin in _FROM_REGISTRY
