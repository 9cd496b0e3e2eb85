"""Gradle's builds: their files are read as declarations, and never run."""

import re
from collections.abc import Collection, Iterator
from pathlib import PurePosixPath

from quantumlayer.manifests.java.gradle_catalog import Catalog, catalog
from quantumlayer.manifests.java.gradle_dependencies import SPRING_BOOT, read_dependencies
from quantumlayer.manifests.java.gradle_model import Draft, Wanted
from quantumlayer.manifests.java.gradle_modules import module_of
from quantumlayer.manifests.java.gradle_poms import CONSUMERS, consumers_pom, pom_of
from quantumlayer.manifests.java.gradle_rules import apply_rules
from quantumlayer.manifests.java.gradle_text import Statement, flat, statements
from quantumlayer.manifests.java.gradle_values import Value
from quantumlayer.manifests.java.model import Module
from quantumlayer.manifests.model import NotUnderstood, ProjectFiles

BUILD_FILES = ("build.gradle", "build.gradle.kts")
SETTINGS_FILES = ("settings.gradle", "settings.gradle.kts")
CATALOG = "gradle/libs.versions.toml"
_CONTROL = re.compile(r"^(?:if|for|while|else|switch|when|try)\b|\.(?:each|forEach|all)\b")
_CONFIGURED = re.compile(r"^project\s*\(\s*(?:path\s*[:=]\s*)?['\"](?P<path>[:\w./-]+)['\"]\s*\)$")
_APPLIED = re.compile(r"^apply\s*\(?\s*from\s*[:=]\s*(?P<value>.+?)\)?$")
_CONVENTION = re.compile(r"/src/main/(?:groovy|kotlin)/(?:.*/)?(?P<id>[\w.-]+)\.gradle(?:\.kts)?$")
_ROOT = re.compile(
    r"\$\{?(?:rootDir|rootProject\.projectDir|projectDir|rootProject\.rootDir|project\.rootDir)\}?/"
)
_DEEPEST = 20


def is_gradle(paths: Collection[str]) -> bool:
    """Whether a project is built by Gradle."""
    return any(name in paths for name in (*BUILD_FILES, *SETTINGS_FILES))


def gradle_build(files: ProjectFiles) -> tuple[dict[str, bytes], tuple[Module, ...]]:
    """Poms that stand for the build's dependencies, and its modules. Raises NotUnderstood."""
    build = _Build(files)
    drafts = [build.draft(folder) for folder in build.folders.values()]
    others = [draft.folder for draft in drafts if draft.folder != "."]
    poms: dict[str, bytes] = {}
    for draft in drafts:
        place = "" if draft.folder == "." else f"{draft.folder}/"
        poms[f"{place}pom.xml"] = pom_of(draft, others if draft.folder == "." else ()).encode()
        poms[f"{place}{CONSUMERS}"] = consumers_pom(draft).encode()
    modules = tuple(module_of(draft, files.paths()) for draft in drafts)
    return poms, modules


