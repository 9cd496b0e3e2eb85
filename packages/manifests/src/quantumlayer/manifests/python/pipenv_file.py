"""Pipfile of Pipenv."""

from packaging.utils import canonicalize_name

from quantumlayer.manifests.model import ProjectFiles
from quantumlayer.manifests.python.declaration import Declaration, Wanted
from quantumlayer.manifests.python.needs import PythonVersion
from quantumlayer.manifests.python.texts import (
    folder_of,
    line_with,
    table,
    text_of,
    texts,
    toml_of,
    within,
)

_MARKERS = (
    "os_name", "sys_platform", "platform_machine", "platform_python_implementation",
    "platform_release", "platform_system", "platform_version", "python_version",
    "python_full_version", "implementation_name", "implementation_version",
)  # fmt: skip
_ELSEWHERE = ("path", "file", "git", "hg", "svn", "bzr", "url")


def pipenv_file(files: ProjectFiles, path: str) -> Declaration:
    """What a Pipfile declares: its packages, and those for development."""
    document = toml_of(files, path)
    if document is None:
        return Declaration(path=path)
    text = text_of(files, path) or ""
    requires = table(document.get("requires"))
    asked = requires.get("python_full_version") or requires.get("python_version")
    line = line_with(text, "python_version") or line_with(text, "python_full_version")
    version = f"=={asked}.*" if isinstance(asked, str) and asked.count(".") < 2 else f"=={asked}"
    return Declaration(
        path=path,
        python=PythonVersion(specifier=version, path=path, line=line) if asked else PythonVersion(),
        runtime=_packages(table(document.get("packages")), path, text),
        groups={"dev": _packages(table(document.get("dev-packages")), path, text)},
    )


def _packages(given: dict[str, object], path: str, text: str) -> tuple[Wanted, ...]:
    return tuple(
        Wanted(_requirement(name, value, path), path, line_with(text, name))
        for name, value in given.items()
    )


def _requirement(name: str, value: object, path: str) -> str:
    """An entry as PEP 508 writes it."""
    entry = table(value)
    version = value if isinstance(value, str) else entry.get("version", "*")
    extras = f"[{','.join(texts(entry.get('extras')))}]" if texts(entry.get("extras")) else ""
    for key in _ELSEWHERE:
        if isinstance(entry.get(key), str):
            where = entry[key]
            place = within(folder_of(path), where) if key in ("path", "file") else None
            return f"{canonicalize_name(name)}{extras} @ {f'./{place}' if place else where}"
    conditions = [f"{key} {entry[key]}" for key in _MARKERS if isinstance(entry.get(key), str)]
    if isinstance(entry.get("markers"), str):
        conditions.append(f"({entry['markers']})")
    marker = f" ; {' and '.join(conditions)}" if conditions else ""
    return f"{name}{extras}{'' if version == '*' else version}{marker}"
