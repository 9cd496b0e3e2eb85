"""Templates to Python source: rendered, freed of what nothing uses, and laid out."""

import ast
import json
import subprocess
import textwrap
from functools import cache, lru_cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from ruff import find_ruff_bin  # type: ignore[import-untyped]

from quantumlayer.agents.builtin.writing.formatting import format_python
from quantumlayer.manifests import made_tree
from quantumlayer.processes import Group, child_environment

FOLDER = Path(__file__).parent


@cache
def _environment() -> Environment:
    # Nothing here is HTML, so nothing is escaped.
    environment = Environment(  # noqa: S701
        loader=FileSystemLoader(FOLDER / "templates"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["literal"] = literal
    return environment


def literal(text: str, width: int = 76) -> str:
    """Python source of a text; a long one as adjacent literals in parentheses."""
    if len(text) <= width:
        return json.dumps(text, ensure_ascii=False)
    lines = textwrap.wrap(text, width, drop_whitespace=False, break_on_hyphens=False)
    return "(" + " ".join(json.dumps(line, ensure_ascii=False) for line in lines) + ")"


def render(template: str, **values: object) -> str:
    """The text of a template in `templates/`, by its path without `.jinja`."""
    return _environment().get_template(f"{template}.jinja").render(values)


@lru_cache(maxsize=512)
def python(source: str, package: str) -> str:
    """Python source without unused imports and private functions, sorted and formatted."""
    return format_python(_without_unused_imports(_without_unused(source)), first_party=package)


def python_from(template: str, package: str, **values: object) -> str:
    """A rendered and tidied Python module."""
    return python(render(template, package=package, **values), package)


def _without_unused(source: str) -> str:
    """The source without private top-level functions and names that nothing refers to."""
    while (dead := _dead_lines(source)) is not None:
        first, last = dead
        lines = source.splitlines(keepends=True)
        source = "".join((*lines[: first - 1], *lines[last:]))
    return source


def _dead_lines(source: str) -> tuple[int, int] | None:
    tree = made_tree(source)
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and _is_load(node)}
    for node in tree.body:
        match node:
            case ast.FunctionDef(name=name, decorator_list=[]):
                pass
            case ast.Assign(targets=[ast.Name(id=name)]):
                pass
            case _:
                continue
        if name.startswith("_") and not name.startswith("__") and name not in used:
            return node.lineno, node.end_lineno or node.lineno
    return None


def _is_load(node: ast.Name) -> bool:
    return isinstance(node.ctx, ast.Load)


def _without_unused_imports(source: str) -> str:
    done = subprocess.run(  # noqa: S603 - a fixed program, fixed arguments
        [
            find_ruff_bin(),
            "check",
            "--fix-only",
            "--select=F401,E713,SIM201,SIM202,SIM208",
            "--unsafe-fixes",
            "--isolated",
            "--no-cache",
            "--quiet",
            "--target-version=py311",
            "--stdin-filename=generated.py",
            "-",
        ],
        input=source,
        capture_output=True,
        text=True,
        check=True,
        timeout=30,
        env=child_environment(Group.BASE),
    )
    return done.stdout
