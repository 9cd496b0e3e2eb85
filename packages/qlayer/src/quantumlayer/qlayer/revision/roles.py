"""What a file of somebody else's project is for, as far as its path tells."""

import re
from pathlib import PurePosixPath

from quantumlayer.qlayer.blueprint import FileRole

_TEST = re.compile(
    r"(^|/)(tests?|__tests__|e2e|spec|testdata)/|(^|/)(test_[^/]*|conftest)\.py$|_test\.(py|go|rs)$"
    r"|[-_.](test|spec)\.[cm]?[jt]sx?$|(^|/)(\w+Tests?|Test\w+|\w+IT)\.java$"
    r"|(^|/)(test_[^/]*|[^/]*[-_]tests?)\.(c|cc|cpp|cxx|h|hpp)$"
)
_DOCUMENTS = frozenset({".md", ".rst", ".adoc", ".txt"})
_BUILDS = frozenset({"CMakeLists.txt", "requirements.txt", "requirements-dev.txt"})
_SETTINGS = frozenset({
    ".toml", ".yaml", ".yml", ".json", ".cfg", ".ini", ".mod", ".sum", ".lock", ".xml", ".gradle",
    ".properties", ".mk", ".cmake",
})  # fmt: skip
_SETTING_NAMES = frozenset(
    {"Makefile", "GNUmakefile", "Dockerfile", "Containerfile", "meson.build"}
)


def is_test_path(path: str) -> bool:
    """Whether a file stands where its language's tests do."""
    return _TEST.search(path) is not None


def role_of_path(path: str) -> FileRole:
    """What a file is for."""
    place = PurePosixPath(path)
    if is_test_path(path):
        return FileRole.TEST
    if place.name in _BUILDS | _SETTING_NAMES or place.name.startswith("."):
        return FileRole.CONFIGURATION
    if place.suffix.lower() in _DOCUMENTS:
        return FileRole.DOCUMENTATION
    return FileRole.CONFIGURATION if place.suffix.lower() in _SETTINGS else FileRole.SOURCE
