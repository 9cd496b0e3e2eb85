"""Reading a Python project's modules, and what they import from elsewhere."""

import ast
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from quantumlayer.manifests import python_text, python_tree
from quantumlayer.qtest.sandbox.inside import NOT_COPIED

LARGEST_FILE = 512 * 1024
MOST_FILES = 2_000


def python_sources(project: Path) -> Iterator[tuple[str, str]]:
    """(path in the project, text) of each module; links are not followed."""
    seen = 0
    for path in sorted(project.rglob("*.py")):
        relative = path.relative_to(project)
        if NOT_COPIED & set(relative.parts) or path.is_symlink() or not path.is_file():
            continue
        seen += 1
        if seen > MOST_FILES or path.stat().st_size > LARGEST_FILE:
            continue
        # As bytes: offsets must be those of the file, whatever its line ends are.
        text = python_text(path.read_bytes())
        if text is not None:
            yield relative.as_posix(), text


def libraries_of(sources: Mapping[str, str]) -> Iterable[str]:
    """The modules from elsewhere that the project and its tests import, each once."""
    own = {part.removesuffix(".py") for path in sources for part in Path(path).parts}
    found: dict[str, None] = {}
    for content in sources.values():
        for node in ast.walk(python_tree(content) or ast.Module([], [])):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names = [node.module]
            found |= dict.fromkeys(name for name in names if name.partition(".")[0] not in own)
    return found
