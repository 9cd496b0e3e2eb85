"""The name of a project, put where its starter has one of its own."""

import keyword
import sys

from quantumlayer.qlayer.noun import Slug
from quantumlayer.qlayer.stacks.model import Stack

KEBAB, SNAKE, JOINED = "starter-name", "starter_name", "startername"
"""How starters spell their name: for packages, for modules, and where neither sign may stand."""
# What a module or a package of this name would hide, or what no language takes as a name.
TAKEN = (
    sys.stdlib_module_names
    | set(keyword.kwlist)
    | frozenset({
        "abstract", "alloc", "boolean", "byte", "case", "catch", "char", "const", "core", "crate",
        "default", "do", "double", "enum", "extends", "extern", "final", "float", "fn", "func",
        "impl", "implements", "int", "interface", "internal", "java", "let", "long", "main",
        "match", "mod", "move", "mut", "native", "new", "node", "package", "private", "protected",
        "pub", "public", "ref", "short", "static", "std", "struct", "super", "switch", "tests",
        "this", "throw", "throws", "trait", "transient", "type", "unsafe", "use", "vendor", "void",
        "volatile", "where",
    })
)  # fmt: skip


def named(stack: Stack, name: Slug) -> Stack:
    """A stack for one project: its name stands in commands, settings, paths and files.

    `starter` of the answer is what the project begins with.
    """
    return Stack.model_validate_json(renamed(stack.model_dump_json(), name))


def renamed(text: str, name: Slug) -> str:
    """A text in which a project's name stands for the starter's."""
    spelt = ((KEBAB, name), (SNAKE, name.replace("-", "_")), (JOINED, name.replace("-", "")))
    for placeholder, spelling in spelt:
        text = text.replace(placeholder, spelling)
    return text


def usable(name: Slug) -> Slug:
    """The name, or one that hides no module and is no word of a language."""
    plain = name.strip("-")
    spelt = {plain.replace("-", "_"), plain.replace("-", "")}
    return f"{plain}-app" if spelt & TAKEN else plain
