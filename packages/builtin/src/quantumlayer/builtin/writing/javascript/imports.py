"""Imports of generated modules: those of the names that a module uses and another one exports.

Templates import only what is called otherwise from service to service, and the kinds of fields.
"""

import re
import tomllib
from functools import cache
from itertools import groupby
from pathlib import Path
from posixpath import dirname, relpath

from quantumlayer.builtin.writing.javascript.field_code import KINDS

_HERE = Path(__file__).parent
_EXPORT = re.compile(r"^export (?:async )?(?:function|class|const) (\w+)", re.MULTILINE)
_HEAD = re.compile(r"\s*// @ts-check\n/\*\*.*?\*/\n", re.DOTALL)
_NOT_CODE = re.compile(r'"(?:\\.|[^"\\\n])*"|/\*.*?\*/|//[^\n]*', re.DOTALL)
_NAME = re.compile(r"(?<!(?<!\.)\.)\b(?:[a-z]+(?=\()|(?:assert|fs)(?=\.)|[A-Za-z]*[A-Z]\w*+(?!:))")
"""A name that is no member of anything: none behind a dot, unless there are three of them. One of a
single word must be called, for a record may have the same name."""
_WHOLE = {"assert": "assert", "fs": "* as fs"}
"""What is imported as one thing."""


def with_imports(source: str, path: str) -> str:
    """The source of the module at `path`, with its imports behind the comment that begins it."""
    head = _HEAD.match(source)
    if head is None:
        return source
    used = set(_NAME.findall(_NOT_CODE.sub("", source)))
    known = _known(in_tests=path.startswith("tests/"))
    found = sorted((_named(known[name], path), name) for name in used & known.keys())
    lines = [
        _line(module, [name for _, name in names])
        for module, names in groupby(found, key=lambda each: each[0])
        if module != f"./{Path(path).name}"
    ]
    node = [line for line in lines if '"node:' in line]
    parts = ("\n".join(part) for part in (node, [line for line in lines if line not in node]))
    return "\n\n".join([head[0].strip(), *filter(None, parts), source[head.end() :].lstrip("\n")])


def _named(module: str, path: str) -> str:
    """What the module at `path` calls another one."""
    if module.startswith("node:"):
        return module
    relative = relpath(module, dirname(path))
    return relative if relative.startswith(".") else f"./{relative}"


def _line(module: str, names: list[str]) -> str:
    named = "{ " + ", ".join(names) + " }"
    return f'import {_WHOLE.get(names[0], named)} from "{module}";'


@cache
def _known(*, in_tests: bool) -> dict[str, str]:
    """The module that exports each name; those of own modules are read from their templates."""
    table = tomllib.loads((_HERE / "imports.toml").read_text(encoding="utf-8"))
    found = {name: module for module, names in table.items() for name in names.split()}
    for folder in ("src", "tests") if in_tests else ("src",):
        for template in sorted((_HERE / "templates" / folder).rglob("*.js.jinja")):
            module = template.relative_to(_HERE / "templates").as_posix().removesuffix(".jinja")
            exported = _EXPORT.findall(template.read_text(encoding="utf-8"))
            found |= dict.fromkeys(exported, module)
    return {name: each for name, each in found.items() if name not in {*KINDS.values(), "resource"}}
