"""environment.yml of conda: its pip part is taken, the rest is told as not installed."""

import re

from quantumlayer.manifests.model import ProjectFiles
from quantumlayer.manifests.python.declaration import Declaration, Wanted
from quantumlayer.manifests.python.needs import PythonVersion, Shortfall
from quantumlayer.manifests.python.requirement_files import entry_of
from quantumlayer.manifests.python.texts import line_with, table, text_of

_PACKAGE = re.compile(r"^(?:[\w.-]+::)?(?P<name>[A-Za-z0-9_.-]+)\s*(?P<version>[<>=!~].*)?$")
_NOT_PACKAGES = frozenset({"python", "pip", "setuptools", "wheel"})


def conda_file(files: ProjectFiles, path: str) -> Declaration:
    """What an environment.yml declares."""
    import yaml  # noqa: PLC0415 - slow to load, for a kind of file that few projects have

    text = text_of(files, path)
    try:
        document = table(yaml.safe_load(text or ""))
    except (yaml.YAMLError, RecursionError):
        return Declaration(path=path)  # whether it is well formed is the syntax check's word
    wanted, shortfalls, python = list[Wanted](), list[Shortfall](), PythonVersion()
    entries = document.get("dependencies")
    for entry in entries if isinstance(entries, list) else []:
        if isinstance(entry, dict):
            for line in entry.get("pip") or []:
                found = entry_of(str(line), path, line_with(text or "", str(line)))
                wanted += [found] if isinstance(found, Wanted) else []
                shortfalls += [found] if isinstance(found, Shortfall) else []
            continue
        match = _PACKAGE.match(str(entry))
        if match is None or match["name"] in _NOT_PACKAGES:
            python = _python(match, path, text or "") if match else python
            continue
        shortfalls.append(
            Shortfall(
                reason=f"`{match['name']}` comes from conda, which is not installed from",
                path=path,
                line=line_with(text or "", match["name"]),
                provides=(match["name"],),
            )
        )
    return Declaration(
        path=path, runtime=tuple(wanted), shortfalls=tuple(shortfalls), python=python
    )


def _python(match: re.Match[str], path: str, text: str) -> PythonVersion:
    """`python=3.12` of conda means any 3.12."""
    version = re.fullmatch(r"={1,2}(\d+\.\d+)(?:\.\d+)?(?:=.*)?(\.\*)?", match["version"] or "")
    asked = f"=={version[1]}.*" if version else (match["version"] or "")
    if match["name"] != "python" or not re.match(r"^[<>=!~]{2}|^[<>]", asked):
        return PythonVersion()
    return PythonVersion(specifier=asked, path=path, line=line_with(text, "python"))
