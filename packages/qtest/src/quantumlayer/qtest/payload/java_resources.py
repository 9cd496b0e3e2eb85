"""Copies resources beside the classes, as Maven and Gradle do, with properties put in."""

import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

REFERENCE = re.compile(r"\$\{([\w.-]+)\}|(?<![\w@])@([\w.-]+)@")
LARGEST_FILTERED = 4 * 1024 * 1024
MOST_FILES = 20_000


def copy_resources(workspace: Path, output: Path, resource: Mapping[str, Any]) -> None:
    """Copy what a folder holds; links are copied as what they lead to, as far as that is a file.

    `resource` names the `folder`, the `target` beside the classes, regular expressions of what is
    meant (`includes`, `excludes`) and the `filters`: None where nothing is put in.
    """
    root = workspace / resource["folder"]
    includes = [re.compile(one) for one in resource["includes"]]
    excludes = [re.compile(one) for one in resource["excludes"]]
    found = sorted(root.rglob("*")) if root.is_dir() else []
    for path in found[:MOST_FILES]:
        name = path.relative_to(root).as_posix()
        wanted = not includes or any(one.match(name) for one in includes)
        if not path.is_file() or not wanted or any(one.match(name) for one in excludes):
            continue
        place = output / resource["target"] / name
        place.parent.mkdir(parents=True, exist_ok=True)
        if resource["filters"] is None or path.stat().st_size > LARGEST_FILTERED:
            shutil.copyfile(path, place)
        else:
            place.write_bytes(filled(path.read_bytes(), resource["filters"]))


def filled(content: bytes, properties: Mapping[str, str]) -> bytes:
    """A text with the properties that are known; what is no text stays as it is."""
    if b"\0" in content:
        return content
    text = content.decode("utf-8", errors="surrogateescape")

    def value(match: "re.Match[str]") -> str:
        return properties.get(match[1] or match[2], match[0])

    return REFERENCE.sub(value, text).encode("utf-8", errors="surrogateescape")