class _Build:
    """What the whole build shares: its modules, its properties, its catalogs."""

    def __init__(self, files: ProjectFiles) -> None:
        self.files = files
        self.paths = set(files.paths())
        self.properties = self._properties("gradle.properties")
        self.folders = {":": "."}
        self.catalogs: dict[str, Catalog] = {}
        text = self.text(CATALOG)
        if text is not None:
            self.catalogs["libs"] = catalog(text, CATALOG)
        self._settings()
        self.conventions = {
            match["id"]: path for path in self.paths if (match := _CONVENTION.search(f"/{path}"))
        }
        self.root = self._new(".")
        self.shared: dict[str, list[tuple[Statement, str]]] = {}
        self._read(self.root, self.root.path, 0)

    def text(self, path: str) -> str | None:
        content = self.files.content(path) if path in self.paths else None
        return None if content is None else content.decode("utf-8-sig", errors="replace")

    def _properties(self, path: str) -> dict[str, Value]:
        found: dict[str, Value] = {}
        for line in (self.text(path) or "").splitlines():
            match = re.match(r"^\s*([^#!\s=:]+)\s*[=:]\s*(.*?)\s*$", line)
            if match is not None:
                found[match[1]] = match[2]
        return found

    def _settings(self) -> None:
        """Modules and catalogs. Raises NotUnderstood."""
        path = next((name for name in SETTINGS_FILES if name in self.paths), None)
        if path is None:
            return
        draft = Draft(".", path, dict(self.properties), self.catalogs, self.folders)
        for text, line in flat(statements(self.text(path) or "")):
            included = re.match(r"^include\s*\(?\s*(?P<value>['\"].*?)\)?$", text)
            moved = re.match(
                r"^project\s*\(\s*['\"](?P<path>[^'\"]+)['\"]\s*\)\.projectDir\s*=\s*(?P<value>.+)$",
                text,
            )
            from_file = re.search(r"from\s*\(\s*files\s*\(\s*(?P<value>.+?)\)\s*\)", text)
            if included is not None:
                for word in draft.words(included["value"], line):
                    self._include(word)
            elif moved is not None:
                words = re.findall(r"['\"]([^'\"]+)['\"]", moved["value"])
                if not words:
                    raise NotUnderstood(f"`{text[:80]}` is computed", path=path, line=line)
                self.folders[f":{moved['path'].strip(':')}"] = str(PurePosixPath(words[-1]))
            elif re.match(r"^include\w*\b", text) and not text.startswith("includeBuild"):
                raise NotUnderstood(f"`{text[:80]}` is computed", path=path, line=line)
            elif from_file is not None and "versionCatalogs" in text:
                name = re.search(r"versionCatalogs\.(?:create\(\s*['\"])?(\w+)", text)
                place = _ROOT.sub("", draft.word(from_file["value"], line)).removeprefix("./")
                content = self.text(place)
                if content is None:
                    raise NotUnderstood(f"the catalog `{place}` is not there", path=path, line=line)
                self.catalogs[name[1] if name else "libs"] = catalog(content, place)
            elif re.match(r"^\w+\s*=|^(?:def|val|ext)\b", text):
                apply_rules(draft, text, line)

    def _include(self, word: str) -> None:
        parts = [part for part in word.strip(":").replace("/", ":").split(":") if part]
        for count in range(1, len(parts) + 1):
            name = ":" + ":".join(parts[:count])
            self.folders.setdefault(name, "/".join(parts[:count]))

    def _new(self, folder: str) -> Draft:
        place = "" if folder == "." else f"{folder}/"
        path = next(
            (f"{place}{name}" for name in BUILD_FILES if f"{place}{name}" in self.paths),
            f"{place}{BUILD_FILES[0]}",
        )
        values = dict(self.root.values) if folder != "." else dict(self.properties)
        values |= self._properties(f"{place}gradle.properties")
        return Draft(folder, path, values, self.catalogs, self.folders)

    def draft(self, folder: str) -> Draft:
        """A module with what the root says of all, and then what its own file says."""
        kinds = ["allprojects"] if folder == "." else ["allprojects", "subprojects"]
        name = next(name for name, place in self.folders.items() if place == folder)
        draft = self.root if folder == "." else self._new(folder)
        own = draft.path
        for kind in (*kinds, name):
            for statement, path in self.shared.get(kind, []):
                draft.path = path
                self._take(draft, [statement], 0)
        draft.path = own
        if folder != "." and own in self.paths:
            self._read(draft, own, 0)
        manage(draft)
        return draft

    def _read(self, draft: Draft, path: str, deep: int) -> None:
        text = self.text(path)
        if text is not None:
            before, draft.path = draft.path, path
            self._take(draft, statements(text), deep)
            draft.path = before

    def _take(self, draft: Draft, given: list[Statement], deep: int) -> None:
        """Statements in their order: each may lean on those before it."""
        for one in given:
            configured = _CONFIGURED.match(one.text)
            applied = _APPLIED.match(one.text)
            if one.block is not None and one.text in ("allprojects", "subprojects"):
                self.shared.setdefault(one.text, []).extend(
                    (each, draft.path) for each in one.block
                )
            elif one.block is not None and configured is not None:
                name = f":{configured['path'].strip(':')}"
                self.shared.setdefault(name, []).extend((each, draft.path) for each in one.block)
            elif one.block is not None and one.text == "dependencies":
                read_dependencies(draft, one.block)
            elif one.block is not None and decides(one):
                raise NotUnderstood(
                    f"`{one.text[:80]}` decides about dependencies, and build files are not run "
                    "here", path=draft.path, line=one.line,
                )  # fmt: skip
            elif applied is not None:
                self._apply(draft, applied["value"], one.line, deep)
            elif one.text not in ("buildscript", "pluginManagement") or one.block is None:
                for text, line in flat([one]):
                    apply_rules(draft, text, line)
                    self._convene(draft, deep)
            else:
                for text, line in flat(one.block):
                    if text.startswith("ext"):
                        apply_rules(draft, text, line)

    def _apply(self, draft: Draft, value: str, line: int, deep: int) -> None:
        plain = _ROOT.sub("", value.strip())
        words = re.findall(r"['\"]([^'\"]+)['\"]", plain)
        place = words[-1].removeprefix("./") if words else ""
        here = place if draft.folder == "." else f"{draft.folder}/{place}"
        path = next((one for one in (place, here) if one in self.paths), None)
        if path is None or deep > _DEEPEST:
            raise NotUnderstood(f"`{value[:80]}` cannot be read", path=draft.path, line=line)
        self._read(draft, path, deep + 1)

    def _convene(self, draft: Draft, deep: int) -> None:
        """Read the scripts that plug-ins of the build itself are made of."""
        for name, _ in list(draft.makers):
            path = self.conventions.get(name)
            if path is not None and deep <= _DEEPEST:
                draft.makers = [one for one in draft.makers if one[0] != name]
                self._read(draft, path, deep + 1)


def decides(one: Statement) -> bool:
    """Whether code that runs only sometimes declares dependencies."""
    return _CONTROL.search(one.text) is not None and any(declares(one.block or []))


def declares(given: list[Statement]) -> Iterator[bool]:
    for one in given:
        if one.text == "dependencies" and one.block is not None:
            yield True
        yield from declares(one.block or [])


def manage(draft: Draft) -> None:
    """What Spring's plug-ins say of versions."""
    version, path = draft.plugins.get(SPRING_BOOT, ("", ""))
    if version and "io.spring.dependency-management" in draft.plugins:
        draft.wanted.append(
            Wanted("bom", "implementation", "spring-boot-dependencies", SPRING_BOOT, version,
                   path=path)
        )  # fmt: skip
