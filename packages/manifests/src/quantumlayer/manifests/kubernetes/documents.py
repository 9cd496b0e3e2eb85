"""The documents of a project's YAML files that belong to Kubernetes."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

import yaml

from quantumlayer.manifests.model import Malformed, NotUnderstood, ProjectFiles

WORKLOADS = {
    "Deployment": ("spec", "template", "spec"),
    "StatefulSet": ("spec", "template", "spec"),
    "Job": ("spec", "template", "spec"),
    "CronJob": ("spec", "jobTemplate", "spec", "template", "spec"),
}
"""What runs, and where in it the pod stands."""
VALUES = ("ConfigMap", "Secret")
KIND = re.compile(rf"^kind:\s*['\"]?(?:{'|'.join((*WORKLOADS, *VALUES))})\b", re.MULTILINE)
APART = frozenset({
    "node_modules", "vendor", "test", "tests", "testdata", "fixtures", "examples", "example",
    "templates", ".github", ".venv", "venv",
})  # fmt: skip
LARGEST_NUMBER = 1_000_000
# Merged aliases multiply: nobody needs more of both than this.
MOST_MERGED = 24
ALIAS = re.compile(r"[\s,\[{:]\*\w")
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Document:
    """An object with the file that declares it."""

    path: str
    kind: str
    name: str
    content: Mapping[str, Any]


def documents(files: ProjectFiles) -> list[Document]:
    """All of them, those nearest to the project's root first.

    Raises Malformed for a file that no cluster would take, NotUnderstood for one that grows.
    """
    paths = [path for path in files.paths() if is_candidate(PurePosixPath(path))]
    return [one for path in sorted(paths, key=lambda path: (path.count("/"), path))
            for one in read(files, path)]  # fmt: skip


def is_candidate(path: PurePosixPath) -> bool:
    return path.suffix in (".yaml", ".yml") and APART.isdisjoint(path.parts[:-1])


def read(files: ProjectFiles, path: str) -> Iterator[Document]:
    text = (files.content(path) or b"").decode("utf-8-sig", errors="replace")
    # What is a template becomes a manifest only when somebody fills it in.
    if not KIND.search(text) or "{{" in text:
        return
    if "<<" in text and len(ALIAS.findall(text)) > MOST_MERGED:
        raise NotUnderstood("too many aliases are merged in it", path=path)
    try:
        found = list(yaml.load_all(text, Loader=_LOADER))
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else None
        problem = getattr(error, "problem", None) or "it cannot be read"
        raise Malformed(f"this is no YAML: {problem}", path=path, line=line) from error
    for content in found:
        kind, name = at(content, "kind"), at(content, "metadata", "name")
        if kind in (*WORKLOADS, *VALUES) and isinstance(name, str):
            yield Document(path, kind, name, content)


def at(content: object, *names: str) -> Any:  # noqa: ANN401 - whatever the file holds
    """What stands at a place of a document; None where nothing does."""
    for name in names:
        content = content.get(name) if isinstance(content, dict) else None
    return content


def rows(content: object, *names: str) -> list[dict[str, Any]]:
    """The objects of a list at a place; whatever else stands there is left out."""
    found = at(content, *names)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def words(content: object, *names: str) -> tuple[str, ...] | None:
    """The words of a list at a place; None where there is none."""
    found = at(content, *names)
    return tuple(map(str, found)) if isinstance(found, list) else None


def number(content: object, *names: str, default: int = 0) -> int:
    """A whole number at a place, of a size that a cluster takes."""
    found = at(content, *names)
    known = isinstance(found, int) and not isinstance(found, bool)
    return found if known and 0 <= found <= LARGEST_NUMBER else default
