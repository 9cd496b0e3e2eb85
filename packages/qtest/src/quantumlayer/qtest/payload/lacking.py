"""What a build says when the machine lacks something that no project brings along.

A library or header of the system, a program that a build script starts, a newer compiler: nobody's
fault in the project, and what it would have said is not known.
"""

import os
import re

_NO_HEADER = r"fatal error: (?P<name>[\w./+-]+\.h\w*): No such file or directory"
_LACKS = (
    # Linkers: GNU ld, lld, gold, mold.
    (r"cannot find -l(?P<name>[\w.+-]+)", "the library {}"),
    (r"unable to find library -l(?P<name>[\w.+-]+)", "the library {}"),
    (r"library not found: (?P<name>[\w.+-]+)", "the library {}"),
    # Headers in angle brackets, as the compiler quotes the line.
    (rf"{_NO_HEADER}\n[^\n]*#\s*include\s*<", "the header {}"),
    (r"Package '?(?P<name>[\w.+-]+)'?(?:, required by '[^']*',)? (?:was )?not found", "{}"),
    (r"No package '(?P<name>[\w.+-]+)' found", "{}"),
    (r"system library `(?P<name>[\w.+-]+)` required by crate `[\w-]+` was not found", "{}"),
    (r"exec: \"(?P<name>[\w.+-]+)\": executable file not found", "the program {}"),
    (r"linker `(?P<name>[\w./+-]+)` not found", "the linker {}"),
    (r"(?P<name>pkg-config) command could not be found", "the program {}"),
    (r"is `(?P<name>[\w.+-]+)` not installed\?", "the program {}"),
    (r"Unable to find (?P<name>libclang)", "the library {}"),
    (r"Could not find (?:directory of )?(?P<name>[Oo]penSSL)", "{}"),
    (r"Could not find `(?P<name>protoc)`", "the program {}"),
)
_PATTERNS = tuple((re.compile(pattern), words) for pattern, words in _LACKS)


def lacking(said: str, workspace: str) -> str:
    """What the machine lacks, for people, by what a build said; empty when it is not that.

    What the project itself holds under that name is its own to find.
    """
    for pattern, words in _PATTERNS:
        for match in pattern.finditer(said):
            if not is_own(match["name"], workspace):
                return words.format(match["name"])
    return ""


def is_own(name: str, workspace: str) -> bool:
    """Whether the project holds a file of this name, or a library called so."""
    wanted = os.path.basename(name)  # noqa: PTH119 - a name, not a file
    names = {wanted, f"lib{wanted}.a", f"lib{wanted}.so"}
    return any(not names.isdisjoint(files) for _, _, files in os.walk(workspace))
