"""The Java development kits of this machine, and which of them suits a project."""

import functools
import re
from dataclasses import dataclass
from pathlib import Path

from quantumlayer.qtest.environments.toolchains import ask, require
from quantumlayer.qtest.errors import ToolMissing

OLDEST = 17
FOLDERS = ("/usr/lib/jvm", "/usr/java", "/opt/java", "/opt/jdk")
# Which Java a compiler still compiles for: (its own version from, oldest release from then on).
STILL_COMPILED = ((12, 7), (20, 8))


@dataclass(frozen=True)
class Jdk:
    """A development kit: its version's first number, all that it says of itself, and its folder."""

    number: int
    version: str
    home: Path

    @property
    def oldest_release(self) -> int:
        """The oldest Java that it compiles for."""
        return max((release for number, release in STILL_COMPILED if self.number >= number),
                   default=6)  # fmt: skip


def default_jdk() -> Jdk:
    """The one that the machine's `javac` belongs to. Raises ToolMissing."""
    require("java", "Java tests")
    return jdk_at(require("javac", "Java tests").resolve().parent.parent)


def jdk_at(home: Path) -> Jdk:
    version = ask(str(home / "bin" / "javac"), "--version")
    return Jdk(int((re.findall(r"\d+", version) or ["0"])[0]), version, home)


@functools.cache
def other_homes() -> tuple[Path, ...]:
    """Folders of further kits, where distributions and people put them."""
    found = {
        entry.resolve()
        for folder in map(Path, FOLDERS)
        if folder.is_dir()
        for entry in folder.iterdir()
        if (entry / "bin" / "javac").is_file() and (entry / "bin" / "java").is_file()
    }
    return tuple(sorted(found))


def newest_jdk() -> Jdk:
    """The newest kit: it reads whatever older ones can. Raises ToolMissing."""
    return max(kits(default_jdk()), key=lambda kit: kit.number)


def kits(default: Jdk) -> list[Jdk]:
    """The default first, then the others from the oldest on, as far as they can run our part."""
    others = [jdk_at(home) for home in other_homes() if home != default.home]
    return [default, *sorted(others, key=lambda kit: kit.number)]


def suitable_jdk(newest: int, oldest: int, *, exactly: int = 0, where: str = "") -> Jdk:
    """A kit that compiles for all releases between `oldest` and `newest` (0: no wish).

    `exactly` is the version that preview features need; `where` says which file asks. Raises
    ToolMissing, which names both versions.
    """
    default = default_jdk()
    if default.number < OLDEST and not any(kit.number >= OLDEST for kit in kits(default)):
        raise ToolMissing(
            f"{default.version} is too old for Java tests. Install JDK {OLDEST} or later."
        )
    for kit in [default] if fits(default, newest, oldest, exactly) else kits(default):
        if fits(kit, newest, oldest, exactly):
            return kit
    here = ", ".join(str(kit.number) for kit in kits(default))
    asked = f"{where or 'The project'} asks for Java"
    if exactly:
        raise ToolMissing(
            f"{asked} {exactly} with preview features, which only JDK {exactly} compiles; "
            f"this machine has JDK {here}."
        )
    if oldest and oldest < default.oldest_release and newest <= default.number:
        raise ToolMissing(
            f"{asked} {oldest}, and JDK {default.number} of this machine compiles for "
            f"{default.oldest_release} and later."
        )
    raise ToolMissing(f"{asked} {newest}; this machine has JDK {here}. Install JDK {newest}.")


def fits(kit: Jdk, newest: int, oldest: int, exactly: int) -> bool:
    return (
        kit.number >= max(OLDEST, newest)
        and (not oldest or oldest >= kit.oldest_release)
        and exactly in (0, kit.number)
    )
