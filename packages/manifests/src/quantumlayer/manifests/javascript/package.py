"""One package.json: its fields, and the line on which something in it stands."""

import json
import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from quantumlayer.manifests.model import NotUnderstood, ProjectFiles

MANIFEST = "package.json"
DEPENDENCY_FIELDS = ("dependencies", "devDependencies", "optionalDependencies")


class Malformed(Exception):  # noqa: N818 - it says of a manifest what it is
    """A manifest that npm refuses to read, whoever runs it; the text names the file."""


@dataclass(frozen=True)
class Package:
    """A package of the project; `folder` is `.` for the project's own."""

    folder: str
    fields: Mapping[str, Any] = field(default_factory=dict)
    text: str = ""

    @property
    def path(self) -> str:
        """Where its manifest is."""
        return posixpath.normpath(f"{self.folder}/{MANIFEST}")

    @property
    def name(self) -> str:
        """The name it is imported by, empty when it has none."""
        name = self.fields.get("name")
        return name if isinstance(name, str) else ""

    def table(self, name: str) -> Mapping[str, Any]:
        """A field that holds an object, empty when it does not."""
        found = self.fields.get(name)
        return found if isinstance(found, dict) else {}

    def dependencies(self) -> dict[str, str]:
        """What it asks for in any of the fields that are installed, as written."""
        return {
            name: str(wanted)
            for kind in DEPENDENCY_FIELDS
            for name, wanted in self.table(kind).items()
        }

    def script(self, name: str) -> str:
        """A script, empty when there is none."""
        found = self.table("scripts").get(name)
        return found if isinstance(found, str) else ""

    def line(self, *words: str) -> int | None:
        """The first line that holds all of the words, in quotes as JSON has them."""
        wanted = [json.dumps(word, ensure_ascii=False) for word in words]
        for number, line in enumerate(self.text.splitlines(), 1):
            if all(word in line for word in wanted):
                return number
        return self.line(*words[:1]) if len(words) > 1 else None

    def refuse(self, reason: str, *words: str) -> NotUnderstood:
        """What to raise for something in it that cannot be had."""
        return NotUnderstood(reason, path=self.path, line=self.line(*words))


def read_package(files: ProjectFiles, folder: str = ".") -> Package | None:
    """The package in a folder, None where there is no manifest. Raises Malformed."""
    path = posixpath.normpath(f"{folder}/{MANIFEST}")
    content = files.content(path)
    if content is None:
        return None
    text = content.decode("utf-8-sig", errors="replace")
    fields = read_object(text, path)
    for kind in DEPENDENCY_FIELDS:
        if not isinstance(fields.get(kind) or {}, dict):
            raise Malformed(f"{path}: `{kind}` is not an object")
    return Package(posixpath.normpath(folder), fields, text)


def read_object(text: str, path: str) -> dict[str, Any]:
    """The JSON object that a file holds. Raises Malformed."""
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Malformed(f"{path} is not valid JSON: {error}") from error
    if not isinstance(content, dict):
        raise Malformed(f"{path} does not hold an object")
    return content


_BOUND = re.compile(r"(?P<sign><=|>=|[<>=~^])?\s*v?(?P<version>\d+(?:\.(?:\d+|[xX*]))*)")


def least_version(wanted: str) -> tuple[int, ...] | None:
    """The lowest version that satisfies a range of `engines`; None where any may do."""
    least: list[tuple[int, ...]] = []
    for alternative in wanted.split("||"):
        bounds = [
            tuple(int(part) for part in re.findall(r"\d+", found["version"]))
            for found in _BOUND.finditer(alternative)
            if found["sign"] not in ("<", "<=")
        ]
        if not bounds:
            return None
        least.append(max(bounds) if " - " not in alternative else min(bounds))
    return min(least, default=None)
