"""Why a build failed, where the reason is what this machine lacks and not what the project holds.

What compilers, linkers, CMake, cargo, Go and shells say is held against the project's own files: a
header, a library or a program that the project should bring itself is its own fault.
"""

import os
import re
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath

from quantumlayer.qtest.payload.absent_words import words
from quantumlayer.qtest.payload.own_files import Own, own_of

HEADER_SUFFIXES = (".h", ".hh", ".hpp", ".hxx", ".h++", ".inc", ".ipp")

HEADER = re.compile(
    r"^(?P<path>[^\s:][^:\n]*):(?P<line>\d+):(?:\d+:)? fatal error: (?P<name>[^:\n]+): "
    r"No such file or directory",
    re.MULTILINE,
)
LIBRARY = re.compile(r"cannot find -l(?P<name>[\w+.-]+?)(?=:|\s|$)", re.MULTILINE)
CMAKE_ERROR = re.compile(r"CMake Error[^\n]*\n(?P<body>(?:[ \t]+[^\n]*\n|[ \t]*\n)*)")
TOOL = re.compile(
    r"^[^\n:]*(?:: (?:line )?\d+)?: (?P<name>[\w+.-]+): (?:command )?not found$"
    r"|^make(?:\[\d+\])?: (?P<made>[\w+.-]+): No such file or directory$"
    r"|^\S*env: \W?(?P<called>[\w+.-]+?)\W?: No such file or directory$",
    re.MULTILINE,
)
# A toolchain without one of its parts, as gcc without Objective-C.
PART = re.compile(r"cannot execute \W(?P<name>[\w+-]+)\W")
OPTION = re.compile(
    r"error: unrecognized command[- ]line option \W(?P<name>[\w+=,.-]+)\W"
    r"|^cc1\w*: error: unrecognized (?:command[- ]line )?option \W(?P<old>[\w+=,.-]+)\W",
    re.MULTILINE,
)
NETWORK = re.compile(
    r"-- Retry after \d+ seconds|Could not resolve host|Failed to clone repository"
    r"|[Tt]emporary failure in name resolution"
    r"|error: downloading \W|could not find git for (?:clone|fetch)"
    r"|CMake step for \S+ failed|Build step for \S+ failed"
)
# What CMake and pkg-config say of packages, once lines are joined.
PACKAGES = tuple(
    re.compile(pattern)
    for pattern in (
        r"Could NOT find (?P<name>[\w+.-]+)(?: \(missing|: Found unsuitable|$)",
        r'package configuration file provided by "(?P<name>[^"]+)"',
        r'configuration file for package "(?P<name>[^"]+)" that is compatible',
        r"[Tt]he following required packages were not found: - (?P<name>[^\s<>=]+)",
        r"Could not find \w+ using the following (?:names|files): (?P<name>[\w+.-]+)",
        r"No (?P<name>CMAKE_\w+_COMPILER) could be found",
        r"The CMAKE_\w+_COMPILER: (?P<name>\S+) is not a full path and was not found",
    )
)
PKG_CONFIG = re.compile(
    r"Package '?(?P<name>[\w+.-]+)'? was not found in the pkg-config search path"
    r"|No package '(?P<named>[\w+.-]+)' found|Package '(?P<needed>[\w+.-]+)', required by"
)
CMAKE_VERSION = re.compile(
    r"CMake (?P<wanted>[\d.]+) or higher is required\. You are running version (?P<here>[\d.]+)"
)
DIALECT = re.compile(r'requires the language dialect "(?P<name>\w+)"')
NAMED_LIBRARIES = re.compile(
    r"-l(?P<flag>[\w+.-]+)|(?i:\b(?:find_package|find_library|pkg_check_modules|pkg_search_module"
    r"|dependency|target_link_libraries|link_libraries|AC_CHECK_LIB|PKG_CHECK_MODULES))"
    r"\s*\((?P<words>[^()]*)|pkg-config(?P<asked>[^\n)`]*)"
)


def absence(said: str, root: str) -> str:
    """What the machine lacks, as a sentence; empty when nothing shows that it lacks anything."""
    own = own_of(root)
    return next((told for look in LOOKS for told in look(said, own)), "")


def network(said: str, _: Own) -> Iterator[str]:
    found = NETWORK.search(said)
    if found:
        yield f"The build wants to download, and it has no network: {line_of(said, found)}"


def versions(said: str, _: Own) -> Iterator[str]:
    for block in blocks(said):
        found = CMAKE_VERSION.search(block)
        if found:
            yield (
                f"The project asks for CMake {found['wanted']} or later; this machine has "
                f"{found['here']}."
            )
        dialect = DIALECT.search(block)
        if dialect:
            yield f"The compiler of this machine does not know {dialect['name']}, as it should."
    found = OPTION.search(said)
    if found:
        option = found["name"] or found["old"]
        yield f"The compiler of this machine ({compiler()}) does not know the option {option}."


