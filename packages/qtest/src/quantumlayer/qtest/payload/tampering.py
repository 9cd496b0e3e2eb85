"""Notices when a run changes what it is judged by: sources, tests, settings of the runner.

What is compiled was read before any test ran; but a build script may rewrite a test first, and a
test may rewrite the next one. Whoever does either is not believed.
"""

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path

JUDGING = frozenset({
    ".go", ".mod", ".rs", ".java", ".kt", ".xml", ".gradle", ".c", ".cc", ".cpp", ".cxx", ".h",
    ".hh", ".hpp", ".hxx", ".inc", ".cmake", ".mk", ".sh", ".py", ".js", ".mjs", ".cjs", ".ts",
    ".mts", ".cts", ".tsx", ".jsx", ".toml", ".ini", ".cfg",
})  # fmt: skip
JUDGING_NAMES = frozenset({
    "Makefile", "makefile", "GNUmakefile", "CMakeLists.txt", "package.json", "tsconfig.json",
})  # fmt: skip
BUILT = frozenset({"target", "build", "node_modules"})
MOST_FILES = 20_000
LARGEST_FILE = 1 << 26


def judging_files(folder: str) -> dict[str, str]:
    """The digest of each file that a verdict depends on, by its path in the project."""
    found: dict[str, str] = {}
    for place, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if name not in BUILT]
        for name in files:
            path = Path(place, name)
            if path.suffix in JUDGING or name in JUDGING_NAMES:
                found[os.path.relpath(path, folder)] = digest(path)
            if len(found) >= MOST_FILES:
                return found
    return found


def digest(path: Path) -> str:
    """What a file is; of a link where it leads, and after a colon what is there."""
    try:
        if path.is_symlink():
            return f"link to {path.readlink()}: {content_digest(path)}"
        return content_digest(path)
    except OSError:
        return "unreadable"


def content_digest(path: Path) -> str:
    try:
        if not path.is_file():
            return "no file"  # a pipe, for example, which would never end
        known = path.stat()
        if known.st_size > LARGEST_FILE:
            return f"{known.st_size} bytes, changed at {known.st_mtime_ns}"
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return "unreadable"


def is_content(known: str, content: str) -> bool:
    """Whether a file whose digest is known holds what has the digest `content`."""
    return known.rpartition(": ")[2] == content


def changed_files(before: Mapping[str, str], folder: str) -> list[str]:
    """The files that are different now, or gone."""
    return sorted(path for path, known in before.items() if digest(Path(folder, path)) != known)
