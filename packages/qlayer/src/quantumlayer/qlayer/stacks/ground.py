"""What a project of a stack begins with: its starter, less what only shows how things are done."""

from collections.abc import Iterable
from fnmatch import fnmatchcase
from pathlib import PurePosixPath

from quantumlayer.qlayer.blueprint import FileRole
from quantumlayer.qlayer.stacks.model import Stack, StarterFile

# Written by tools, and long.
LOCKS = frozenset({
    "package-lock.json", "requirements.txt", "requirements-dev.txt", "go.sum", "Cargo.lock",
})  # fmt: skip
# What tells nothing of how code beside it is written.
UNREAD = LOCKS | frozenset({
    ".gitignore", ".dockerignore", "Dockerfile", "compose.yaml", "README.md", "biome.json",
    "icon.svg", "rustfmt.toml",
})  # fmt: skip
SOURCES = frozenset({
    ".py", ".ts", ".tsx", ".js", ".mjs", ".go", ".java", ".rs", ".sql", ".css", ".html", ".svg",
})  # fmt: skip
DOCUMENTS = frozenset({".md", ".txt", ".rst"})


def ground(stack: Stack) -> tuple[StarterFile, ...]:
    """The files of the starter that a project keeps until it writes them itself."""
    dropped = set(woven(stack))
    return tuple(
        file for file in stack.starter if file.path not in dropped and not is_example(stack, file)
    )


def woven(stack: Stack) -> tuple[str, ...]:
    """The files that every project has and writes anew, because they speak of the example."""
    return stack.example.woven if stack.example else ()


def is_example(stack: Stack, file: StarterFile) -> bool:
    """Whether a file of the starter only shows how things are done."""
    return stack.example is not None and fits_any(file.path, stack.example.paths)


def is_fixed(stack: Stack, path: str) -> bool:
    """Whether nobody may write a file, because the stack has."""
    return fits_any(path, stack.fixed)


def fits_any(path: str, patterns: Iterable[str]) -> bool:
    """Whether a path fits one of the patterns."""
    return any(fnmatchcase(path, pattern) for pattern in patterns)


def worth_reading(stack: Stack) -> tuple[StarterFile, ...]:
    """The files of the starter that tell something to who writes beside them."""
    return tuple(file for file in stack.starter if PurePosixPath(file.path).name not in UNREAD)


def role_of(stack: Stack, path: str) -> FileRole:
    """What a file of a starter is for."""
    place = PurePosixPath(path)
    if is_test(stack, path):
        return FileRole.TEST
    if place.suffix in SOURCES and not place.name.endswith((".config.ts", ".config.js")):
        return FileRole.SOURCE
    if place.suffix in DOCUMENTS and place.name not in LOCKS:
        return FileRole.DOCUMENTATION
    return FileRole.CONFIGURATION


def is_test(stack: Stack, path: str) -> bool:
    """Whether a file stands where tests of the stack do."""
    # Go keeps tests beside what they test: there a folder says nothing.
    apart = [folder for folder in (*stack.tests.folders, "tests") if "test" in folder]
    return path.endswith("_test.go") or any(path.startswith(f"{one}/") for one in apart)