def packages(said: str, own: Own) -> Iterator[str]:
    for block in blocks(said):
        for pattern in PACKAGES:
            for found in pattern.finditer(block):
                if not provides(own, found["name"]):
                    yield f"The build needs {found['name']}, which is not on this machine."
    for found in PKG_CONFIG.finditer(said):
        name = found["name"] or found["named"] or found["needed"]
        if not own.has_file(f"{name}.pc"):
            yield f"The build needs the package {name}, which pkg-config does not find here."


def provides(own: Own, package: str) -> bool:
    """Whether a CMake package is the project's own to bring."""
    files = (f"Find{package}.cmake", f"{package}Config.cmake", f"{package.lower()}-config.cmake")
    return any(map(own.has_file, files))


def headers(said: str, own: Own) -> Iterator[str]:
    for found in HEADER.finditer(said):
        name = found["name"].strip()
        if not is_own_header(name, found["path"], int(found["line"]), own):
            path = own.locate(found["path"])
            yield (
                f"The header {name} is not on this machine ({path}, line {found['line']} asks for "
                "it). Install the package that brings it."
            )


def is_own_header(name: str, path: str, line: int, own: Own) -> bool:
    """Whether a header that was not found is one that the project should bring itself.

    In brackets it is the system's, unless the project has such a folder of headers, a source of
    that name, or a template of it; in quotes it is the project's, unless the build names a library
    that the header is called after.
    """
    header = PurePosixPath(name)
    if own.has_file(name) or own.has_file(f"{name}.in") or header.parts[:1] == ("..",):
        return True
    folder = header.parts[0] if len(header.parts) > 1 else ""
    if folder and any(
        folder in PurePosixPath(each).parts[:-1] and each.endswith(HEADER_SUFFIXES)
        for each in own.paths
    ):
        return True
    stems = {PurePosixPath(each).stem for each in own.paths if not each.endswith(HEADER_SUFFIXES)}
    if not folder and header.stem in stems:
        return True
    return is_quoted(name, path, line, own) and not names_library(header, own)


def is_quoted(name: str, path: str, line: int, own: Own) -> bool:
    try:
        lines = Path(own.root, own.locate(path)).read_text("utf-8", errors="replace").split("\n")
    except OSError:
        return False
    return 0 < line <= len(lines) and f'"{name}"' in lines[line - 1]


def names_library(header: PurePosixPath, own: Own) -> bool:
    """Whether the build names a library that a header is called after: gtest for gtest/gtest.h."""
    words: set[str] = set()
    for found in NAMED_LIBRARIES.finditer(own.build):
        text = found["flag"] or found["words"] or found["asked"] or ""
        words |= {plain(word) for word in re.split(r"[\s:;,<>=()\"'${}]+", text)}
    return not words.isdisjoint({plain(header.stem), *map(plain, header.parts[:-1])} - {""})


def plain(word: str) -> str:
    """A library's name without what differs from one place to the next."""
    return re.sub(r"^lib|[\d._+-]+$", "", word.lower())


def libraries(said: str, own: Own) -> Iterator[str]:
    for found in LIBRARY.finditer(said):
        if not own.makes(found["name"]):
            yield (
                f"The library {found['name']} is not on this machine: the linker cannot find "
                f"-l{found['name']}."
            )


def tools(said: str, own: Own) -> Iterator[str]:
    for found in TOOL.finditer(said):
        name = found["name"] or found["made"] or found["called"]
        if shutil.which(name) is None and not own.makes(name):
            yield f"The build calls `{name}`, which is not installed on this machine."
    for found in PART.finditer(said):
        yield f"The compiler of this machine lacks {found['name']}."


LOOKS: tuple[Callable[[str, Own], Iterable[str]], ...] = (
    network, versions, packages, headers, libraries, tools, words,
)  # fmt: skip


def blocks(said: str) -> Iterator[str]:
    """What CMake calls errors, each in one line."""
    for found in CMAKE_ERROR.finditer(f"{said}\n"):
        yield " ".join(f"{found[0].partition(chr(10))[0]} {found['body']}".split())


def line_of(said: str, found: "re.Match[str]") -> str:
    """The line in which something was found."""
    start = said.rfind("\n", 0, found.start()) + 1
    return said[start:].partition("\n")[0].strip()


def compiler(environment: Mapping[str, str] = os.environ) -> str:
    """The name under which the project's compiler is called."""
    return environment.get("CC", "gcc")
