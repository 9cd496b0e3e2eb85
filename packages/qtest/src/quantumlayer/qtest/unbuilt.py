"""Modules of a Python project that its build would compile, and what their absence comes to.

Nothing is built here. A module that is simply imported shows as an ImportError with its name. Code
that goes on without it, with something else in its place, shows it in any way or in none: then a
test that fails says nothing.
"""

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from quantumlayer.manifests import CompiledModule, python_tree, regular_content

_NAME_OF_PACKAGE = re.compile(r"cannot import name '(?P<name>\w+)' from (?:[\w ]*)'(?P<of>[\w.]+)'")
LARGEST_FILE = 1024 * 1024


def absent(compiled: Iterable[CompiledModule], paths: Iterable[str]) -> tuple[CompiledModule, ...]:
    """Those that no file of the project holds, neither as a library nor written in Python."""
    stems = {_stem(path) for path in paths if path.endswith((".so", ".py"))}
    return tuple(
        one
        for one in compiled
        if not any(f"/{stem}".endswith(f"/{one.name.replace('.', '/')}") for stem in stems)
    )


def _stem(path: str) -> str:
    folder, slash, name = path.rpartition("/")
    return f"{folder}{slash}{name.partition('.')[0]}"


def named_absent(said: str, module: str, lacking: Iterable[CompiledModule]) -> str:
    """Why a module could not be loaded, where the build would have made it; else nothing.

    `module` is what Python missed, empty where it only missed a name in a package.
    """
    inner = _NAME_OF_PACKAGE.search(said)
    missed = module or (f"{inner['of']}.{inner['name']}" if inner else "")
    found = next((one for one in lacking if one.name == missed), None)
    return f"{told(found)}, and nothing is built here" if found else ""


def gone_without(
    project: Path, paths: Iterable[str], lacking: Iterable[CompiledModule]
) -> CompiledModule | None:
    """The first of those absent that code of the project tries to load, and goes on without."""
    wanted = {one.name.rpartition(".")[2]: one for one in lacking}
    for path in paths if wanted else ():
        content = regular_content(project / path, LARGEST_FILE) if path.endswith(".py") else None
        leaves = [leaf for leaf in wanted if leaf.encode() in (content or b"")]
        tree = python_tree(content) if content and leaves else None
        tried = set(tried_names(tree)) if tree else set[str]()
        for leaf in leaves:
            if leaf in tried:
                return wanted[leaf]
    return None


def tried_names(tree: ast.Module) -> Iterator[str]:
    """The last parts of all names that are imported under `try`, or under `suppress`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Try | ast.With):
            for inner in (one for part in node.body for one in ast.walk(part)):
                match inner:
                    case ast.Import(names=names):
                        yield from (one.name.rpartition(".")[2] for one in names)
                    case ast.ImportFrom(module=module, names=names):
                        yield (module or "").rpartition(".")[2]
                        yield from (one.name for one in names)
                    case ast.Call(args=[ast.Constant(value=str(text)), *_]):
                        # `import_module("shop._fast")`
                        yield text.rpartition(".")[2]
                    case _:
                        pass


def told(module: CompiledModule) -> str:
    """The module, and where it is said that the build compiles it."""
    return f"`{module.name}` is compiled by the project's build ({module.place})"
