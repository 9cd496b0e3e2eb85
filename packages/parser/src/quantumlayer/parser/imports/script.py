"""Which imports of JavaScript and TypeScript files lead somewhere."""

import json
import posixpath
import re
from collections.abc import Iterable, Sequence
from pathlib import PurePosixPath
from typing import Any

from quantumlayer.manifests import Dependency, Ecosystem, is_manifest
from quantumlayer.parser.imports.standard import standard
from quantumlayer.parser.model import SourceText
from quantumlayer.parser.module_use import ModuleUse

_CODE = (".ts", ".tsx", ".d.ts", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs", ".json")
_SWAPPED = {".js": (".ts", ".tsx", ".jsx"), ".mjs": (".mts",), ".cjs": (".cts",), ".jsx": (".tsx",)}
_ASSETS = frozenset(
    {".css", ".scss", ".less", ".svg", ".png", ".jpg", ".vue", ".svelte", ".wasm", ".md", ".txt"}
)
_MADE = re.compile(r"(?:^|/)(?:dist|build|out|lib|generated|gen|\.next|\.nuxt|coverage)(?:/|$)")
_VIRTUAL = re.compile(
    r"^(?:[a-z][\w+.-]*:(?!/)|https?://|data:|\$|~|#|@/|virtual:|/|\.\./?$|\.$)|[!?]"
)
_TEXT_OR_COMMENT = re.compile(r'("(?:\\.|[^"\\\n])*")|//[^\n]*|/\*[\s\S]*?\*/')
_LAST_COMMA = re.compile(r",(?=\s*[}\]])")


class ScriptTree:
    """The files of a tree, and the packages that its package.json files declare."""

    def __init__(self, files: Sequence[SourceText], declared: Sequence[Dependency]) -> None:
        self._paths = {posixpath.normpath(file.path) for file in files}
        self._folders = {str(one) for path in self._paths for one in PurePosixPath(path).parents}
        self._packages = {one.name for one in declared if one.ecosystem is Ecosystem.NPM}
        self._aliases: tuple[str, ...] = tuple(_aliases(files))
        self._judged = any(is_manifest(path, Ecosystem.NPM) for path in self._paths)
        self._packages |= set(_own_names(files))

    def problem(self, path: str, use: ModuleUse) -> str | None:
        """Why an import leads nowhere; None when it leads somewhere."""
        module = use.module
        if module.startswith(("./", "../")):
            return self._relative(path, module)
        foreign = self.foreign(path, use)
        if foreign is None:
            return None
        return f"no package {foreign}: neither part of Node, nor in the project, nor declared"

    def foreign(self, path: str, use: ModuleUse) -> str | None:
        """The name of a package from elsewhere that no manifest declares."""
        del path
        module = use.module
        if module.startswith(("./", "../")):
            return None
        if not module or module.removeprefix("node:") in standard("node"):
            return None
        if _VIRTUAL.search(module) or module.startswith(self._aliases):
            return None
        parts = module.split("/")
        name = "/".join(parts[:2]) if module.startswith("@") else parts[0]
        types = "@types/" + name.removeprefix("@").replace("/", "__")
        if {name, types, module} & self._packages:
            return None
        if parts[0] in self._folders or not self._judged:
            # `baseUrl` lets a program import from its top folder.
            return None
        return name

    def similar(self) -> list[str]:
        """Names that could have been meant."""
        return sorted(self._packages)

    def _relative(self, path: str, module: str) -> str | None:
        plain = re.split(r"[?#]", module)[0]
        target = posixpath.normpath(posixpath.join(posixpath.dirname(path), plain))
        if target.startswith(".."):
            return f"{module} leads out of the project"
        suffix = posixpath.splitext(target)[1]
        if suffix in _ASSETS:
            # A bundler takes them; they may not be among the files.
            return None
        if self._has(target, suffix) or _MADE.search(target):
            return None
        return f"the project has no file {target}"

    def _has(self, target: str, suffix: str) -> bool:
        stem = target.removesuffix(suffix)
        candidates = [
            target,
            *(target + one for one in _CODE),
            *(f"{target}/index{one}" for one in _CODE),
            *(stem + one for one in _SWAPPED.get(suffix, ())),
            f"{target}/package.json",
        ]
        return not self._paths.isdisjoint(candidates)


def _own_names(files: Iterable[SourceText]) -> Iterable[str]:
    for file in files:
        if PurePosixPath(file.path).name == "package.json":
            name = _json(file).get("name")
            if isinstance(name, str):
                yield name


def _aliases(files: Iterable[SourceText]) -> Iterable[str]:
    """Beginnings that the settings of TypeScript map to folders."""
    for file in files:
        if re.fullmatch(r"[tj]sconfig(?:\.\w+)?\.json", PurePosixPath(file.path).name):
            options = _json(file).get("compilerOptions")
            paths = options.get("paths") if isinstance(options, dict) else None
            for pattern in paths if isinstance(paths, dict) else ():
                yield pattern.removesuffix("*") or "\0"


def _json(file: SourceText) -> dict[str, Any]:
    text = file.data.decode("utf-8", errors="replace")
    for attempt in (text, _without_comments(text)):
        try:
            given = json.loads(attempt)
        except (ValueError, RecursionError):
            continue
        return given if isinstance(given, dict) else {}
    return {}


def _without_comments(text: str) -> str:
    """What is left of JSON with comments and commas too many; texts may look like comments."""
    return _LAST_COMMA.sub("", _TEXT_OR_COMMENT.sub(lambda found: found[1] or "", text))
