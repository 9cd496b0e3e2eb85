"""Texts of manifests, their lines, and paths within a project."""

import codecs
import posixpath
import re
import tomllib
from collections.abc import Mapping
from typing import Any

from quantumlayer.manifests.model import Malformed, ProjectFiles

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def text_of(files: ProjectFiles, path: str) -> str | None:
    """The text of a manifest, whatever mark stands at its beginning; None without the file."""
    content = files.content(path)
    if content is None:
        return None
    encoding = next((name for mark, name in _MARKS if content.startswith(mark)), "utf-8")
    return content.decode(encoding, errors="replace").removeprefix("\ufeff")


def toml_of(files: ProjectFiles, path: str) -> dict[str, Any] | None:
    """The document in a file; None without the file. Raises Malformed."""
    text = text_of(files, path)
    if text is None:
        return None
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise Malformed(f"not valid TOML: {error}", path=path) from error


def line_with(text: str, needle: str) -> int | None:
    """The first line, from 1, that holds the needle apart from longer names that contain it."""
    place = re.compile(rf"(?<![\w@/.-]){re.escape(needle)}(?![\w-])")
    return next((n for n, line in enumerate(text.splitlines(), 1) if place.search(line)), None)


def within(folder: str, path: str) -> str | None:
    """A path as seen from a folder, as the whole project knows it; None when it leads outside."""
    if posixpath.isabs(path):
        return None
    found = posixpath.normpath(posixpath.join(folder, path.replace("\\", "/")))
    return None if found == ".." or found.startswith("../") else found


def folder_of(path: str) -> str:
    """The folder a file is in; `.` for the project's own."""
    return posixpath.dirname(path) or "."


def inside(folder: str, name: str) -> str:
    """The path of a name in a folder of the project."""
    return name if folder == "." else f"{folder}/{name}"


def is_folder(files: ProjectFiles, folder: str) -> bool:
    """Whether any file lies in this folder or below."""
    return folder == "." or any(path.startswith(f"{folder}/") for path in files.paths())


def table(value: object) -> dict[str, Any]:
    """A table of a document; an empty one in place of anything else."""
    return value if isinstance(value, dict) else {}


def texts(value: object) -> list[str]:
    """The texts of a list of a document, and nothing else."""
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


def entry_points(groups: Mapping[str, Mapping[str, Any]]) -> tuple[tuple[str, str, str], ...]:
    """(group, name, object) of each entry that names an object."""
    return tuple(
        (group, str(name), value)
        for group, entries in groups.items()
        for name, value in entries.items()
        if isinstance(value, str)
    )
