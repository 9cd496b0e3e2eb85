"""How Node reads a JavaScript file: as a script or as a module."""

import json
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath

from quantumlayer.parser.model import SourceText


def package_types(files: Sequence[SourceText]) -> dict[str, str]:
    """Folder → "module" or "commonjs", from every package.json among the files."""
    types = {}
    for file in files:
        path = PurePosixPath(file.path)
        if path.name == "package.json":
            try:
                declared = json.loads(file.data)
            except (ValueError, RecursionError):
                continue
            kind = declared.get("type") if isinstance(declared, dict) else None
            types[str(path.parent)] = "module" if kind == "module" else "commonjs"
    return types


def goals(path: str, data: bytes, packages: Mapping[str, str]) -> tuple[str, ...]:
    """How Node reads the file: by its suffix, its nearest package.json, else by its syntax."""
    suffix = PurePosixPath(path).suffix
    if suffix in {".mjs", ".cjs"}:
        return ("module",) if suffix == ".mjs" else ("script",)
    for folder in PurePosixPath(path).parents:
        if str(folder) in packages:
            return ("module",) if packages[str(folder)] == "module" else ("script",)
    looks_like_module = any(
        line.startswith((b"import ", b"import{", b"export ", b"export{"))
        for line in data.split(b"\n")
    )
    return ("module", "script") if looks_like_module else ("script", "module")


def other_goals(path: str, asked: Sequence[str]) -> tuple[str, ...]:
    """How a file could be read instead; nothing where its suffix leaves no choice."""
    if PurePosixPath(path).suffix in {".mjs", ".cjs"}:
        return ()
    return tuple(goal for goal in ("module", "script") if goal not in asked)
