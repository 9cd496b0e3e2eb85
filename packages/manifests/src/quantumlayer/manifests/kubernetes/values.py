"""The values that a container gets: settings, secrets and what the cluster knows of it."""

import base64
import binascii
import hashlib
import re
from collections.abc import Iterator, Sequence
from typing import Any

from quantumlayer.manifests.kubernetes.documents import Document, at, rows

REFERENCE = re.compile(r"\$(\$)?\(([A-Za-z_][\w.-]*)\)")
# Of a variable, as the kernel takes it.
LONGEST_VALUE = 128 * 1024
OF_THE_POD = {
    "metadata.name": "application-0",
    "metadata.namespace": "default",
    "metadata.uid": "00000000-0000-4000-8000-000000000000",
    "spec.nodeName": "node",
    "spec.serviceAccountName": "default",
    "status.podIP": "127.0.0.2",
    "status.hostIP": "127.0.0.2",
}


class Values:
    """The ConfigMaps and Secrets of a project. `unknown` grows by what they do not tell."""

    def __init__(self, documents: Sequence[Document]) -> None:
        self.held = {(one.kind, one.name): dict(entries(one)) for one in reversed(documents)}
        self.unknown: list[str] = []
        self.made_up: list[str] = []

    def environment(self, container: dict[str, Any]) -> tuple[tuple[str, str], ...]:
        """The variables of a container, in their order; later ones win."""
        found: dict[str, str] = {}
        for source in rows(container, "envFrom"):
            found |= self.all_of(source)
        for variable in rows(container, "env"):
            before = len(self.unknown)
            name, value = at(variable, "name"), self.value(variable)
            self.made_up += [str(name)] if len(self.unknown) > before else []
            if isinstance(name, str) and value is not None:
                found[name] = self.expanded(value, found)
        return tuple(found.items())

    def expanded(self, value: str, known: dict[str, str]) -> str:
        """A value with the variables before it in their places."""
        names = REFERENCE.findall(value)
        if sum(len(known.get(name, "")) for _, name in names) + len(value) > LONGEST_VALUE:
            self.unknown.append("A variable is longer than any program takes, and was left empty.")
            return ""
        return REFERENCE.sub(
            lambda match: match[0][1:] if match[1] else known.get(match[2], match[0]), value
        )

    def all_of(self, source: dict[str, Any]) -> dict[str, str]:
        for place, kind in (("configMapRef", "ConfigMap"), ("secretRef", "Secret")):
            name = at(source, place, "name")
            if name is None:
                continue
            held = self.held.get((kind, name))
            if held is None and not at(source, place, "optional"):
                self.unknown.append(f"The {kind} `{name}` is not in the project.")
            prefix = at(source, "prefix") or ""
            return {f"{prefix}{key}": value for key, value in (held or {}).items()}
        return {}

    def value(self, variable: dict[str, Any]) -> str | None:
        if "value" in variable:
            return text(variable["value"])
        source = at(variable, "valueFrom")
        if source is None:
            return ""
        for place, kind in (("configMapKeyRef", "ConfigMap"), ("secretKeyRef", "Secret")):
            if at(source, place) is not None:
                return self.referred(kind, at(source, place))
        field = at(source, "fieldRef", "fieldPath")
        return OF_THE_POD.get(field, "") if isinstance(field, str) else "1"

    def referred(self, kind: str, reference: dict[str, Any]) -> str | None:
        name, key = at(reference, "name"), str(at(reference, "key"))
        held = self.held.get((kind, name), {})
        if key in held:
            return held[key]
        if at(reference, "optional"):
            return None
        self.unknown.append(
            f"The value of `{key}` in the {kind} `{name}` is not in the project: it was made up."
        )
        return made_up(f"{name}/{key}")


def entries(document: Document) -> Iterator[tuple[str, str]]:
    for place in ("data", "stringData"):
        for key, value in (at(document.content, place) or {}).items():
            encoded = document.kind == "Secret" and place == "data"
            yield str(key), decoded(text(value)) if encoded else text(value)


def decoded(value: str) -> str:
    try:
        return base64.b64decode(value, validate=True).decode(errors="replace")
    except (binascii.Error, ValueError):
        return value


def text(value: object) -> str:
    """A scalar of YAML as the text that it stands for; a cluster takes strings alone."""
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)


def made_up(seed: str) -> str:
    """A value for a secret that nobody knows: always the same, and long enough for a key."""
    return hashlib.sha256(seed.encode()).hexdigest()
