"""Finishing what a template gives: the imports of the names that it uses, and the usual layout.

Templates import only what differs from entity to entity, or would else be taken for another thing.
"""

import ast
import re
import subprocess
import tempfile
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from ruff import find_ruff_bin  # type: ignore[import-untyped]

from quantumlayer.manifests.python.trees import made_tree
from quantumlayer.processes import Group, child_environment

_HERE = Path(__file__).parent
_PUBLIC = re.compile(r"^(?:(?:async )?def |class )?([A-Za-z]\w*)(?=[(:]| = )", re.MULTILINE)
_OPTIONS = "--isolated --no-cache --quiet --target-version=py311 --line-length=100"


def with_imports(source: str, path: str, package: str) -> str:
    """The source of the module at `path`, behind its imports; more than it needs, in no order."""
    tree = made_tree(source)
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    made = {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    for node in tree.body:
        match node:
            case ast.Import() | ast.ImportFrom():
                made |= {alias.asname or alias.name for alias in node.names}
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
                made.add(name)
    module = path.removesuffix(".py").replace("/", ".")
    known = {name: line.format(package=package) for name, line in _known().items()}
    lines = [known[name] for name in sorted(used - made) if name in known]
    own = f"from {module} import "
    start = tree.body[0].end_lineno or 0
    docstring, rest = source.splitlines()[:start], source.splitlines()[start:]
    return "\n".join([*docstring, *(line for line in lines if not line.startswith(own)), *rest])


@cache
def _known() -> dict[str, str]:
    """How each name is imported; those of own modules are read from their templates."""
    table = tomllib.loads((_HERE / "imports.toml").read_text(encoding="utf-8"))
    types = tomllib.loads((_HERE / "types.toml").read_text(encoding="utf-8"))
    found = {name: f"import {name}" for name in table["modules"].split()}
    names = {module: each.split() for module, each in table["names"].items()}
    names["{package}.values"] = [*types]
    for template in sorted((_HERE / "templates").glob("*/*.py.jinja")):
        module = template.name.removesuffix(".py.jinja")
        folder = template.parent.name.replace("package", "{package}")
        public = _PUBLIC.findall(template.read_text(encoding="utf-8"))
        names.setdefault(f"{folder}.{module}", []).extend(public)
        names.setdefault(folder, []).append(module)
    ways = ((module, name) for module, all_names in names.items() for name in all_names)
    return found | {name: f"from {module} import {name}" for module, name in ways}


def format_python(sources: Mapping[str, str], *, first_party: str) -> dict[str, str]:
    """`sources` as `ruff format` lays them out, without imports that they do not use, in order.

    `first_party` is the package of the application. Raises ValueError with ruff's message where
    one is not Python: a defect of a template, never of the requirements.
    """
    if not sources:
        return {}
    with tempfile.TemporaryDirectory(prefix="quantumlayer-") as name:
        # Under names of ours: to ruff some names mean something, and all are treated alike.
        places = {path: Path(name, f"generated_{n}.py") for n, path in enumerate(sources)}
        for path, place in places.items():
            place.write_text(sources[path], encoding="utf-8")
        own = f"--config=lint.isort.known-first-party=['{first_party}', 'tests']"
        _ruff(Path(name), "check", "--fix-only", "--select=I,F401", own)
        _ruff(Path(name), "format")
        return {path: place.read_text(encoding="utf-8") for path, place in places.items()}


def _ruff(folder: Path, *arguments: str) -> None:
    files = sorted(file.name for file in folder.iterdir())
    done = subprocess.run(  # noqa: S603 - a fixed program, fixed arguments
        [find_ruff_bin(), *arguments, *_OPTIONS.split(), "--", *files],
        cwd=folder, capture_output=True, text=True, check=False, timeout=30,
        env=child_environment(Group.BASE),
    )  # fmt: skip
    if done.returncode != 0:
        raise ValueError(f"generated Python cannot be formatted: {done.stderr.strip()}")
