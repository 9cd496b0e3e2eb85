"""What a build says when the machine lacks something that no project brings along.

A library or header of the system, a program that a build script starts, a newer compiler: nobody's
fault in the project, and what its tests would have said is not known.
"""

import os
import re

_LIBRARY = "The library {} is not on this machine: the linker cannot find it."
_HEADER = "The header {} is not on this machine. Install the package that brings it."
_PACKAGE = "The build needs the package {}, which is not on this machine."
_PROGRAM = "The build calls `{}`, which is not installed on this machine."
_OLDER = "{} is on this machine, and a package asks for a newer one."
_NEWER = "A package asks for {}, and this machine's is older."
_NIGHTLY = "A nightly Rust is asked for, and this machine has one of the {} channel."
_LACKS = (
    # Linkers: GNU ld, lld, gold, mold.
    (r"cannot find -l(?P<name>[\w.+-]+?)(?=:|\s|$)", _LIBRARY),
    (r"unable to find library -l(?P<name>[\w.+-]+)", _LIBRARY),
    (r"library not found: (?P<name>[\w.+-]+)", _LIBRARY),
    # A header in angle brackets, as the compiler quotes the line.
    (
        r"fatal error: (?P<name>[\w./+-]+): No such file or directory\n[^\n]*#\s*include\s*<",
        _HEADER,
    ),
    (r"Package '?(?P<name>[\w.+-]+)'?(?:, required by '[^']*',)? (?:was )?not found", _PACKAGE),
    (r"No package '(?P<name>[\w.+-]+)' found", _PACKAGE),
    (r"system library `(?P<name>[\w.+-]+)` required by crate `[\w-]+` was not found", _PACKAGE),
    (r"[Cc]ould not find (?:directory of )?(?P<name>[Oo]penSSL)", _PACKAGE),
    (r"exec: \"(?P<name>[\w.+-]+)\": executable file not found", _PROGRAM),
    (r"linker `(?P<name>[\w./+-]+)` not found", _PROGRAM),
    (r"(?P<name>pkg-config) command could not be found", _PROGRAM),
    (r"is `(?P<name>[\w.+-]+)` not installed\?", _PROGRAM),
    (r"[Cc]ould not find `(?P<name>protoc|cmake)`", _PROGRAM),
    (r"Unable to find (?P<name>libclang)", _LIBRARY),
    (r"(?P<name>rustc \d+\.\d+[\w.]*) is not supported by the following package", _OLDER),
    (r"requires (?P<name>rustc \d[\w.]* or newer), while the currently active", _NEWER),
    (r"`#!\[feature\]` may not be used on the (?P<name>\w+) release channel", _NIGHTLY),
)  # fmt: skip
_PATTERNS = tuple((re.compile(pattern), sentence) for pattern, sentence in _LACKS)


def lacking(said: str, workspace: str) -> str:
    """What the machine lacks, as a sentence, by what a build said; empty when it is not that.

    What the project itself holds under that name is its own to find.
    """
    for pattern, sentence in _PATTERNS:
        for match in pattern.finditer(said):
            if not is_own(match["name"], workspace):
                return sentence.format(match["name"])
    return ""


def is_own(name: str, workspace: str) -> bool:
    """Whether the project holds a file of this name, or a library called so."""
    wanted = os.path.basename(name)  # noqa: PTH119 - a name, not a file
    names = {wanted, f"lib{wanted}.a", f"lib{wanted}.so"}
    return any(not names.isdisjoint(files) for _, _, files in os.walk(workspace))
