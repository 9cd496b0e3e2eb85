"""What a project declares: dependencies with their place, from every kind of manifest."""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from quantumlayer.manifests.found import Reader
from quantumlayer.manifests.go.declarations import go_mod
from quantumlayer.manifests.java.poms import pom_xml
from quantumlayer.manifests.javascript.declarations import package_json
from quantumlayer.manifests.model import Dependency, Ecosystem, ProjectFiles
from quantumlayer.manifests.python.declarations import (
    environment,
    is_requirements,
    pipfile,
    pyproject,
    requirements,
    script,
    setup_cfg,
    setup_py,
)


def declared(files: ProjectFiles) -> tuple[Dependency, ...]:
    """Every dependency that the manifests among the files declare; what is malformed is skipped.

    Reads pyproject.toml (standard, groups, poetry), requirements files, setup.cfg, setup.py,
    Pipfile, environment.yml, metadata in scripts; package.json; go.mod; pom.xml.
    """
    found: list[Dependency] = []
    for path in files.paths():
        reader = _reader(path)
        content = None if reader is None else files.content(path)
        if reader is not None and content is not None:
            found += _located(path, content.decode("utf-8", errors="replace"), reader)
    return tuple(found)


def is_manifest(path: str, ecosystem: Ecosystem) -> bool:
    """Whether a file of this name declares dependencies."""
    name = PurePosixPath(path).name
    if ecosystem is Ecosystem.NPM:
        return name == "package.json"
    if ecosystem is Ecosystem.GO:
        return name == "go.mod"
    known = {"pyproject.toml", "setup.py", "setup.cfg", "Pipfile", "environment.yml"}
    return name in known or is_requirements(path)


_READERS: dict[str, Reader] = {
    "pyproject.toml": pyproject,
    "setup.cfg": setup_cfg,
    "setup.py": setup_py,
    "Pipfile": pipfile,
    "environment.yml": environment,
    "environment.yaml": environment,
    "package.json": package_json,
    "go.mod": go_mod,
    "pom.xml": pom_xml,
}


def _reader(path: str) -> Reader | None:
    name = PurePosixPath(path).name
    if name in _READERS:
        return _READERS[name]
    if is_requirements(path):
        return requirements
    return script if name.endswith(".py") else None


def _located(path: str, text: str, reader: Reader) -> Iterator[Dependency]:
    lines = text.splitlines()
    try:
        found = tuple(reader(text))
    except (ValueError, TypeError, AttributeError, KeyError, RecursionError):
        # Whether a manifest is well formed is the syntax check's word.
        return
    for ecosystem, name, version, registry in found:
        # The name itself, not a longer one that contains it.
        place = re.compile(rf"(?<![\w@/.-]){re.escape(name)}(?![\w/-])")
        line = next((n for n, one in enumerate(lines, 1) if place.search(one)), 1)
        yield Dependency(
            ecosystem=ecosystem,
            name=name,
            path=path,
            line=line,
            version=version,
            from_registry=registry,
        )
