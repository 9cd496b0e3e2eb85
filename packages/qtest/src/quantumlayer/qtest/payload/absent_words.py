"""How linkers, build scripts and toolchains of Rust and Go say what the machine lacks: a table."""

import os
import re
from collections.abc import Iterator

from quantumlayer.qtest.payload.own_files import Own

LIBRARY = "The library {} is not on this machine: the linker cannot find it."
PACKAGE = "The build needs the package {}, which is not on this machine."
PROGRAM = "The build calls `{}`, which is not installed on this machine."
OLDER = "{} is on this machine, and a package asks for a newer one."
NEWER = "A package asks for {}, and this machine's is older."
NIGHTLY = "A nightly Rust is asked for, and this machine has one of the {} channel."
WORDS = tuple(
    (re.compile(pattern), sentence)
    for pattern, sentence in (
        # Linkers beside GNU's: lld, gold, mold.
        (r"unable to find library -l(?P<name>[\w.+-]+)", LIBRARY),
        (r"library not found: (?P<name>[\w.+-]+)", LIBRARY),
        (r"Package '?(?P<name>[\w.+-]+)'?(?:, required by '[^']*',)? not found", PACKAGE),
        (r"system library `(?P<name>[\w.+-]+)` required by crate `[\w-]+` was not found", PACKAGE),
        (r"[Cc]ould not find (?:directory of )?(?P<name>[Oo]penSSL)", PACKAGE),
        (r"exec: \"(?P<name>[\w.+-]+)\": executable file not found", PROGRAM),
        (r"linker `(?P<name>[\w./+-]+)` not found", PROGRAM),
        (r"(?P<name>pkg-config) command could not be found", PROGRAM),
        (r"is `(?P<name>[\w.+-]+)` not installed\?", PROGRAM),
        (r"[Cc]ould not find `(?P<name>protoc|cmake)`", PROGRAM),
        (r"Unable to find (?P<name>libclang)", LIBRARY),
        (r"(?P<name>rustc \d+\.\d+[\w.]*) is not supported by the following package", OLDER),
        (r"requires (?P<name>rustc \d[\w.]* or newer), while the currently active", NEWER),
        (r"`#!\[feature\]` may not be used on the (?P<name>\w+) release channel", NIGHTLY),
    )
)


def words(said: str, own: Own) -> Iterator[str]:
    """Each absence that is told in one of these ways, of what the project does not hold itself."""
    for pattern, sentence in WORDS:
        for found in pattern.finditer(said):
            if not own.makes(os.path.basename(found["name"])):  # noqa: PTH119 - a name, no file
                yield sentence.format(found["name"])
