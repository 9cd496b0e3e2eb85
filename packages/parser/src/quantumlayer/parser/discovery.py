"""The source files under some paths."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from quantumlayer.parser.languages import detect_language

# Folders of what others wrote or tools made.
_SKIPPED = frozenset(
    {
        "__pycache__",
        "bower_components",
        "build",
        "dist",
        "node_modules",
        "target",
        "vendor",
        "venv",
    }
)
_HEAD = 8_192


def source_files(paths: Iterable[Path]) -> Iterator[Path]:
    """Every file named, and the files of a known language in every folder named, sorted.

    Hidden folders, and those of dependencies and built things, are passed over, links not followed.
    """
    for path in paths:
        if path.is_dir():
            yield from _within(path)
        else:
            yield path


def _within(folder: Path) -> Iterator[Path]:
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(
            name for name in folders if name not in _SKIPPED and not name.startswith(".")
        )
        for name in sorted(names):
            path = Path(place, name)
            if path.is_file() and not path.is_symlink() and _is_known(path):
                yield path


def _is_known(path: Path) -> bool:
    if detect_language(path.name) is not None:
        return True
    if path.suffix:
        return False
    try:
        with path.open("rb") as file:
            return detect_language(path.name, file.read(_HEAD)) is not None
    except OSError:
        return False
