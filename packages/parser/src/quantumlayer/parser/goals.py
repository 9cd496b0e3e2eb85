"""How Node reads a JavaScript file: as a script or as a module."""

import json
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath

from quantumlayer.parser.model import SourceText


def package_types(files: Sequence[SourceText]) -> dict[str, str]:
    """Folder → "module", "commonjs" or "" for neither, from every package.json among the files."""
    types: dict[str, str] = {}
    for file in files:
        path = PurePosixPath(file.path)
        if path.name == "package.json":
            try:
                declared = json.loads(file.data)
            except (ValueError, RecursionError):
                continue
            kind = declared.get("type") if isinstance(declared, dict) else None
            types[str(path.parent)] = kind if kind in ("module", "commonjs") else ""
    return types


def goals(path: str, data: bytes, packages: Mapping[str, str]) -> tuple[str, ...]:
    """How Node reads the file: by its suffix, its nearest package.json, else by its syntax.

    A package that says nothing leaves it to the syntax too, as Node does from 22.7 on, and bundlers
    always.
    """
    suffix = PurePosixPath(path).suffix
    if suffix in {".mjs", ".cjs"}:
        return ("module",) if suffix == ".mjs" else ("script",)
    for folder in PurePosixPath(path).parents:
        if str(folder) in packages:
            if packages[str(folder)]:
                return ("module",) if packages[str(folder)] == "module" else ("script",)
            break
    looks_like_module = any(
        line.startswith((b"import ", b"import{", b"export ", b"export{"))
        for line in data.split(b"\n")
    )
    return ("module", "script") if looks_like_module else ("script", "module")
