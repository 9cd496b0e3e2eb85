"""Adding dependencies to the manifests of a project, as its author would have written them."""

import json
import re
import tomllib
from collections.abc import Callable, Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict

from quantumlayer.manifests.declared import declared, is_manifest
from quantumlayer.manifests.files import FilesInMemory
from quantumlayer.manifests.model import Ecosystem, NotUnderstood, ProjectFiles

_LOCKS = ("package-lock.json", "npm-shrinkwrap.json", "yarn.lock", "pnpm-lock.yaml", "bun.lockb")
_PROJECT = re.compile(r"(?m)^\[project\][^\n]*\n")
_TABLE = re.compile(r"(?m)^\[")
_DEPENDENCIES = re.compile(r"(?m)^dependencies\s*=\s*\[")
_INDENT = re.compile(r'\A\s*\{\s*?\n([ \t]+)"')


class Addition(BaseModel):
    """A dependency that is to be declared; `version` as its ecosystem writes it."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    name: str
    version: str = ""
    development: bool = False


def with_additions(
    files: ProjectFiles, ecosystem: Ecosystem, additions: Sequence[Addition]
) -> dict[str, str]:
    """Path → new text of the manifests at the top of a project that declare these, too.

    Knows requirements files, pyproject.toml as the standard has it, and package.json; no file is
    made, so that nothing may come of it. Raises NotUnderstood where a manifest is of another kind,
    or a lock stands beside it that would no longer be true.
    """
    if ecosystem is Ecosystem.NPM:
        return _of_npm(files, additions)
    changed = {}
    for path in files.paths():
        if not is_manifest(path, Ecosystem.PYPI):
            continue
        text = (files.content(path) or b"").decode("utf-8", errors="replace")
        writer = _WRITERS.get(path)
        if writer is not None:
            new = writer(text, additions)
            if new != text:
                changed[path] = new
        elif declared(FilesInMemory({path: text.encode()})):
            raise NotUnderstood("nothing can be added to such a manifest", path=path)
    return changed


def _requirements(path: str, *, development: bool) -> "_Writer":
    def write(text: str, additions: Sequence[Addition]) -> str:
        lines = [f"{one.name}{one.version}" for one in additions if one.development is development]
        if not lines:
            return text
        if "--hash=" in text:
            raise NotUnderstood("every line has its hashes", path=path)
        return "\n".join([*text.splitlines(), *lines, ""])

    return write


def _pyproject(text: str, additions: Sequence[Addition]) -> str:
    path = "pyproject.toml"
    wanted = [f"{one.name}{one.version}" for one in additions if not one.development]
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise NotUnderstood(str(error), path=path) from None
    project = document.get("project")
    if not isinstance(project, dict):
        if "poetry" in document.get("tool", {}):
            raise NotUnderstood("Poetry's tables are not written", path=path)
        return text
    if "dependencies" in project.get("dynamic", ()):
        raise NotUnderstood("its dependencies are dynamic", path=path)
    if not wanted:
        return text
    new = _with_entries(text, wanted)
    project["dependencies"] = [*wanted, *project.get("dependencies", ())]
    if new is None or _toml(new) != document:
        raise NotUnderstood("there is no place for another dependency", path=path)
    return new


def _with_entries(text: str, wanted: Sequence[str]) -> str | None:
    head = _PROJECT.search(text)
    if head is None:
        return None
    after = _TABLE.search(text, head.end())
    end = after.start() if after else len(text)
    opened = _DEPENDENCIES.search(text, head.end(), end)
    entries = [json.dumps(one) for one in wanted]
    if opened is None:
        line = f"dependencies = [{', '.join(entries)}]\n"
        return f"{text[: head.end()]}{line}{text[head.end() :]}"
    several = text[opened.end() :].startswith("\n")
    added = "".join(f"\n    {one}," if several else f"{one}, " for one in entries)
    return f"{text[: opened.end()]}{added}{text[opened.end() :]}"


def _toml(text: str) -> dict[str, Any] | None:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return None


def _of_npm(files: ProjectFiles, additions: Sequence[Addition]) -> dict[str, str]:
    path = "package.json"
    paths = list(files.paths())
    if [one for one in paths if is_manifest(one, Ecosystem.NPM)] != [path]:
        raise NotUnderstood("it is not the one package of the project", path=path)
    lock = next((one for one in paths if one in _LOCKS), None)
    if lock is not None:
        raise NotUnderstood("it locks what the manifest declares", path=lock)
    text = (files.content(path) or b"").decode("utf-8", errors="replace")
    try:
        manifest = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise NotUnderstood(str(error), path=path) from None
    if not isinstance(manifest, dict):
        raise NotUnderstood("it is no JSON object", path=path)
    for one in additions:
        section = "devDependencies" if one.development else "dependencies"
        given = manifest.get(section, {})
        if not isinstance(given, dict):
            raise NotUnderstood(f"{section} is no JSON object", path=path)
        manifest[section] = dict(sorted({**given, one.name: one.version or "*"}.items()))
    indent = _INDENT.match(text)
    return {
        path: json.dumps(manifest, indent=indent[1] if indent else 2, ensure_ascii=False) + "\n"
    }


_Writer = Callable[[str, Sequence[Addition]], str]
_WRITERS: dict[str, _Writer] = {
    "pyproject.toml": _pyproject,
    "requirements.txt": _requirements("requirements.txt", development=False),
    "requirements-dev.txt": _requirements("requirements-dev.txt", development=True),
}
