"""What a project holds itself, as far as a build that failed has to be held against it."""

import os
import re
from dataclasses import dataclass
from pathlib import Path

MOST_FILES = 20_000
MOST_BYTES = 4 * 1024 * 1024
BUILD_SUFFIXES = (".cmake", ".mk", ".am", ".ac", ".in", ".txt", ".build", ".make")
BUILD_STEMS = ("makefile", "gnumakefile", "configure", "cmakelists", "meson")


@dataclass(frozen=True)
class Own:
    """What the project holds itself: its files, and the texts that say how to build it."""

    root: str
    paths: tuple[str, ...]
    build: str

    def has_file(self, name: str) -> bool:
        """Whether a file of the project ends with these folders and this name."""
        plain = name.removeprefix("./").lstrip("/")
        while plain.startswith("../"):
            plain = plain.removeprefix("../")
        return any(path == plain or path.endswith(f"/{plain}") for path in self.paths)

    def locate(self, path: str) -> str:
        """The file that a compiler means, which names it as seen from where it was called."""
        inside = os.path.normpath(path.removeprefix(f"{self.root}/"))
        if os.path.isabs(inside) or inside in self.paths:  # noqa: PTH117 - of a compiler's words
            return inside
        plain = re.sub(r"^(?:\.\./)+", "", inside)
        found = [each for each in self.paths if each == plain or each.endswith(f"/{plain}")]
        return found[0] if len(found) == 1 else inside

    def makes(self, name: str) -> bool:
        """Whether the build says of something of this name that it makes it."""
        word = re.escape(name)
        libraries = (f"lib{name}.a", f"lib{name}.so")
        return any(map(self.has_file, (name, *libraries))) or bool(
            re.search(
                rf"(?m)^[^#\n]*(?<![\w.-])(?:lib)?{word}(?:\.\w+)?\s*:(?!=)"
                rf"|-o\s+\S*(?<![\w.-]){word}\b"
                rf"|(?i:add_(?:library|executable|custom_target))\s*\(\s*{word}\b"
                rf"|\blib{word}\.(?:a|so|la)\b",
                self.build,
            )
        )


def own_of(root: str) -> Own:
    """Read what a folder holds; nothing is followed or waited for that is no plain file."""
    paths: list[str] = []
    texts: list[str] = []
    left = MOST_BYTES
    for place, _, names in os.walk(root):
        for name in names:
            path = Path(place, name)
            paths.append(os.path.relpath(path, root))
            lower = name.lower()
            told = lower.endswith(BUILD_SUFFIXES) or lower.startswith(BUILD_STEMS)
            if told and left > 0 and path.is_file() and not path.is_symlink():
                texts.append(path.read_text("utf-8", errors="replace")[:left])
                left -= len(texts[-1])
        if len(paths) >= MOST_FILES:
            break
    return Own(root, tuple(paths), "\n".join(texts))
