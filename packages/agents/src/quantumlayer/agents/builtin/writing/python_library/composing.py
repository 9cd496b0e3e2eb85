"""Parts put together into modules: imports first, then every part's definitions."""

import ast
import re
from collections.abc import Iterable

from quantumlayer.agents.builtin.writing.python_library.part import Part
from quantumlayer.manifests import made_tree

# Parts of one module may declare the same one.
_TYPE_VARIABLE = re.compile(r"^\w+ = TypeVar\(.*\)$", re.MULTILINE)

ERRORS = {
    "InvalidValueError": (
        "ValueError",
        "A value that cannot be worked with; the message says what would do.",
    ),
    "EmptyError": ("LookupError", "Nothing is left to take; the message says what to ask first."),
    "MissingError": ("LookupError", "Something asked for is not there; the message names it."),
    "LimitError": ("ValueError", "A step that would pass a limit; nothing was changed."),
}


def used_errors(parts: Iterable[Part]) -> tuple[str, ...]:
    """The exceptions that the parts raise, in a fixed order."""
    text = "\n".join(part.code for part in parts)
    return tuple(name for name in ERRORS if name in text)


def errors_source(names: Iterable[str]) -> str:
    """The module of the exceptions."""
    classes = "\n\n\n".join(
        f'class {name}({ERRORS[name][0]}):\n    """{ERRORS[name][1]}"""' for name in names
    )
    return f'"""What can go wrong, each as an exception of its own."""\n\n\n{classes}\n'


def module_source(title: str, codes: Iterable[str], public: Iterable[str]) -> str:
    """One module out of the codes of its parts."""
    imports: list[str] = []
    variables: list[str] = []
    bodies: list[str] = []
    for code in codes:
        head, body = _split(code)
        imports += [line for line in head if line not in imports]
        found = _TYPE_VARIABLE.findall(body)
        variables += [line for line in found if line not in variables]
        body = _TYPE_VARIABLE.sub("", body).strip("\n")
        if body not in bodies:
            bodies.append(body)
    names = ", ".join(f'"{name}"' for name in sorted(public))
    opening = (f'"""{title}"""', "", *imports, "", f"__all__ = [{names}]", "", *variables, "")
    return "\n".join((*opening, "\n\n\n".join(bodies), ""))


def _split(code: str) -> tuple[list[str], str]:
    """The import statements of a code, and what follows them."""
    lines = code.strip("\n").splitlines()
    imports: list[str] = []
    body = 0
    for node in made_tree(code.strip("\n")).body:
        if not isinstance(node, ast.Import | ast.ImportFrom):
            break
        imports.append(ast.unparse(node))
        body = node.end_lineno or node.lineno
    return imports, "\n".join(lines[body:]).strip("\n")
