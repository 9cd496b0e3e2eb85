"""Which Go files the go command leaves out on a machine: by folder, by name, by build constraint.

The rules are those of `go help packages` and `go help buildconstraint`.
"""

import re
from dataclasses import dataclass
from pathlib import PurePosixPath

_SYSTEMS = frozenset({
    "aix", "android", "darwin", "dragonfly", "freebsd", "hurd", "illumos", "ios", "js", "linux",
    "nacl", "netbsd", "openbsd", "plan9", "solaris", "wasip1", "windows", "zos",
})  # fmt: skip
_UNIX = _SYSTEMS - {"js", "nacl", "plan9", "wasip1", "windows", "zos"}
_PROCESSORS = frozenset({
    "386", "amd64", "amd64p32", "arm", "armbe", "arm64", "arm64be", "loong64", "mips", "mipsle",
    "mips64", "mips64le", "mips64p32", "mips64p32le", "ppc", "ppc64", "ppc64le", "riscv",
    "riscv64", "s390", "s390x", "sparc", "sparc64", "wasm",
})  # fmt: skip
_HEADER = re.compile(r"\A(?:\ufeff|\s|//[^\n]*(?:\n|\Z)|/\*.*?\*/)*", re.DOTALL)
_CONSTRAINT = re.compile(r"(?m)^//go:build[ \t]+(.+)$")
_OLD_CONSTRAINT = re.compile(r"(?m)^//[ \t]*\+build[ \t]+(.+)$")
_TOKEN = re.compile(r"\s*(\|\||&&|[!()]|[\w.]+)")
_RELEASE = re.compile(r"go1\.(\d+)$")
NEWEST_RELEASE = 99


@dataclass(frozen=True)
class Machine:
    """What build constraints are asked of. `release` is N of Go 1.N."""

    system: str = "linux"
    processor: str = "amd64"
    release: int = NEWEST_RELEASE
    cgo: bool = True

    def holds(self, tag: str) -> bool:
        """Whether a tag is satisfied without anybody setting it."""
        release = _RELEASE.match(tag)
        if release is not None:
            return int(release[1]) <= self.release
        given = {self.system, self.processor, "gc", *(("unix",) if self.system in _UNIX else ())}
        return tag in given or (tag == "cgo" and self.cgo)


def is_ignored_folder(path: str) -> bool:
    """Whether `./...` leaves out what lies at this path of a project, by its folders."""
    folders = PurePosixPath(path).parts[:-1]
    return any(one.startswith(("_", ".")) or one in ("testdata", "vendor") for one in folders)


def is_ignored_by_go(path: str, text: str, machine: Machine | None = None) -> bool:
    """Whether the go command leaves out a Go source of a project, so that its content is free."""
    on = machine or Machine()
    name = PurePosixPath(path).name
    return (
        is_ignored_folder(path)
        or name.startswith(("_", "."))
        or not _name_fits(name, on)
        or not _constraints_hold(text, on)
    )


def _name_fits(name: str, machine: Machine) -> bool:
    """Whether the system and the processor that a file's name ends with are the machine's."""
    words = name.removesuffix(".go").removesuffix("_test").split("_")[1:]
    if len(words) >= 2 and words[-2] in _SYSTEMS and words[-1] in _PROCESSORS:
        return machine.holds(words[-2]) and machine.holds(words[-1])
    known = words and (words[-1] in _SYSTEMS or words[-1] in _PROCESSORS)
    return not known or machine.holds(words[-1])


def _constraints_hold(text: str, machine: Machine) -> bool:
    header = _HEADER.match(text)
    before = header[0] if header else ""
    new = _CONSTRAINT.search(before)
    if new is not None:
        return _holds(new[1], machine)
    return all(_old_holds(line, machine) for line in _OLD_CONSTRAINT.findall(before))


def _old_holds(line: str, machine: Machine) -> bool:
    """`// +build a,!b c`: any of the words, each of its parts."""
    return any(
        all(
            not machine.holds(part[1:]) if part.startswith("!") else machine.holds(part)
            for part in word.split(",")
        )
        for word in line.split()
    )


def _holds(expression: str, machine: Machine) -> bool:
    """A constraint's value; one that cannot be read holds, so that its file counts."""
    tokens = _TOKEN.findall(expression.partition("//")[0])

    def either() -> bool:
        value = both()
        while tokens and tokens[0] == "||":
            tokens.pop(0)
            value = both() or value
        return value

    def both() -> bool:
        value = one()
        while tokens and tokens[0] == "&&":
            tokens.pop(0)
            value = one() and value
        return value

    def one() -> bool:
        word = tokens.pop(0)
        if word == "!":
            return not one()
        if word == "(":
            value = either()
            tokens.pop(0)
            return value
        return machine.holds(word)

    try:
        return either()
    except IndexError:
        return True
