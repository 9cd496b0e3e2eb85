"""setup.cfg of setuptools, read as setuptools does."""

import configparser
import re

from quantumlayer.manifests.model import Malformed, ProjectFiles
from quantumlayer.manifests.python.declaration import Declaration, Wanted
from quantumlayer.manifests.python.needs import PythonVersion, Shortfall
from quantumlayer.manifests.python.requirement_files import listed, logical_lines
from quantumlayer.manifests.python.texts import folder_of, line_with, text_of, within
from quantumlayer.manifests.python.versions import version_in_file, version_of_module

Section = configparser.SectionProxy


def setup_cfg_file(files: ProjectFiles, path: str) -> Declaration:
    """What a setup.cfg declares. Raises Malformed where it is no such file."""
    text = text_of(files, path)
    if text is None:
        return Declaration(path=path)
    parser = configparser.ConfigParser(
        interpolation=None, strict=False, comment_prefixes=("#", ";"), delimiters=("=", ":")
    )
    parser.optionxform = lambda option: option.lower().replace("-", "_")  # type: ignore[assignment, method-assign]  # how configparser is told
    try:
        parser.read_string(text)
    except configparser.Error as error:
        raise Malformed(f"not readable: {error.message}", path=path) from error
    return _Sections(files, path, text, parser).declaration()


class _Sections:
    """One file while it is read."""

    def __init__(
        self, files: ProjectFiles, path: str, text: str, parser: configparser.ConfigParser
    ) -> None:
        self.files, self.path, self.text, self.parser = files, path, text, parser
        self.folder = folder_of(path)
        self.shortfalls: list[Shortfall] = []

    def declaration(self) -> Declaration:
        options, metadata = self.section("options"), self.section("metadata")
        extras = self.section("options.extras_require")
        asked = options.get("python_requires", "")
        tests = self.requirements(options.get("tests_require", ""))
        return Declaration(
            path=self.path,
            name=metadata.get("name", ""),
            version=self.version(metadata.get("version", "")),
            python=PythonVersion(
                specifier=asked, path=self.path, line=line_with(self.text, "python_requires")
            )
            if asked
            else PythonVersion(),
            runtime=self.requirements(
                options.get("install_requires", "") or metadata.get("requires_dist", "")
            ),
            extras={
                name.replace("_", "-"): self.requirements(value) for name, value in extras.items()
            },
            groups={"test": tests} if tests else {},
            roots=self.roots(options.get("package_dir", "")),
            entry_points=self.entry_points(options.get("entry_points", "")),
            shortfalls=tuple(self.shortfalls),
        )

    def section(self, name: str) -> dict[str, str]:
        return dict(self.parser[name]) if self.parser.has_section(name) else {}

    def requirements(self, value: str) -> tuple[Wanted, ...]:
        """Entries by lines or semicolons, or those of the files that `file:` names."""
        if value.strip().startswith("file:"):
            return self.from_files(value.strip().removeprefix("file:"))
        entries = [line for _, line in logical_lines(value)] if "\n" in value else value.split(";")
        found = [entry.strip() for entry in entries]
        return tuple(Wanted(one, self.path, line_with(self.text, one)) for one in found if one)

    def from_files(self, named: str) -> tuple[Wanted, ...]:
        found: list[Wanted] = []
        for name in re.split(r"[,\s]+", named.strip()):
            place = within(self.folder, name)
            if place is None or self.files.content(place) is None:
                line = line_with(self.text, name)
                raise Malformed(f"`{name}` does not exist", path=self.path, line=line)
            lines = listed(self.files, place)
            found += lines.wanted
            self.shortfalls += lines.shortfalls
        return tuple(found)

    def version(self, value: str) -> str:
        kind, _, where = value.partition(":")
        if kind == "attr":
            return version_of_module(self.files, self.folder, where)
        if kind == "file":
            return version_in_file(self.files, within(self.folder, where.strip()) or "")
        return value

    def roots(self, package_dir: str) -> tuple[str, ...] | None:
        """`package_dir` says where the packages lie, and where they are looked for."""
        find = self.section("options.packages.find")
        named = [find["where"]] if find.get("where") else []
        for entry in re.split(r"[\n,]", package_dir):
            package, equals, folder = entry.partition("=")
            if equals and not package.strip():
                named.append(folder.strip())
        places = [within(self.folder, one.strip() or ".") for one in named]
        return tuple(dict.fromkeys(one for one in places if one is not None)) or None

    def entry_points(self, value: str) -> tuple[tuple[str, str, str], ...]:
        """From their own section, or from the text of the option."""
        found: list[tuple[str, str, str]] = []
        for group, entries in self.section("options.entry_points").items():
            found += [(group, *one) for one in pairs(entries)]
        return (*found, *entry_points_in(value))


def pairs(entries: str) -> list[tuple[str, str]]:
    """(name, value) of lines `name = value`."""
    found = [line.partition("=") for line in entries.splitlines()]
    return [(name.strip(), value.strip()) for name, equals, value in found if equals]


def entry_points_in(text: str) -> tuple[tuple[str, str, str], ...]:
    """(group, name, value) of a text that is written like an entry_points.txt."""
    group, found = "", list[tuple[str, str, str]]()
    for line in text.splitlines():
        heading = re.match(r"^\s*\[(.+)\]\s*$", line)
        if heading:
            group = heading[1].strip()
        elif group:
            found += [(group, *one) for one in pairs(line)]
    return tuple(found)
