"""Modules of a project that its build would compile, as setup.py and pyproject.toml name them."""

import ast
from collections.abc import Iterable, Iterator
from typing import Any

from quantumlayer.manifests.python.needs import CompiledModule
from quantumlayer.manifests.python.static_values import Values
from quantumlayer.manifests.python.texts import line_with, table

# Arguments of `setup` that list modules to compile, of setuptools and of what extends it.
LISTS = frozenset({"ext_modules", "rust_extensions"})


def of_script(
    tree: ast.Module, given: dict[str, ast.expr], values: Values, path: str
) -> Iterator[CompiledModule]:
    """Each `Extension(…)` of a script whose call of `setup` is given any, under any condition."""
    if LISTS.isdisjoint(given):
        return
    package = given.get("ext_package")
    prefix = values.of(package) if package is not None else ""
    for node in ast.walk(tree):
        name = _extension_name(node, values) if isinstance(node, ast.Call) else None
        if name is not None and isinstance(node, ast.Call):
            whole = f"{prefix}.{name}" if isinstance(prefix, str) and prefix else name
            yield CompiledModule(name=whole, path=path, line=node.lineno)


def _extension_name(call: ast.Call, values: Values) -> str | None:
    function = call.func
    kind = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    if not kind.endswith("Extension"):
        return None
    named = [*call.args[:1], *(one.value for one in call.keywords if one.arg in ("name", "target"))]
    found = values.of(named[0]) if named else None
    return found if isinstance(found, str) and _is_dotted(found) else None


def of_tables(document: dict[str, Any], text: str, path: str) -> Iterator[CompiledModule]:
    """`[tool.setuptools] ext-modules`, and the one module that maturin makes."""
    tool = table(document.get("tool"))
    entries = table(tool.get("setuptools")).get("ext-modules")
    names = [table(one).get("name") for one in (entries if isinstance(entries, list) else [])]
    if table(document.get("build-system")).get("build-backend") == "maturin":
        own = str(table(document.get("project")).get("name", "")).replace("-", "_")
        names.append(table(tool.get("maturin")).get("module-name", own))
    for name in names:
        if isinstance(name, str) and _is_dotted(name):
            yield CompiledModule(name=name, path=path, line=line_with(text, name))


def _is_dotted(name: str) -> bool:
    return all(part.isidentifier() for part in name.split("."))


def once(modules: Iterable[CompiledModule]) -> tuple[CompiledModule, ...]:
    """Each module as it is named first."""
    found: dict[str, CompiledModule] = {}
    for one in modules:
        found.setdefault(one.name, one)
    return tuple(found.values())
