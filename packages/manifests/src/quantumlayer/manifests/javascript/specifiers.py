"""Where package.json says that a dependency comes from."""

import re
from dataclasses import dataclass
from enum import StrEnum

_REGISTRY = re.compile(r"^(?:npm:(?:@[\w.-]+/)?[\w.-]+@?)?[\w.\s|<>=~^*+-]*$")
_FOLDER = re.compile(r"^(?:(?:file|link|portal):|(?=\.{1,2}(?:/|$))|(?=/|~/))(?P<path>.*)$")
_ARCHIVE = re.compile(r"\.(?:tgz|tar\.gz|tar)$")


class Origin(StrEnum):
    """The kinds of places: only the first four can be had here."""

    REGISTRY = "registry"
    FOLDER = "folder"
    WORKSPACE = "workspace"
    CATALOG = "catalog"
    ARCHIVE = "archive"
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True)
class Specifier:
    """An origin, and what is wanted from it: a range, a path, a name in the catalogue."""

    origin: Origin
    wanted: str


def specifier(written: str) -> Specifier:
    """What the text behind a dependency's name means."""
    text = written.strip()
    if text.startswith("workspace:"):
        return Specifier(Origin.WORKSPACE, text.removeprefix("workspace:"))
    if text.startswith("catalog:"):
        return Specifier(Origin.CATALOG, text.removeprefix("catalog:").strip() or "default")
    folder = _FOLDER.match(text)
    if folder is not None:
        path = folder["path"].split("::")[0]
        origin = Origin.ARCHIVE if _ARCHIVE.search(path) else Origin.FOLDER
        return Specifier(origin, path)
    if _REGISTRY.match(text):
        return Specifier(Origin.REGISTRY, text)
    return Specifier(Origin.ELSEWHERE, text)
