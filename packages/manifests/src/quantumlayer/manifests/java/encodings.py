"""The encodings that a Java build declares for its sources, found without running anything."""

import codecs
import re
from collections.abc import Mapping
from pathlib import PurePosixPath

from quantumlayer.manifests.java.gradle_text import flat, statements
from quantumlayer.manifests.java.poms import source_encodings
from quantumlayer.manifests.model import ProjectFiles

_BUILD_FILE = re.compile(r"(?:^|/)build\.gradle(?:\.kts)?$")
_OPTION = re.compile(r"\boptions\*?\.encoding(?:\s*=\s*|\.set\(\s*)['\"](?P<name>[\w.:-]+)['\"]")
_ANT = re.compile(rb"<javac\b[^>]*\bencoding=[\"']([\w.:-]+)[\"']")
_COMPILED = frozenset({".java"})


def java_encodings(files: ProjectFiles) -> dict[str, str]:
    """Folder → the encoding of the Java sources below it, where a build file declares one."""
    if not any(path.endswith(".java") for path in files.paths()):
        return {}
    found = source_encodings(files)
    for path in files.paths():
        folder = str(PurePosixPath(path).parent)
        if _BUILD_FILE.search(path):
            text = (files.content(path) or b"").decode("utf-8", errors="replace")
            for statement, _ in flat(statements(text)):
                option = _OPTION.search(statement)
                if option is not None:
                    found[folder] = option["name"]
        elif PurePosixPath(path).name == "build.xml":
            ant = _ANT.search(files.content(path) or b"")
            if ant is not None:
                found.setdefault(folder, ant[1].decode("ascii"))
    return {folder: name for folder, name in found.items() if is_encoding(name)}


def encoding_for(path: str, encodings: Mapping[str, str]) -> str | None:
    """What is declared for a file: by the nearest build file above it, for what it compiles."""
    if PurePosixPath(path).suffix not in _COMPILED or not encodings:
        return None
    above = (str(folder) for folder in PurePosixPath(path).parents)
    return next((encodings[folder] for folder in above if folder in encodings), None)


def is_encoding(name: str) -> bool:
    try:
        codecs.lookup(name)
    except LookupError:
        return False
    return True
