"""The version of a project that keeps it in its sources, read and never run."""

import ast
import re

from quantumlayer.manifests.model import ProjectFiles
from quantumlayer.manifests.python.texts import inside, text_of
from quantumlayer.manifests.python.trees import python_tree

_ASSIGNED = re.compile(
    r"""(?mi)^(?:__version__|version|VERSION)(?:\s*:\s*\w+)?\s*=\s*["']v?([^"']+)["']"""
)
_BARE = re.compile(r"^v?\d[\w.!+-]*$")
UNKNOWN = "0.0.0"


def version_in_file(files: ProjectFiles, path: str) -> str:
    """The version that a file holds: alone, or assigned; empty when it cannot be told."""
    text = text_of(files, path) if path else None
    if text is None:
        return ""
    if _BARE.match(text.strip()):
        return text.strip().removeprefix("v")
    match = _ASSIGNED.search(text)
    return match[1] if match else ""


def version_of_module(files: ProjectFiles, folder: str, attribute: str) -> str:
    """The constant that an attribute such as `pkg.__about__.version` is; empty when it is none."""
    module, _, name = attribute.strip().rpartition(".")
    parts = module.replace(".", "/")
    for root in ("", "src/", "lib/", "python/"):
        for tail in ("/__init__.py", ".py"):
            content = files.content(inside(folder, f"{root}{parts}{tail}"))
            if content is not None:
                return _constant(content, name)
    return ""


def _constant(content: bytes, name: str) -> str:
    tree = python_tree(content)
    for node in tree.body if tree else ():
        targets = node.targets if isinstance(node, ast.Assign) else []
        if isinstance(node, ast.AnnAssign):
            targets = [node.target]
        if any(isinstance(one, ast.Name) and one.id == name for one in targets):
            try:
                value = ast.literal_eval(node.value)  # type: ignore[attr-defined]  # both kinds of assignment have one
            except (ValueError, TypeError, SyntaxError):
                return ""
            return value if isinstance(value, str) else ".".join(map(str, value))
    return ""
